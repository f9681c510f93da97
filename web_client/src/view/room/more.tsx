/** More: picture and sound, devices, connection, chimes, time and keys of the room. */
import type { Signal } from "@preact/signals";
import { MonitorUp, PictureInPicture2 } from "lucide-preact";

import type { Chime } from "@/core/chime";
import { chimes } from "@/io/chimes";
import { type Choice, devices } from "@/io/devices";
import { blurState, blurWanted, type Noise, noise, noiseTrouble } from "@/io/effects/choices";
import { singleKeys } from "@/io/settings";
import { small } from "@/io/small";
import { Button } from "@/view/parts/button";
import { Segmented, Switch } from "@/view/parts/controls";
import { CamerasSwitch } from "@/view/room/cameras_off";
import { closeLayer, openLayer, Panel } from "@/view/room/layers";
import { mayShare, toggleScreen } from "@/view/room/screen";
import { setLowData, setSoundOnly, setVoice, showTime, voice } from "@/view/room/settings";
import { toggleSmall } from "@/view/room/small";
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
  visit?.call.hearing.through(id);
}

const NOISES: readonly Noise[] = ["usual", "strong", "off"];

function Picture() {
  return (
    <>
      <h3>{t("more.picture")}</h3>
      <Switch
        text={t("more.blur")}
        hint={blurState.value === "slow" || blurState.value === "failed" ? t(`blur.${blurState.value}`) : t("more.blur.hint")}
        on={blurWanted.value}
        onChange={(on) => void devices.setBlur(on)}
      />
      <div class="room-pick">
        <span>{t("more.noise.name")}</span>
        <Segmented
          label={t("more.noise.name")}
          value={noise.value}
          options={NOISES.map((value) => ({ value, text: t(`more.noise.${value}`) }))}
          onChange={(value) => void devices.setNoise(value)}
        />
        {noiseTrouble.value && <p class="room-hint">{t("fault.noise")}</p>}
      </div>
    </>
  );
}

function DevicePicks({ visit }: { readonly visit: Visit }) {
  const { camera, mic, speakers, speaker } = devices;
  return (
    <>
      <Pick label={t("more.camera")} choices={camera.choices.value} chosen={camera.chosen.value} onChoose={(id) => void devices.choose("camera", id)} />
      <Pick label={t("more.mic")} choices={mic.choices.value} chosen={mic.chosen.value} onChoose={(id) => void devices.choose("mic", id)} />
      <Pick label={t("more.speaker")} choices={speakers.value} chosen={speaker.value} onChoose={(id) => hearThrough(id, visit)} />
      <Volume label={t("more.voice")} level={voice.value} onChange={(level) => setVoice(visit, level)} />
    </>
  );
}

interface VolumeProps {
  readonly label: string;
  readonly level: number;
  readonly onChange: (level: number) => void;
}

function Volume({ label, level, onChange }: VolumeProps) {
  return (
    <label class="room-pick">
      <span>{label}</span>
      <input
        type="range"
        min={0}
        max={100}
        step={5}
        value={Math.round(level * 100)}
        onInput={(event) => onChange(Number(event.currentTarget.value) / 100)}
      />
    </label>
  );
}

function Line({ visit }: { readonly visit: Visit }) {
  const { lowData, soundOnly } = visit.call.choices.value;
  return (
    <>
      <h3>{t("more.connection")}</h3>
      <Switch text={t("more.low_data")} hint={t("more.low_data.hint")} on={lowData} onChange={(on) => setLowData(visit, on)} />
      <Switch text={t("more.sound_only")} hint={t("more.sound_only.hint")} on={soundOnly} onChange={(on) => setSoundOnly(visit, on)} />
      <div class="more-ways">
        <Button onPress={() => openLayer("line")}>{t("net.why")}</Button>
        <Button onPress={() => openLayer("code")}>{t("code.heading")}</Button>
      </div>
    </>
  );
}

function ChimeRows() {
  return (
    <>
      <h3>{t("more.chimes")}</h3>
      {CHIMES.map((chime) => (
        <ChimeRow key={chime} chime={chime} />
      ))}
      <Volume label={t("more.volume")} level={chimes.volume.value} onChange={(level) => (chimes.volume.value = level)} />
    </>
  );
}

/** What is done rather than set, on top. */
function Acts({ visit }: { readonly visit: Visit }) {
  const sharing = visit.call.sharing.value;
  return (
    <div class="more-ways">
      {mayShare() && (
        <Button
          keys="S"
          onPress={() => {
            closeLayer();
            void toggleScreen(visit);
          }}
        >
          <MonitorUp class="icon" aria-hidden="true" /> {t(sharing ? "do.screen.off" : "do.screen")}
        </Button>
      )}
      <Button
        keys="P"
        onPress={() => {
          closeLayer();
          toggleSmall(visit);
        }}
      >
        <PictureInPicture2 class="icon" aria-hidden="true" /> {t(small.open.value ? "do.small.off" : "do.small")}
      </Button>
    </div>
  );
}

export function MorePanel({ visit }: { readonly visit: Visit }) {
  return (
    <Panel name="more" heading={t("more.heading")}>
      <div class="more-scroll">
        <Acts visit={visit} />
        <Picture />
        <CamerasSwitch visit={visit} />
        <DevicePicks visit={visit} />
        <Line visit={visit} />
        <ChimeRows />
        <h3>{t("more.room")}</h3>
        <Switch text={t("more.time")} on={showTime.value} onChange={flip(showTime)} />
        <Switch text={t("more.keys")} on={singleKeys.value} onChange={flip(singleKeys)} />
        <Button kind="plain" onPress={() => openLayer("keys")}>
          {t("keys.heading")}
        </Button>
      </div>
      <Button wide onPress={closeLayer}>
        {t("more.close")}
      </Button>
    </Panel>
  );
}
