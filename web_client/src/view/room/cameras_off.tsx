/** Both cameras off, where the instance allows it and both agree: asked, answered, taken back. */
import { useEffect, useRef, useState } from "preact/hooks";

import { type OffNews, offNews, type Wishes } from "@/core/cameras_off";
import { firstName } from "@/core/names";
import { company } from "@/core/session";
import { say } from "@/io/announce";
import { now } from "@/io/clock";
import { socket } from "@/io/socket";
import { instance } from "@/io/store";
import { Button } from "@/view/parts/button";
import { Switch } from "@/view/parts/controls";
import type { Visit } from "@/view/room/visit";
import { t } from "@/words/room";

/** Whether there is anybody to agree with, and time for it. */
function possible(visit: Visit): boolean {
  const room = visit.room.value;
  if (instance.value?.rules.cameras_off_agreed !== true || room === null) return false;
  const there = ["here", "away", "stalled"].includes(company(room.partner, room.them));
  return there && now.value >= room.start_ms && now.value < room.end_ms;
}

const partnerName = (visit: Visit): string => firstName(visit.partner.value?.name ?? "");

export function CamerasSwitch({ visit }: { readonly visit: Visit }) {
  if (!possible(visit)) return null;
  return (
    <Switch
      text={t("cameras.switch", { name: partnerName(visit) })}
      hint={t("cameras.switch.hint")}
      on={visit.room.value?.you.wants_off === true}
      onChange={(on) => visit.wishOff(on)}
    />
  );
}

/** Whether the two agreed to it, and it counts. */
export function camerasMayBeOff(visit: Visit): boolean {
  const { mine, theirs } = wishesOf(visit);
  return mine && theirs && possible(visit);
}

function wishesOf(visit: Visit): Wishes {
  const room = visit.room.value;
  return { mine: room?.you.wants_off === true, theirs: room?.them.wants_off === true };
}

/** How long it stands in the bar that they agreed, or that the partner declined. */
const NEWS_MS = 10_000;

function useNews(visit: Visit): OffNews {
  const { mine, theirs } = wishesOf(visit);
  const [news, setNews] = useState<OffNews>("");
  const before = useRef<Wishes>({ mine, theirs });
  useEffect(() => {
    setNews(offNews(before.current, { mine, theirs }, visit.wishesOff && possible(visit)));
    before.current = { mine, theirs };
  }, [visit, mine, theirs]);
  // Asked again too soon: the answer stands.
  useEffect(
    () => socket.on("refused", ({ ref, code }) => void (ref === "cameras_off" && code === "not_yet" && setNews("declined"))),
    [],
  );
  useEffect(() => {
    if (news === "") return;
    const id = window.setTimeout(() => setNews(""), NEWS_MS);
    return () => window.clearTimeout(id);
  }, [news]);
  return news;
}

const NEWS_WORDS = { agreed: "cameras.agreed", declined: "cameras.declined" } as const;

function textOf({ mine, theirs }: Wishes, news: OffNews, name: string): string {
  if (news !== "") return t(NEWS_WORDS[news], { name });
  if (mine === theirs) return "";
  return t(mine ? "cameras.asked" : "cameras.asks", { name });
}

/** What the two want, in one line with what can be done about it. Once agreed, it is taken back under More. */
export function CamerasBar({ visit }: { readonly visit: Visit }) {
  const news = useNews(visit);
  const wishes = wishesOf(visit);
  const text = possible(visit) ? textOf(wishes, news, partnerName(visit)) : "";
  useEffect(() => {
    if (text !== "") say(text);
  }, [text]);
  if (text === "") return null;
  const asks = news === "" && wishes.theirs;
  return (
    <div class="room-bar">
      <p>{text}</p>
      {asks && (
        <>
          <Button key="agree" onPress={() => visit.wishOff(true)}>
            {t("cameras.agree")}
          </Button>
          <Button key="decline" onPress={() => visit.wishOff(false)}>
            {t("cameras.decline")}
          </Button>
        </>
      )}
      {news === "" && wishes.mine && (
        <Button key="back" onPress={() => visit.wishOff(false)}>
          {t("cameras.back")}
        </Button>
      )}
    </div>
  );
}
