/** Sessions that are over: by month, and what came of each. */
import { type Booking, type Came, type Flag, ms } from "@/core/model";
import { addDays, type Day, dayAt, startOfDay } from "@/core/zones";

/** "2026-11" */
export type Month = string;

export const monthAt = (zone: string, at: number): Month => dayAt(zone, at).slice(0, 7);

const firstOf = (month: Month): Day => `${month}-01`;

/** The month before (or after) another one. */
export function monthBeside(month: Month, step: -1 | 1): Month {
  const edge = step < 0 ? addDays(firstOf(month), -1) : addDays(firstOf(month), 32);
  return edge.slice(0, 7);
}

/** From when to when a month lasts in a zone. */
export const monthSpan = (zone: string, month: Month): { readonly from: number; readonly to: number } => ({
  from: startOfDay(zone, firstOf(month)),
  to: startOfDay(zone, firstOf(monthBeside(month, 1))),
});

/** What a past session is told as; `over` where nothing more is known. */
export type PastWord = Came | "alone" | "judging" | "over" | Flag["fault"];

/** What came of a session: the gravest thing that was noted, else what happened in the room. */
export function cameOf(booking: Booking, noted: readonly Flag[]): PastWord {
  const ORDER: readonly Flag["fault"][] = ["no_show", "early_leave", "camera_off", "late", "late_cancel"];
  const worst = ORDER.find((fault) => noted.some((flag) => flag.fault === fault));
  if (worst) return worst;
  if (!booking.partner) return "alone";
  return booking.state === "done" ? (booking.outcome ?? "over") : "judging";
}

/** By day, in the order given. */
export function byDay(zone: string, all: readonly Booking[]): readonly (readonly [Day, readonly Booking[]])[] {
  const days = new Map<Day, Booking[]>();
  for (const booking of all) {
    const day = dayAt(zone, ms(booking.start));
    days.set(day, [...(days.get(day) ?? []), booking]);
  }
  return [...days];
}
