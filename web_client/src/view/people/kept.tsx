/** On the way to a held time: what waits at the end of sign-in and welcome. */
import { ms } from "@/core/model";
import { now } from "@/io/clock";
import { held } from "@/io/held";
import { times } from "@/io/store";
import { dayOf } from "@/view/people/words";
import { t } from "@/words/people";

export function KeptTime() {
  const kept = held();
  if (!kept || now.value >= ms(kept.until)) return null;
  const at = ms(kept.start);
  const values = { time: times.value.time(at), until: times.value.time(ms(kept.until)) };
  return <p class="hint">{t("invite.kept", { ...values, day: dayOf(at) })}</p>;
}
