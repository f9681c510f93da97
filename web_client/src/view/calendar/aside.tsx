/** The column beside the calendar: what comes next, where somebody waits, wishes for new sessions. */
import { useComputed } from "@preact/signals";
import { Zap } from "lucide-preact";
import { useId } from "preact/hooks";

import type { Task } from "@/core/model";
import { firstName } from "@/core/names";
import { type Next, nextOf } from "@/core/next";
import { distance } from "@/core/times";
import { HOUR, MINUTE } from "@/core/zones";
import { now } from "@/io/clock";
import { wishes } from "@/io/settings";
import { instance, lengthMin, locale, ownBookings, times } from "@/io/store";
import { waitingText } from "@/view/calendar/block";
import { book, bookSoon, busy, fine, open, proposal, when, whenInside } from "@/view/calendar/state";
import { Button, ButtonLink } from "@/view/parts/button";
import { Choose, Field, Switch } from "@/view/parts/controls";
import { Face, Name } from "@/view/parts/people";
import { Say } from "@/view/parts/say";
import { t } from "@/words/page";
import { timesOf } from "@/core/times";

function headline({ phase, start }: Next): string {
  if (phase !== "running") return t("next.in", { ...distance(now.value, start) });
  const n = Math.floor((now.value - start) / MINUTE);
  return n < 1 ? t("next.running") : t("next.now", { n });
}

function Partner({ next }: { readonly next: Next }) {
  const { partner } = next.booking;
  if (!partner) return <p class="hint">{t("next.finding")}</p>;
  const called = <Name>{firstName(partner.name)}</Name>;
  const theirs = partner.zone ? timesOf(locale, partner.zone).time(now.value) : "";
  return (
    <div class="partner">
      <Face name={partner.name} tone="warm" />
      <div class="cut-box">
        <b class="cut">
          <Name>{partner.name}</Name>
        </b>
        <small>
          {t("partner.sessions", { n: partner.sessions })}
          {theirs && partner.zone !== times.value.zone && (
            <>
              {" · "}
              <Say id="partner.time" values={{ time: theirs, name: called }} />
            </>
          )}
        </small>
      </div>
    </div>
  );
}

export function NextCard() {
  const next = useComputed(() => nextOf(ownBookings.value, now.value)).value;
  if (!next) {
    return (
      <section class="card next" aria-labelledby="next">
        <h2 class="label" id="next">
          {t("next.title")}
        </h2>
        <p class="big">{t("next.none")}</p>
        <p class="hint">{t("next.none.hint")}</p>
      </section>
    );
  }
  const isOpen = now.value >= next.opens;
  const at = when(next.start);
  const urgent = next.start - now.value < HOUR;
  return (
    <section class="card next" aria-labelledby="next">
      <h2 class="label" id="next">
        {t("next.title")}
      </h2>
      <div>
        <p class="big">{headline(next)}</p>
        <p class="when">
          {at.day}, <bdi>{times.value.range(next.start, next.end)}</bdi>
        </p>
      </div>
      <Partner next={next} />
      <ButtonLink wide kind={urgent ? "primary" : "soft"} href={`/check/${next.booking.id}`}>
        {t(isOpen ? "next.enter" : "next.check")}
      </ButtonLink>
      <p class="hint center">
        {isOpen ? t("next.open") : t("next.doors", { time: times.value.time(next.opens) })}
      </p>
    </section>
  );
}

/** One press to the nearest session; on a demo, without one booked, the thing to do. */
export function SoonButton() {
  const first = fine.value && nextOf(ownBookings.value, now.value) === null;
  return (
    <Button wide kind={first ? "primary" : "soft"} onPress={() => void bookSoon()} busy={busy.value}>
      <Zap class="icon" aria-hidden="true" />
      {t("soon.cta")}
    </Button>
  );
}

/** How many suggestions are made. */
const SHOWN = 3;

export function There() {
  const found = useComputed(() => open.value.slice(0, SHOWN)).value;
  const length = lengthMin.value;
  const tomorrow = proposal.value;
  return (
    <section class="there" aria-labelledby="there">
      <h2 class="label" id="there">
        {t("there.title")}
      </h2>
      {found.length === 0 ? (
        <div class="card stack">
          <p>{t("there.none")}</p>
          <Button onPress={() => void book([{ start: tomorrow, length }])} busy={busy.value}>
            {t("there.book", whenInside(tomorrow))}
          </Button>
        </div>
      ) : (
        <ul class="card">
          {found.map(([at, slot]) => (
            <li key={at}>
              <div class="cut-box">
                <b>
                  <Say id="calendar.at" values={{ ...when(at) }} />
                </b>
                <small>
                  <i class="dot" /> <bdi class="cut">{waitingText(slot)}</bdi>
                </small>
              </div>
              <Button onPress={() => void book([{ start: at, length }])} busy={busy.value}>
                {t("do.book")}
                <span class="sr">{`${when(at).day} ${when(at).time}`}</span>
              </Button>
            </li>
          ))}
        </ul>
      )}
      <SoonButton />
    </section>
  );
}

const TASKS: readonly Task[] = ["desk", "moving", "anything"];

export function Options() {
  const id = useId();
  const set = (part: Partial<typeof wishes.value>) => (wishes.value = { ...wishes.value, ...part });
  return (
    <section class="options" aria-labelledby={id}>
      <h2 class="label" id={id}>
        {t("options.title")}
      </h2>
      <div class="card">
        <Choose
          label={t("options.task")}
          value={wishes.value.task}
          options={TASKS.map((task) => ({ value: task, text: t(`task.${task}`) }))}
          onChange={(task) => set({ task })}
        />
        <Switch text={t("options.quiet")} on={wishes.value.quiet} onChange={(quiet) => set({ quiet })} />
        <Switch
          text={t("options.favourites")}
          on={wishes.value.favourites}
          onChange={(favourites) => set({ favourites })}
        />
        <Field id={`${id}-title`} label={t("options.title.field")}>
          {(ids) => (
            <input
              {...ids}
              type="text"
              maxLength={instance.value?.rules.title_max}
              value={wishes.value.title}
              onInput={(event) => set({ title: event.currentTarget.value })}
              dir="auto"
              autocomplete="off"
            />
          )}
        </Field>
      </div>
    </section>
  );
}
