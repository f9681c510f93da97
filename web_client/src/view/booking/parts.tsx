/** Pieces of an own session that its panel and its page share. */
import { signal } from "@preact/signals";
import { Heart, Lock, MessageSquare } from "lucide-preact";

import { type Booking, ms, type Partner } from "@/core/model";
import { firstName } from "@/core/names";
import { isAsked, isLive, releasedUntil } from "@/core/next";
import { timesOf } from "@/core/times";
import { now, serverNow } from "@/io/clock";
import { noticeOf } from "@/io/notices";
import { instance, locale, times } from "@/io/store";
import { favour } from "@/view/booking/acts";
import { busy, cancel, whenInside } from "@/view/calendar/state";
import { Button, ButtonLink, Link } from "@/view/parts/button";
import { Face, Name } from "@/view/parts/people";
import { Say } from "@/view/parts/say";
import { t } from "@/words/booking";
import { t as pageText } from "@/words/page";
import { isolate } from "@/words/words";

interface HeartProps {
  readonly partner: Pick<Partner, "id" | "name" | "favourite">;
}

/** The heart: whether somebody is a favourite, and the way to change it. */
export function FavouriteButton({ partner }: HeartProps) {
  const name = isolate(firstName(partner.name));
  const label = t(partner.favourite ? "hand.favourite.name" : "hand.favourite.make", { name });
  return (
    <Button
      kind="plain"
      class={partner.favourite ? "heart on" : "heart"}
      label={label}
      pressed={partner.favourite}
      onPress={() => void favour(partner.id, partner.name, !partner.favourite)}
    >
      <Heart class="icon" aria-hidden="true" />
    </Button>
  );
}

function Waiting({ booking }: { readonly booking: Booking }) {
  const { state, start, revealed } = booking;
  if (state === "done") return <p class="hint">{pageText("sessions.alone")}</p>;
  if (state === "matched" && !revealed) {
    const at = ms(start) - (instance.value?.rules.reveal_ms ?? 0);
    return (
      <div>
        <p>
          <b>{t("own.hidden.short")}</b>
        </p>
        <p class="hint">{t("own.hidden", { time: times.value.time(at) })}</p>
      </div>
    );
  }
  return (
    <div>
      <p>
        <b>{pageText("block.finding")}</b>
      </p>
      <p class="hint">{pageText("panel.waiting", { time: times.value.time(ms(start)) })}</p>
    </div>
  );
}

/** With whom: face, name, sessions and local time, the heart; or that somebody is looked for. */
export function With({ booking }: { readonly booking: Booking }) {
  const { partner } = booking;
  if (!partner) return <Waiting booking={booking} />;
  const called = <Name>{firstName(partner.name)}</Name>;
  const theirs = timesOf(locale, partner.zone || "UTC").time(ms(booking.start));
  return (
    <div class="partner">
      <Face name={partner.name} tone="warm" size={48} />
      <div class="cut-box">
        <Link class="person" href={`/people/${partner.id}`}>
          <b>
            <Name>{partner.name}</Name>
          </b>
        </Link>
        <small>
          {pageText("partner.sessions", { n: partner.sessions })}
          {partner.zone !== times.value.zone && (
            <>
              {" · "}
              <Say id="partner.time" values={{ time: theirs, name: called }} />
            </>
          )}
        </small>
      </div>
      <FavouriteButton partner={partner} />
    </div>
  );
}

/** Facts that change what to expect: locked in, shorter than wished, what changed last. */
export function Facts({ booking }: { readonly booking: Booking }) {
  const notice = noticeOf(booking.id);
  const { locked, wished_min, length_min, partner } = booking;
  const shorter = partner && wished_min > length_min;
  const left = asks(booking);
  return (
    <>
      {locked && (
        <p class="hint fact">
          <Lock class="icon small" aria-hidden="true" />
          {t("own.locked")}
        </p>
      )}
      {shorter && <p class="hint">{t("own.shorter", { n: length_min, wished: wished_min })}</p>}
      {notice && !left && isLive(booking) && (
        <p class="own-notice">
          <span class="sr">{t("own.changed")}: </span>
          {notice.text}
        </p>
      )}
      {left && <Left booking={booking} />}
    </>
  );
}

/** Where staying was chosen, by booking and partner: not asked again while the page lives. */
const staying = signal<ReadonlySet<string>>(new Set());
const stayOf = ({ id, partner }: Booking): string => `${id} ${partner?.id ?? ""}`;

/** Whether the member is to say if they stay. The time is looked at only while that can change with it. */
const asks = (booking: Booking): boolean => isAsked(booking, booking.release_until ? now.value : 0);

/** Whether the question stands unanswered: being released is offered there, and nowhere else. */
export const isOpenQuestion = (booking: Booking): boolean => asks(booking) && !staying.value.has(stayOf(booking));

function leftText(booking: Booking): string {
  const { state, partner } = booking;
  const known = noticeOf(booking.id)?.former ?? "";
  const former = isolate(firstName(known));
  if (state === "waiting") return known ? t("left.text", { name: former }) : t("left.text.unknown");
  const told = { former, ...whenInside(releasedUntil(booking)) };
  if (!partner) return t(known ? "left.found.somebody" : "left.found.somebody.unknown", told);
  return t(known ? "left.found" : "left.found.unknown", { ...told, name: isolate(firstName(partner.name)) });
}

/** The partner of a lock-in went: stay, in line or with whom was found, or be released. */
function Left({ booking }: { readonly booking: Booking }) {
  if (staying.value.has(stayOf(booking))) return null;
  const found = booking.state === "matched";
  // What was free a moment ago may be noted now: then the button does nothing, and goes.
  const release = () => isAsked(booking, serverNow()) && void cancel(booking);
  const stay = () => (staying.value = new Set([...staying.value, stayOf(booking)]));
  return (
    <div class="sure">
      <p>{leftText(booking)}</p>
      <div class="row">
        <Button onPress={stay}>{t(found ? "left.stay.found" : "left.stay")}</Button>
        <Button kind="plain" onPress={release} busy={busy.value}>
          {t("left.release")}
        </Button>
      </div>
    </div>
  );
}

export function MessageLink({ partner }: { readonly partner: Partner }) {
  return (
    <ButtonLink kind="soft" href={`/messages/${partner.id}`}>
      <MessageSquare class="icon" aria-hidden="true" />
      {t("own.message")}
      <span class="sr">{isolate(firstName(partner.name))}</span>
    </ButtonLink>
  );
}
