/** Leaving: what it means now, and the way to end together. */
import { firstName } from "@/core/names";
import { company, leavingIsNoted } from "@/core/session";
import { now } from "@/io/clock";
import { instance, times } from "@/io/store";
import { Button } from "@/view/parts/button";
import { closeLayer, Panel } from "@/view/room/layers";
import type { Visit } from "@/view/room/visit";
import { t } from "@/words/room";

/** What will be recorded if one leaves now. */
function meaning(visit: Visit): string {
  const { room } = visit.state.value;
  const rules = instance.value?.rules;
  if (room === null || rules === undefined) return "";
  if (!leavingIsNoted(visit.state.value, now.value, rules)) return t("leave.free");
  if (now.value < room.start_ms) return t("leave.before", { time: times.value.time(room.start_ms) });
  const n = Math.ceil((room.end_ms - now.value) / 60_000);
  return t("leave.early", { n, name: firstName(room.partner?.name ?? "") });
}

function mayAsk(visit: Visit): boolean {
  const room = visit.room.value;
  if (room === null || now.value < room.start_ms || now.value >= room.end_ms) return false;
  return ["here", "away"].includes(company(room.partner, room.them));
}

export function LeavePanel({ visit }: { readonly visit: Visit }) {
  const room = visit.room.value;
  const name = firstName(room?.partner?.name ?? "");
  const asked = room?.you.wants_end === true;
  return (
    <Panel name="leave" heading={t("leave.heading")}>
      <p>{meaning(visit)}</p>
      <div class="leave-do">
        {mayAsk(visit) && (
          <Button kind="primary" wide busy={asked} onPress={() => visit.askEnd()}>
            {t(asked ? "leave.asked" : "leave.ask", { name })}
          </Button>
        )}
        <Button
          wide
          onPress={() => {
            closeLayer();
            visit.leave();
          }}
        >
          {t("leave.do")}
        </Button>
        <Button kind="plain" wide onPress={closeLayer}>
          {t("leave.stay")}
        </Button>
      </div>
    </Panel>
  );
}

/** The partner asked to end together, or was asked. */
export function EndBar({ visit }: { readonly visit: Visit }) {
  const room = visit.room.value;
  if (room === null || room.partner === null || room.them.left) return null;
  const name = firstName(room.partner.name);
  if (room.you.wants_end) return <p class="room-bar">{t("end.waiting", { name })}</p>;
  if (!room.them.wants_end || visit.declined.value) return null;
  return (
    <div class="room-bar">
      <p>{t("end.asked", { name })}</p>
      <Button kind="primary" onPress={() => visit.askEnd()}>
        {t("end.agree")}
      </Button>
      <Button onPress={() => (visit.declined.value = true)}>{t("end.not_yet")}</Button>
    </div>
  );
}
