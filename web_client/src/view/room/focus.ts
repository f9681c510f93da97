/** Focus: both muted, everything but the faces put away, until the last minute. */
import { signal } from "@preact/signals";

import { firstName } from "@/core/names";
import { say } from "@/io/announce";
import { devices } from "@/io/devices";
import { small } from "@/io/small";
import { showSmall } from "@/view/room/small";
import type { Visit } from "@/view/room/visit";
import { t } from "@/words/room";

const NOT_NOW: ReadonlySet<string> = new Set(["wrap", "ended", "closed"]);

export class Focus {
  readonly on = signal(false);
  /** The microphone was on before, and is again afterwards. */
  private spoke = false;
  private opened = false;

  constructor(private readonly visit: Visit) {}

  toggle(): void {
    if (this.on.value) this.end(true);
    else this.begin();
  }

  /** Over, by the member's own press or by the last minute; then the small window stays. */
  end(pressed: boolean, aloud = true): void {
    if (!this.on.value) return;
    this.on.value = false;
    this.visit.call.hearing.hush(false);
    const again = this.spoke && !devices.micOn.value;
    if (again) void devices.setMic(true);
    if (pressed && this.opened) small.close();
    if (aloud) say(t(again ? "focus.off.mic" : "focus.off"));
  }

  private begin(): void {
    if (NOT_NOW.has(this.visit.phase.value)) return;
    this.on.value = true;
    this.spoke = devices.micOn.value && devices.mic.track.value !== null;
    void devices.setMic(false);
    this.visit.call.hearing.hush(true);
    this.opened = !small.open.value;
    if (this.opened) void showSmall(this.visit);
    const name = firstName(this.visit.partner.value?.name ?? "");
    say(name === "" ? t("focus.on.alone") : t("focus.on", { name }));
  }
}
