/** How it went: private, quick, and never asked for twice. */
import "@/view/booking/booking.css";

import { signal } from "@preact/signals";
import { Heart } from "lucide-preact";
import { useEffect, useId, useState } from "preact/hooks";

import type { Task } from "@/core/desk";
import { type Booking, type Checkin, ms, type Outcome } from "@/core/model";
import { firstName } from "@/core/names";
import { following } from "@/core/next";
import { MANY, rowWith } from "@/core/row";
import { DAY, MINUTE } from "@/core/zones";
import { api } from "@/io/api";
import { now, serverNow } from "@/io/clock";
import { go } from "@/io/router";
import { bookings, loadBookings, me, ownBookings, times } from "@/io/store";
import { favour } from "@/view/booking/acts";
import { AgainChoices } from "@/view/booking/again";
import { trouble } from "@/view/calendar/state";
import { Button } from "@/view/parts/button";
import { Trouble } from "@/view/parts/trouble";
import { GoOn, staysHere } from "@/view/room/onward";
import { PairSign } from "@/view/room/signs";
import type { Sitting } from "@/view/room/sitting";
import * as booking from "@/words/booking";
import { t } from "@/words/room";
import { isolate } from "@/words/words";

const OUTCOMES = ["done", "partly", "not_today"] as const;
const SAVE_AFTER_MS = 400;
const TRY_AGAIN_MS = 4_000;

/** What was answered in the room one is in. Kept by task text, as the server keeps it. */
const answers = signal<{ readonly booking: string; readonly said: ReadonlyMap<string, Outcome>; readonly again: boolean | null }>({
  booking: "",
  said: new Map(),
  again: null,
});
const saved = signal<"" | "saved" | "failed">("");
let saving = 0;

/** What a task counts as: what was said, else done when it was ticked. */
function outcomeOf(task: Task): Outcome | null {
  return answers.value.said.get(task.text) ?? (task.done ? "done" : null);
}

function checkinOf(visit: Sitting): Checkin {
  const outcomes = visit.mine.value.flatMap((task) => {
    const outcome = outcomeOf(task);
    return outcome === null ? [] : [{ task: task.text, outcome }];
  });
  return { outcomes, again: answers.value.again };
}

function save(visit: Sitting): void {
  sendLater(visit.booking, checkinOf(visit), SAVE_AFTER_MS);
}

/** By the booking's name: the two may have gone on to their next session before the pause is over. */
function sendLater(about: string, said: Checkin, after_ms: number): void {
  window.clearTimeout(saving);
  saving = window.setTimeout(() => {
    api.saveCheckin(about, said).then(
      () => (saved.value = "saved"),
      () => {
        saved.value = "failed";
        sendLater(about, said, TRY_AGAIN_MS);
      },
    );
  }, after_ms);
}

function say(visit: Sitting, task: Task, outcome: Outcome): void {
  answers.value = { ...answers.value, said: new Map(answers.value.said).set(task.text, outcome) };
  save(visit);
}

/** What was said before, perhaps in this page's life before a reload. */
function useAnswers(visit: Sitting): void {
  useEffect(() => {
    if (answers.value.booking === visit.booking) return;
    answers.value = { booking: visit.booking, said: new Map(), again: null };
    saved.value = "";
    api.checkin(visit.booking).then(
      ({ outcomes, again }) => {
        const said = new Map(outcomes.map(({ task, outcome }) => [task, outcome] as const));
        answers.value = { booking: visit.booking, said: new Map([...said, ...answers.value.said]), again: answers.value.again ?? again };
      },
      // Nothing was said yet, or it cannot be had: then it is asked anew.
      () => undefined,
    );
  }, [visit]);
}

function TaskOutcome({ visit, task }: { readonly visit: Sitting; readonly task: Task }) {
  const name = useId();
  const chosen = outcomeOf(task);
  return (
    <fieldset class="outcome">
      <legend>
        <bdi>{task.text}</bdi>
      </legend>
      <div class="outcome-choices">
        {OUTCOMES.map((outcome) => (
          <label key={outcome}>
            <input type="radio" name={name} checked={chosen === outcome} onChange={() => say(visit, task, outcome)} />
            <span>{t(`outcome.${outcome}`)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Again({ visit, name }: { readonly visit: Sitting; readonly name: string }) {
  const group = useId();
  const set = (again: boolean) => {
    answers.value = { ...answers.value, again };
    save(visit);
  };
  return (
    <fieldset class="outcome">
      <legend>{t("again.ask", { name })}</legend>
      <div class="outcome-choices">
        <label>
          <input type="radio" name={group} checked={answers.value.again === true} onChange={() => set(true)} />
          <span>{t("again.yes")}</span>
        </label>
        <label>
          <input type="radio" name={group} checked={answers.value.again === false} onChange={() => set(false)} />
          <span>{t("again.no")}</span>
        </label>
      </div>
    </fieldset>
  );
}

/** Under the heading: how long there is still to talk, and afterwards what for. */
function headText(visit: Sitting, end_ms: number): string {
  if (visit.phase.value === "wrap") return t("wrap.text", { n: Math.ceil((end_ms - now.value) / MINUTE) });
  return t(me.value?.sessions_kept === 0 ? "end.first" : "end.tell");
}

function Heading({ visit, name }: { readonly visit: Sitting; readonly name: string }) {
  const room = visit.room.value;
  if (room === null) return null;
  const over = visit.phase.value !== "wrap";
  const n = Math.round((room.end_ms - room.start_ms) / 60_000);
  return (
    <div class="end-head">
      <span class={over ? "end-lamp end-lamp-met" : "end-lamp"}>
        <PairSign both={room.them.joined} />
      </span>
      <h2>{room.them.joined ? t("end.heading", { n, name }) : t("end.heading.solo", { n })}</h2>
      <p>{headText(visit, room.end_ms)}</p>
    </div>
  );
}

/** How soon after the end another session counts as the next one. */
const NEXT_WITHIN_MS = 75 * 60_000;

function nextOf(visit: Sitting): Booking | undefined {
  return following(ownBookings.value, visit.room.value?.end_ms ?? 0, NEXT_WITHIN_MS);
}

/** With the same partner nobody goes anywhere: that is told first. */
function Onward({ visit }: { readonly visit: Sitting }) {
  const next = nextOf(visit);
  return next && staysHere(visit, next) ? <GoOn visit={visit} next={next} /> : null;
}

/** The room leads on to the session after it. */
function NextSession({ visit }: { readonly visit: Sitting }) {
  const next = nextOf(visit);
  if (!next) return null;
  if (staysHere(visit, next)) return null;
  const time = times.value.time(ms(next.start));
  const { partner } = next;
  const text = partner
    ? booking.t("end.next", { time, name: isolate(firstName(partner.name)) })
    : booking.t("end.next.alone", { time });
  const goThere = () => {
    if (visit.phase.value === "ended") visit.leave();
    go(`/check/${next.id}`);
  };
  return (
    <div class="end-next">
      <p>{text}</p>
      <Button onPress={goThere}>{booking.t("end.go")}</Button>
    </div>
  );
}

/** So many without a pause are worth a word, and no more than that. */
function BreakHint({ visit }: { readonly visit: Sitting }) {
  const next = nextOf(visit);
  const n = next ? rowWith([...bookings.value.values()], next) : 0;
  return n < MANY ? null : <p class="room-hint">{t("end.row", { n })}</p>;
}

/** About the partner: favourite, the same time again. */
function Them({ visit, name }: { readonly visit: Sitting; readonly name: string }) {
  const [asking, setAsking] = useState(false);
  useEffect(() => void loadBookings({ from: serverNow() - DAY, to: serverNow() + DAY }), []);
  const own = bookings.value.get(visit.booking);
  const partner = own?.partner;
  if (!own || !partner) return null;
  return (
    <div class="end-them">
      <h3 class="side-head side-head-them">
        <bdi>{name}</bdi>
      </h3>
      <div class="end-them-do">
        <Button
          pressed={partner.favourite}
          onPress={() => void favour(partner.id, partner.name, !partner.favourite)}
        >
          <Heart class={partner.favourite ? "icon small lamp" : "icon small"} aria-hidden="true" />
          {booking.t("end.favourite")}
        </Button>
        <Button expanded={asking} onPress={() => setAsking(!asking)}>
          {booking.t("end.again", { name: isolate(name) })}
        </Button>
      </div>
      {asking && <AgainChoices booking={own} onDone={() => setAsking(false)} />}
      {trouble.value && <Trouble error={trouble.value} />}
      <a class="button plain" href={`/sessions/${own.id}#report`} target="_blank" rel="noopener">
        {booking.t("page.report")}
      </a>
    </div>
  );
}

export function CheckIn({ visit }: { readonly visit: Sitting }) {
  useAnswers(visit);
  const name = firstName(visit.partner.value?.name ?? "");
  const list = visit.mine.value;
  const met = visit.room.value?.them.joined === true;
  return (
    <section class="side-part">
      <Heading visit={visit} name={name} />
      <Onward visit={visit} />
      <h3 class="side-head side-head-you">{t("end.ask")}</h3>
      {list.length === 0 && <p class="room-hint">{t("end.no_tasks")}</p>}
      {list.map((task) => (
        <TaskOutcome key={task.id} visit={visit} task={task} />
      ))}
      {met && <Them visit={visit} name={name} />}
      {met && <Again visit={visit} name={name} />}
      <NextSession visit={visit} />
      <BreakHint visit={visit} />
      <p class="room-hint" role="status">
        {saved.value === "" ? "" : t(`checkin.${saved.value}`)}
      </p>
    </section>
  );
}
