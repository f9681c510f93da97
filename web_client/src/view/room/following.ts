/**
 * What follows the room outside its own markup: announcements, the window's title and sign, chimes, the
 * attributes tests look at.
 */
import { effect, untracked } from "@preact/signals";

import type { Scene } from "@/core/absence";
import { type News, newsNow } from "@/core/change";
import { firstName } from "@/core/names";
import { company, type Company, timer } from "@/core/session";
import { ALOUD_AFTER_MS, frozenFor } from "@/core/sight";
import { alert, say } from "@/io/announce";
import { chimes } from "@/io/chimes";
import { now } from "@/io/clock";
import { times } from "@/io/store";
import { pageTitle, wholeTitle } from "@/view/parts/heading";
import { headingOf } from "@/view/room/absent";
import { timerShort } from "@/view/room/signs";
import type { Visit } from "@/view/room/visit";
import { t } from "@/words/room";

const MINUTE_MS = 60_000;
/** What rings at the end of a session may ring out before the next one's chimes are planned. */
const RING_OUT_MS = 4_000;
const ABSENT: ReadonlySet<Company> = new Set(["never", "none", "gone", "left"]);

/** Tell the partner's comings and goings, and ring when they come after the start. */
function company_(visit: Visit): () => void {
  let before: Company | null = null;
  return effect(() => {
    const room = visit.room.value;
    if (room === null) return;
    const how = company(room.partner, room.them);
    const was = before;
    before = how;
    if (was === null || was === how) return;
    untracked(() => told(visit, was, how));
  });
}

function told(visit: Visit, was: Company, how: Company): void {
  const room = visit.room.value;
  if (!room?.partner) return;
  const name = firstName(room.partner.name);
  const arrived = how === "here" && ABSENT.has(was);
  if (arrived) say(t("say.came", { name }));
  if (arrived && now.value >= room.start_ms && !chimes.off.value.includes("begin")) void chimes.play("begin");
  if (how === "here" && (was === "away" || was === "stalled")) say(t("say.back", { name }));
  if (how === "left" || (how === "gone" && now.value >= room.start_ms)) say(t("say.left", { name }));
  if (how === "stalled") say(t("say.lost", { name }));
  if (how === "away") say(t("say.away", { name, time: times.value.time(room.them.break_until_ms) }));
}

/** Tell once that the picture stands still, when it has for a while. */
function freezing(visit: Visit): () => void {
  let told = false;
  return effect(() => {
    const long = frozenFor(visit.call.sight.value) >= ALOUD_AFTER_MS;
    const name = untracked(() => firstName(visit.partner.value?.name ?? ""));
    if (long && !told && name !== "") say(t("say.frozen", { name }));
    told = long;
  });
}

/** Tell the marks of the time, each once. */
function marks(visit: Visit): () => void {
  let last = 0;
  return effect(() => {
    const room = visit.room.value;
    const at = now.value;
    const before = last;
    last = at;
    if (room === null || before === 0) return;
    const half = (room.start_ms + room.end_ms) / 2;
    const all: [number, "say.start" | "say.half" | "say.five" | "say.one" | "say.end"][] = [
      [room.start_ms, "say.start"],
      [half, "say.half"],
      [room.end_ms - 5 * MINUTE_MS, "say.five"],
      [room.end_ms - MINUTE_MS, "say.one"],
      [room.end_ms, "say.end"],
    ];
    for (const [mark, word] of all) if (before < mark && at >= mark && mark >= room.start_ms) say(t(word));
  });
}

/** Scenes in which something is offered or asked that waits for the member. */
const OFFERS: ReadonlySet<Scene> = new Set(["offer", "locked", "no_show", "asked", "newcomer", "nobody"]);

function alarmText(visit: Visit): string {
  const { over } = visit.state.value;
  const scene = visit.scene.value;
  if (over === "other_tab") return t("over.other_tab");
  if (over === "closed") return t("over.closed");
  return over === null && scene !== null && OFFERS.has(scene) ? headingOf(visit, scene) : "";
}

/** An offer, or the end of the room: what the member must act on. Each is told once. */
function alarms(visit: Visit): () => void {
  let told = "";
  return effect(() => {
    const text = alarmText(visit);
    if (text !== "" && text !== told) untracked(() => alert(text));
    if (text !== "" || visit.scene.value === null) told = text;
  });
}

/** Tell what became of a search, and that the two go on. */
function news(visit: Visit): () => void {
  let told: News | null = null;
  let former = visit.former.peek();
  return effect(() => {
    const fresh = newsNow(visit.state.value.change, now.value);
    if (fresh !== null && fresh !== told) say(t(`news.${fresh.kind}`, { name: firstName(fresh.name) }));
    told = fresh ?? told;
    const moved = visit.former.value !== null && visit.former.value !== former;
    former = visit.former.value;
    const end_ms = visit.room.peek()?.end_ms ?? 0;
    if (moved) say(t("onward.moved", { time: times.value.time(end_ms) }));
  });
}

function title(visit: Visit): () => void {
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const stop = effect(() => {
    const room = visit.room.value;
    if (room === null) return;
    if (visit.state.value.over !== null) {
      wholeTitle.value = "";
      pageTitle.value = t("room.label.alone");
      return;
    }
    const chime = chimes.ringing.value;
    const left = chime !== null && !chimes.audible ? t(`chime.${chime}`) : timerShort(timer(room, now.value));
    const name = firstName(room.partner?.name ?? "");
    wholeTitle.value = name === "" ? t("room.title.alone", { left }) : t("room.title", { left, name });
    const there = ["here", "away"].includes(company(room.partner, room.them));
    const address = there ? "/icon.svg" : "/icon-waiting.svg";
    if (icon && icon.getAttribute("href") !== address) icon.setAttribute("href", address);
  });
  return () => {
    stop();
    wholeTitle.value = "";
    icon?.setAttribute("href", "/icon.svg");
  };
}

/** Where a chime is not heard, the window's title and a notice of the system stand for it. */
function unheard(visit: Visit): () => void {
  let before: string | null = null;
  return effect(() => {
    const chime = chimes.ringing.value;
    const fresh = chime !== null && chime !== before;
    before = chime;
    if (!fresh || chimes.audible) return;
    untracked(() => notice(t(`chime.${chime}`), visit));
  });
}

function notice(text: string, visit: Visit): void {
  if (!document.hidden || typeof Notification === "undefined" || Notification.permission !== "granted") return;
  const name = firstName(visit.partner.value?.name ?? "");
  try {
    new Notification(text, { body: name === "" ? t("room.label.alone") : t("room.label", { name }), tag: "chime", silent: true });
  } catch {
    // Some phones show notices of service workers only.
  }
}

/** Tell when a screen begins or ends to be shared, on either side. */
function screens(visit: Visit): () => void {
  let [own, theirs] = [false, false];
  return effect(() => {
    const [sharing, shown] = [visit.call.sharing.value, visit.call.screen.value !== null];
    const name = untracked(() => firstName(visit.partner.value?.name ?? ""));
    // A bar says what else ended it.
    const kept = visit.screenKept.peek();
    if (sharing !== own && !kept) say(t(sharing ? "screen.began" : "screen.ended"));
    if (shown !== theirs && name !== "") say(t(shown ? "screen.theirs.began" : "screen.theirs.ended", { name }));
    [own, theirs] = [sharing, shown];
  });
}

/** Plan the chimes of this session. */
function chiming(visit: Visit): () => void {
  let ringing = 0;
  const stop = effect(() => {
    const room = visit.room.value;
    const course = room && { start_ms: room.start_ms, end_ms: room.end_ms, break_until_ms: room.you.break_until_ms };
    untracked(() => {
      window.clearTimeout(ringing);
      if (room?.carried !== true) return chimes.follow(course);
      ringing = window.setTimeout(() => chimes.follow(course), RING_OUT_MS);
    });
  });
  return () => {
    stop();
    window.clearTimeout(ringing);
    chimes.follow(null);
  };
}

/** `data-call-*` and `data-room-*` on the document: what a test may wait for. */
function marksForTests(visit: Visit): () => void {
  const { dataset } = document.documentElement;
  const stop = effect(() => {
    const link = visit.call.link.value;
    dataset["callState"] = link === null ? (visit.call.building.value ? "connecting" : "none") : visit.call.lost.value ? "lost" : "flowing";
    dataset["callPath"] = link?.path ?? "";
    dataset["callGen"] = String(link?.gen ?? 0);
    dataset["callChannel"] = visit.call.channelOpen.value ? "open" : "closed";
    dataset["roomPhase"] = visit.state.value.over ?? visit.phase.value;
  });
  return () => {
    stop();
    for (const name of ["callState", "callPath", "callGen", "callChannel", "roomPhase"]) delete dataset[name];
  };
}

/** Follow a visit until the answer is called. */
export function follow(visit: Visit): () => void {
  const stops = [company_, freezing, marks, alarms, news, title, chiming, unheard, screens, marksForTests].map((each) => each(visit));
  return () => stops.forEach((stop) => stop());
}
