/** What is at hand beside somebody one has met: what came of booking again, and whether to write. */
import { type Booking, type Invite, ms } from "@/core/model";

type Met = Pick<Booking, "partner" | "end">;

/** What came of it: they meet, the other is asked, or could not be. */
export function againSaid(made: Met, before: Met, invite: Invite | null): "found" | "done" | "unasked" {
  if (made.partner && made.partner.id === before.partner?.id) return "found";
  return invite ? "done" : "unasked";
}

/** Whether partners may still write to each other, so long (`contact`) after the session; the server has the last word. */
export const mayWrite = ({ partner, end }: Met, now: number, contact: number): boolean =>
  partner?.friendship === "friends" || now - ms(end) < contact;
