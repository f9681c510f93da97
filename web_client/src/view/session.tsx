/** One session: when and with whom, changes, cancelling, what came of it, and where to report something. */
import "./you.css";
import "./calendar/calendar.css";
import "./booking/booking.css";

import { useSignal } from "@preact/signals";
import { ChevronLeft } from "lucide-preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";

import { linkOf, shownOf } from "@/core/contact";
import { type Booking, ms } from "@/core/model";
import { firstName } from "@/core/names";
import { isLive } from "@/core/next";
import { say } from "@/io/announce";
import { api, ApiError } from "@/io/api";
import { now } from "@/io/clock";
import { part, rename } from "@/io/router";
import { bookings, flags, instance, loadFlags, place, times } from "@/io/store";
import { AtHand } from "@/view/booking/again";
import { cameText } from "@/view/booking/came";
import { EditOptions, TitleField } from "@/view/booking/edit";
import { Ways } from "@/view/booking/panel";
import { Facts, With } from "@/view/booking/parts";
import { RepeatPart } from "@/view/booking/repeat";
import { trouble, when, whenInside } from "@/view/calendar/state";
import { FlagCard } from "@/view/flag";
import { Button, Link } from "@/view/parts/button";
import { Heading } from "@/view/parts/heading";
import { Shapes, Trouble } from "@/view/parts/trouble";
import { t } from "@/words/booking";
import { t as pageText } from "@/words/page";
import { isolate } from "@/words/words";

interface Props {
  readonly booking: Booking;
}

/** Numbers of the session as a list of facts. */
function Details({ booking }: Props) {
  const { title, length_min } = booking;
  const doors = { from: times.value.time(ms(booking.opens)), to: times.value.time(ms(booking.closes)) };
  const facts: readonly (readonly [string, string])[] = [
    [t("page.length"), pageText("calendar.length.long", { n: length_min })],
    [t("page.doors"), t("page.doors.text", doors)],
    ...(title ? [[t("page.booked"), title] as const] : []),
  ];
  return (
    <dl class="facts">
      {facts.map(([name, text]) => (
        <>
          <dt>{name}</dt>
          <dd dir="auto">{text}</dd>
        </>
      ))}
    </dl>
  );
}

function Coming({ booking }: Props) {
  const asking = useSignal(false);
  const ways = useRef<HTMLElement>(null);
  const led = part.value === "#cancel";
  useEffect(() => {
    if (!led) return;
    asking.value = true;
    ways.current?.scrollIntoView();
  }, [led, asking]);
  const ask = (on: boolean) => {
    asking.value = on;
    // Answered: the same link asks again, and a reload does not.
    if (led && !on) rename(location.pathname);
  };
  const ahead = now.value < ms(booking.start);
  return (
    <>
      <section class="card stack" id="cancel" ref={ways}>
        <With booking={booking} />
        <Facts booking={booking} />
        {trouble.value && <Trouble error={trouble.value} />}
        <Ways booking={booking} asking={asking.value} onAsk={ask} />
        {!ahead && asking.value && <p>{t("cancel.began")}</p>}
      </section>
      {ahead && (
        <section class="card stack" aria-labelledby="change">
          <h2 class="label" id="change">
            {t("edit.heading")}
          </h2>
          <TitleField booking={booking} />
          <EditOptions booking={booking} />
        </section>
      )}
      <section class="card stack" aria-labelledby="repeat">
        <h2 class="label" id="repeat">
          {t(booking.repeat ? "own.repeats" : "repeat.heading")}
        </h2>
        <RepeatPart booking={booking} />
      </section>
    </>
  );
}

function Past({ booking }: Props) {
  useEffect(() => {
    void loadFlags();
  }, []);
  const noted = (flags.value ?? []).filter((flag) => flag.booking === booking.id);
  return (
    <>
      <section class="card stack">
        <With booking={booking} />
        {booking.partner && noted.length === 0 && <p>{cameText(booking, noted)}</p>}
        {trouble.value && <Trouble error={trouble.value} />}
        <AtHand booking={booking} heart={false} />
      </section>
      {noted.length > 0 && (
        <section aria-labelledby="came">
          <h2 class="list-head" id="came">
            {t("page.came")}
          </h2>
          {noted.map((flag) => (
            <FlagCard key={flag.fault} flag={flag} />
          ))}
        </section>
      )}
    </>
  );
}

/** How to reach those who run the instance, with the line by which they find the session. */
function Contact({ line }: { readonly line: string }) {
  const copied = useSignal(false);
  const contact = instance.value?.contact ?? null;
  const href = linkOf(contact, line);
  if (contact === null || href === null) return <p>{t("page.report.nobody")}</p>;
  const copy = async () => {
    await navigator.clipboard.writeText(line);
    copied.value = true;
    say(t("page.report.copied"));
  };
  const shown = isolate(shownOf(contact));
  return (
    <>
      <p>
        <a class="link" href={href}>
          {t(href === contact ? "page.report.link" : "page.report.mail", { contact: shown })}
        </a>
      </p>
      <p>{t("page.report.how")}</p>
      <div class="report-line">
        <code dir="auto">{line}</code>
        <Button kind="plain" onPress={() => void copy().catch(() => undefined)}>
          {t(copied.value ? "page.report.copied" : "page.report.copy")}
        </Button>
      </div>
    </>
  );
}

/** Whom to tell when something was wrong. */
function Report({ booking }: Props) {
  const box = useRef<HTMLElement>(null);
  const led = part.value === "#report";
  useEffect(() => {
    if (!led) return;
    box.current?.scrollIntoView();
    box.current?.focus();
  }, [led]);
  const line = t("page.report.line", { id: booking.id, ...when(ms(booking.start)) });
  const name = isolate(firstName(booking.partner?.name ?? ""));
  return (
    <section class="card stack" id="report" ref={box} tabIndex={-1} aria-labelledby="report-head">
      <h2 class="label" id="report-head">
        {t("page.report")}
      </h2>
      <p>{booking.partner ? t("page.report.text", { name }) : t("page.report.text.alone")}</p>
      <Contact line={line} />
      {booking.partner && (
        <p class="hint">
          {t("page.report.away", { name })}{" "}
          <Link class="link" href={`/people/${booking.partner.id}`}>
            {t("own.profile", { name })}
          </Link>
        </p>
      )}
    </section>
  );
}

/** The booking as known, and as the server has it. */
function useBooking(id: string) {
  const [error, setError] = useState<ApiError | null>(null);
  const load = useCallback(() => {
    setError(null);
    api.booking(id).then(place, (cause: unknown) => {
      if (!(cause instanceof ApiError)) throw cause;
      setError(cause);
    });
  }, [id]);
  useEffect(load, [load]);
  return { booking: bookings.value.get(id), error, load };
}

function Gone() {
  return (
    <>
      <Heading title={t("page.title")} />
      <p>{t("page.missing")}</p>
    </>
  );
}

function Session({ booking }: Props) {
  const [start, end] = [ms(booking.start), ms(booking.end)];
  const live = isLive(booking) && now.value < end;
  return (
    <>
      <Heading title={`${t("page.title")} ${whenInside(start).day} ${when(start).time}`}>
        {when(start).day}, <bdi>{times.value.range(start, end)}</bdi>
      </Heading>
      {booking.state === "cancelled" && <p>{t("page.cancelled")}</p>}
      {live && <Coming booking={booking} />}
      {!live && booking.state !== "cancelled" && <Past booking={booking} />}
      <section class="card">
        <Details booking={booking} />
      </section>
      <Report booking={booking} />
    </>
  );
}

export default function SessionPage({ about }: { readonly about: string }) {
  const { booking, error, load } = useBooking(about);
  const missing = error?.code === "not_found";
  return (
    <main id="main" class="page one-session" tabIndex={-1}>
      <Link class="link back" href="/sessions">
        <ChevronLeft class="icon turns" aria-hidden="true" />
        {t("page.back")}
      </Link>
      {error && !missing && <Trouble error={error} onRetry={load} />}
      {booking && <Session booking={booking} />}
      {!booking && missing && <Gone />}
      {!booking && !error && <Shapes count={3} />}
    </main>
  );
}
