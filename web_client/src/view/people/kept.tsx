/** On the way to a held time: what waits at the end of sign-in and welcome. */
import { ms } from "@/core/model";
import { now } from "@/io/clock";
import { held } from "@/io/held";
import { times } from "@/io/store";
import { dayOf } from "@/view/people/words";
import { t } from "@/words/people";

interface Props {
  /** The link in the mail has it, wherever that is opened. */
  readonly mailed?: boolean;
}

export function KeptTime({ mailed = false }: Props) {
  const kept = held();
  if (!kept || now.value >= ms(kept.until)) return null;
  const at = ms(kept.start);
  const values = { time: times.value.time(at), until: times.value.time(ms(kept.until)) };
  const text = mailed ? "invite.kept.mailed" : "invite.kept";
  return <p class={mailed ? undefined : "hint"}>{t(text, { ...values, day: dayOf(at) })}</p>;
}
