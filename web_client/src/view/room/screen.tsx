/** Sharing the screen: begun by a press, with a sign that stays, ended here or by the browser's own bar. */
import { MonitorUp } from "lucide-preact";
import { useEffect, useRef } from "preact/hooks";

import { firstName } from "@/core/names";
import { type Refusal, refusalOf } from "@/core/refusal";
import { alert } from "@/io/announce";
import { Button } from "@/view/parts/button";
import type { Visit } from "@/view/room/visit";
import { t } from "@/words/room";

/** A desk moves little, and is to be read. */
const FRAMES_PER_S = 10;

/** A phone's browser has no screens to share. */
export const mayShare = (): boolean => typeof navigator.mediaDevices?.getDisplayMedia === "function";

/** This browser leaves itself out of what may be chosen, where it knows how. */
type Wish = DisplayMediaStreamOptions & { readonly selfBrowserSurface?: "exclude" };

const WISH: Wish = { video: { frameRate: { max: FRAMES_PER_S } }, audio: false, selfBrowserSurface: "exclude" };

async function begin(visit: Visit): Promise<void> {
  visit.screenRefused.value = "";
  visit.screenKept.value = false;
  const meant = visit.partner.peek()?.member;
  const asked_ms = performance.now();
  try {
    const [track] = (await navigator.mediaDevices.getDisplayMedia(WISH)).getVideoTracks();
    if (track === undefined) return;
    // While the browser asked, the member may have left, or the partner may have become another one.
    const same = visit.partner.peek()?.member === meant;
    if (same && visit.state.value.over === null) return visit.call.share(track);
    track.stop();
    visit.screenKept.value = !same;
  } catch (cause) {
    const { name, message } = cause instanceof DOMException ? cause : { name: "", message: "" };
    visit.screenRefused.value = refusalOf(name, message, performance.now() - asked_ms);
  }
}

/** From a press only. */
export async function toggleScreen(visit: Visit): Promise<void> {
  if (visit.call.sharing.value) visit.call.share(null);
  else if (mayShare()) await begin(visit);
}

/** A screen is shown to whom it was meant for, and nobody else. */
function KeptBar({ visit }: { readonly visit: Visit }) {
  const text = t("screen.kept");
  useEffect(() => alert(text), [text]);
  return (
    <div class="room-bar">
      <p>{text}</p>
      <Button onPress={() => (visit.screenKept.value = false)}>{t("nudge.fine")}</Button>
    </div>
  );
}

/** What does not let the screen be shared, and what helps. */
function RefusedBar({ visit, by }: { readonly visit: Visit; readonly by: Exclude<Refusal, ""> }) {
  const text = t(`screen.refused.${by}`);
  useEffect(() => alert(text), [text]);
  return (
    <div class="room-bar">
      <p>{text}</p>
      <Button onPress={() => void toggleScreen(visit)}>{t("screen.again")}</Button>
      <Button onPress={() => (visit.screenRefused.value = "")}>{t("nudge.fine")}</Button>
    </div>
  );
}

/** As long as the own screen is shared, or why it is not. */
export function SharingBar({ visit }: { readonly visit: Visit }) {
  const { screenKept, screenRefused } = visit;
  if (!visit.call.sharing.value) {
    if (screenRefused.value !== "") return <RefusedBar visit={visit} by={screenRefused.value} />;
    return screenKept.value ? <KeptBar visit={visit} /> : null;
  }
  const name = firstName(visit.partner.value?.name ?? "");
  return (
    <div class="room-bar room-sharing">
      <MonitorUp aria-hidden="true" size={20} strokeWidth={1.75} />
      <p>{name === "" ? t("screen.own.alone") : t("screen.own", { name })}</p>
      <Button kind="primary" keys="S" onPress={() => void toggleScreen(visit)}>
        {t("screen.stop")}
      </Button>
    </div>
  );
}

/** The partner's screen, large beside the two faces. */
export function TheirScreen({ visit }: { readonly visit: Visit }) {
  const frame = useRef<HTMLDivElement>(null);
  const video = visit.call.screen.value;
  useEffect(() => {
    if (video && frame.current) frame.current.replaceChildren(video);
  }, [video]);
  const label = t("screen.theirs", { name: firstName(visit.partner.value?.name ?? "") });
  return (
    <figure class="screen" aria-label={label}>
      <div ref={frame} class="screen-picture" aria-hidden="true" />
      <figcaption class="tile-name">
        <MonitorUp aria-hidden="true" size={16} strokeWidth={1.75} />
        <span>{label}</span>
      </figcaption>
    </figure>
  );
}
