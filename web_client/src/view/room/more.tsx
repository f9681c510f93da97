/** More: devices, chimes, time and keys of the room; and the list of keys. */
import type { Signal } from "@preact/signals";

import type { Chime } from "@/core/chime";
import { chimes } from "@/io/chimes";
import { type Choice, devices } from "@/io/devices";
import { singleKeys } from "@/io/settings";
import { Button } from "@/view/parts/button";
import { Switch } from "@/view/parts/controls";
import { closeLayer, Panel } from "@/view/room/layers";
import { showTime } from "@/view/room/settings";
import type { Visit } from "@/view/room/visit";
import { t } from "@/words/room";

interface PickProps {
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}

/** A device among those there are; one alone is only named. */
export function Pick({ label, choices, chosen, onChoose }: PickProps) {
  const [first] = choices;
  if (first === undefined) return null;
  const value = choices.some(({ id }) => id === chosen) ? chosen : first.id;
  return (
    <label class="room-pick">
      <span>{label}</span>
      <select class="room-field" value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        {choices.map(({ id, label: name }) => (
          <option key={id} value={id}>
            {name || label}
          </option>
        ))}
      </select>
    </label>
  );
}

const CHIMES: readonly Chime[] = ["begin", "soon", "end"];

function ChimeRow({ chime }: { readonly chime: Chime }) {
  const text = t(`more.${chime}`);
  return (
    <div class="more-chime">
      <Switch text={text} on={!chimes.off.value.includes(chime)} onChange={(on) => chimes.set(chime, on)} />
      <Button kind="plain" label={t("more.play.name", { chime: text })} class="more-play" onPress={() => void chimes.play(chime)}>
        {t("more.play")}
      </Button>
    </div>
  );
}

const flip = (value: Signal<boolean>) => (on: boolean) => (value.value = on);

/** Put the partner's voice and the chimes on this loudspeaker. */
export function hearThrough(id: string, visit?: Visit): void {
  devices.chooseSpeaker(id);
  void chimes.through(id);
  visit?.call.through(id);
}

export function MorePanel({ visit }: { readonly visit: Visit }) {
  const { camera, mic, speakers, speaker } = devices;
  return (
    <Panel name="more" heading={t("more.heading")}>
      <div class="more-scroll">
        <Pick label={t("more.camera")} choices={camera.choices.value} chosen={camera.chosen.value} onChoose={(id) => void devices.choose("camera", id)} />
        <Pick label={t("more.mic")} choices={mic.choices.value} chosen={mic.chosen.value} onChoose={(id) => void devices.choose("mic", id)} />
        <Pick label={t("more.speaker")} choices={speakers.value} chosen={speaker.value} onChoose={(id) => hearThrough(id, visit)} />
        <h3>{t("more.chimes")}</h3>
        {CHIMES.map((chime) => (
          <ChimeRow key={chime} chime={chime} />
        ))}
        <label class="room-pick">
          <span>{t("more.volume")}</span>
          <input
            type="range"
            min={0}
            max={100}
            step={5}
            value={Math.round(chimes.volume.value * 100)}
            onInput={(event) => (chimes.volume.value = Number(event.currentTarget.value) / 100)}
          />
        </label>
        <Switch text={t("more.time")} on={showTime.value} onChange={flip(showTime)} />
        <Switch text={t("more.keys")} on={singleKeys.value} onChange={flip(singleKeys)} />
      </div>
      <Button wide onPress={closeLayer}>
        {t("more.close")}
      </Button>
    </Panel>
  );
}

const KEYS = [
  ["M", "keys.m"],
  ["V", "keys.v"],
  ["B", "keys.b"],
  ["F", "keys.f"],
  ["T", "keys.t"],
  ["C", "keys.c"],
  ["X", "keys.x"],
  ["H", "keys.h"],
  ["L", "keys.l"],
  ["?", "keys.help"],
  ["Esc", "keys.esc"],
] as const;

export function KeysPanel() {
  return (
    <Panel name="keys" heading={t("keys.heading")}>
      <dl class="room-keys">
        {KEYS.map(([key, word]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(word)}</dd>
          </div>
        ))}
      </dl>
      <Button wide onPress={closeLayer}>
        {t("more.close")}
      </Button>
    </Panel>
  );
}
