/**
 * Whether the partner's picture comes as it should: frozen after two seconds without a frame, weak
 * after five seconds of a bad line. A fold over samples of what was received so far.
 */

import { LOSS_BAD, ROUND_TRIP_BAD_MS } from "./strain.js";

export const FROZEN_AFTER_MS = 2_000;
/** After this long a frozen picture is worth saying aloud. */
export const ALOUD_AFTER_MS = 10_000;
export const WEAK_AFTER_MS = 5_000;
/** A weak line is called good again only after a while, so that the sign does not flicker. */
export const GOOD_AFTER_MS = 5_000;

/** Fewer frames a second are a slide show; a calm picture still sends more. */
const FPS_BAD = 4;
/** Two samples nearer to each other say nothing about a rate. */
const APART_MS = 400;

/** Counted from the start of a connection. */
export interface Sample {
  readonly at_ms: number;
  readonly frames: number;
  readonly lost: number;
  readonly received: number;
  readonly round_trip_ms: number;
}

export type Sign = "good" | "weak" | "frozen";

export interface Sight {
  readonly sign: Sign;
  readonly last: Sample | null;
  /** When the latest frame came; a picture that was never there is waited for, not frozen. */
  readonly seen_ms: number | null;
  /** Since when the line is worse, or better, than the sign says; null while they agree. */
  readonly turned_ms: number | null;
  readonly weak: boolean;
}

export const UNSEEN: Sight = { sign: "good", last: null, seen_ms: null, turned_ms: null, weak: false };

/** The sight after one more sample. Begin anew with `UNSEEN` whenever no picture is to be expected. */
export function look(before: Sight, now: Sample): Sight {
  const { last } = before;
  // Counters that went back belong to another connection.
  if (last === null || now.frames < last.frames) return { ...UNSEEN, last: now };
  if (now.at_ms - last.at_ms < APART_MS) return before;
  const seen_ms = now.frames > last.frames ? now.at_ms : before.seen_ms;
  const frozen = seen_ms !== null && now.at_ms - seen_ms >= FROZEN_AFTER_MS;
  const { weak, turned_ms } = strength(before, isBad(last, now), last.at_ms, now.at_ms);
  return { sign: frozen ? "frozen" : weak ? "weak" : "good", last: now, seen_ms, turned_ms, weak };
}

/** For how long the picture has stood still. */
export const frozenFor = ({ sign, last, seen_ms }: Sight): number =>
  sign === "frozen" && last !== null && seen_ms !== null ? last.at_ms - seen_ms : 0;

function isBad(last: Sample, now: Sample): boolean {
  const lost = Math.max(0, now.lost - last.lost);
  const sent = lost + Math.max(0, now.received - last.received);
  const fps = ((now.frames - last.frames) * 1_000) / (now.at_ms - last.at_ms);
  return (sent > 0 && lost / sent > LOSS_BAD) || now.round_trip_ms > ROUND_TRIP_BAD_MS || fps < FPS_BAD;
}

/** Weak or not: the line has to be so for a while before the sign follows it. */
function strength({ weak, turned_ms }: Sight, bad: boolean, from_ms: number, to_ms: number): Pick<Sight, "weak" | "turned_ms"> {
  if (bad === weak) return { weak, turned_ms: null };
  const since = turned_ms ?? from_ms;
  const enough = to_ms - since >= (bad ? WEAK_AFTER_MS : GOOD_AFTER_MS);
  return enough ? { weak: bad, turned_ms: null } : { weak, turned_ms: since };
}
