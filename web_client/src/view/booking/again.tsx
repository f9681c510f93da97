/** At hand beside somebody one has met: favourite, write, book again, hide for a while. */
import { CalendarPlus, EyeOff, MessageSquare } from "lucide-preact";
import { useState } from "preact/hooks";

import { type Booking, instant, ms } from "@/core/model";
import { firstName } from "@/core/names";
import { DAY } from "@/core/zones";
import { serverNow } from "@/io/clock";
import { instance } from "@/io/store";
import { type Ahead, aheadOf, again, hide } from "@/view/booking/acts";
import { FavouriteButton } from "@/view/booking/parts";
import { busy, when } from "@/view/calendar/state";
import { Button, Link } from "@/view/parts/button";
import { Panel } from "@/view/parts/panel";
import { t } from "@/words/booking";
import { isolate } from "@/words/words";

interface Props {
  readonly booking: Booking;
}

/** The interface reaches so far ahead of a session; older ones are booked anew in the calendar. */
const REACH_DAYS = 56;

/** Neither over, nor further ahead than can be booked here. */
function reached({ days, start }: Ahead): boolean {
  const ahead = start - serverNow();
  return days <= REACH_DAYS && ahead > 0 && ahead <= (instance.value?.rules.horizon_ms ?? Infinity);
}

function isReached(booking: Booking): boolean {
  const { tomorrow, week } = aheadOf(booking);
  return reached(tomorrow) || reached(week);
}

/** Both ways to book again, one press each. */
export function AgainChoices({ booking, onDone }: Props & { readonly onDone?: () => void }) {
  const { tomorrow, week } = aheadOf(booking);
  const take = (ahead: typeof week) => void again(booking, ahead).then(onDone);
  const time = when(tomorrow.start).time;
  return (
    <div class="row">
      {reached(tomorrow) && (
        <Button busy={busy.value} onPress={() => take(tomorrow)}>
          {t("hand.again.tomorrow", { time })}
        </Button>
      )}
      {reached(week) && (
        <Button busy={busy.value} onPress={() => take(week)}>
          {t("hand.again.week", when(week.start))}
        </Button>
      )}
    </div>
  );
}

const SNOOZES = [
  ["hand.snooze.week", 7],
  ["hand.snooze.month", 30],
  ["hand.snooze.good", 0],
] as const;

function SnoozeChoices({ booking, onDone }: Props & { readonly onDone: () => void }) {
  const { partner } = booking;
  if (!partner) return null;
  const name = isolate(firstName(partner.name));
  const until = (days: number) => (days === 0 ? null : instant(serverNow() + days * DAY));
  return (
    <>
      <p>{t("hand.snooze.text", { name })}</p>
      <div class="row">
        {SNOOZES.map(([text, days]) => (
          <Button
            key={text}
            busy={busy.value}
            onPress={() => void hide(partner.id, partner.name, until(days)).then(onDone)}
          >
            {t(text)}
          </Button>
        ))}
      </div>
    </>
  );
}

type Layer = "" | "again" | "snooze";

/** How long after a session partners may still write to each other; the server has the last word. */
const contactOpen = ({ partner, end }: Booking): boolean =>
  partner?.friendship === "friends" || serverNow() - ms(end) < 7 * DAY;

export function AtHand({ booking, heart = true }: Props & { readonly heart?: boolean }) {
  const [layer, setLayer] = useState<Layer>("");
  const { partner } = booking;
  if (!partner) return null;
  const name = isolate(firstName(partner.name));
  const close = () => setLayer("");
  return (
    <div class="at-hand">
      {heart && <FavouriteButton partner={partner} />}
      <Button kind="plain" label={`${t("hand.snooze")}: ${name}`} opensDialog onPress={() => setLayer("snooze")}>
        <EyeOff class="icon" aria-hidden="true" />
      </Button>
      {contactOpen(booking) && (
        <Link
          class="button plain icon-only"
          href={`/messages/${partner.id}`}
          aria-label={t("own.message.name", { name })}
          title={t("own.message.name", { name })}
        >
          <MessageSquare class="icon" aria-hidden="true" />
        </Link>
      )}
      {isReached(booking) && (
        <Button opensDialog onPress={() => setLayer("again")}>
          <CalendarPlus class="icon" aria-hidden="true" />
          <span aria-hidden="true">{t("hand.again")}</span>
          <span class="sr">{t("hand.again.name", { name })}</span>
        </Button>
      )}
      {layer === "again" && (
        <Panel title={t("hand.again.name", { name })} onClose={close}>
          <p>{t("hand.again.ask", { name })}</p>
          <AgainChoices booking={booking} onDone={close} />
        </Panel>
      )}
      {layer === "snooze" && (
        <Panel title={t("hand.snooze")} onClose={close}>
          <SnoozeChoices booking={booking} onDone={close} />
        </Panel>
      )}
    </div>
  );
}
