/** What a connection's statistics say, and how it went between two looks at them. */

import type { Sample } from "./sight.js";

export type Limited = "none" | "cpu" | "bandwidth" | "other";

/** Counted from the start of a connection, where nothing else is said. `Sample` has the picture. */
export interface Reading extends Sample {
  /** Packets of sound that came, and that were missed. */
  readonly sound: number;
  readonly sound_lost: number;
  /** Bytes of picture, and of everything, that came. */
  readonly picture_bytes: number;
  readonly in_bytes: number;
  readonly out_bytes: number;
  /** Reports of the partner's side: grow while the line lives, with nothing shown or said. */
  readonly reports: number;
  readonly jitter_ms: number;
  readonly freezes: number;
  readonly frozen_ms: number;
  readonly frames_out: number;
  /** Of what this page sends, the share that the partner's side misses, by its last report: 0 to 1. */
  readonly out_missed: number;
  /** What keeps the own picture from being as good as it may be. */
  readonly limited: Limited;
  /** What the browser believes the way out carries; 0 where it does not say. */
  readonly room_bps: number;
  readonly width: number;
  readonly height: number;
  /** It goes by a TURN server. */
  readonly turn: boolean;
}

/** How it went between two readings of one connection. */
export interface Rates {
  readonly at_ms: number;
  readonly span_ms: number;
  readonly rtt_ms: number;
  readonly jitter_ms: number;
  /** Shares, 0 to 1. */
  readonly loss_in: number;
  readonly loss_out: number;
  readonly fps_in: number;
  readonly fps_out: number;
  readonly kbps_in: number;
  readonly kbps_out: number;
  readonly picture_kbps: number;
  readonly packets_a_frame: number;
  readonly freezes: number;
  readonly frozen_ms: number;
  readonly limited: Limited;
  readonly room_kbps: number;
  /** Sound or reports came: the line itself lives. */
  readonly alive: boolean;
}

/** Null when the two are not of one connection, or too near to each other for a rate. */
export function ratesOf(before: Reading | null, now: Reading): Rates | null {
  if (before === null || now.in_bytes < before.in_bytes || now.at_ms - before.at_ms < 250) return null;
  const span_ms = now.at_ms - before.at_ms;
  const grew = (of: (reading: Reading) => number): number => Math.max(0, of(now) - of(before));
  const lost = grew(({ lost, sound_lost }) => lost + sound_lost);
  const came = grew(({ received, sound }) => received + sound);
  const frames = grew((each) => each.frames);
  const each_s = (count: number): number => (count * 1_000) / span_ms;
  const kbps = (bytes: number): number => (bytes * 8) / span_ms;
  return {
    at_ms: now.at_ms,
    span_ms,
    rtt_ms: now.round_trip_ms,
    jitter_ms: now.jitter_ms,
    loss_in: lost + came === 0 ? 0 : lost / (lost + came),
    loss_out: now.out_missed,
    fps_in: each_s(frames),
    fps_out: each_s(grew((each) => each.frames_out)),
    kbps_in: kbps(grew((each) => each.in_bytes)),
    kbps_out: kbps(grew((each) => each.out_bytes)),
    picture_kbps: kbps(grew((each) => each.picture_bytes)),
    packets_a_frame: frames === 0 ? 0 : grew((each) => each.received) / frames,
    freezes: grew((each) => each.freezes),
    frozen_ms: grew((each) => each.frozen_ms),
    limited: now.limited,
    room_kbps: now.room_bps / 1_000,
    alive: grew(({ sound, reports }) => sound + reports) > 0,
  };
}
