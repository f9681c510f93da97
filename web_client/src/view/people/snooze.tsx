/** Snoozing somebody: what it does, which sessions it ends, and how long. The same wherever it is asked. */
import type { ComponentChildren } from "preact";

import { ms, type Named } from "@/core/model";
import { atStake, busy, called, snooze } from "@/view/people/acts";
import { inside } from "@/view/people/words";
import { Button } from "@/view/parts/button";
import { t } from "@/words/people";

interface Props {
  readonly person: Named;
}

const SPANS = [
  [7, "snooze.week"],
  [30, "snooze.month"],
  [null, "snooze.good"],
] as const;

function Stake({ person }: Props) {
  const ends = atStake(person.id);
  const [next] = ends;
  if (!next) return null;
  const locked = ends.some((booking) => booking.locked);
  return (
    <p>
      {t("snooze.stake", { n: ends.length, name: called(person), ...inside(ms(next.start)) })}
      {locked && ` ${t("snooze.stake.locked")}`}
    </p>
  );
}

interface ChoicesProps extends Props {
  readonly onDone: () => void;
  /** Another way on, after the spans. */
  readonly children?: ComponentChildren;
}

export function SnoozeChoices({ person, onDone, children }: ChoicesProps) {
  return (
    <>
      <p>{t("snooze.text", { name: called(person) })}</p>
      <Stake person={person} />
      <div class="row">
        {SPANS.map(([days, text]) => (
          <Button
            key={text}
            busy={busy.value === person.id}
            onPress={() => void snooze(person, days).then((done) => done && onDone())}
          >
            {t(text)}
          </Button>
        ))}
        {children}
      </div>
    </>
  );
}
