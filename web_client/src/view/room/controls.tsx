/** The row of controls: each says its state, and its name says what a press does. */
import { Coffee, Ellipsis, Focus as FocusIcon, LogOut, type LucideIcon, Mic, MicOff, Video, VideoOff } from "lucide-preact";

import { firstName } from "@/core/names";
import { breaksLeft } from "@/core/session";
import { now } from "@/io/clock";
import { devices } from "@/io/devices";
import { Button } from "@/view/parts/button";
import { LeavePanel } from "@/view/room/leave";
import { closeLayer, layer, type LayerName, Panel, toggleLayer } from "@/view/room/layers";
import { KeysPanel } from "@/view/room/keys_panel";
import { CodePanel, LinePanel } from "@/view/room/line";
import { MorePanel } from "@/view/room/more";
import type { Visit } from "@/view/room/visit";
import { t } from "@/words/room";

const MINUTE_MS = 60_000;

interface ControlProps {
  readonly icon: LucideIcon;
  readonly word: string;
  readonly name: string;
  readonly keys: string;
  readonly off?: boolean;
  readonly on?: boolean;
  readonly opens?: LayerName;
  readonly class?: string;
  readonly onPress: () => void;
}

function Control({ icon: Icon, word, name, keys, off, on, opens, onPress, class: more = "" }: ControlProps) {
  return (
    <button
      type="button"
      class={`control ${more}`}
      data-off={off}
      data-on={on}
      data-layer={opens}
      aria-label={name}
      aria-keyshortcuts={keys}
      aria-expanded={opens === undefined ? undefined : layer.value === opens}
      title={t("do.with_key", { name, key: keys })}
      onClick={onPress}
    >
      <span class="control-icon" aria-hidden="true">
        <Icon size={20} strokeWidth={1.75} />
      </span>
      <span class="control-word">{word}</span>
    </button>
  );
}

/** Step away, or come back. Before the start there is nothing to step away from. */
export function breakPressed(visit: Visit): void {
  if ((visit.room.value?.you.break_until_ms ?? 0) > 0) visit.comeBack();
  else toggleLayer("break");
}

function BreakPanel({ visit }: { readonly visit: Visit }) {
  const room = visit.room.value;
  if (room === null) return null;
  const running = now.value >= room.start_ms && now.value < room.end_ms;
  const choices = running ? breaksLeft(room, room.you) : [];
  const used = Math.round(room.you.breaks_used_ms / MINUTE_MS);
  const budget = Math.round(room.break_budget_ms / MINUTE_MS);
  const short = room.break_budget_ms < MINUTE_MS;
  const why = !running ? "break.outside" : short ? "break.short" : "break.none";
  const text = choices.length === 0 ? t(why) : t("break.text", { name: firstName(room.partner?.name ?? "") });
  return (
    <Panel name="break" heading={t("break.heading")}>
      <p>{text}</p>
      <div class="break-choices">
        {choices.map((n) => (
          <Button
            key={n}
            onPress={() => {
              visit.stepAway(n);
              closeLayer();
            }}
          >
            {t("break.min", { n })}
          </Button>
        ))}
      </div>
      {running && !short && <p class="room-hint">{t("break.left", { used, n: budget })}</p>}
    </Panel>
  );
}

export function Controls({ visit }: { readonly visit: Visit }) {
  const away = (visit.room.value?.you.break_until_ms ?? 0) > 0;
  const mic = devices.micOn.value && devices.mic.track.value !== null ? "on" : "off";
  const camera = devices.camera.track.value === null ? "off" : "on";
  return (
    <footer class="room-foot">
      <div class="controls" role="group" aria-label={t("controls.label")}>
        <Control
          icon={mic === "on" ? Mic : MicOff}
          word={t(`do.mic.${mic}`)}
          name={t(`do.mic.${mic}.name`)}
          keys="M"
          off={mic === "off"}
          onPress={() => visit.toggleMic()}
        />
        <Control
          icon={camera === "on" ? Video : VideoOff}
          word={t(`do.camera.${camera}`)}
          name={t(`do.camera.${camera}.name`)}
          keys="V"
          off={camera === "off"}
          onPress={() => visit.toggleCamera()}
        />
        <Control
          icon={Coffee}
          word={t(away ? "do.back" : "do.break")}
          name={t(away ? "do.back" : "do.break")}
          keys="B"
          {...(away ? {} : { opens: "break" as const })}
          onPress={() => breakPressed(visit)}
        />
        <Control
          icon={FocusIcon}
          word={t(visit.focus.on.value ? "do.focus.off" : "do.focus")}
          name={t(visit.focus.on.value ? "do.focus.off" : "do.focus")}
          keys="F"
          on={visit.focus.on.value}
          onPress={() => visit.focus.toggle()}
        />
        <Control
          icon={Ellipsis}
          word={t("do.more")}
          name={t("do.more")}
          keys="?"
          opens="more"
          onPress={() => toggleLayer("more")}
        />
        {layer.value === "break" && <BreakPanel visit={visit} />}
        {layer.value === "more" && <MorePanel visit={visit} />}
        {layer.value === "keys" && <KeysPanel />}
        {layer.value === "line" && <LinePanel visit={visit} />}
        {layer.value === "code" && <CodePanel visit={visit} />}
      </div>
      <div class="room-leave">
        <Control
          icon={LogOut}
          word={t("do.leave")}
          name={t("do.leave")}
          keys="L"
          opens="leave"
          class="control-plain"
          onPress={() => toggleLayer("leave")}
        />
        {layer.value === "leave" && <LeavePanel visit={visit} />}
      </div>
    </footer>
  );
}
