/** The room's head: who is there, what is on, how much time is left. */
import { Lock, LogOut } from "lucide-preact";

import { firstName } from "@/core/names";
import { company, type Phase, progress, timer } from "@/core/session";
import { chimes } from "@/io/chimes";
import { now } from "@/io/clock";
import { times } from "@/io/store";
import { closeLayer, layer, toggleLayer } from "@/view/room/layers";
import { showTime } from "@/view/room/settings";
import { PairSign, timerWords } from "@/view/room/signs";
import type { Visit } from "@/view/room/visit";
import { t } from "@/words/room";

const BY_PHASE: Readonly<Partial<Record<Phase, "state.hello" | "state.wrap" | "state.ended">>> = {
  hello: "state.hello",
  wrap: "state.wrap",
  ended: "state.ended",
  closed: "state.ended",
};

/** The one word of the head. */
function stateWord(visit: Visit): string {
  const room = visit.room.value;
  if (room === null) return "";
  const with_ = company(room.partner, room.them);
  const name = firstName(room.partner?.name ?? "");
  const word = BY_PHASE[visit.phase.value];
  if (word === "state.ended" || word === "state.wrap") return t(word);
  if (room.you.break_until_ms > 0) return t("state.break");
  if (visit.focus.on.value) return t("state.focus");
  if (visit.scene.value === "solo") return t("state.solo");
  const left = with_ === "left" || with_ === "gone";
  if (with_ === "none" || (left && visit.state.value.change.looking !== null)) return t("state.alone");
  const before = visit.phase.value === "before";
  if (with_ === "never" || (with_ === "gone" && before)) return t("state.waiting", { name });
  if (left) return t("state.solo");
  if (before) return t("state.here", { name });
  return word === undefined ? t("state.working") : t(word);
}

function Clock({ visit }: { readonly visit: Visit }) {
  const room = visit.room.value;
  if (room === null) return <div class="room-timer" />;
  if (!showTime.value) {
    return (
      <button type="button" class="room-timer room-timer-hidden" onClick={() => (showTime.value = true)}>
        {t("timer.show")}
      </button>
    );
  }
  const [value, unit] = timerWords(timer(room, now.value));
  const ring = chimes.ringing.value !== null && !chimes.audible;
  return (
    <div class={ring ? "room-timer room-timer-ring" : "room-timer"} role="timer" aria-live="off">
      <span class="room-timer-value">{value}</span> <span class="room-timer-unit">{unit}</span>
    </div>
  );
}

export function Head({ visit }: { readonly visit: Visit }) {
  const room = visit.room.value;
  const there = room !== null && ["here", "away"].includes(company(room.partner, room.them));
  return (
    <header class="room-head">
      <h1 class="room-state" tabIndex={-1}>
        <PairSign both={there} />
        <span class="room-state-word">{stateWord(visit)}</span>
        {visit.locked.value && room?.partner && (
          <Lock class="room-lock" role="img" aria-label={t("lock.sign")} size={16} strokeWidth={1.75} />
        )}
        {room && <bdi class="room-range">{times.value.range(room.start_ms, room.end_ms)}</bdi>}
      </h1>
      <Clock visit={visit} />
      <div class="room-head-end">
        <button
          type="button"
          class="room-help"
          data-layer="keys"
          aria-expanded={layer.value === "keys"}
          onClick={() => toggleLayer("keys")}
        >
          {t("do.help")}
        </button>
        <button
          type="button"
          class="room-leave-small"
          data-layer="leave"
          aria-label={t("do.leave")}
          onClick={() => (layer.value === "leave" ? closeLayer() : toggleLayer("leave"))}
        >
          <LogOut aria-hidden="true" size={20} strokeWidth={1.75} />
        </button>
      </div>
      <progress
        class={there ? "room-line" : "room-line room-line-alone"}
        max={1}
        value={room ? progress(room, now.value) : 0}
        aria-hidden="true"
      />
    </header>
  );
}
