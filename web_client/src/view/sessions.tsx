/** Sessions, coming and past; what was noted about a past one stands beside it. */
import "./you.css";
import "./calendar/calendar.css";

import { useSignal } from "@preact/signals";
import { Lock } from "lucide-preact";
import { useEffect } from "preact/hooks";

import { type Booking, type Flag, ms } from "@/core/model";
import { isLive } from "@/core/next";
import { DAY, type Day, dayAt } from "@/core/zones";
import { now, serverNow } from "@/io/clock";
import { bookings, flags, loadBookings, loadFlags, ownBookings, times, troubles, zone } from "@/io/store";
import { BookingPanel } from "@/view/calendar/panel";
import { opened, when } from "@/view/calendar/state";
import { FlagCard } from "@/view/flag";
import { Button, ButtonLink } from "@/view/parts/button";
import { Segmented } from "@/view/parts/controls";
import { Heading } from "@/view/parts/heading";
import { Panel } from "@/view/parts/panel";
import { Face, Name } from "@/view/parts/people";
import { Shapes, Trouble } from "@/view/parts/trouble";
import { isolate } from "@/words/words";
import { t } from "@/words/page";

type Which = "coming" | "past";

const BACK = 90 * DAY;
const AHEAD = 29 * DAY;

const isComing = (booking: Booking): boolean => isLive(booking) && ms(booking.end) > now.value;

/** By day, in the order given. */
function byDay(all: readonly Booking[]): readonly (readonly [Day, readonly Booking[]])[] {
  const days = new Map<Day, Booking[]>();
  for (const booking of all) {
    const day = dayAt(zone.value, ms(booking.start));
    days.set(day, [...(days.get(day) ?? []), booking]);
  }
  return [...days];
}

function Who({ booking }: { readonly booking: Booking }) {
  const { partner, title, locked, state } = booking;
  const alone = state === "waiting" && isComing(booking) ? "block.finding" : "sessions.alone";
  return (
    <div class="with">
      {partner && <Face name={partner.name} size={36} tone="warm" />}
      <div>
        {partner ? <Name>{partner.name}</Name> : t(alone)} {locked && <Lock class="icon small" aria-hidden="true" />}
        {title && (
          <small class="cut" dir="auto">
            {title}
          </small>
        )}
      </div>
    </div>
  );
}

interface RowProps {
  readonly booking: Booking;
  readonly noted: readonly Flag[];
  readonly onWhy: (flag: Flag) => void;
}

function Row({ booking, noted, onWhy }: RowProps) {
  const [start, end] = [ms(booking.start), ms(booking.end)];
  const coming = isComing(booking);
  const inside = coming && now.value >= ms(booking.opens);
  const name = booking.partner?.name ?? "";
  const about = `${times.value.day(start)}, ${times.value.time(start)} ${name ? isolate(name) : ""}`;
  return (
    <li class="card session">
      <span class="when">
        <bdi>{times.value.range(start, end)}</bdi>
      </span>
      <Who booking={booking} />
      {noted.map((flag) => (
        <span class="noted" key={flag.fault}>
          {t(`flag.mark.${flag.fault}`)}{" "}
          <button type="button" class="link" aria-haspopup="dialog" onClick={() => onWhy(flag)}>
            {t("sessions.why")}
            <span class="sr">{about}</span>
          </button>
        </span>
      ))}
      {coming && inside && (
        <ButtonLink kind="primary" href={`/check/${booking.id}`}>
          {t("next.enter")}
        </ButtonLink>
      )}
      {coming && !inside && (
        <Button opensDialog onPress={() => (opened.value = booking.id)}>
          {t("sessions.open")}
          <span class="sr">{about}</span>
        </Button>
      )}
    </li>
  );
}

function Empty() {
  return (
    <div class="stack">
      <p>{t("sessions.none")}</p>
      <div>
        <ButtonLink kind="primary" href="/">
          {t("sessions.choose")}
        </ButtonLink>
      </div>
    </div>
  );
}

export default function SessionsPage() {
  const which = useSignal<Which>("coming");
  const why = useSignal<Flag | null>(null);
  useEffect(() => {
    void loadBookings({ from: serverNow() - BACK, to: serverNow() + AHEAD });
    void loadFlags();
  }, []);
  const coming = ownBookings.value.filter(isComing);
  const past = ownBookings.value.filter((b) => !isComing(b)).reverse();
  const shown = which.value === "coming" ? coming : past;
  const error = troubles.value["bookings"];
  const noted = (id: string) => (flags.value ?? []).filter(({ booking }) => booking === id);
  const loading = bookings.value.size === 0 && !error && flags.value === null;
  return (
    <main id="main" class="page" tabIndex={-1}>
      <header class="page-head">
        <Heading title={t("sessions.title")} />
        <Segmented
          label={t("sessions.which")}
          value={which.value}
          options={[
            { value: "coming", text: t("sessions.coming") },
            { value: "past", text: t("sessions.past") },
          ]}
          onChange={(next: Which) => (which.value = next)}
        />
      </header>
      {error && <Trouble error={error} onRetry={() => void loadBookings({ from: serverNow() - BACK, to: serverNow() + AHEAD })} />}
      {loading && <Shapes count={4} />}
      {!loading && shown.length === 0 && !error && <Empty />}
      {byDay(shown).map(([day, all]) => (
        <section key={day} aria-label={times.value.day(ms(all[0]?.start ?? ""))}>
          <h2 class="list-head">{when(ms(all[0]?.start ?? "")).day}</h2>
          <ul class="list">
            {all.map((booking) => (
              <Row
                key={booking.id}
                booking={booking}
                noted={noted(booking.id)}
                onWhy={(flag) => (why.value = flag)}
              />
            ))}
          </ul>
        </section>
      ))}
      <BookingPanel />
      {why.value && (
        <Panel title={t("sessions.why")} onClose={() => (why.value = null)} wide>
          <FlagCard flag={why.value} />
        </Panel>
      )}
    </main>
  );
}
