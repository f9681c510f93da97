/** The panel of an own session: with whom, when, the way in, and cancelling. */
import { useState } from "preact/hooks";

import { type Booking, ms } from "@/core/model";
import { firstName } from "@/core/names";
import { cancelIsLate } from "@/core/next";
import { timesOf } from "@/core/times";
import { MINUTE } from "@/core/zones";
import { now, serverNow } from "@/io/clock";
import { bookings, instance, locale, times } from "@/io/store";
import { busy, cancel, opened, trouble, when } from "@/view/calendar/state";
import { Button, ButtonLink } from "@/view/parts/button";
import { Panel } from "@/view/parts/panel";
import { Face, Name } from "@/view/parts/people";
import { Say } from "@/view/parts/say";
import { Trouble } from "@/view/parts/trouble";
import { t } from "@/words/page";

function Partner({ booking }: { readonly booking: Booking }) {
  const { partner, state } = booking;
  if (!partner) {
    if (state === "done") return <p class="hint">{t("sessions.alone")}</p>;
    const time = times.value.time(ms(booking.start));
    return (
      <div>
        <p>
          <b>{t("block.finding")}</b>
        </p>
        <p class="hint">{t("panel.waiting", { time })}</p>
      </div>
    );
  }
  const called = <Name>{firstName(partner.name)}</Name>;
  const theirs = timesOf(locale, partner.zone || "UTC").time(ms(booking.start));
  return (
    <div class="partner">
      <Face name={partner.name} tone="warm" size={48} />
      <div class="cut-box">
        <b>
          <Name>{partner.name}</Name>
        </b>
        <small>
          {t("partner.sessions", { n: partner.sessions })}
          {partner.zone !== times.value.zone && (
            <>
              {" · "}
              <Say id="partner.time" values={{ time: theirs, name: called }} />
            </>
          )}
        </small>
      </div>
    </div>
  );
}

function Sure({ booking, onNo }: { readonly booking: Booking; readonly onNo: () => void }) {
  const limit = instance.value?.rules.late_cancel_ms ?? 0;
  const late = cancelIsLate(booking, serverNow(), limit);
  const name = <Name>{booking.partner ? firstName(booking.partner.name) : ""}</Name>;
  const time = times.value.time(ms(booking.start));
  return (
    <div class="sure">
      <p role="alert">
        {late ? (
          <Say id="cancel.late" values={{ name, time, n: limit / MINUTE }} />
        ) : (
          t("cancel.free")
        )}
      </p>
      <div class="row">
        <Button kind="soft" onPress={() => void cancel(booking)} busy={busy.value}>
          {t("cancel.yes")}
        </Button>
        <Button kind="plain" onPress={onNo}>
          {t("cancel.no")}
        </Button>
      </div>
    </div>
  );
}

function Ways({ booking }: { readonly booking: Booking }) {
  const [asking, setAsking] = useState(false);
  const [opens, start, end] = [ms(booking.opens), ms(booking.start), ms(booking.end)];
  const isOpen = now.value >= opens;
  const matched = booking.state === "matched";
  if (now.value >= end || booking.state === "done") return null;
  if (asking) return <Sure booking={booking} onNo={() => setAsking(false)} />;
  return (
    <>
      <p class="hint">{isOpen ? t("next.open") : t("next.doors", { time: times.value.time(opens) })}</p>
      <div class="row">
        <ButtonLink kind={isOpen ? "primary" : "soft"} href={`/check/${booking.id}`}>
          {t(isOpen ? "next.enter" : "next.check")}
        </ButtonLink>
        {now.value < start && (
          <Button
            kind="plain"
            busy={busy.value}
            onPress={() => (matched ? setAsking(true) : void cancel(booking))}
          >
            {t("panel.cancel")}
          </Button>
        )}
      </div>
    </>
  );
}

export function BookingPanel() {
  const booking = opened.value ? bookings.value.get(opened.value) : undefined;
  if (!booking || booking.state === "cancelled") return null;
  const [start, end] = [ms(booking.start), ms(booking.end)];
  return (
    <Panel
      key={booking.id}
      title={
        <>
          {when(start).day}, <bdi>{times.value.range(start, end)}</bdi>
        </>
      }
      onClose={() => (opened.value = null)}
    >
      <Partner booking={booking} />
      {booking.title && (
        <p dir="auto" class="own-title">
          {booking.title}
        </p>
      )}
      {booking.locked && <p class="hint">{t("panel.locked")}</p>}
      {booking.quiet && <p class="hint">{t("panel.quiet")}</p>}
      {trouble.value && <Trouble error={trouble.value} />}
      <Ways booking={booking} />
    </Panel>
  );
}
