/** One connection to the partner's page, as the machine in `core/negotiation` knows it. */

import type { Negotiate, Signal } from "./wire.js";
import { signalOf } from "./wire.js";

export interface Link {
  /** Names this connection here; generations may begin anew when a hub does. */
  readonly key: number;
  readonly gen: number;
  /** Counts its ICE restarts. */
  readonly round: number;
  readonly path: Negotiate["path"];
  /** The relay cannot see what it carries. */
  readonly blind: boolean;
  readonly offer: boolean;
  /** When it, or its newest round, was granted. */
  readonly begun_ms: number;
  /** The other side's description of this round is set, so candidates may be added. */
  readonly described: boolean;
  readonly waiting: readonly Signal[];
  readonly connected: boolean;
  /** The hub was told that media comes by this round. */
  readonly proven: boolean;
  /** Since when packets come by an unproven round; 0 while none do. */
  readonly flows_ms: number;
  /** Since when it is disconnected; 0 while it is not. */
  readonly lost_ms: number;
  /** The hub was told that this one does not work. */
  readonly failed: boolean;
}

/** What every round begins with. */
const BLANK = { described: false, proven: false, flows_ms: 0, lost_ms: 0, failed: false } as const;

export function linkOf({ gen, path, blind, offer, round }: Negotiate, key: number, begun_ms: number): Link {
  return { ...BLANK, key, gen, round, path, blind, offer, begun_ms, waiting: [], connected: false };
}

/** The same connection, about to find new ways. */
export function restarted(link: Link, { round, offer }: Negotiate, begun_ms: number): Link {
  return { ...link, ...BLANK, round, offer, begun_ms, waiting: [] };
}

/** A signal about this link and its newest round. */
export function speak({ gen, round }: Link, given: Partial<Signal> & Pick<Signal, "kind">): Signal {
  return signalOf({ ...given, gen, round });
}
