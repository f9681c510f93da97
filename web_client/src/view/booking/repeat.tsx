/** Repeating a session: every week on its day, or on weekdays; the coming dates, and stopping. */
import { useEffect, useState } from "preact/hooks";

import { type Booking, ms, type Repeat, type RepeatDate } from "@/core/model";
import { dayAt, weekday } from "@/core/zones";
import { say } from "@/io/announce";
import { api, ApiError, requestId } from "@/io/api";
import { reloadBookings, times, zone } from "@/io/store";
import { repeatOf, repeatWish } from "@/view/booking/acts";
import { attempt, busy } from "@/view/calendar/state";
import { Button } from "@/view/parts/button";
import { Shapes, Trouble } from "@/view/parts/trouble";
import { t } from "@/words/booking";

const WEEKDAYS = [0, 1, 2, 3, 4];

/** 2 January 2023 was a Monday. */
const dayName = (day: number): string =>
  new Intl.DateTimeFormat("en", { weekday: "long", timeZone: "UTC" }).format(Date.UTC(2023, 0, 2 + day));

/** "09:00" as the page writes a time. */
function timeText(time: string): string {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return times.value.hour(hour * 60 + minute);
}

const daysText = (days: readonly number[]): string =>
  days.length === 5 && days.every((day) => day < 5)
    ? t("repeat.weekdays")
    : new Intl.ListFormat("en", { type: "conjunction" }).format(days.map(dayName));

interface Props {
  readonly booking: Booking;
}

function Make({ booking, onMade }: Props & { readonly onMade: (made: Repeat) => void }) {
  const start = ms(booking.start);
  const day = weekday(dayAt(zone.value, start)) - 1;
  const make = (days: readonly number[]) =>
    attempt(async () => {
      onMade(await api.repeat(repeatWish(booking, days), requestId()));
      say(t("repeat.made"));
      await reloadBookings();
    });
  return (
    <>
      <p class="hint">{t("repeat.hint", { time: times.value.time(start) })}</p>
      <div class="row">
        <Button busy={busy.value} onPress={() => void make([day])}>
          {t("repeat.weekly", { day: dayName(day) })}
        </Button>
        {day < 5 && (
          <Button busy={busy.value} onPress={() => void make(WEEKDAYS)}>
            {t("repeat.weekdays")}
          </Button>
        )}
      </div>
    </>
  );
}

interface DateProps {
  readonly repeat: Repeat;
  readonly date: RepeatDate;
  readonly onChange: (next: Repeat) => void;
}

function DateRow({ repeat, date, onChange }: DateProps) {
  const at = ms(date.start);
  const day = times.value.shortDay(at);
  const skip = () =>
    attempt(async () => {
      onChange(await api.skipRepeat(repeat.id, date.date, requestId()));
      await reloadBookings();
    });
  return (
    <li>
      <span>
        {day} <bdi>{times.value.time(at)}</bdi>
        <small>{t(`repeat.state.${date.why === "full" ? "full" : date.state}`, { time: timeText(repeat.time) })}</small>
      </span>
      {date.state !== "skipped" && date.state !== "taken" && (
        <Button kind="plain" busy={busy.value} onPress={() => void skip()}>
          <span aria-hidden="true">{t("repeat.skip")}</span>
          <span class="sr">{t("repeat.skip.name", { day })}</span>
        </Button>
      )}
    </li>
  );
}

function Stop({ repeat, onStopped }: { readonly repeat: Repeat; readonly onStopped: () => void }) {
  const [asking, setAsking] = useState(false);
  const stop = (cancelling: boolean) =>
    attempt(async () => {
      await api.stopRepeat(repeat.id, cancelling, requestId());
      say(t("repeat.stopped"));
      onStopped();
      await reloadBookings();
    });
  if (!asking) {
    return (
      <div class="row">
        <Button kind="plain" onPress={() => setAsking(true)}>
          {t("repeat.stop")}
        </Button>
      </div>
    );
  }
  return (
    <div class="sure">
      <p role="alert">{t("repeat.stop.ask")}</p>
      <div class="row">
        <Button busy={busy.value} onPress={() => void stop(false)}>
          {t("repeat.stop.keep")}
        </Button>
        <Button busy={busy.value} onPress={() => void stop(true)}>
          {t("repeat.stop.cancel")}
        </Button>
        <Button kind="plain" onPress={() => setAsking(false)}>
          {t("repeat.stop.back")}
        </Button>
      </div>
    </div>
  );
}

/** How many coming dates are shown. */
const SHOWN = 6;

function Known({ repeat, onChange }: { readonly repeat: Repeat; readonly onChange: (next: Repeat | null) => void }) {
  return (
    <>
      <p>{t("repeat.days", { days: daysText(repeat.days), time: timeText(repeat.time) })}</p>
      <h4>{t("repeat.next")}</h4>
      <ul class="repeat-dates">
        {repeat.next.slice(0, SHOWN).map((date) => (
          <DateRow key={date.date} repeat={repeat} date={date} onChange={onChange} />
        ))}
      </ul>
      <Stop repeat={repeat} onStopped={() => onChange(null)} />
    </>
  );
}

/** What repeats are known; fetched when this is opened. */
export function RepeatPart({ booking }: Props) {
  const [all, setAll] = useState<readonly Repeat[] | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [made, setMade] = useState<Repeat | null | undefined>(undefined);
  const load = () => {
    setError(null);
    api.repeats().then(setAll, (cause: unknown) => {
      if (!(cause instanceof ApiError)) throw cause;
      setError(cause);
    });
  };
  useEffect(load, [booking.id]);
  const repeat = made === undefined ? all && repeatOf(all, booking) : made;
  if (error) return <Trouble error={error} onRetry={load} />;
  if (repeat) return <Known repeat={repeat} onChange={setMade} />;
  if (!all && made === undefined) return <Shapes count={2} />;
  return <Make booking={booking} onMade={setMade} />;
}
