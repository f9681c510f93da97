/**
 * How the partner's picture arrives: whether there is one, and whether it shows anything. On the
 * direct path no one but this page can tell. The thresholds are those the relay uses.
 */

import type { Rates } from "./reading.js";

export type Picture = "on" | "off" | "suspect";

/** No frame for so long, while the line lives. */
export const OFF_AFTER_MS = 2_000;
/** Frames that are next to nothing, for so long: black, covered or frozen. */
export const SUSPECT_AFTER_MS = 5_000;
const THIN_KBPS = 25;
const THIN_PACKETS = 1.2;
/** Said no oftener than this. */
export const SAID_EVERY_MS = 1_000;

export interface Seen {
  /** Null before anything is known. */
  readonly picture: Picture | null;
  /** What the hub was told, and when. */
  readonly said: Picture | null;
  readonly said_ms: number;
  /** For how long there has been no frame, or only thin ones. */
  readonly bare_ms: number;
  readonly thin_ms: number;
}

export const UNTOLD: Seen = { picture: null, said: null, said_ms: 0, bare_ms: 0, thin_ms: 0 };

/** The hub may not know any more what it was told: the verdict is said once more. */
export const untold = (seen: Seen): Seen => ({ ...seen, said: null, said_ms: 0 });

/** After one more look; `say` is what to tell the hub now, or null. */
export function see(seen: Seen, rates: Rates): readonly [Seen, say: Picture | null] {
  // A line that is dead altogether says nothing about a camera.
  if (rates.fps_in === 0 && !rates.alive) return [seen, null];
  const bare_ms = rates.fps_in === 0 ? seen.bare_ms + rates.span_ms : 0;
  const thin = rates.picture_kbps < THIN_KBPS && rates.packets_a_frame <= THIN_PACKETS;
  const thin_ms = thin ? seen.thin_ms + rates.span_ms : 0;
  const picture = bare_ms >= OFF_AFTER_MS ? "off" : thin_ms < SUSPECT_AFTER_MS ? (bare_ms > 0 ? seen.picture : "on") : "suspect";
  const next = { ...seen, picture, bare_ms, thin_ms } as const;
  // The first verdict is said even if it is "on": it may take back what was said by another connection.
  const news = picture !== null && picture !== seen.said && rates.at_ms - seen.said_ms >= SAID_EVERY_MS;
  return news ? [{ ...next, said: picture, said_ms: rates.at_ms }, picture] : [next, null];
}
