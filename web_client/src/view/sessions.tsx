/** Sessions, coming and past: with whom, what came of them, and what is at hand. */
import "./you.css";
import "./calendar/calendar.css";
import "./booking/booking.css";

import { useSignal } from "@preact/signals";
import { Lock } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useRef } from "preact/hooks";

import { rowKey } from "@/core/keys";
import { type Booking, type Flag, ms } from "@/core/model";
import { isLive } from "@/core/next";
import { byDay, type Month, monthAt, monthBeside, monthSpan } from "@/core/past";
import { MINUTE } from "@/core/zones";
import { now, serverNow } from "@/io/clock";
import { go } from "@/io/router";
import { singleKeys } from "@/io/settings";
import { flags, loadBookings, loadFlags, locale, ownBookings, times, troubles, zone } from "@/io/store";
import { AtHand } from "@/view/booking/again";
import { cameText } from "@/view/booking/came";
import { BookingPanel } from "@/view/calendar/panel";
import { opened, when } from "@/view/calendar/state";
import { FlagCard } from "@/view/flag";
import { Button, ButtonLink, Link } from "@/view/parts/button";
import { Segmented } from "@/view/parts/controls";
import { Heading } from "@/view/parts/heading";
import { Panel } from "@/view/parts/panel";
import { Face, Name } from "@/view/parts/people";
import { Shapes, Trouble } from "@/view/parts/trouble";
import { t } from "@/words/booking";
import { t as pageText } from "@/words/page";
import { isolate } from "@/words/words";

type Which = "coming" | "past";

const AHEAD = 29 * 24 * 60 * MINUTE;

const isComing = (booking: Booking): boolean => isLive(booking) && ms(booking.end) > now.value;

function aboutText(booking: Booking): string {
  const start = ms(booking.start);
  const where = { day: times.value.day(start), time: times.value.time(start) };
  const { partner } = booking;
  return partner ? t("list.about", { ...where, name: isolate(partner.name) }) : t("list.about.alone", where);
}

interface WhoProps {
  readonly booking: Booking;
  /** What came of it, in place of nothing but the title. */
  readonly children?: ComponentChildren;
}

/** Who, and what came of it or what it is for. */
function Who({ booking, children }: WhoProps) {
  const { partner, title, locked, state } = booking;
  const finding = isComing(booking) ? pageText("block.finding") : pageText("sessions.alone");
  const alone = state === "matched" ? t("own.hidden.short") : finding;
  return (
    <div class="with">
      {partner && <Face name={partner.name} size={36} tone="warm" />}
      <div>
        <span class="named">
          <span class="cut">{partner ? <Name>{partner.name}</Name> : alone}</span>
          {locked && <Lock class="icon small" aria-hidden="true" />}
          {locked && <span class="sr">{t("own.locked")}</span>}
        </span>
        {(children || title) && (
          <small class="cut" dir="auto">
            {children}
            {children && title && " · "}
            {title}
          </small>
        )}
      </div>
    </div>
  );
}

function When({ booking, short = false }: { readonly booking: Booking; readonly short?: boolean }) {
  const [start, end] = [ms(booking.start), ms(booking.end)];
  return (
    <Link class={short ? "when row-link short" : "when row-link"} href={`/sessions/${booking.id}`}>
      <bdi>{short ? times.value.time(start) : times.value.range(start, end)}</bdi>
      <span class="sr">{aboutText(booking)}</span>
    </Link>
  );
}

function ComingRow({ booking }: { readonly booking: Booking }) {
  const inside = now.value >= ms(booking.opens);
  return (
    <li class="card session" data-enter={inside ? booking.id : undefined}>
      <When booking={booking} />
      <Who booking={booking} />
      {inside && (
        <ButtonLink kind="primary" href={`/check/${booking.id}`}>
          {pageText("next.enter")}
        </ButtonLink>
      )}
      <Button kind={inside ? "plain" : "soft"} opensDialog onPress={() => (opened.value = booking.id)}>
        {t("list.details")}
        <span class="sr">{aboutText(booking)}</span>
      </Button>
    </li>
  );
}

interface PastProps {
  readonly booking: Booking;
  readonly noted: readonly Flag[];
  readonly onWhy: (flag: Flag) => void;
}

function PastRow({ booking, noted, onWhy }: PastProps) {
  const plain = noted.length === 0 && booking.partner !== null;
  return (
    <li class="card session past">
      <When booking={booking} short />
      <Who booking={booking}>
        {plain && cameText(booking, noted)}
        {noted.map((flag, i) => (
          <span key={flag.fault}>
            {i > 0 && " · "}
            {cameText(booking, [flag])}{" "}
            <button type="button" class="link" aria-haspopup="dialog" onClick={() => onWhy(flag)}>
              {t("came.why")}
              <span class="sr">{aboutText(booking)}</span>
            </button>
          </span>
        ))}
      </Who>
      <AtHand booking={booking} />
    </li>
  );
}

function Empty({ text }: { readonly text: string }) {
  return (
    <div class="stack">
      <p>{text}</p>
      <div>
        <ButtonLink kind="primary" href="/">
          {t("list.choose")}
        </ButtonLink>
      </div>
    </div>
  );
}

const monthName = (month: Month): string =>
  new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" }).format(
    Date.parse(`${month}-15T00:00:00Z`),
  );

/** `J` and `K` move between rows, `Enter` follows the row's link, `E` enters its room. */
function onRowKey(event: KeyboardEvent, list: HTMLElement | null): void {
  const { target } = event;
  if (!singleKeys.value || event.ctrlKey || event.metaKey || event.altKey || !list) return;
  if (document.querySelector("dialog[open]")) return;
  if (target instanceof Element && target.matches("input, textarea, select")) return;
  const key = rowKey(event.key);
  const links = [...list.querySelectorAll<HTMLElement>(".row-link")];
  const row = target instanceof Element ? target.closest<HTMLElement>(".session") : null;
  const at = row ? links.findIndex((link) => row.contains(link)) : -1;
  const next = { next: at + 1, previous: Math.max(0, at - 1), open: -1, enter: -1 }[key ?? "open"];
  if ((key === "next" || key === "previous") && links[next]) {
    event.preventDefault();
    links[next].focus();
  }
  const booking = row?.dataset["enter"];
  if (key === "enter" && booking) go(`/check/${booking}`);
}

function useRowKeys() {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onRowKey(event, list.current);
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
  return list;
}

interface DaysProps {
  readonly all: readonly Booking[];
  readonly noted: (id: string) => readonly Flag[];
  readonly onWhy: (flag: Flag) => void;
}

function Days({ all, noted, onWhy }: DaysProps) {
  return byDay(zone.value, all).map(([day, found]) => {
    const first = ms(found[0]?.start ?? "");
    return (
      <section key={day} aria-label={times.value.day(first)}>
        <h2 class="list-head">{when(first).day}</h2>
        <ul class="list">
          {found.map((booking) =>
            isComing(booking) ? (
              <ComingRow key={booking.id} booking={booking} />
            ) : (
              <PastRow key={booking.id} booking={booking} noted={noted(booking.id)} onWhy={onWhy} />
            ),
          )}
        </ul>
      </section>
    );
  });
}

/** Months of past sessions, the present one first; another one is fetched when it is asked for. */
function usePast() {
  const current = monthAt(zone.value, now.value);
  const oldest = useSignal<Month>(current);
  const month = oldest.value;
  const { from } = monthSpan(zone.value, month);
  /** An answer came, be it that there is none. */
  const loaded = useSignal(false);
  const load = useCallback(
    () => loadBookings({ from, to: serverNow() + AHEAD }).then(() => (loaded.value = true)),
    [from, loaded],
  );
  useEffect(() => {
    void load();
  }, [load]);
  const past = ownBookings.value.filter((b) => !isComing(b) && ms(b.start) >= from).reverse();
  const earlier = monthBeside(month, -1);
  return { past, month, earlier, load, loaded: loaded.value, more: () => (oldest.value = earlier) };
}

const wanted = (): Which => (location.hash === "#past" ? "past" : "coming");

export default function SessionsPage() {
  const which = useSignal<Which>(wanted());
  const why = useSignal<Flag | null>(null);
  const list = useRowKeys();
  const { past, month, earlier, load, loaded, more } = usePast();
  useEffect(() => {
    void loadFlags();
  }, []);
  const coming = ownBookings.value.filter(isComing);
  const inPast = which.value === "past";
  const shown = inPast ? past : coming;
  const error = troubles.value["bookings"];
  const noted = (id: string) => (flags.value ?? []).filter(({ booking }) => booking === id);
  const untold = inPast ? troubles.value["flags"] : undefined;
  const loading = shown.length === 0 && !loaded && !error;
  return (
    <main id="main" class="page" tabIndex={-1}>
      <header class="page-head">
        <Heading title={pageText("sessions.title")} />
        <Segmented
          label={pageText("sessions.which")}
          value={which.value}
          options={[
            { value: "coming", text: t("list.coming") },
            { value: "past", text: t("list.past") },
          ]}
          onChange={(next: Which) => (which.value = next)}
        />
      </header>
      {error && <Trouble error={error} onRetry={() => void load()} />}
      {untold && <Trouble error={untold} onRetry={() => void loadFlags()} />}
      {loading && <Shapes count={4} />}
      {!loading && shown.length === 0 && !error && (
        <Empty text={inPast ? t("list.none.month", { month: monthName(month) }) : t("list.none")} />
      )}
      <div ref={list}>
        <Days all={shown} noted={noted} onWhy={(flag) => (why.value = flag)} />
      </div>
      {inPast && !loading && (
        <div class="row">
          <Button onPress={more}>{t("list.earlier", { month: monthName(earlier) })}</Button>
        </div>
      )}
      <BookingPanel />
      {why.value && (
        <Panel title={t("came.why")} onClose={() => (why.value = null)} wide>
          <FlagCard flag={why.value} />
        </Panel>
      )}
    </main>
  );
}
