/** How long to wait before connecting again: quickly at first, then ever longer, always spread out. */

const FIRST_MS = 500;
const LONGEST_MS = 8_000;

/**
 * The wait before attempt `n` (0 is the first after a loss). `random` in [0, 1) spreads a whole
 * crowd of pages over the span, so that a restarted hub is not stormed.
 */
export function wait(n: number, random: number): number {
  const span_ms = n === 0 ? FIRST_MS : Math.min(LONGEST_MS, 1_000 * 2 ** (n - 1));
  return Math.round(span_ms * random);
}
