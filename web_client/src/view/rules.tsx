/** The rules with the numbers of this instance; the same five stand in the welcome. */
import "./doors.css";

import type { Rules } from "@/core/model";
import { instance, me } from "@/io/store";
import { limitText } from "@/view/parts/amount";
import { Link } from "@/view/parts/button";
import { Heading } from "@/view/parts/heading";
import { PairSign } from "@/view/parts/people";
import { t as pageText } from "@/words/page";
import { t } from "@/words/rules";

const TEXTS = ["1", "2", "3", "4", "5"] as const;

/** The numbers the five rules name. */
const numbersOf = (rules: Rules) => ({
  doors: limitText(rules.doors_open_ms),
  late: limitText(rules.late_ms),
  missed: limitText(rules.no_show_ms),
  early: limitText(rules.early_leave_ms),
  camera: limitText(rules.camera_off_ms),
  pause: limitText(rules.break_max_ms),
  share: Math.round(rules.break_share * 100),
  cancel: limitText(rules.late_cancel_ms),
});

export function FiveRules() {
  const rules = instance.value?.rules;
  if (!rules) return null;
  const numbers = numbersOf(rules);
  return (
    <ol class="five">
      {TEXTS.map((n) => (
        <li key={n}>
          <h2>{t(`rules.${n}`)}</h2>
          <p>{t(`rules.${n}.text`, numbers)}</p>
        </li>
      ))}
    </ol>
  );
}

export default function RulesPage() {
  const rules = instance.value?.rules;
  return (
    <main id="main" class="column wide stack" tabIndex={-1}>
      <Link class="brand" href={me.value ? "/" : "/signin"}>
        <PairSign /> {pageText("app.name")}
      </Link>
      <Heading title={t("rules.title")} />
      <FiveRules />
      {rules && <p class="hint">{t("rules.network", { drop: limitText(rules.drop_grace_ms) })}</p>}
      <p class="hint">{t("rules.who")}</p>
    </main>
  );
}
