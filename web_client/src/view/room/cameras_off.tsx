/** Both cameras off, where the instance allows it and both agree: asked, answered, taken back. */
import { useEffect } from "preact/hooks";

import { firstName } from "@/core/names";
import { company } from "@/core/session";
import { say } from "@/io/announce";
import { now } from "@/io/clock";
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

/** What the two want, in one line with what can be done about it. */
export function CamerasBar({ visit }: { readonly visit: Visit }) {
  const mine = visit.room.value?.you.wants_off === true;
  const theirs = visit.room.value?.them.wants_off === true;
  const shown = (mine || theirs) && possible(visit);
  const name = partnerName(visit);
  const text = !shown ? "" : mine && theirs ? t("cameras.agreed") : t(mine ? "cameras.asked" : "cameras.asks", { name });
  useEffect(() => {
    if (text !== "") say(text);
  }, [text]);
  if (!shown) return null;
  return (
    <div class="room-bar">
      <p>{text}</p>
      {!mine && (
        <Button onPress={() => visit.wishOff(true)}>{t("cameras.agree")}</Button>
      )}
      <Button onPress={() => visit.wishOff(false)}>{t(mine ? "cameras.back" : "cameras.decline")}</Button>
    </div>
  );
}
