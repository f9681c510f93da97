/** What can be done with own bookings and the people in them, beyond booking and cancelling. */
import { signal } from "@preact/signals";

import { againSaid } from "@/core/again";
import { type Booking, type Edit, ms, type Partner } from "@/core/model";
import { firstName } from "@/core/names";
import { addDays, DAY, type Day, dayAt, instantsOf, wallAt } from "@/core/zones";
import { say } from "@/io/announce";
import { api, ApiError, requestId } from "@/io/api";
import { serverNow } from "@/io/clock";
import { placePerson } from "@/io/community";
import { bookings, place, reloadSlots, zone } from "@/io/store";
import { offerUndo } from "@/io/undo";
import { attempt, whenInside } from "@/view/calendar/state";
import { t } from "@/words/booking";
import { isolate } from "@/words/words";

const called = (name: string): string => isolate(firstName(name));

/** Show a change of a partner wherever that partner stands, until bookings are fetched again. */
function mark(member: string, part: Partial<Partner>): void {
  place(
    ...[...bookings.value.values()].flatMap((booking) =>
      booking.partner?.id === member ? [{ ...booking, partner: { ...booking.partner, ...part } }] : [],
    ),
  );
}

/** Make somebody a favourite, or not any more; that can be taken back. */
export const favour = (member: string, name: string, on: boolean): Promise<void> =>
  attempt(async () => {
    placePerson(await api.favourite(member, on, requestId()));
    mark(member, { favourite: on });
    const text = t(on ? "hand.favoured" : "hand.unfavoured", { name: called(name) });
    say(text);
    if (!on) offerUndo(text, () => void favour(member, name, true));
  });

async function giveUp(booking: Booking): Promise<void> {
  await attempt(async () => {
    place(await api.cancel(booking.id, requestId()));
    say(t("hand.again.undone", whenInside(ms(booking.start))));
    void reloadSlots();
  });
}

export interface Ahead {
  /** The day it would be, and what the interface is told to reach it. */
  readonly start: number;
  readonly days: number;
}

const daysBetween = (a: Day, b: Day): number => Math.round((Date.parse(b) - Date.parse(a)) / DAY);

/** The same time of day tomorrow, and the next time on the same weekday. */
export function aheadOf(booking: Booking): { readonly tomorrow: Ahead; readonly week: Ahead } {
  const { day, minute } = wallAt(zone.value, ms(booking.start));
  const today = dayAt(zone.value, serverNow());
  const passed = daysBetween(day, today);
  const at = (days: number): Ahead => ({
    days,
    start: instantsOf(zone.value, addDays(day, days), minute)[0] ?? ms(booking.start) + days * DAY,
  });
  return { tomorrow: at(Math.max(1, passed + 1)), week: at((Math.floor(Math.max(0, passed) / 7) + 1) * 7) };
}

/** Book the same time again and ask the partner to come too. */
export const again = (booking: Booking, { days }: Ahead): Promise<void> =>
  attempt(async () => {
    const ahead = days % 7 === 0 ? { weeks: days / 7 } : { days };
    const { booking: made, invite } = await api.again(booking.id, ahead, requestId());
    place(made);
    const text = t(`hand.again.${againSaid(made, booking, invite)}`, {
      ...whenInside(ms(made.start)),
      name: called(booking.partner?.name ?? ""),
    });
    say(text);
    offerUndo(text, () => void giveUp(made));
  });

/** A change that would end the match, until the member says whether to make it. */
export const consent = signal<{ readonly booking: string; readonly edit: Edit } | null>(null);
/** The booking whose change was kept last. */
export const saved = signal("");

/** Change a booked session; where that would cost the partner, ask first. */
export async function change(booking: Booking, edit: Edit, rematch = false): Promise<void> {
  await attempt(async () => {
    saved.value = "";
    consent.value = null;
    try {
      place(await api.edit(booking.id, edit, requestId(), rematch));
      saved.value = booking.id;
      say(t("edit.done"));
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "needs_rematch") throw error;
      consent.value = { booking: booking.id, edit };
    }
  });
}
