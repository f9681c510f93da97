/**
 * Keeps what the page shows as fresh as the hub's notices: a `changed` message means to fetch again.
 *
 * Notices that come together are answered by one fetch, 250 ms after the last of them.
 */
import { effect, untracked } from "@preact/signals";

import { type News, newsOf } from "@/core/heard";
import { ms } from "@/core/model";
import { firstName } from "@/core/names";
import { releasedUntil } from "@/core/next";
import { isHidden } from "@/core/people";
import { nearness, type Times } from "@/core/times";
import type { Changed } from "@/core/wire";
import { dayAt } from "@/core/zones";
import { say } from "@/io/announce";
import { hearAwaited } from "@/io/awaited";
import { serverNow } from "@/io/clock";
import { loadInvites, loadThreads, people } from "@/io/community";
import { notify } from "@/io/notices";
import { socket } from "@/io/socket";
import {
  bookings,
  flags,
  loadFlags,
  loadInstance,
  me,
  reloadBookings,
  reloadSlots,
  seenAt,
  times,
} from "@/io/store";
import { isolate } from "@/words/words";
import * as words from "@/words/booking";
import { t } from "@/words/page";

const REST_MS = 250;

/** The page was left and seen again after so long: fetch, whatever the socket thinks. */
const STALE_MS = 60_000;

/** "Today", "Tomorrow" or the day's name; `inside` a sentence in small letters. */
export function dayWord(
  shown: Times,
  at: number,
  now: number,
  where: "calendar" | "inside" = "calendar",
): string {
  const near = nearness(dayAt(shown.zone, at), dayAt(shown.zone, now));
  return near === "other" ? shown.shortDay(at) : t(`${where}.${near}`);
}

const rests = new Map<string, number>();

function soon(what: string, work: () => Promise<unknown>): void {
  window.clearTimeout(rests.get(what));
  rests.set(
    what,
    window.setTimeout(() => void work(), REST_MS),
  );
}

/** The hub's word for why, by booking, since bookings were fetched last. */
const reasons = new Map<string, string>();

function newsText({ kind, booking, name, former }: News, now: number): string {
  const [at, free] = [ms(booking.start), releasedUntil(booking)];
  const day = (instant: number) => dayWord(times.value, instant, now, "inside");
  const when = { day: day(at), time: times.value.time(at), free_day: day(free), free_time: times.value.time(free) };
  const names = { name: isolate(firstName(name)), former: isolate(firstName(former)) };
  return words.t(`news.${kind}`, { ...when, ...names, n: booking.length_min });
}

/** Fetch bookings, and say and show what the member should know of it. */
async function refreshBookings(): Promise<void> {
  const before = bookings.value;
  const why = new Map(reasons);
  reasons.clear();
  await reloadBookings();
  const now = serverNow();
  const away = [...(people.value?.values() ?? [])].filter(isHidden).map(({ id }) => id);
  const told = newsOf(before, bookings.value, now, why, new Set(away)).map((news) => ({
    booking: news.booking.id,
    text: newsText(news, now),
    former: news.former,
  }));
  if (told.length === 0) return;
  notify(...told);
  say(told.map(({ text }) => text).join(" "));
}

/** A notice about one booking may say why; the strongest word since the last fetch stays. */
function hear({ what, booking, reason }: Changed): void {
  const known = reasons.get(booking);
  if (what === "booking" && booking && reason && (!known || WEAK.has(known))) reasons.set(booking, reason);
  FETCH[what]?.();
  // With the verdict it is known what came of the session.
  if (reason === "settled") FETCH.booking?.();
  tell(what);
}

/** Words that come with many kinds of change and tell nothing of their own. */
const WEAK: ReadonlySet<string> = new Set(["matched", "unmatched", "booked"]);

const refreshFlags = () => (flags.value ? loadFlags() : Promise.resolve(true));

/** Fetch everything that is shown. */
export function refreshAll(): void {
  soon("booking", refreshBookings);
  soon("pool", reloadSlots);
  soon("flags", refreshFlags);
  soon("messages", loadThreads);
  soon("invites", loadInvites);
  for (const what of listeners.keys()) tell(what);
}

type What = Changed["what"];

const listeners = new Map<What, Set<() => unknown>>();
const due = new Set<() => unknown>();
let told = 0;

/** While a page is open it may fetch more of its own on a notice. Gives the way to stop. */
export function onChanged(whats: readonly What[], work: () => unknown): () => void {
  for (const what of whats) listeners.set(what, (listeners.get(what) ?? new Set()).add(work));
  return () => {
    for (const what of whats) listeners.get(what)?.delete(work);
  };
}

/** What the open page fetches itself, once for all notices that come together. */
function tell(what: What): void {
  for (const work of listeners.get(what) ?? []) due.add(work);
  window.clearTimeout(told);
  told = window.setTimeout(() => {
    const now = [...due];
    due.clear();
    for (const work of now) work();
  }, REST_MS);
}

const FETCH: Partial<Record<What, () => void>> = {
  booking: () => soon("booking", refreshBookings),
  pool: () => soon("pool", reloadSlots),
  flags: () => soon("flags", refreshFlags),
  messages: () => soon("messages", loadThreads),
  invites: () => soon("invites", loadInvites),
  clock: () => {
    soon("clock", loadInstance);
    refreshAll();
  },
};

function backAgain(): void {
  if (!document.hidden && me.value && serverNow() - seenAt.value > STALE_MS) refreshAll();
}

/** Open the socket while a member is signed in, and listen to its notices. */
export function startLive(): void {
  socket.on("changed", hear);
  socket.on("changed", hearAwaited);
  socket.on("welcome", ({ resumed }) => {
    if (!resumed && untracked(() => seenAt.value) > 0) refreshAll();
  });
  effect(() => {
    if (me.value?.welcomed) socket.connect();
    else if (me.value !== undefined) socket.close();
  });
  document.addEventListener("visibilitychange", backAgain);
}
