/** The bar at the foot of the calendar: what is chosen, what came of it, why something was refused. */
import { Check, Heart, Users, X } from "lucide-preact";

import { endOf, type Pick } from "@/core/choice";
import { firstName } from "@/core/names";
import { slots, times } from "@/io/store";
import { shorterAt } from "@/view/calendar/block";
import {
  blocked,
  book,
  busy,
  clearPicks,
  favourOf,
  latest,
  looked,
  picks,
  results,
  trouble,
  when,
} from "@/view/calendar/state";
import { Button } from "@/view/parts/button";
import { Trouble } from "@/view/parts/trouble";
import * as words from "@/words/booking";
import { t } from "@/words/page";
import { isolate } from "@/words/words";

/** How many chosen times are named; the rest are counted. */
const NAMED = 3;

function Named({ chosen }: { readonly chosen: readonly Pick[] }) {
  const [only] = chosen;
  if (chosen.length === 1 && only) {
    return (
      <span class="tray-times">
        {when(only.start).day} <bdi>{times.value.range(only.start, endOf(only))}</bdi>
      </span>
    );
  }
  const names = chosen.slice(0, NAMED).map(({ start }) => t("calendar.at", when(start)));
  const rest = chosen.length - NAMED;
  return (
    <span class="tray-times">
      {names.join(", ")} {rest > 0 && t("tray.more", { n: rest })}
    </span>
  );
}

function Results() {
  return (
    <ul class="results">
      {results.value.map(({ ok, text }) => (
        <li key={text} class={ok ? "ok" : "refused"}>
          {ok ? <Check class="icon" aria-hidden="true" /> : <X class="icon" aria-hidden="true" />}
          <span>{text}</span>
        </li>
      ))}
    </ul>
  );
}

/** Who waits at the start that was chosen last, and the way to them. */
function Waiting() {
  const pick = latest.value;
  const slot = pick && slots.value.get(pick.start);
  if (!pick || !slot || slot.count === 0) return null;
  const favourite = favourOf(slot);
  const name = isolate(firstName((favourite ?? slot.people[0])?.name ?? ""));
  return (
    <button type="button" class="tray-waits" aria-haspopup="dialog" onClick={() => (looked.value = pick)}>
      {favourite ? <Heart class="icon small lamp" aria-hidden="true" /> : <i class="dot" />}
      <span>{words.t("tray.waits", { n: slot.count, name, min: shorterAt(slot) })}</span>
      <b>
        <Users class="icon small" aria-hidden="true" />
        {words.t("tray.who")}
      </b>
    </button>
  );
}

function Choices() {
  const n = picks.value.length;
  return (
    <div class="tray-row">
      <p>
        <b>{t("tray.n", { n })}</b> <Named chosen={picks.value} />
      </p>
      <Button kind="plain" onPress={clearPicks}>
        {t("do.clear")}
      </Button>
      <Button kind="primary" onPress={() => void book()} busy={busy.value} keys="B">
        {t("book.cta", { n })}
      </Button>
    </div>
  );
}

/** Why the last press did nothing, in the place of what it would have done. */
function Said() {
  return (
    <div class="tray-row">
      {blocked.value ? <p>{blocked.value}</p> : <Results />}
      <Button
        kind="plain"
        label={t("do.close")}
        onPress={() => {
          blocked.value = "";
          results.value = [];
        }}
      >
        <X class="icon" aria-hidden="true" />
      </Button>
    </div>
  );
}

export function Tray() {
  const said = blocked.value !== "" || results.value.length > 0;
  const chosen = picks.value.length > 0;
  if (!said && !chosen && !trouble.value) return null;
  return (
    <section class="tray" aria-label={t("tray.label")}>
      {trouble.value && <Trouble error={trouble.value} />}
      {said && <Said />}
      {chosen && <Waiting />}
      {chosen && <Choices />}
    </section>
  );
}
