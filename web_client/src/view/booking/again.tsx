/** At hand beside somebody one has met: favourite, write, book again, snooze. */
import { CalendarPlus, EyeOff, MessageSquare } from "lucide-preact";
import { useState } from "preact/hooks";

import { mayWrite } from "@/core/again";
import { type Booking, type Partner } from "@/core/model";
import { firstName } from "@/core/names";
import { serverNow } from "@/io/clock";
import { instance } from "@/io/store";
import { type Ahead, aheadOf, again } from "@/view/booking/acts";
import { FavouriteButton } from "@/view/booking/parts";
import { busy, when } from "@/view/calendar/state";
import { wrong } from "@/view/people/acts";
import { SnoozeChoices } from "@/view/people/snooze";
import { Button, Link } from "@/view/parts/button";
import { Panel } from "@/view/parts/panel";
import { Trouble } from "@/view/parts/trouble";
import { t } from "@/words/booking";
import { t as people } from "@/words/people";
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

/** Snoozing from here: the same question as on the page of people. */
function Snooze({ partner, onDone }: { readonly partner: Partner; readonly onDone: () => void }) {
  const error = wrong.value?.id === partner.id ? wrong.value.error : null;
  return (
    <Panel title={people("snooze.title", { name: isolate(firstName(partner.name)) })} onClose={onDone}>
      {error && <Trouble error={error} />}
      <SnoozeChoices person={partner} onDone={onDone} />
    </Panel>
  );
}

type Layer = "" | "again" | "snooze";

const contactOpen = (booking: Booking): boolean =>
  mayWrite(booking, serverNow(), instance.value?.rules.contact_ms ?? 0);

export function AtHand({ booking, heart = true }: Props & { readonly heart?: boolean }) {
  const [layer, setLayer] = useState<Layer>("");
  const { partner } = booking;
  if (!partner) return null;
  const name = isolate(firstName(partner.name));
  const close = () => setLayer("");
  return (
    <div class="at-hand">
      {heart && <FavouriteButton partner={partner} />}
      <Button kind="plain" label={`${people("snooze.do")}: ${name}`} opensDialog onPress={() => setLayer("snooze")}>
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
      {layer === "snooze" && <Snooze partner={partner} onDone={close} />}
    </div>
  );
}
