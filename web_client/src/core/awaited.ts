/** The session has begun, the partner is in the room, and this member is not: for how long that is worth a word. */
import { MINUTE } from "@/core/zones";

/** What was written to the partner: nothing, a word, or a word after which the session still counts as missed. */
export type Answered = "" | "told" | "warned";

export interface Awaited {
  readonly booking: string;
  readonly start: number;
  readonly answered: Answered;
}

/** Heard again of the same session: what was answered stays answered. */
export function heardOf(before: Awaited | null, booking: string, start: number): Awaited {
  return before?.booking === booking ? before : { booking, start, answered: "" };
}

/** Whether this booking's member is waited for now; once it is missed nobody is. */
export const isAwaited = (awaited: Awaited | null, booking: string, now: number, missed_ms: number): boolean =>
  awaited !== null && awaited.booking === booking && now < awaited.start + missed_ms;

/** The device check and the way in take so many minutes. */
const WAY_MIN = 2;

/** How many minutes late one will be who sets out now. */
export const lateMin = (start: number, now: number): number =>
  Math.max(0, Math.floor((now - start) / MINUTE)) + WAY_MIN;

/** What an answer comes to: of who comes in time nothing more is to be said. Null minutes: they cannot come. */
export const answeredBy = (late_min: number | null, missed_ms: number): Answered =>
  late_min !== null && late_min * MINUTE < missed_ms ? "told" : "warned";
