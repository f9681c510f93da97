/** What is in the panel of an own session: with whom, when, the way in, changes, repeating, cancelling. */
import "./booking.css";

import { useState } from "preact/hooks";

import { type Booking, ms } from "@/core/model";
import { isLive } from "@/core/next";
import { now } from "@/io/clock";
import { times } from "@/io/store";
import { freeUntil, Sure } from "@/view/booking/cancel";
import { EditOptions, TitleField } from "@/view/booking/edit";
import { Facts, isOpenQuestion, MessageLink, With } from "@/view/booking/parts";
import { RepeatPart } from "@/view/booking/repeat";
import { busy, cancel, trouble } from "@/view/calendar/state";
import { Button, ButtonLink, Link } from "@/view/parts/button";
import { Trouble } from "@/view/parts/trouble";
import { t } from "@/words/booking";
import { t as pageText } from "@/words/page";

interface Props {
  readonly booking: Booking;
}

interface WaysProps extends Props {
  readonly asking: boolean;
  readonly onAsk: (asking: boolean) => void;
  /** The session's own page leads to the list when it is cancelled. */
  readonly onCancelled?: () => void;
}

/** The way in, the way to the partner, the way out. */
export function Ways({ booking, asking, onAsk, onCancelled }: WaysProps) {
  const [opens, start, end] = [ms(booking.opens), ms(booking.start), ms(booking.end)];
  const isOpen = now.value >= opens;
  if (now.value >= end || !isLive(booking)) return null;
  if (asking) {
    return (
      <Sure booking={booking} onNo={() => onAsk(false)} {...(onCancelled ? { onDone: onCancelled } : {})} />
    );
  }
  const matched = booking.state === "matched";
  const asked = isOpenQuestion(booking);
  const free = matched && !isOpen && !asked ? freeUntil(booking) : "";
  return (
    <>
      <p class="hint">
        {isOpen ? pageText("next.open") : pageText("next.doors", { time: times.value.time(opens) })}
        {free && ` · ${free}`}
      </p>
      <div class="row">
        <ButtonLink kind={isOpen ? "primary" : "soft"} href={`/check/${booking.id}`}>
          {pageText(isOpen ? "next.enter" : "next.check")}
        </ButtonLink>
        {booking.partner && <MessageLink partner={booking.partner} />}
        {now.value < start && !asked && (
          <Button
            kind="plain"
            busy={busy.value}
            onPress={() => (matched ? onAsk(true) : void cancel(booking).then(onCancelled))}
          >
            {t("cancel.ask")}
          </Button>
        )}
      </div>
    </>
  );
}

/** Options and repeats, folded until asked for. */
export function Folds({ booking, open = false }: Props & { readonly open?: boolean }) {
  const [repeating, setRepeating] = useState(false);
  return (
    <>
      <details class="own-fold" open={open}>
        <summary>{t("edit.heading")}</summary>
        <EditOptions booking={booking} />
      </details>
      <details class="own-fold" onToggle={(event) => setRepeating(event.currentTarget.open)}>
        <summary>{t(booking.repeat ? "own.repeats" : "repeat.heading")}</summary>
        {repeating && (
          <div class="stack">
            <RepeatPart booking={booking} />
          </div>
        )}
      </details>
    </>
  );
}

export function BookingPanelBody({ booking }: Props) {
  const [asking, setAsking] = useState(false);
  const coming = isLive(booking) && now.value < ms(booking.start);
  return (
    <>
      <With booking={booking} />
      <Facts booking={booking} />
      {coming ? (
        <TitleField booking={booking} />
      ) : (
        booking.title && (
          <p dir="auto" class="own-title">
            {booking.title}
          </p>
        )
      )}
      {trouble.value && <Trouble error={trouble.value} />}
      <Ways booking={booking} asking={asking} onAsk={setAsking} />
      {coming && !asking && <Folds booking={booking} />}
      <p class="own-more">
        <Link class="link" href={`/sessions/${booking.id}`}>
          {t("own.page")}
        </Link>
      </p>
    </>
  );
}
