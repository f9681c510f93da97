/** The bars above the pages: offline, another zone, and the next session; a demo's is fetched when it is one. */
import { useComputed } from "@preact/signals";
import { Lock } from "lucide-preact";

import { isAwaited } from "@/core/awaited";
import { firstName } from "@/core/names";
import { type Next, nextOf } from "@/core/next";
import { isZone, MINUTE, townOf } from "@/core/zones";
import { api, ApiError } from "@/io/api";
import { awaited } from "@/io/awaited";
import { now } from "@/io/clock";
import { dayWord } from "@/io/live";
import { zoneKept } from "@/io/settings";
import { socket } from "@/io/socket";
import { deviceZone, instance, me, online, ownBookings, seenAt, setMe, times } from "@/io/store";
import { Button, ButtonLink } from "@/view/parts/button";
import { useKeptFocus } from "@/view/parts/focus";
import { lazy } from "@/view/parts/lazy";
import { Name } from "@/view/parts/people";
import { Say } from "@/view/parts/say";
import { t } from "@/words/page";

export function OfflineBar() {
  // A browser calls a computer without any network offline, which an instance on it is not.
  if (online.value || socket.state.value === "open") return null;
  const time = times.value.time(seenAt.value || now.value);
  return (
    <div class="bar" role="status">
      <p>{t("state.offline", { time })}</p>
    </div>
  );
}

/** Asks once when the device's zone is not the member's. */
export function ZoneBar() {
  const mine = me.value?.zone;
  if (!me.value?.welcomed || !mine || mine === deviceZone || !isZone(deviceZone)) return null;
  if (zoneKept.value === deviceZone) return null;
  const names = { device: townOf(deviceZone), profile: townOf(mine) };
  const change = async () => {
    try {
      setMe(await api.changeMe({ zone: deviceZone }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  };
  return (
    <div class="bar">
      <p>{t("zone.ask", names)}</p>
      <Button kind="plain" onPress={() => (zoneKept.value = deviceZone)}>
        {t("zone.keep", names)}
      </Button>
      <Button onPress={() => void change()}>{t("zone.change", names)}</Button>
    </div>
  );
}

const DemoTimes = lazy(async () => (await import("@/view/demo")).DemoTimes);

/** Only a demo has it. */
export const DemoBar = () => (instance.value?.demo && me.value ? <DemoTimes /> : null);

/** Whether the partner waits in the room of this session. */
export const isWaitedFor = ({ booking }: Next): boolean =>
  isAwaited(awaited.value, booking.id, now.value, instance.value?.rules.no_show_ms ?? 0);

export const Answers = lazy(async () => (await import("@/view/awaited")).Answers);

function nextText({ booking, start, phase }: Next, waited: boolean) {
  const n = Math.max(0, Math.ceil((start - now.value) / MINUTE));
  const running = phase === "running";
  const { partner } = booking;
  if (!partner) return t(running ? "next.bar.now.waiting" : "next.bar.waiting", { n });
  const name = <Name>{firstName(partner.name)}</Name>;
  if (waited) return <Say id="awaited.text" values={{ name }} />;
  return <Say id={running ? "next.bar.now" : "next.bar"} values={{ n, name }} />;
}

/** From ten minutes before: the next session and the way to it, on every page; on the calendar sooner. */
export function NextBar({ ahead = 0 }: { readonly ahead?: number }) {
  const next = useComputed(() => nextOf(ownBookings.value, now.value));
  const box = useKeptFocus<HTMLElement>();
  const found = next.value;
  const far = found?.phase === "later" && found.start - now.value > ahead;
  if (!me.value?.welcomed || !found || far) return null;
  const waited = isWaitedFor(found);
  const open = now.value >= found.opens;
  const day = dayWord(times.value, found.start, now.value);
  return (
    <section ref={box} class={waited ? "nextbar awaited" : "nextbar"} aria-label={t("next.title")}>
      <p>
        {nextText(found, waited)} {found.booking.locked && <Lock class="icon small" aria-hidden="true" />}
        <small>
          {day} <bdi>{times.value.range(found.start, found.end)}</bdi>
        </small>
      </p>
      {waited && <Answers next={found} kind="on-mine" />}
      <ButtonLink kind="on-mine" href={`/check/${found.booking.id}`}>
        {t(open ? "next.enter" : "next.check.short")}
      </ButtonLink>
    </section>
  );
}
