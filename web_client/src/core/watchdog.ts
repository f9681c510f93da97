/**
 * Whether anything of the partner's media still comes. A fold over counts of packets, taken every
 * 100 ms; `silent` after 700 ms without one of sound or picture.
 *
 * Timers of a page in the background are late, and a machine that slept wakes to a long gap in which
 * it could not have heard anything: a beat that is late counts for a little silence only. Where the
 * line stutters, silence has to last longer than the stutters of the last seconds did.
 */

/** Silence this long is told. */
export const LOST_MS = 700;
/** The same when the browser just said that its network changed. */
export const HURRIED_MS = 350;
/** However the line stutters, this much is told. */
export const LOST_MAX_MS = 2_000;
/** So long may the first packet take. */
export const FIRST_MS = 3_000;
export const BEAT_MS = 100;
/** A beat this late was held up. */
export const LATE_MS = 300;
/** What a late beat counts for: two of them make a page in the background say it, too. */
export const LATE_COUNTS_MS = 350;
/** Silence of so many times the latest stutters is no stutter. */
const STUTTERS = 2.5;
/** Stutters are remembered for one to two of these. */
const MEMORY_MS = 5_000;

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
  /** The longest pause of the last seconds and of those before. */
  readonly pause_ms: number;
  readonly before_ms: number;
  readonly turned_ms: number;
}

export const AWAKE: Watch = {
  last: null,
  quiet_ms: 0,
  silent: false,
  began: false,
  pause_ms: 0,
  before_ms: 0,
  turned_ms: 0,
};

/** The watch after one more beat. Begin anew with `AWAKE` on another connection, and when nothing is to be expected. */
export function listen(watch: Watch, beat: Beat, hurried = false): Watch {
  const { last } = watch;
  // Counters that went back belong to another connection.
  if (last === null || beat.packets < last.packets) return { ...AWAKE, last: beat, turned_ms: beat.at_ms };
  const apart_ms = beat.at_ms - last.at_ms;
  const quiet_ms = watch.quiet_ms + (apart_ms > LATE_MS ? LATE_COUNTS_MS : apart_ms);
  if (beat.packets > last.packets) return { ...paused(watch, beat.at_ms), last: beat, quiet_ms: 0, silent: false, began: true };
  return { ...watch, last: beat, quiet_ms, silent: watch.silent || quiet_ms >= patience(watch, hurried) };
}

/** How long a silence has to be. */
export function patience({ began, pause_ms, before_ms }: Watch, hurried: boolean): number {
  if (!began) return FIRST_MS;
  const stutter = STUTTERS * Math.max(pause_ms, before_ms);
  return Math.min(LOST_MAX_MS, Math.max(hurried ? HURRIED_MS : LOST_MS, stutter));
}

/** A pause ended. One that was told was no stutter, but a cut. */
function paused(watch: Watch, at_ms: number): Watch {
  const pause_ms = watch.silent ? 0 : Math.max(watch.pause_ms, watch.quiet_ms);
  if (at_ms - watch.turned_ms < MEMORY_MS) return { ...watch, pause_ms };
  return { ...watch, pause_ms: 0, before_ms: pause_ms, turned_ms: at_ms };
}
