/**
 * For how long the partner's picture stood still, and why: a fold over the moments at which a new
 * frame of the connection shown was there.
 */

/** Between two frames of a flowing picture there may be this much. */
export const FLOWING_MS = 200;
/** Without a change of the connection only a longer pause is a gap; calm pictures have few frames. */
export const STILL_MS = 600;
/** So many are remembered. */
const KEPT = 50;

/** Another connection, an ICE restart of the same one, or the network by itself. */
export type Cause = "moved" | "restart" | "network";

export interface Gap {
  readonly cause: Cause;
  readonly gap_ms: number;
  readonly gen: number;
}

export interface Gaps {
  readonly last_ms: number | null;
  readonly gen: number;
  readonly round: number;
  readonly all: readonly Gap[];
}

export const NO_GAPS: Gaps = { last_ms: null, gen: 0, round: 0, all: [] };

/** A new frame of this generation and round. */
export function framed(gaps: Gaps, { gen, round }: Pick<Gaps, "gen" | "round">, at_ms: number): Gaps {
  const { last_ms } = gaps;
  const next = { ...gaps, gen, round, last_ms: at_ms };
  if (last_ms === null) return next;
  const still_ms = Math.max(0, Math.round(at_ms - last_ms));
  const cause = gen !== gaps.gen ? "moved" : round !== gaps.round ? "restart" : "network";
  if (cause === "network" && still_ms < STILL_MS) return next;
  const gap = { cause, gen, gap_ms: still_ms < FLOWING_MS ? 0 : still_ms } as const;
  return { ...next, all: [...gaps.all, gap].slice(-KEPT) };
}

/** No picture is to be expected now, so none is missed. */
export const unexpected = (gaps: Gaps): Gaps => (gaps.last_ms === null ? gaps : { ...gaps, last_ms: null });

/** The gap that led to this generation and round; 0 without one. */
export function gapOf({ all, ...now }: Gaps, { gen, round }: Pick<Gaps, "gen" | "round">): number {
  const latest = all.at(-1);
  const its = now.gen === gen && now.round === round && latest?.gen === gen && latest.cause !== "network";
  return its ? latest.gap_ms : 0;
}
