/** Private hints in the own tile, and lines above the room about the connection. */
import { useEffect, useState } from "preact/hooks";

import { firstName } from "@/core/names";
import { breaksLeft, type NudgeKind } from "@/core/session";
import { alert, say } from "@/io/announce";
import { now } from "@/io/clock";
import { devices } from "@/io/devices";
import { instance } from "@/io/store";
import { limitText } from "@/view/parts/amount";
import { useBlack } from "@/view/check_facts";
import { FAULT_DO, faultNow } from "@/view/room/faults";
import { openLayer, toggleLayer } from "@/view/room/layers";
import { setSoundOnly } from "@/view/room/settings";
import type { Visit } from "@/view/room/visit";
import { type RoomWord, t } from "@/words/room";

const SETTLED_MS = 4_000;
const STUCK_MS = 15_000;
/** A room that has not opened after this long is worth a word. */
const ENTERING_MS = 3_000;

interface Hint {
  readonly text: string;
  readonly does: readonly { readonly word: RoomWord; readonly act: () => void }[];
}

const TURN_ON = { word: "nudge.turn_on", act: () => void devices.setCamera(true) } as const;
const BREAK = { word: "nudge.break", act: () => toggleLayer("break") } as const;

function faultHint(black: boolean): Hint | null {
  const fault = faultNow(black);
  if (fault === null) return null;
  return { text: fault.text, does: fault.does.map((each) => ({ word: FAULT_DO[each].word, act: () => FAULT_DO[each].act(fault) })) };
}

/** Sound only by choice, told plainly and until it was read; again when the hub counts. */
function soundHint(visit: Visit, amount: string): Hint | null {
  const { nudge } = visit.state.value;
  if (nudge === null && visit.telling.understood.value) return null;
  const fine = (): void => {
    visit.telling.understood.value = true;
    visit.settleNudge();
  };
  const picture = { word: "nudge.send_picture", act: () => setSoundOnly(visit, false) } as const;
  return { text: t("nudge.sound_only", { amount }), does: [picture, { word: "nudge.fine", act: fine }] };
}

function cameraText(nudge: NudgeKind, name: string, amount: string): string {
  if (nudge === "camera_missed") return t("nudge.camera.missed", { name });
  return nudge === "camera_off_again" ? t("nudge.camera.second", { amount }) : t("nudge.camera", { name });
}

function hintOf(visit: Visit, black: boolean): Hint | null {
  const { nudge, room } = visit.state.value;
  const rules = instance.value?.rules;
  const fault = faultHint(black);
  if (fault !== null || room === null || rules === undefined) return fault;
  if (visit.telling.choosesSound.value && nudge !== "break_over") return soundHint(visit, limitText(rules.camera_off_ms));
  if (nudge === null) return null;
  // A line too weak for a picture is no choice, and blur begins in a moment.
  if (visit.call.choices.value.soundOnly || devices.camera.state.value === "asking") return null;
  const name = firstName(room.partner?.name ?? "");
  if (nudge === "break_over") return { text: t("break.over"), does: [{ word: "do.back", act: () => visit.comeBack() }] };
  const fine = { word: "nudge.fine", act: () => visit.settleNudge() } as const;
  if (nudge === "cameras_count") return { text: t("nudge.cameras_count", { name }), does: [TURN_ON, fine] };
  if (nudge === "picture_empty") return { text: t("nudge.picture"), does: [fine] };
  const text = cameraText(nudge, name, limitText(rules.camera_off_ms));
  return { text, does: [TURN_ON, breaksLeft(room, room.you).length > 0 ? BREAK : fine] };
}

export function NudgeLine({ visit }: { readonly visit: Visit }) {
  const black = useBlack(".tile-you video");
  const hint = hintOf(visit, black);
  const text = hint?.text ?? "";
  useEffect(() => {
    if (text !== "") say(text);
  }, [text]);
  if (hint === null) return null;
  return (
    <div class="tile-nudge" role="group">
      <p>{hint.text}</p>
      <div class="tile-card-do">
        {hint.does.map(({ word, act }, at) => (
          <button type="button" key={word} class={at === 0 ? "button primary" : "button soft"} onClick={act}>
            {t(word)}
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
      {!visit.call.choices.value.soundOnly && (
        <button type="button" class="button soft" onClick={() => setSoundOnly(visit, true)}>
          {t("net.sound_only")}
        </button>
      )}
      <button type="button" class="button soft" data-layer="line" onClick={() => openLayer("line")}>
        {t("net.check")}
      </button>
    </div>
  );
}
