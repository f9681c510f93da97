/** Private hints in the own tile, and lines above the room about the connection. */
import { useEffect, useState } from "preact/hooks";

import { firstName } from "@/core/names";
import { breaksLeft } from "@/core/session";
import { alert, say } from "@/io/announce";
import { now } from "@/io/clock";
import { devices } from "@/io/devices";
import { instance } from "@/io/store";
import { limitText } from "@/view/parts/amount";
import { toggleLayer } from "@/view/room/layers";
import type { Visit } from "@/view/room/visit";
import { t } from "@/words/room";

const SETTLED_MS = 4_000;
const STUCK_MS = 15_000;
/** A room that has not opened after this long is worth a word. */
const ENTERING_MS = 3_000;

interface Hint {
  readonly text: string;
  readonly does: readonly ("turn_on" | "break" | "back" | "fine")[];
}

function hintOf(visit: Visit): Hint | null {
  const { nudge, room } = visit.state.value;
  const rules = instance.value?.rules;
  if (room === null || rules === undefined) return null;
  const name = firstName(room.partner?.name ?? "");
  if (devices.camera.state.value === "gone") return { text: t("nudge.camera.gone"), does: ["turn_on"] };
  if (nudge === null) return null;
  if (nudge === "break_over") return { text: t("break.over"), does: ["back"] };
  if (nudge === "picture_empty") return { text: t("nudge.picture"), does: ["fine"] };
  const second = nudge === "camera_off_again";
  const text = second ? t("nudge.camera.second", { amount: limitText(rules.camera_off_ms) }) : t("nudge.camera", { name });
  return { text, does: breaksLeft(room, room.you).length > 0 ? ["turn_on", "break"] : ["turn_on", "fine"] };
}

const DO = {
  turn_on: { word: "nudge.turn_on", act: () => void devices.setCamera(true) },
  break: { word: "nudge.break", act: () => toggleLayer("break") },
  back: { word: "do.back", act: (visit: Visit) => visit.comeBack() },
  fine: { word: "nudge.fine", act: (visit: Visit) => visit.settleNudge() },
} as const;

export function NudgeLine({ visit }: { readonly visit: Visit }) {
  const hint = hintOf(visit);
  if (hint === null) return null;
  return (
    <div class="tile-nudge" role="group">
      <p>{hint.text}</p>
      <div class="tile-card-do">
        {hint.does.map((each, at) => (
          <button
            type="button"
            key={each}
            class={at === 0 ? "button primary" : "button soft"}
            onClick={() => DO[each].act(visit)}
          >
            {t(DO[each].word)}
          </button>
        ))}
      </div>
    </div>
  );
}

/** What is wrong with the own line; nothing while all is well. */
function lineText(visit: Visit, back: boolean): string {
  const lost = visit.lost_ms.value;
  const grace_ms = instance.value?.rules.drop_grace_ms ?? 0;
  if (lost === 0) return back ? t("net.back") : "";
  const { link } = visit.call;
  if (link.value !== null && !visit.call.lost.value) return t("net.call_goes_on");
  const left_s = Math.ceil((lost + grace_ms - now.value) / 1_000);
  return left_s > 0 ? t("net.self", { n: left_s }) : t("net.self.over");
}

/** The bar about the own line, and "You are back" for a moment after it. */
export function LineBar({ visit }: { readonly visit: Visit }) {
  const [back, setBack] = useState(false);
  const [was, setWas] = useState(false);
  const lost = visit.lost_ms.value > 0;
  useEffect(() => {
    if (lost && !was) {
      setWas(true);
      alert(t("net.self", { n: Math.round((instance.value?.rules.drop_grace_ms ?? 0) / 1_000) }));
    }
    if (lost || !was) return;
    setWas(false);
    setBack(true);
    say(t("net.back"));
    const id = window.setTimeout(() => setBack(false), SETTLED_MS);
    return () => window.clearTimeout(id);
  }, [lost, was]);
  // A blink of the line is nobody's business.
  const brief = lost && now.value - visit.lost_ms.value < 1_000;
  const text = brief ? "" : lineText(visit, back);
  return text === "" ? null : <p class="room-bar">{text}</p>;
}

/** Nobody has let us in yet: after a while, that we go on trying. */
export function Entering({ visit }: { readonly visit: Visit }) {
  const [long, setLong] = useState(false);
  const outside = visit.room.value === null;
  useEffect(() => {
    setLong(false);
    if (!outside) return;
    const id = window.setTimeout(() => setLong(true), ENTERING_MS);
    return () => window.clearTimeout(id);
  }, [outside]);
  useEffect(() => {
    if (long) say(t("net.entering"));
  }, [long]);
  return long && outside ? <p class="room-bar">{t("net.entering")}</p> : null;
}

/** Both here, and still no picture: after a while, a way on. */
export function Stuck({ visit }: { readonly visit: Visit }) {
  const room = visit.room.value;
  const wanting =
    room !== null && room.them.here && !room.them.stalled && !room.them.left && (visit.call.link.value === null || visit.call.lost.value);
  const [since, setSince] = useState(0);
  useEffect(() => setSince(wanting ? performance.now() : 0), [wanting]);
  void now.value;
  if (!wanting || since === 0 || performance.now() - since < STUCK_MS) return null;
  return (
    <div class="room-bar">
      <p>
        {t("net.stuck")} {t("net.stuck.text")}
      </p>
      <button
        type="button"
        class="button soft"
        onClick={() => {
          setSince(performance.now());
          void visit.comeIn();
        }}
      >
        {t("net.retry")}
      </button>
    </div>
  );
}
