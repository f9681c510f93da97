/**
 * Whether anything of the partner's media still comes. A fold over counts of packets, taken every
 * 100 ms; `silent` after 700 ms without one of sound or picture.
 *
 * Timers of a page in the background are late, and a machine that slept wakes to a long gap in which
 * it could not have heard anything: a beat that is late counts for a little silence only.
 *
 * Waiting longer where the line stutters was tried and left out: by simulation it spares one false
 * alarm in four at most, and is late when it counts.
 */

/** Silence this long is told. */
export const LOST_MS = 700;
/** The same when the browser just said that its network changed. */
export const HURRIED_MS = 350;
/** So long may the first packet take. */
export const FIRST_MS = 3_000;
export const BEAT_MS = 100;
/** A beat this late was held up. */
export const LATE_MS = 300;
/** What a late beat counts for: two of them make a page in the background say it, too. */
export const LATE_COUNTS_MS = 350;
/** Packets of sound and picture so far. */
export interface Beat {
  readonly at_ms: number;
  readonly packets: number;
}

export interface Watch {
  readonly last: Beat | null;
  readonly quiet_ms: number;
  readonly silent: boolean;
  /** Anything came at all. */
  readonly began: boolean;
}

export const AWAKE: Watch = { last: null, quiet_ms: 0, silent: false, began: false };

/** The watch after one more beat. Begin anew with `AWAKE` on another connection, and when nothing is to be expected. */
export function listen(watch: Watch, beat: Beat, hurried = false): Watch {
  const { last } = watch;
  // Counters that went back belong to another connection.
  if (last === null || beat.packets < last.packets) return { ...AWAKE, last: beat };
  if (beat.packets > last.packets) return { last: beat, quiet_ms: 0, silent: false, began: true };
  const apart_ms = beat.at_ms - last.at_ms;
  const quiet_ms = watch.quiet_ms + (apart_ms > LATE_MS ? LATE_COUNTS_MS : apart_ms);
  const patience_ms = watch.began ? (hurried ? HURRIED_MS : LOST_MS) : FIRST_MS;
  return { ...watch, last: beat, quiet_ms, silent: watch.silent || quiet_ms >= patience_ms };
}
