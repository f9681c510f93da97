/** Sends the own devices' tracks over the call, and tells the hub what of them is on, off, or in trouble. */
import { computed, effect, signal, untracked } from "@preact/signals";

import { mediaOf } from "@/core/said";
import { devices } from "@/io/devices";
import type { Call } from "@/io/peer";
import { socket } from "@/io/socket";

export class Telling {
  /** What is to be told now. */
  readonly media = computed(() => {
    const { camera, heard } = devices;
    return mediaOf({
      device: camera.state.value,
      picture: camera.track.value !== null,
      held: camera.held.value,
      mic: heard.value,
      screen: this.call.sharing.value,
      soundOnly: this.call.choices.value.soundOnly,
      ...this.call.upward.value,
    });
  });
  /** Sound only is a choice: the line carries a picture. */
  readonly choosesSound = computed(() => {
    const { soundOnly } = this.call.choices.value;
    return soundOnly && devices.camera.track.value !== null && this.media.value.trouble === "";
  });
  /** The member has read what that means. */
  readonly understood = signal(false);
  private told = "";

  constructor(
    private readonly call: Call,
    private readonly seated: () => boolean,
  ) {}

  /** Until the answers are called. */
  follow(): readonly (() => void)[] {
    return [
      effect(() => {
        const tracks = { audio: devices.mic.track.value, video: devices.camera.track.value };
        untracked(() => this.call.use(tracks));
      }),
      effect(() => {
        const told = JSON.stringify(this.media.value);
        // `enter` says the same to begin with.
        untracked(() => told !== this.told && this.seated() && this.tell());
      }),
    ];
  }

  /** Everything, in a room that may remember something else. */
  tell(): void {
    const media = this.media.peek();
    if (socket.send(media)) this.told = JSON.stringify(media);
  }
}
