/** What a member is told when bookings have changed while the page was open. */
import { type Booking, ms } from "@/core/model";

export type News =
  | { readonly kind: "matched"; readonly booking: Booking; readonly name: string }
  | { readonly kind: "rematched"; readonly booking: Booking };

/** A partner came or went; only for sessions still ahead. */
export function newsOf(
  before: ReadonlyMap<string, Booking>,
  after: ReadonlyMap<string, Booking>,
  now: number,
): readonly News[] {
  return [...after.values()].flatMap((booking): News[] => {
    const old = before.get(booking.id);
    if (!old || ms(booking.end) < now || old.partner?.id === booking.partner?.id) return [];
    if (booking.partner) return [{ kind: "matched", booking, name: booking.partner.name }];
    return booking.state === "waiting" ? [{ kind: "rematched", booking }] : [];
  });
}
