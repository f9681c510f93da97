/** Repeating a session: every week on its day, or on weekdays; the coming dates, and stopping. */
import { useEffect, useMemo, useState } from "preact/hooks";

import { type Booking, ms, type Partner, type Repeat } from "@/core/model";
import { firstName } from "@/core/names";
import { clocksPart, dayNumber, repeatOf, repeatWish } from "@/core/repeats";
import { timesOf } from "@/core/times";
import { dayAt, isZone, townOf } from "@/core/zones";
import { say } from "@/io/announce";
import { api, ApiError, requestId } from "@/io/api";
import { serverNow } from "@/io/clock";
import { instance, locale, reloadBookings, zone } from "@/io/store";
import { consequence } from "@/view/booking/cancel";
import { Dates, isNoted, sessionOf, Shifts } from "@/view/booking/repeat_dates";
import { dayName, seriesText } from "@/view/booking/repeat_text";
import { attempt, busy } from "@/view/calendar/state";
import { Button, Link } from "@/view/parts/button";
import { Choose } from "@/view/parts/controls";
import { Shapes, Trouble } from "@/view/parts/trouble";
import { t } from "@/words/booking";
import { isolate } from "@/words/words";

const WEEKDAYS = [0, 1, 2, 3, 4];

interface Props {
  readonly booking: Booking;
}

interface ClockProps {
  readonly partner: Partner;
  readonly theirs: boolean;
  readonly onChange: (theirs: boolean) => void;
}

/** Whose clock the time stays on: of interest where the two change theirs on different days. */
function Clock({ partner, theirs, onChange }: ClockProps) {
  const name = isolate(firstName(partner.name));
  return (
    <>
      <Choose
        label={t("repeat.clock")}
        value={theirs ? "theirs" : "mine"}
        options={[
          { value: "mine", text: t("repeat.clock.mine") },
          { value: "theirs", text: t("repeat.clock.theirs", { name }) },
        ]}
        onChange={(value) => onChange(value === "theirs")}
      />
      <p class="hint">{t("repeat.clock.hint", { place: townOf(partner.zone) })}</p>
    </>
  );
}

/** The partner, where their clock does not keep to the own one. */
function usePartnerElsewhere({ partner, start }: Booking): Partner | null {
  const there = partner?.zone ?? "";
  const apart = useMemo(
    () => isZone(there) && there !== zone.value && clocksPart(zone.value, there, ms(start)),
    [there, start],
  );
  return apart ? partner : null;
}

function Make({ booking, onMade }: Props & { readonly onMade: (made: Repeat) => void }) {
  const [theirs, setTheirs] = useState(false);
  const elsewhere = usePartnerElsewhere(booking);
  const chosen = theirs ? elsewhere : null;
  const on = chosen?.zone ?? zone.value;
  const start = ms(booking.start);
  const day = dayNumber(dayAt(on, start));
  const make = (days: readonly number[]) =>
    attempt(async () => {
      onMade(await api.repeat(repeatWish(booking, days, on), requestId()));
      say(t("repeat.made"));
      await reloadBookings();
    });
  const time = timesOf(locale, on).time(start);
  const name = isolate(firstName(chosen?.name ?? ""));
  return (
    <>
      <p class="hint">{t(chosen ? "repeat.hint.theirs" : "repeat.hint", { time, name })}</p>
      {elsewhere && <Clock partner={elsewhere} theirs={theirs} onChange={setTheirs} />}
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

interface StopProps {
  readonly repeat: Repeat;
  readonly onStopped: () => void;
}

/** The sessions of a repeat whose cancelling would be noted now. */
async function notedOf(repeat: Repeat): Promise<readonly Booking[]> {
  const near = serverNow() + (instance.value?.rules.late_cancel_ms ?? 0);
  const found = await Promise.all(repeat.next.filter(({ start }) => ms(start) <= near).map(sessionOf));
  return found.filter((own) => own !== null).filter(isNoted);
}

function Stop({ repeat, onStopped }: StopProps) {
  /** Null until asked; then what would be noted of cancelling the booked sessions too. */
  const [noted, setNoted] = useState<readonly Booking[] | null>(null);
  const ask = () => attempt(async () => setNoted(await notedOf(repeat)));
  const stop = (cancelling: boolean) =>
    attempt(async () => {
      await api.stopRepeat(repeat.id, cancelling, requestId());
      say(t("repeat.stopped"));
      onStopped();
      await reloadBookings();
    });
  if (noted === null) {
    return (
      <div class="row">
        <Button kind="plain" busy={busy.value} onPress={() => void ask()}>
          {t("repeat.stop")}
        </Button>
      </div>
    );
  }
  return (
    <div class="sure">
      <div role="alert">
        <p>{t("repeat.stop.ask")}</p>
        {noted.map((own) => (
          <p key={own.id}>{consequence(own)}</p>
        ))}
      </div>
      <div class="row">
        <Button busy={busy.value} onPress={() => void stop(false)}>
          {t("repeat.stop.keep")}
        </Button>
        <Button busy={busy.value} onPress={() => void stop(true)}>
          {t("repeat.stop.cancel")}
        </Button>
        <Button kind="plain" onPress={() => setNoted(null)}>
          {t("repeat.stop.back")}
        </Button>
      </div>
    </div>
  );
}

/** What the partner of this session can do to be in it too. */
function Together({ partner }: { readonly partner: Partner }) {
  const name = isolate(firstName(partner.name));
  return (
    <p class="hint">
      {t("repeat.together", { name })}{" "}
      <Link class="link" href={`/messages/${partner.id}`}>
        {t("own.message.name", { name })}
      </Link>
    </p>
  );
}

interface KnownProps extends Props {
  readonly repeat: Repeat;
  readonly onChange: (next: Repeat | null) => void;
}

function Known({ booking, repeat, onChange }: KnownProps) {
  return (
    <>
      <p>{seriesText(repeat)}</p>
      <Shifts repeat={repeat} partner={booking.partner} />
      {booking.partner && <Together partner={booking.partner} />}
      <Dates repeat={repeat} onChange={onChange} />
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
  if (repeat) return <Known booking={booking} repeat={repeat} onChange={setMade} />;
  if (!all && made === undefined) return <Shapes count={2} />;
  return <Make booking={booking} onMade={setMade} />;
}
