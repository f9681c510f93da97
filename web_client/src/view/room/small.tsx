/** What the small window shows: the partner, who is there, the time, new lines. */
import "@/styles/small.css";

import { useEffect, useRef, useState } from "preact/hooks";
import { render } from "preact";
import { MessageSquare, Mic, MicOff, Undo2, Video, VideoOff } from "lucide-preact";
import type { LucideIcon } from "lucide-preact";

import { firstName } from "@/core/names";
import { company, timer } from "@/core/session";
import { say } from "@/io/announce";
import { now } from "@/io/clock";
import { devices } from "@/io/devices";
import { theme } from "@/io/settings";
import { small } from "@/io/small";
import { socket } from "@/io/socket";
import { listen } from "@/view/room/keys";
import { toggleScreen } from "@/view/room/screen";
import { showTime } from "@/view/room/settings";
import { Initials, PairSign, timerWords } from "@/view/room/signs";
import type { Visit } from "@/view/room/visit";
import { t } from "@/words/room";

/** The picture shown in the page once more; its sound stays there. */
function Picture({ visit }: { readonly visit: Visit }) {
  const video = useRef<HTMLVideoElement>(null);
  const shown = visit.call.shown.value;
  useEffect(() => {
    const node = video.current;
    if (node === null) return;
    node.srcObject = shown?.srcObject ?? null;
    void node.play().catch(() => undefined);
  }, [shown]);
  return <video ref={video} class="small-picture" autoPlay playsInline muted aria-hidden="true" />;
}

/** Lines of the partner since the page itself was last looked at. */
function useNewLines(visit: Visit): number {
  const count = visit.chat.value.filter((line) => line.by !== socket.member.value).length;
  const [seen, setSeen] = useState(count);
  const latest = useRef(count);
  latest.current = count;
  useEffect(() => {
    const looked = () => setSeen(latest.current);
    window.addEventListener("focus", looked);
    return () => window.removeEventListener("focus", looked);
  }, []);
  return Math.max(0, count - seen);
}

interface PressProps {
  readonly icon: LucideIcon;
  readonly name: string;
  readonly onPress: () => void;
  readonly count?: number;
  readonly off?: boolean;
}

function Press({ icon: Icon, name, onPress, count = 0, off = false }: PressProps) {
  return (
    <button type="button" class="small-press" data-off={off} data-new={count > 0} aria-label={name} title={name} onClick={onPress}>
      <Icon aria-hidden="true" size={18} strokeWidth={1.75} />
      {count > 0 && <span aria-hidden="true">{count}</span>}
    </button>
  );
}

function Head({ visit }: { readonly visit: Visit }) {
  const room = visit.room.value;
  const there = room !== null && ["here", "away"].includes(company(room.partner, room.them));
  const [value, unit] = room === null ? ["", ""] : timerWords(timer(room, now.value));
  return (
    <header class="small-head">
      <PairSign both={there} />
      {showTime.value && room && (
        <p class="small-time" role="timer" aria-live="off">
          <b>{value}</b> {unit}
        </p>
      )}
    </header>
  );
}

function Buttons({ visit }: { readonly visit: Visit }) {
  const lines = useNewLines(visit);
  const mic = devices.micOn.value && devices.mic.track.value !== null;
  const camera = devices.camera.track.value !== null;
  const back = () => window.focus();
  return (
    <footer class="small-foot">
      <Press
        icon={mic ? Mic : MicOff}
        name={t(mic ? "do.mic.on.name" : "do.mic.off.name")}
        off={!mic}
        onPress={() => visit.toggleMic()}
      />
      <Press
        icon={camera ? Video : VideoOff}
        name={t(camera ? "do.camera.on.name" : "do.camera.off.name")}
        off={!camera}
        onPress={() => visit.toggleCamera()}
      />
      {lines > 0 && <Press icon={MessageSquare} name={t("small.lines", { n: lines })} count={lines} onPress={back} />}
      <Press icon={Undo2} name={t("small.back")} onPress={back} />
    </footer>
  );
}

/** Nobody shares a screen without knowing: the sign is here too. */
function Sharing({ visit }: { readonly visit: Visit }) {
  if (!visit.call.sharing.value) return null;
  return (
    <div class="small-sharing">
      <p>{t("screen.own.alone")}</p>
      <button type="button" class="button soft" onClick={() => void toggleScreen(visit)}>
        {t("screen.stop")}
      </button>
    </div>
  );
}

function Small({ visit, page }: { readonly visit: Visit; readonly page: Window }) {
  const room = visit.room.value;
  const name = room?.partner?.name ?? "";
  const pictured = visit.call.link.value !== null && room?.them.camera === true;
  const look = theme.value;
  useEffect(() => {
    const root = page.document.documentElement;
    if (look === "system") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", look);
  }, [page, look]);
  return (
    <main class="small" aria-label={name === "" ? t("small.label.alone") : t("small.label", { name: firstName(name) })}>
      {pictured ? <Picture visit={visit} /> : <div class="small-card">{name !== "" && <Initials name={name} />}</div>}
      <Head visit={visit} />
      <Sharing visit={visit} />
      <Buttons visit={visit} />
    </main>
  );
}

/** Open it, from a press; said aloud, for it is easily overlooked. */
export async function showSmall(visit: Visit): Promise<void> {
  const shown = await small.show(t("small.title"), (page) => {
    render(<Small visit={visit} page={page} />, page.document.body);
    const deaf = listen(visit, page);
    return () => {
      deaf();
      render(null, page.document.body);
    };
  });
  say(t(shown ? "small.opened" : "small.none"));
}

export function toggleSmall(visit: Visit): void {
  if (!small.open.value) return void showSmall(visit);
  small.close();
  say(t("small.closed"));
}
