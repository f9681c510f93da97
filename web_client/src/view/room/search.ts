/** Looking for another partner, as this member does it: presses sent to the hub, and kept in the room's state. */
import { effect, type Signal, untracked } from "@preact/signals";

import { answer, type Change, isTimeToAsk, rest, seek } from "@/core/change";
import type { RoomState } from "@/core/session";
import { now } from "@/io/clock";
import { socket } from "@/io/socket";

export class SearchPresses {
  constructor(private readonly state: Signal<RoomState>) {}

  /** Look for somebody else; a partner who was locked in is given up only when that was asked for. */
  seek(locked = false): void {
    const sent = socket.send({ t: "seek", newcomers: false, locked });
    if (sent) this.changed((change) => seek(change, locked));
  }

  /** Look no further: wait on, or go on alone. */
  rest(choice: Change["choice"]): void {
    if (this.state.value.change.looking !== null) socket.send({ t: "stop_seeking" });
    this.changed((change) => rest(change, choice));
  }

  /** Say yes or no to what is asked. */
  answer(accept: boolean): void {
    if (socket.send({ t: "answer", accept })) this.changed((change) => answer(change, accept));
  }

  /** A search that was too early is asked for again by itself, until the answer is called. */
  follow(): () => void {
    return effect(() => {
      const due = isTimeToAsk(this.state.value.change, now.value);
      if (due) untracked(() => this.seek(this.state.value.change.looking?.locked));
    });
  }

  private changed(step: (change: Change) => Change): void {
    this.state.value = { ...this.state.value, change: step(this.state.value.change) };
  }
}
