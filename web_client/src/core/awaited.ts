/** The session has begun, the partner is in the room, and this member is not: for how long that is worth a word. */

export interface Awaited {
  readonly booking: string;
  readonly start: number;
  /** The partner has had an answer. */
  readonly answered: boolean;
}

/** Heard again of the same session: what was answered stays answered. */
export function heardOf(before: Awaited | null, booking: string, start: number): Awaited {
  return before?.booking === booking ? before : { booking, start, answered: false };
}

/** Whether this booking's member is waited for now; once it is missed nobody is. */
export const isAwaited = (awaited: Awaited | null, booking: string, now: number, missed_ms: number): boolean =>
  awaited !== null && awaited.booking === booking && now < awaited.start + missed_ms;
