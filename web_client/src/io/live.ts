/**
 * Keeps what the page shows as fresh as the hub's notices: a `changed` message means to fetch again.
 *
 * Notices that come together are answered by one fetch, 250 ms after the last of them.
 */
import { effect, untracked } from "@preact/signals";

import { newsOf } from "@/core/heard";
import { ms } from "@/core/model";
import { nearness, type Times } from "@/core/times";
import type { Changed } from "@/core/wire";
import { dayAt } from "@/core/zones";
import { say } from "@/io/announce";
import { serverNow } from "@/io/clock";
import { loadInvites, loadThreads } from "@/io/community";
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

/** Fetch bookings and say what the member should know of it. */
async function refreshBookings(): Promise<void> {
  const before = bookings.value;
  await reloadBookings();
  const now = serverNow();
  for (const news of newsOf(before, bookings.value, now)) {
    const at = ms(news.booking.start);
    const when = { day: dayWord(times.value, at, now, "inside"), time: times.value.time(at) };
    if (news.kind === "matched") say(t("said.matched", { ...when, name: isolate(news.name) }));
    else say(t("said.rematched", when));
  }
}

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

const FETCH: Partial<Record<Changed["what"], () => void>> = {
  booking: () => soon("booking", refreshBookings),
  pool: () => soon("pool", reloadSlots),
  flags: () => soon("flags", refreshFlags),
  people: () => undefined,
  messages: () => soon("messages", loadThreads),
  invites: () => soon("invites", loadInvites),
  repeats: () => undefined,
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
  socket.on("changed", ({ what }) => FETCH[what]?.());
  socket.on("welcome", ({ resumed }) => {
    if (!resumed && untracked(() => seenAt.value) > 0) refreshAll();
  });
  effect(() => {
    if (me.value?.welcomed) socket.connect();
    else if (me.value !== undefined) socket.close();
  });
  document.addEventListener("visibilitychange", backAgain);
}
