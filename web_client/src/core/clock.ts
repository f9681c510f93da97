/**
 * Server time in this page: an offset to the browser's steady clock, learnt from round trips.
 *
 * The member's own clock may be wrong by minutes and is never asked. Of the last few round trips
 * the shortest is believed; one that contradicts it (the server's clock was moved, or this
 * computer slept) starts the count anew.
 */

const KEPT = 8;
/** How far a round trip may miss the estimate before it is taken for a moved clock. */
const SLACK_MS = 40;

interface Trip {
  readonly offset_ms: number;
  readonly round_ms: number;
}

export interface Clock {
  readonly trips: readonly Trip[];
  /** Server time minus the steady clock; 0 until the first answer. */
  readonly offset_ms: number;
}

export const UNSET: Clock = { trips: [], offset_ms: 0 };

/** Take one answered ping into account; `sent` and `received` by the steady clock. */
export function heard(clock: Clock, sent_ms: number, received_ms: number, server_ms: number): Clock {
  const round_ms = Math.max(0, received_ms - sent_ms);
  const trip = { offset_ms: server_ms - (sent_ms + received_ms) / 2, round_ms };
  const contradicts =
    clock.trips.length > 0 && Math.abs(trip.offset_ms - clock.offset_ms) > round_ms / 2 + bestOf(clock.trips).round_ms / 2 + SLACK_MS;
  const trips = contradicts ? [trip] : [...clock.trips, trip].slice(-KEPT);
  return { trips, offset_ms: bestOf(trips).offset_ms };
}

function bestOf(trips: readonly Trip[]): Trip {
  return trips.reduce((best, trip) => (trip.round_ms <= best.round_ms ? trip : best));
}

/** The shortest round trip seen, or null before the first. */
export function roundTrip(clock: Clock): number | null {
  return clock.trips.length === 0 ? null : bestOf(clock.trips).round_ms;
}

/** Whether any answer has come yet. */
export function isSet(clock: Clock): boolean {
  return clock.trips.length > 0;
}

/** Server time at a moment of the steady clock, in whole milliseconds. */
export function serverTime(clock: Clock, steady_ms: number): number {
  return Math.round(steady_ms + clock.offset_ms);
}
