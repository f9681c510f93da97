/**
 * Background blur as facts: which way there is, and whether this computer keeps up with it.
 *
 * While blur is wanted, no picture leaves unblurred: without a blurred one the camera is off.
 */

export type BlurState =
  | "off"
  /** It loads, or begins anew; the camera is off meanwhile. */
  | "starting"
  | "on"
  /** It works, but this computer gives few pictures a second. */
  | "slow"
  /** It does not work here; the camera stays off. */
  | "failed";

/** Fewer pictures a second than this are worth a word. */
const FEW_PER_S = 8;
/** The word is given and taken back only after this long. */
const LASTS_MS = 3_000;
const AT_MOST_PER_S = 24;
/** How much the latest picture counts in the mean. */
const WEIGHT = 0.2;

export interface Pace {
  /** What a picture takes on average; 0 before the first. */
  readonly mean_ms: number;
  readonly slow: boolean;
  /** Since when the mean says otherwise than `slow`; null while they agree. */
  readonly turned_ms: number | null;
}

export const UNTRIED: Pace = { mean_ms: 0, slow: false, turned_ms: null };

/** The pace after one more picture, which took so long. */
export function paced(before: Pace, took_ms: number, now_ms: number): Pace {
  const mean_ms = before.mean_ms === 0 ? took_ms : before.mean_ms + WEIGHT * (took_ms - before.mean_ms);
  const bad = mean_ms > 1_000 / FEW_PER_S;
  if (bad === before.slow) return { mean_ms, slow: bad, turned_ms: null };
  const since = before.turned_ms ?? now_ms;
  const lasts = now_ms - since >= LASTS_MS;
  return { mean_ms, slow: lasts ? bad : before.slow, turned_ms: lasts ? null : since };
}

/** How long to rest between two pictures: a slow computer is left time for everything else. */
export function restFor({ mean_ms }: Pace): number {
  const frame_ms = 1_000 / AT_MOST_PER_S;
  return mean_ms < frame_ms ? frame_ms - mean_ms : mean_ms / 4;
}

/** How wide the picture is made: the work grows with its size. */
export function widthFor({ mean_ms }: Pace, camera: number): number {
  return Math.min(camera, mean_ms > 60 ? 480 : 640);
}
