/** The column beside the calendar: what comes next, where somebody waits, wishes for new sessions. */
import { useComputed } from "@preact/signals";
import { Heart, Lock, Zap } from "lucide-preact";
import { useId } from "preact/hooks";

import { ms, type Slot, type Task } from "@/core/model";
import { firstName } from "@/core/names";
import { type Next, nextOf } from "@/core/next";
import { distance, timesOf } from "@/core/times";
import { DAY, HOUR, MINUTE } from "@/core/zones";
import { now } from "@/io/clock";
import { instance, lengthMin, locale, ownBookings, times } from "@/io/store";
import { wish, wishes } from "@/io/wishes";
import { waitingText } from "@/view/calendar/block";
import {
  book,
  bookSoon,
  busy,
  favourOf,
  fine,
  looked,
  minuteNow,
  open,
  proposal,
  small,
  when,
  whenInside,
} from "@/view/calendar/state";
import { Answers, isWaitedFor } from "@/view/bars";
import { Button, ButtonLink } from "@/view/parts/button";
import { Choose, Field, Switch } from "@/view/parts/controls";
import { useKeptFocus } from "@/view/parts/focus";
import { Face, Name } from "@/view/parts/people";
import { Say } from "@/view/parts/say";
import * as words from "@/words/booking";
import { t } from "@/words/page";

function headline({ phase, start }: Next): string {
  if (phase !== "running") return t("next.in", { ...distance(now.value, start) });
  const n = Math.floor((now.value - start) / MINUTE);
  return n < 1 ? t("next.running") : t("next.now", { n });
}

function Partner({ next }: { readonly next: Next }) {
  const { partner } = next.booking;
  if (!partner) return <p class="hint">{t("next.finding")}</p>;
  const called = <Name>{firstName(partner.name)}</Name>;
  const theirs = partner.zone ? timesOf(locale, partner.zone).time(ms(next.booking.start)) : "";
  return (
    <div class="partner">
      <Face name={partner.name} tone="warm" />
      <div class="cut-box">
        <b class="named">
          <span class="cut">
            <Name>{partner.name}</Name>
          </span>
          {next.booking.locked && <Lock class="icon small" aria-hidden="true" />}
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
  const box = useKeptFocus<HTMLElement>();
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
  const waited = isWaitedFor(next);
  const name = <Name>{firstName(next.booking.partner?.name ?? "")}</Name>;
  return (
    <section ref={box} class="card next" aria-labelledby="next">
      <h2 class="label" id="next">
        {t("next.title")}
      </h2>
      <div>
        <p class="big">{waited ? <Say id="awaited.text" values={{ name }} /> : headline(next)}</p>
        <p class="when">
          {at.day}, <bdi>{times.value.range(next.start, next.end)}</bdi>
        </p>
      </div>
      <Partner next={next} />
      <ButtonLink wide kind={urgent ? "primary" : "soft"} href={`/check/${next.booking.id}`}>
        {t(isOpen ? "next.enter" : "next.check")}
      </ButtonLink>
      {waited && <Answers next={next} kind="soft" />}
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

/** Where friends are invited. */
const INVITE = "/people#invite";

/** Nobody waits: a time to propose, and a way to bring somebody. */
function Nobody() {
  const tomorrow = proposal.value;
  const pick = { start: tomorrow, length: lengthMin.value };
  return (
    <div class="card stack">
      <p>{t("there.none")}</p>
      <Button wide kind={small.value ? "primary" : "soft"} onPress={() => void book([pick])} busy={busy.value}>
        {t("there.book", whenInside(tomorrow))}
      </Button>
      {!fine.value && (
        <ButtonLink wide kind="plain" href={INVITE}>
          {words.t("invite.cta")}
        </ButtonLink>
      )}
    </div>
  );
}

/** Within the week a weekday is enough. */
function near(at: number) {
  const { day, time } = when(at);
  const close = at - minuteNow.value < 6 * DAY && day === times.value.shortDay(at);
  return { day: close ? times.value.weekday(at) : day, time };
}

function Suggestion({ at, slot }: { readonly at: number; readonly slot: Slot }) {
  const pick = { start: at, length: lengthMin.value };
  const favourite = favourOf(slot);
  const where = near(at);
  return (
    <li>
      <div class="cut-box">
        <b>
          <Say id="calendar.at" values={where} />
        </b>
        <button
          type="button"
          class="who-there"
          aria-haspopup="dialog"
          onClick={() => (looked.value = pick)}
        >
          {favourite ? <Heart class="icon small lamp" aria-hidden="true" /> : <i class="dot" />}
          <bdi class="cut">{waitingText(slot)}</bdi>
          <span class="sr">{`${words.t("tray.who")}, ${where.day} ${where.time}`}</span>
        </button>
      </div>
      <Button onPress={() => void book([pick])} busy={busy.value}>
        {t("do.book")}
        <span class="sr">{`${where.day} ${where.time}`}</span>
      </Button>
    </li>
  );
}

/** So near, a favourite stands before whoever waits sooner. */
const NEAR = 2 * DAY;

/** Suggestions with people in them: favourites of the next days first, then the soonest. */
export function There() {
  const found = useComputed(() => {
    const dear = ([at, slot]: readonly [number, Slot]): number =>
      Number(at - minuteNow.value < NEAR && favourOf(slot) !== undefined);
    return [...open.value].sort((a, b) => dear(b) - dear(a)).slice(0, SHOWN);
  }).value;
  const id = useId();
  const none = found.length === 0;
  return (
    <section class="there" aria-labelledby={id}>
      <h2 class={none ? "sr" : "label"} id={id}>
        {t("there.title")}
      </h2>
      {none ? (
        <Nobody />
      ) : (
        <ul class="card">
          {found.map(([at, slot]) => (
            <Suggestion key={at} at={at} slot={slot} />
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
          onChange={(task) => wish({ task })}
        />
        <Switch text={t("options.quiet")} on={wishes.value.quiet} onChange={(quiet) => wish({ quiet })} />
        <Switch
          text={t("options.favourites")}
          on={wishes.value.favourites}
          onChange={(favourites) => wish({ favourites })}
        />
        {instance.value?.rules.cross_lengths && (
          <Switch
            text={words.t("options.shorter")}
            on={wishes.value.shorter}
            onChange={(shorter) => wish({ shorter })}
          />
        )}
        <Field id={`${id}-title`} label={t("options.title.field")}>
          {(ids) => (
            <input
              {...ids}
              type="text"
              maxLength={instance.value?.rules.title_max}
              value={wishes.value.title}
              onInput={(event) => wish({ title: event.currentTarget.value })}
              dir="auto"
              autocomplete="off"
            />
          )}
        </Field>
      </div>
    </section>
  );
}

/** The options in a word each: "Desk · Quiet · ♥". */
export function OptionsSummary() {
  const { task, quiet, favourites } = wishes.value;
  const said = [words.t(`task.short.${task}`), quiet && words.t("quiet.short")].filter(Boolean).join(" · ");
  return (
    <span class="options-summary" aria-hidden="true">
      {said}
      {favourites && (
        <>
          {" · "}
          <Heart class="icon small" />
        </>
      )}
    </span>
  );
}

/** The same for readers. */
export function optionsText(): string {
  const { task, quiet, favourites } = wishes.value;
  const all = [
    words.t(`task.short.${task}`),
    ...(quiet ? [words.t("quiet.short")] : []),
    ...(favourites ? [words.t("favourites.short")] : []),
  ];
  return words.t("options.name", { what: all.join(", ") });
}
