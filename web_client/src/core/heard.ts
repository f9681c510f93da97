/** What a member is told when bookings have changed while the page was open. */
import { type Booking, ms } from "@/core/model";

export type NewsKind =
  /** Somebody was found for a session that waited. */
  | "found"
  /** Somebody chose this member: the two are locked in. */
  | "locked"
  /** Another partner, because the one before went. */
  | "changed"
  /** Another partner, because the one before was locked in by somebody else. */
  | "taken"
  /** Another partner who fits better. */
  | "improved"
  /** The partner went, nobody is found yet. */
  | "lost"
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

function changeOf(old: Booking, next: Booking, reason: string): NewsKind | null {
  const same = old.partner?.id === next.partner?.id;
  if (same) {
    if (next.locked && !old.locked) return "locked";
    return next.partner && next.length_min < old.length_min ? "shorter" : null;
  }
  if (!next.partner) {
    if (next.state !== "waiting") return null;
    return old.locked || next.free_to_cancel ? "left" : "lost";
  }
  if (next.locked) return "locked";
  if (!old.partner) return next.length_min < old.length_min ? "shorter" : "found";
  if (reason === "improved") return "improved";
  return reason === "locked" || reason === "replaced" ? "taken" : "changed";
}

/** What happened to the sessions still ahead, one piece of news each. */
export function newsOf(
  before: ReadonlyMap<string, Booking>,
  after: ReadonlyMap<string, Booking>,
  now: number,
  reasons: Reasons = new Map(),
): readonly News[] {
  return [...after.values()].flatMap((booking): News[] => {
    const old = before.get(booking.id);
    if (!old || ms(booking.end) < now) return [];
    const kind = changeOf(old, booking, reasons.get(booking.id) ?? "");
    const names = { name: booking.partner?.name ?? "", former: old.partner?.name ?? "" };
    return kind ? [{ kind, booking, ...names }] : [];
  });
}
