/** How long to wait before connecting again: quickly at first, then ever longer, always spread out. */

const FIRST_MS = 500;
const LONGEST_MS = 8_000;
const SEATED_MS = 600;
/** A hub that is gone for longer than these tries take, some 20 s, does not start this moment. */
const SEATED_TRIES = 45;

/**
 * The wait before attempt `n` (0 is the first after a loss). `random` in [0, 1) spreads a whole
 * crowd of pages over the span, so that a restarted hub is not stormed. Whoever is `seated` in a
 * room has somebody waiting, and keeps trying at short intervals.
 */
export function wait(n: number, random: number, seated = false): number {
  if (seated && n > 0 && n < SEATED_TRIES) return Math.round((SEATED_MS * (1 + random)) / 2);
  const late = seated ? Math.max(0, n - SEATED_TRIES + 1) : n;
  const span_ms = late === 0 ? FIRST_MS : Math.min(LONGEST_MS, 1_000 * 2 ** (late - 1));
  return Math.round(span_ms * random);
}
