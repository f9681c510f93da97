/** The rows of the check about devices: camera, microphone, sound. The connection has a file of its own. */
import { Check as Tick, CircleAlert, Volume2, Wifi } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { browserOf, type Trouble } from "@/core/check";
import { say } from "@/io/announce";
import { chimes } from "@/io/chimes";
import { type DeviceKind, type DeviceState, devices } from "@/io/devices";
import { blurState } from "@/io/effects/choices";
import { meter } from "@/io/probes";
import { Button } from "@/view/parts/button";
import { useKeptFocus } from "@/view/parts/focus";
import { hearThrough, Pick } from "@/view/room/more";
import { type RoomWord, t } from "@/words/room";

export type Look = "good" | "look" | "ask" | "waiting";

interface RowProps {
  readonly look: Look;
  readonly title: string;
  readonly text: ComponentChildren;
  readonly action?: ComponentChildren;
  readonly children?: ComponentChildren;
}

const ICONS = { good: Tick, look: CircleAlert, ask: Volume2, waiting: Wifi } as const;

export function Row({ look, title, text, action, children }: RowProps) {
  const Icon = ICONS[look];
  const place = useKeptFocus<HTMLLIElement>();
  return (
    <li class="check-row" ref={place}>
      <span class={`check-sign check-sign-${look}`} aria-hidden="true">
        <Icon size={16} strokeWidth={2} />
      </span>
      <div class="check-words">
        <h2>{title}</h2>
        <div class="check-text" role="status">
          {text}
        </div>
      </div>
      {action && <div class="check-action">{action}</div>}
      {children && <div class="check-more">{children}</div>}
    </li>
  );
}

const NOT_TROUBLE: ReadonlySet<DeviceState> = new Set(["idle", "asking", "on", "off"]);

/** What is wrong, and how to mend it. */
function Cure({ kind, trouble }: { readonly kind: DeviceKind; readonly trouble: Trouble }) {
  const word = `${kind}.${trouble}` as RoomWord;
  // The same steps allow both: they are told once.
  const told = kind === "mic" && devices.camera.state.value === "refused";
  return (
    <>
      <p>{t(word)}</p>
      {trouble === "refused" && !told && <p>{t(`allow.${browserOf(navigator.userAgent)}`)}</p>}
    </>
  );
}

interface DeviceRowProps {
  readonly kind: DeviceKind;
  readonly state: DeviceState;
  readonly good: ComponentChildren;
}

/** What a device does that is not in trouble. */
const STATES: Readonly<Record<string, RoomWord>> = { asking: "row.asking", idle: "row.idle", off: "row.off" };

/** The camera is asked for all the while its blur starts. */
function stateText(kind: DeviceKind, state: DeviceState): string {
  if (kind === "camera" && state === "asking" && blurState.value === "starting") return t("blur.starting");
  const word = STATES[state];
  return word === undefined ? "" : t(word);
}

export function DeviceRow({ kind, state, good }: DeviceRowProps) {
  const [picking, setPicking] = useState(false);
  const device = devices[kind];
  const trouble = !NOT_TROUBLE.has(state);
  const many = device.choices.value.length > 1;
  const text = state === "on" ? good : stateText(kind, state);
  const retry = trouble && state !== "black" && state !== "silent";
  return (
    <Row
      look={state === "on" ? "good" : trouble ? "look" : "waiting"}
      title={t(`row.${kind}`)}
      text={trouble ? <Cure kind={kind} trouble={state as Trouble} /> : text}
      action={
        retry ? (
          <>
            {state === "dress" && (
              <Button kind="plain" onPress={() => void devices.setBlur(false)}>
                {t("blur.turn_off")}
              </Button>
            )}
            <Button kind="plain" onPress={() => void devices.open()}>
              {t("row.retry")}
            </Button>
          </>
        ) : (
          many && (
            <Button kind="plain" name={t(`row.change.${kind}`)} expanded={picking} onPress={() => setPicking(!picking)}>
              {t("row.change")}
            </Button>
          )
        )
      }
    >
      {picking && (
        <Pick
          label={t(`row.${kind}`)}
          choices={device.choices.value}
          chosen={device.chosen.value}
          onChoose={(id) => void devices.choose(kind, id)}
        />
      )}
    </Row>
  );
}

const BARS = 6;

/** How loud the microphone is; silent for readers, who hear once that it works. */
export function Meter({ track, onSound }: { readonly track: MediaStreamTrack; readonly onSound: () => void }) {
  const bars = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let heard = false;
    return meter(track, (level) => {
      const lit = Math.round(level * BARS);
      [...(bars.current?.children ?? [])].forEach((bar, at) => bar.classList.toggle("meter-on", at < lit));
      if (heard || lit === 0) return;
      heard = true;
      onSound();
      say(t("mic.works"));
    });
    // A new track is a new meter; what to do with its first sound stays the same.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [track]);
  return (
    <div ref={bars} class="meter" aria-hidden="true">
      {Array.from({ length: BARS }, (_, at) => (
        <i key={at} />
      ))}
    </div>
  );
}

export function SoundRow({ heard, onHeard }: { readonly heard: boolean; readonly onHeard: () => void }) {
  const [played, setPlayed] = useState(false);
  const { speakers, speaker } = devices;
  const play = () => {
    setPlayed(true);
    void chimes.play("begin");
  };
  return (
    <Row
      look={heard ? "good" : "ask"}
      title={t("row.sound")}
      text={t(heard ? "sound.heard" : played ? "sound.ask" : "sound.before")}
      action={
        <>
          {played && !heard && (
            <Button kind="soft" onPress={onHeard}>
              {t("sound.yes")}
            </Button>
          )}
          <Button kind="plain" keys="P" onPress={play}>
            {t(played ? "sound.again" : "sound.play")}
          </Button>
        </>
      }
    >
      {played && !heard && speakers.value.length > 1 && (
        <Pick label={t("more.speaker")} choices={speakers.value} chosen={speaker.value} onChoose={(id) => hearThrough(id)} />
      )}
    </Row>
  );
}
