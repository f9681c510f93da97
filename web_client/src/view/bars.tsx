/** The bars above the pages: offline, another zone, the demo's clock, and the next session. */
import { useComputed } from "@preact/signals";
import { Lock } from "lucide-preact";
import { useState } from "preact/hooks";

import { isAwaited } from "@/core/awaited";
import { firstName } from "@/core/names";
import { type Next, nextOf } from "@/core/next";
import { ms } from "@/core/model";
import { isZone, MINUTE, townOf } from "@/core/zones";
import { api, ApiError } from "@/io/api";
import { awaited } from "@/io/awaited";
import { heardTime, now, serverNow } from "@/io/clock";
import { dayWord, refreshAll } from "@/io/live";
import { zoneKept } from "@/io/settings";
import { socket } from "@/io/socket";
import { deviceZone, instance, me, online, ownBookings, seenAt, setMe, times } from "@/io/store";
import { AwaitedBar } from "@/view/awaited";
import { Button, ButtonLink } from "@/view/parts/button";
import { Name } from "@/view/parts/people";
import { Say } from "@/view/parts/say";
import { errorText, t } from "@/words/page";

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

/** How long before the start and the end the demo's clock is put. */
const BEFORE_START = 10_000;
const BEFORE_END = MINUTE + 2_000;

async function skipTo(at: number): Promise<string> {
  const sent = performance.now();
  const seconds = Math.round((at - serverNow()) / 1000);
  if (seconds <= 0) return "";
  try {
    const { server_time } = await api.skip(seconds);
    heardTime(ms(server_time), sent);
    refreshAll();
    return "";
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return errorText(error.code, error.data);
  }
}

/** On a demo: move the instance's clock to what is worth seeing of the next session. */
export function DemoBar() {
  const [said, setSaid] = useState("");
  const next = useComputed(() => nextOf(ownBookings.value, now.value));
  if (!instance.value?.demo || !me.value || !next.value) return null;
  const { start, end } = next.value;
  const skip = (at: number) => void skipTo(at).then(setSaid);
  const toStart = now.value < start - BEFORE_START;
  const toEnd = now.value >= start && now.value < end - BEFORE_END;
  if (!toStart && !toEnd && !said) return null;
  return (
    <aside class="bar demo" aria-label={t("demo.label")}>
      <b>{t("demo.label")}</b>
      {toStart && (
        <Button kind="plain" onPress={() => skip(start - BEFORE_START)}>
          {t("demo.start")}
        </Button>
      )}
      {toEnd && (
        <Button kind="plain" onPress={() => skip(end - BEFORE_END)}>
          {t("demo.end")}
        </Button>
      )}
      {said && <span role="alert">{said}</span>}
    </aside>
  );
}

function nextText({ booking, start, phase }: Next) {
  const n = Math.max(0, Math.ceil((start - now.value) / MINUTE));
  const running = phase === "running";
  const { partner } = booking;
  if (!partner) return t(running ? "next.bar.now.waiting" : "next.bar.waiting", { n });
  const name = <Name>{firstName(partner.name)}</Name>;
  return <Say id={running ? "next.bar.now" : "next.bar"} values={{ n, name }} />;
}

/** From ten minutes before: the next session and the way to it, on every page; on the calendar sooner. */
export function NextBar({ ahead = 0 }: { readonly ahead?: number }) {
  const next = useComputed(() => nextOf(ownBookings.value, now.value));
  const found = next.value;
  const far = found?.phase === "later" && found.start - now.value > ahead;
  if (!me.value?.welcomed || !found || far) return null;
  if (isAwaited(awaited.value, found.booking.id, now.value, instance.value?.rules.no_show_ms ?? 0)) {
    return <AwaitedBar next={found} />;
  }
  const open = now.value >= found.opens;
  const day = dayWord(times.value, found.start, now.value);
  return (
    <section class="nextbar" aria-label={t("next.title")}>
      <p>
        {nextText(found)} {found.booking.locked && <Lock class="icon small" aria-hidden="true" />}
        <small>
          {day} <bdi>{times.value.range(found.start, found.end)}</bdi>
        </small>
      </p>
      <ButtonLink kind="on-mine" href={`/check/${found.booking.id}`}>
        {t(open ? "next.enter" : "next.check.short")}
      </ButtonLink>
    </section>
  );
}
