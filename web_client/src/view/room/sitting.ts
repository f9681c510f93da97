/** What a check-in needs to know of the session it is about: this one, or the one before it. */
import { type ReadonlySignal, signal } from "@preact/signals";

import type { Task } from "@/core/desk";
import type { Person, Room } from "@/core/wire";

export interface Sitting {
  readonly booking: string;
  readonly room: ReadonlySignal<Room | null>;
  readonly partner: ReadonlySignal<Person | null>;
  readonly phase: ReadonlySignal<string>;
  readonly mine: ReadonlySignal<readonly Task[]>;
  /** Go on to the next session at once; null once that is done. */
  readonly goOn: (() => void) | null;
  readonly leave: () => void;
}

/** A session as it was when its two went on to the next one. */
export function ended({ booking, room, partner, mine }: Sitting): Sitting {
  return {
    booking,
    room: signal(room.peek()),
    partner: signal(partner.peek()),
    phase: signal("ended"),
    mine: signal(mine.peek()),
    goOn: null,
    leave: () => undefined,
  };
}
