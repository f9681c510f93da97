/** Invitations to this member beside the calendar. Their script is fetched when there is one. */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

import { invites } from "@/io/community";

let Card: ComponentType<{ readonly friends?: boolean }> | null = null;

export function InvitationsNotice() {
  const [, setReady] = useState(Card !== null);
  const some = (invites.value?.for_me.length ?? 0) > 0;
  useEffect(() => {
    if (!some || Card) return;
    import("@/view/people/invitations").then(
      (module) => {
        Card = module.default;
        setReady(true);
      },
      // They are on the page of people as well.
      () => undefined,
    );
  }, [some]);
  return Card ? <Card /> : null;
}
