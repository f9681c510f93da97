/** What a member is told when bookings have changed while the page was open. */
import { type Booking, ms } from "@/core/model";

export type NewsKind =
  /** Somebody was found for a session that waited. */
  | "found"
  /** Somebody chose this member: the two are locked in. */
  | "locked"
  /** Another partner, because the one before went. */
  | "changed"
  /** The same after a lock-in: to be stayed in or given up. */
  | "instead"
  /** Another partner, because the one before is with somebody else. */
  | "taken"
  /** Another partner who fits better. */
  | "improved"
  /** The partner went, nobody is found yet. */
  | "lost"
  /** The partner is with somebody else, nobody is found yet. */
  | "gone"
  /** This member keeps the partner away from now on, nobody is found yet. */
  | "parted"
  /** The same, and it was a lock-in: to be stayed in or given up. */
  | "left"
  /** The match made the session shorter. */
  | "shorter";

export interface News {
  readonly kind: NewsKind;
  readonly booking: Booking;
  /** The partner now, and the one before; empty where there is none. */
  readonly name: string;
  readonly former: string;
}

/** The hub's word for why, by booking; absent where it came before this page listened. */
export type Reasons = ReadonlyMap<string, string>;

const isElsewhere = (reason: string): boolean => reason === "locked" || reason === "replaced";

/** Nobody is there now: why not. */
function lossOf(old: Booking, next: Booking, reason: string, away: boolean): NewsKind | null {
  if (next.state !== "waiting") return null;
  if (away) return "parted";
  if (old.locked || next.free_to_cancel) return "left";
  return isElsewhere(reason) ? "gone" : "lost";
}

function changeOf(old: Booking, next: Booking, reason: string, away: boolean): NewsKind | null {
  const same = old.partner?.id === next.partner?.id;
  if (same) {
    if (next.locked && !old.locked) return "locked";
    return next.partner && next.length_min < old.length_min ? "shorter" : null;
  }
  if (!next.partner) return lossOf(old, next, reason, away);
  if (next.locked) return "locked";
  if (!old.partner) return next.length_min < old.length_min ? "shorter" : "found";
  if (away) return "found";
  if (old.locked && next.release_until) return "instead";
  if (reason === "improved") return "improved";
  return isElsewhere(reason) ? "taken" : "changed";
}

/** What happened to the sessions still ahead, one piece of news each. `away` are who this member hides. */
export function newsOf(
  before: ReadonlyMap<string, Booking>,
  after: ReadonlyMap<string, Booking>,
  now: number,
  reasons: Reasons = new Map(),
  away: ReadonlySet<string> = new Set(),
): readonly News[] {
  return [...after.values()].flatMap((booking): News[] => {
    const old = before.get(booking.id);
    if (!old || ms(booking.end) < now) return [];
    const hidden = away.has(old.partner?.id ?? "");
    const kind = changeOf(old, booking, reasons.get(booking.id) ?? "", hidden);
    const names = { name: booking.partner?.name ?? "", former: old.partner?.name ?? "" };
    return kind ? [{ kind, booking, ...names }] : [];
  });
}
