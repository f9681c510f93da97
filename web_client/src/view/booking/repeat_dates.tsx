/** The coming dates of a repeat, one of them left out, and when the hour is another one for somebody. */
import { useState } from "preact/hooks";

import { type Booking, ms, type Partner, type Repeat, type RepeatDate } from "@/core/model";
import { firstName } from "@/core/names";
import { cancelIsLate } from "@/core/next";
import { datesOf, SHIFTS_AHEAD, shiftsFor, type Span, spansOf } from "@/core/repeats";
import { isZone } from "@/core/zones";
import { api, requestId } from "@/io/api";
import { serverNow } from "@/io/clock";
import { instance, place, reloadBookings, times, zone } from "@/io/store";
import { Sure } from "@/view/booking/cancel";
import { stateText, timeText } from "@/view/booking/repeat_text";
import { attempt, busy } from "@/view/calendar/state";
import { Button } from "@/view/parts/button";
import { useKeptFocus } from "@/view/parts/focus";
import { t } from "@/words/booking";
import { isolate } from "@/words/words";

/** How many coming dates are shown. */
const SHOWN = 6;

/** The session of a date, as the instance knows it now. */
export async function sessionOf(date: RepeatDate): Promise<Booking | null> {
  if (date.booking === null) return null;
  const own = await api.booking(date.booking);
  place(own);
  return own;
}

export const isNoted = (own: Booking): boolean =>
  cancelIsLate(own, serverNow(), instance.value?.rules.late_cancel_ms ?? 0);

interface DateProps {
  readonly repeat: Repeat;
  readonly date: RepeatDate;
  readonly onChange: (next: Repeat) => void;
}

/** A date; leaving it out is a cancellation, so it is asked about where it costs somebody. */
function DateRow({ repeat, date, onChange }: DateProps) {
  const [asked, setAsked] = useState<Booking | null>(null);
  const place = useKeptFocus<HTMLLIElement>();
  const at = ms(date.start);
  const day = times.value.shortDay(at);
  const skip = async () => {
    onChange(await api.skipRepeat(repeat.id, date.date, requestId()));
    setAsked(null);
    await reloadBookings();
  };
  const leaveOut = () =>
    attempt(async () => {
      const own = await sessionOf(date);
      if (own && (own.state === "matched" || isNoted(own))) setAsked(own);
      else await skip();
    });
  return (
    <li ref={place}>
      <span>
        {day} <bdi>{times.value.time(at)}</bdi>
        <small>{stateText(repeat, date)}</small>
      </span>
      {date.state !== "skipped" && date.state !== "taken" && (
        <Button
          kind="plain"
          busy={busy.value}
          onPress={() => (asked ? setAsked(null) : void leaveOut())}
          {...(date.booking === null ? {} : { expanded: asked !== null })}
        >
          <span aria-hidden="true">{t("repeat.skip")}</span>
          <span class="sr">{t("repeat.skip.name", { day })}</span>
        </Button>
      )}
      {asked && (
        <Sure
          booking={asked}
          words={{ ask: t("repeat.skip.ask", { day }), yes: t("repeat.skip") }}
          onNo={() => setAsked(null)}
          onYes={() => attempt(skip)}
        />
      )}
    </li>
  );
}

interface DatesProps {
  readonly repeat: Repeat;
  readonly onChange: (next: Repeat) => void;
}

export function Dates({ repeat, onChange }: DatesProps) {
  return (
    <>
      <h3 class="repeat-head">{t("repeat.next")}</h3>
      <ul class="repeat-dates">
        {repeat.next.slice(0, SHOWN).map((date) => (
          <DateRow key={date.date} repeat={repeat} date={date} onChange={onChange} />
        ))}
      </ul>
    </>
  );
}

const spanOf = ({ from, to }: Span) => ({
  day: times.value.shortDay(from),
  days: times.value.shortDays(from, to ?? from),
});

const yoursText = (span: Span): string =>
  t(span.to === null ? "repeat.shift.yours.on" : "repeat.shift.yours", {
    ...spanOf(span),
    time: timeText(span.time),
    usual: timeText(span.usual),
  });

const theirsText = (span: Span, name: string): string =>
  t(span.to === null ? "repeat.shift.theirs.on" : "repeat.shift.theirs", {
    ...spanOf(span),
    name,
    time: times.value.time(span.from),
    theirs: timeText(span.time),
    usual: timeText(span.usual),
  });

interface ShiftsProps {
  readonly repeat: Repeat;
  readonly partner: Partner | null;
}

/** In the coming weeks: the dates on which the hour is another one on the own clock, or on the partner's. */
export function Shifts({ repeat, partner }: ShiftsProps) {
  const now = serverNow();
  const dates = datesOf(repeat, now, now + SHIFTS_AHEAD);
  const yours = spansOf(dates, zone.value, repeat.shifts);
  const known = partner && partner.zone !== zone.value && isZone(partner.zone);
  const theirs = known ? spansOf(dates, partner.zone, shiftsFor(dates, partner.zone)) : [];
  if (yours.length + theirs.length === 0) return null;
  const name = isolate(firstName(partner?.name ?? ""));
  return (
    <div class="repeat-shifts">
      <h3 class="repeat-head">{t("repeat.shifts")}</h3>
      <ul>
        {yours.map((span) => (
          <li key={span.from}>{yoursText(span)}</li>
        ))}
        {theirs.map((span) => (
          <li key={`theirs ${span.from}`}>{theirsText(span, name)}</li>
        ))}
      </ul>
      {theirs.length > 0 && repeat.zone === zone.value && (
        <p class="hint">{t("repeat.shift.apart", { name })}</p>
      )}
    </div>
  );
}
