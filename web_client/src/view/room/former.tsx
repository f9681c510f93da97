/** The check-in of the session before, for two who went on in the same room. */
import { X } from "lucide-preact";

import { Button } from "@/view/parts/button";
import { CheckIn } from "@/view/room/checkin";
import type { Visit } from "@/view/room/visit";
import { t } from "@/words/room";

/** Stays at hand until it is put away. */
export function FormerCheckIn({ visit }: { readonly visit: Visit }) {
  const former = visit.former.value;
  if (former === null) return null;
  const close = () => (visit.former.value = null);
  return (
    <section class="former" aria-label={t("former.label")}>
      <Button kind="plain" label={t("former.done")} class="former-close" onPress={close}>
        <X class="icon" aria-hidden="true" />
      </Button>
      <CheckIn visit={former} />
    </section>
  );
}
