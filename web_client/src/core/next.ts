/** What comes next for a member, out of their bookings. */
import { type Booking, ms } from "@/core/model";
import { MINUTE } from "@/core/zones";

export type NextPhase = "later" | "soon" | "doors" | "running" | "after";

export interface Next {
  readonly booking: Booking;
  readonly phase: NextPhase;
  readonly start: number;
  readonly end: number;
  readonly opens: number;
}

/** From when the next session follows the member on every page. */
const SOON = 10 * MINUTE;

export const isLive = ({ state }: Booking): boolean => state === "waiting" || state === "matched";

function phaseOf(opens: number, start: number, end: number, now: number): NextPhase {
  if (now >= end) return "after";
  if (now >= start) return "running";
  if (now >= opens) return "doors";
  return now >= start - SOON ? "soon" : "later";
}

/** The running session, else the next one; a waiting one whose start has passed is over in practice. */
export function nextOf(bookings: readonly Booking[], now: number): Next | null {
  const [first] = bookings
    .filter(isLive)
    .filter((b) => now < ms(b.end) && (b.state === "matched" || now < ms(b.start) + MINUTE))
    .sort((a, b) => ms(a.start) - ms(b.start));
  if (!first) return null;
  const [opens, start, end] = [ms(first.opens), ms(first.start), ms(first.end)];
  return { booking: first, phase: phaseOf(opens, start, end, now), start, end, opens };
}

/** From when on cancelling is noted: as the instance says, else by its rule. Null: it never is. */
export function lateFrom(booking: Booking, limit: number): number | null {
  if (!isLive(booking) || booking.free_to_cancel) return null;
  if (booking.late_cancel_from) return ms(booking.late_cancel_from);
  return booking.state === "matched" ? ms(booking.start) - limit + 1 : null;
}

/** Whether cancelling now would be noted. */
export function cancelIsLate(booking: Booking, now: number, limit: number): boolean {
  const from = lateFrom(booking, limit);
  return from !== null && now >= from;
}

/** How long what was just done can be undone. */
export const UNDO_MS = 10_000;

/**
 * Whether a lock-in can be undone by cancelling: it made this booking, and that is noted nowhere as long as the
 * offer stands. Where a session or a place in line was there before, cancelling would take that too.
 */
export const canTakeBack = (
  made: Booking,
  known: ReadonlyMap<string, Booking>,
  now: number,
  limit: number,
): boolean => !known.has(made.id) && made.sequence === 1 && !cancelIsLate(made, now + UNDO_MS, limit);

/**
 * Whether its member is asked if they stay: the partner of a lock-in went, and whoever was found since, if
 * anybody, was not chosen.
 */
export function isAsked({ state, free_to_cancel, release_until }: Booking, now: number): boolean {
  if (state === "waiting") return free_to_cancel;
  return state === "matched" && release_until !== null && now < ms(release_until);
}

/** Until when being released then changes nothing. */
export const releasedUntil = ({ late_cancel_from, start }: Booking): number => ms(late_cancel_from ?? start);

/** The session a room leads on to: the next one that begins so soon after it. */
export function following(
  bookings: readonly Booking[],
  end: number,
  within: number,
): Booking | undefined {
  return bookings
    .filter(isLive)
    .filter((b) => ms(b.start) >= end && ms(b.start) - end <= within)
    .sort((a, b) => ms(a.start) - ms(b.start))[0];
}
