/** The two faces, equal and side by side; nobody is "main". */
import { Mic, MicOff, MonitorUp, Volume2, VolumeX, WifiHigh, WifiOff } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { firstName } from "@/core/names";
import { newsNow } from "@/core/change";
import { company, type Company, mayGoForTrouble } from "@/core/session";
import { say } from "@/io/announce";
import { now } from "@/io/clock";
import { devices } from "@/io/devices";
import { blurState } from "@/io/effects/choices";
import { instance, times } from "@/io/store";
import { Button } from "@/view/parts/button";
import { useKeptFocus } from "@/view/parts/focus";
import { Absent } from "@/view/room/absent";
import { BlurStarting, useBlurNews } from "@/view/room/blur";
import { camerasMayBeOff } from "@/view/room/cameras_off";
import { toggleLayer } from "@/view/room/layers";
import { NudgeLine } from "@/view/room/nudges";
import { Initials } from "@/view/room/signs";
import type { Visit } from "@/view/room/visit";
import { t } from "@/words/room";

/** A member's own picture, as in a mirror. */
export function OwnPicture() {
  const video = useRef<HTMLVideoElement>(null);
  const track = devices.camera.track.value;
  useEffect(() => {
    if (video.current) video.current.srcObject = track && new MediaStream([track]);
  }, [track]);
  return <video ref={video} class="tile-video tile-mirror" autoPlay playsInline muted aria-hidden="true" />;
}

/** The partner's picture: the shown connection's on top, the coming one's beneath it. */
function PartnerPicture({ visit, dim }: { readonly visit: Visit; readonly dim: boolean }) {
  const frame = useRef<HTMLDivElement>(null);
  const shown = visit.call.shown.value;
  const coming = visit.call.coming.value;
  useEffect(() => {
    const node = frame.current;
    if (node === null) return;
    for (const video of [coming, shown]) {
      if (video === null) continue;
      video.className = video === shown ? "tile-video tile-shown" : "tile-video";
      // Moving a video in the document would stop it for a moment.
      if (video.parentNode !== node) node.append(video);
    }
  }, [shown, coming]);
  return <div ref={frame} class={dim ? "tile-pictures tile-dim" : "tile-pictures"} aria-hidden="true" />;
}

interface PillProps {
  readonly name: string;
  readonly mic: boolean;
  /** Their sound is off by the own choice. */
  readonly quiet?: boolean;
  readonly shares?: boolean;
}

function NamePill({ name, mic, quiet = false, shares = false }: PillProps) {
  const Icon = mic ? Mic : MicOff;
  return (
    <figcaption class="tile-name">
      <bdi>{name}</bdi>
      <Icon aria-hidden="true" size={16} strokeWidth={1.75} />
      {quiet && <VolumeX role="img" aria-label={t("tile.quiet", { name: firstName(name) })} size={16} strokeWidth={1.75} />}
      {shares && <MonitorUp role="img" aria-label={t("screen.own.alone")} size={16} strokeWidth={1.75} />}
    </figcaption>
  );
}

function Note({ children }: { readonly children: ComponentChildren }) {
  return <p class="tile-note">{children}</p>;
}

/** A weak line, and the way to what may be done about it. */
function WeakLine({ text }: { readonly text: string }) {
  return (
    <button type="button" class="tile-note tile-note-press" data-layer="line" onClick={() => toggleLayer("line")}>
      <WifiHigh aria-hidden="true" size={16} strokeWidth={1.75} /> {text} <u>{t("net.why")}</u>
    </button>
  );
}

/** Somebody was found, or the own partner came after all: told for a moment, while they are there. */
function News({ visit }: { readonly visit: Visit }) {
  const news = newsNow(visit.state.value.change, now.value);
  if (news === null || visit.scene.value !== null) return null;
  return <Note>{t(`news.${news.kind}`, { name: firstName(news.name) })}</Note>;
}

const STATE_WORDS: Readonly<Record<Company, "tile.here" | "tile.away" | "tile.lost" | "tile.absent" | "tile.left">> = {
  none: "tile.absent",
  never: "tile.absent",
  here: "tile.here",
  stalled: "tile.lost",
  away: "tile.away",
  gone: "tile.left",
  left: "tile.left",
};

export function PartnerTile({ visit }: { readonly visit: Visit }) {
  const box = useKeptFocus<HTMLElement>();
  const room = visit.room.value;
  // The place is kept, so that nothing moves when the room is there.
  if (room === null) return <div class="tile tile-them" />;
  const { partner, them } = room;
  const how = company(partner, them);
  const name = partner?.name ?? "";
  const present = how === "here" || how === "away" || how === "stalled";
  const sign = how === "stalled" || visit.call.lost.value ? "frozen" : visit.call.sight.value.sign;
  const lost = present && sign === "frozen";
  const pictured = present && visit.call.link.value !== null && (them.camera || lost);
  const label = t("tile.label", {
    who: name,
    mic: t(them.mic ? "tile.mic.on" : "tile.mic.off"),
    state: t(STATE_WORDS[how]),
  });
  return (
    <figure ref={box} class="tile tile-them" aria-label={name === "" ? undefined : label} data-company={how}>
      <PartnerPicture visit={visit} dim={lost} />
      {present && !pictured && <Faceless visit={visit} name={name} />}
      {visit.scene.value !== null && <Absent visit={visit} scene={visit.scene.value} />}
      <News visit={visit} />
      {them.break_until_ms > 0 && present && <Note>{t("tile.back.at", { time: times.value.time(them.break_until_ms) })}</Note>}
      {lost && (
        <Note>
          <WifiOff aria-hidden="true" size={16} strokeWidth={1.75} /> {t("tile.reconnecting")}
        </Note>
      )}
      {present && pictured && sign === "weak" && <WeakLine text={t("net.weak", { name: firstName(name) })} />}
      {visit.call.hearing.silent.value && pictured && (
        <button type="button" class="button primary tile-hear" onClick={() => void visit.call.hearing.hear()}>
          <Volume2 aria-hidden="true" size={20} strokeWidth={1.75} /> {t("tile.hear", { name: firstName(name) })}
        </button>
      )}
      {present && <NamePill name={name} mic={them.mic} quiet={visit.focus.on.value} />}
    </figure>
  );
}

/** Why there is no picture: the call is being set up, a fault, or the camera is off. */
function facelessText(visit: Visit, name: string): string {
  if (visit.call.link.value === null) return t("tile.connecting", { name });
  const trouble = visit.room.value?.them.trouble ?? "";
  if (trouble === "weak") return t("tile.theirs.sound_only", { name });
  if (trouble === "asleep") return t("tile.theirs.asleep", { name });
  return trouble === "" ? t("tile.theirs.off") : t("tile.theirs.trouble", { name });
}

/** Faults of which there is no more to say. */
const TOLD_WHOLE: ReadonlySet<string> = new Set(["weak", "asleep"]);

/** Of a fault: that it is one, and after a while that nobody has to stay for it. */
function faultText(visit: Visit): string {
  const { state, room } = visit;
  const rules = instance.value?.rules;
  const trouble = room.value?.them.trouble ?? "";
  if (trouble === "" || rules === undefined || visit.call.link.value === null) return "";
  if (mayGoForTrouble(state.value, now.value, rules)) return t("tile.theirs.trouble.free");
  return TOLD_WHOLE.has(trouble) ? "" : t("tile.theirs.trouble.text");
}

/** Here, but without a picture. */
function Faceless({ visit, name }: { readonly visit: Visit; readonly name: string }) {
  const more = faultText(visit);
  const called = firstName(name);
  const { told, tell } = useTelling(visit, called);
  return (
    <div class="tile-card">
      <Initials name={name} />
      <p class="tile-card-text">{facelessText(visit, called)}</p>
      {more && <p class="tile-card-small">{more}</p>}
      {visit.room.value?.them.unseen === true && (
        <Button onPress={tell}>{t("tile.tell", { name: called })}</Button>
      )}
      {told && !camerasMayBeOff(visit) && <p class="tile-card-small">{t("tile.told", { name: called })}</p>}
    </div>
  );
}

/** Their picture has been missing for a while, and they may not have noticed. Told is who the hub has told. */
function useTelling(visit: Visit, name: string) {
  const [step, setStep] = useState<"" | "sent" | "told">("");
  const unseen = visit.room.value?.them.unseen === true;
  useEffect(() => {
    if (unseen) setStep("");
    else if (step === "sent") setStep("told");
    // Only the hub's word moves it on.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [unseen]);
  useEffect(() => {
    if (step === "told") say(t("tile.told", { name }));
  }, [step, name]);
  const tell = (): void => {
    setStep("sent");
    visit.tellCamera();
  };
  return { told: step === "told", tell };
}

/** In place of the own picture: what makes it wait, or whose place it is. */
function OwnCard({ name }: { readonly name: string }) {
  const starting = blurState.value === "starting" && devices.camera.state.value === "asking";
  return (
    <div class="tile-card">
      {starting ? (
        <BlurStarting />
      ) : (
        <>
          <Initials name={name} />
          <p class="tile-card-text">{t("tile.yours.off")}</p>
        </>
      )}
    </div>
  );
}

export function OwnTile({ visit, name }: { readonly visit: Visit; readonly name: string }) {
  useBlurNews();
  const mic = devices.heard.value;
  const camera = devices.camera.track.value !== null;
  const weak = visit.call.quality.value.going === "weak";
  const you = visit.room.value?.you;
  const away = (you?.break_until_ms ?? 0) > 0;
  const label = t("tile.label", {
    who: t("tile.you"),
    mic: t(mic ? "tile.mic.on" : "tile.mic.off"),
    state: t(camera ? "tile.here" : "tile.camera.off"),
  });
  return (
    <figure class="tile tile-you" aria-label={label}>
      {camera ? <OwnPicture /> : <OwnCard name={name} />}
      {you && away && <Note>{t("break.until", { time: times.value.time(you.break_until_ms) })}</Note>}
      <NudgeLine visit={visit} />
      {weak && <WeakLine text={t("net.weak.own")} />}
      {!weak && !away && camerasMayBeOff(visit) && <Note>{t("cameras.pill")}</Note>}
      <NamePill name={t("tile.you")} mic={mic} shares={visit.call.sharing.value} />
    </figure>
  );
}
