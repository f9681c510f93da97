/**
 * What the page knows of the server, as signals: the instance, the member, bookings, who waits, flags.
 *
 * Loading replaces what lies in the asked range and nothing else, so that the last known content
 * stays while new content comes, and stays when none comes.
 */
import { batch, computed, signal } from "@preact/signals";

import { type Booking, type Flag, type Instance, instant, type Me, ms, type Slot } from "@/core/model";
import { latest } from "@/core/newest";
import { isLive } from "@/core/next";
import { localeOf, timesOf } from "@/core/times";
import { DAY, isZone } from "@/core/zones";
import { api, ApiError, useToken, whenSignedOut } from "@/io/api";
import { heardTime, now, serverNow } from "@/io/clock";
import { length } from "@/io/settings";

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** `undefined` while nobody knows yet; `null` when nobody is signed in. */
export const me = signal<Me | null | undefined>(undefined);
export const instance = signal<Instance | null>(null);
export const bookings = signal<ReadonlyMap<string, Booking>>(new Map());
export const slots = signal<ReadonlyMap<number, Slot>>(new Map());
export const flags = signal<readonly Flag[] | null>(null);
/** Why the last load of each part failed; empty when it did not. */
export const troubles = signal<Readonly<Record<string, ApiError>>>({});
/** Server time of the last answer. */
export const seenAt = signal(0);
export const online = signal(navigator.onLine);

export const deviceZone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
export const locale = localeOf(navigator.languages);
export const zone = computed(() => {
  const mine = me.value?.zone;
  return mine && isZone(mine) ? mine : deviceZone;
});
export const times = computed(() => timesOf(locale, zone.value));
/** The length in use: the member's choice where it is offered, else the middle one. */
export const lengthMin = computed(() => {
  const offered = instance.value?.rules.lengths_min ?? [];
  return offered.includes(length.value)
    ? length.value
    : (offered[Math.floor((offered.length - 1) / 2)] ?? 50);
});
/** Whether a shorter session is welcome too; `io/wishes` keeps it. */
export const alsoShorter = signal(false);
export const ownBookings = computed(() =>
  [...bookings.value.values()]
    .filter(({ state }) => state !== "cancelled")
    .sort((a, b) => ms(a.start) - ms(b.start)),
);

/** The sessions this member is going to have with somebody, the next one first. */
export const comingWith = (id: string): readonly Booking[] =>
  ownBookings.value.filter((b) => b.partner?.id === id && isLive(b) && ms(b.end) > now.value);

function trouble(part: string, error: ApiError | null): void {
  const rest = Object.entries(troubles.value).filter(([name]) => name !== part);
  troubles.value = Object.fromEntries(error ? [...rest, [part, error] as const] : rest);
}

/** Load one part; a failure is kept under its name and changes nothing else. */
export async function load(part: string, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    seenAt.value = serverNow();
    // An answer is better evidence than a browser's guess from its network interfaces.
    online.value = true;
    trouble(part, null);
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    trouble(part, error);
    return false;
  }
}

export function setMe(next: Me | null): void {
  useToken(next?.csrf ?? "");
  batch(() => {
    me.value = next;
    if (next) return;
    bookings.value = new Map();
    slots.value = new Map();
    flags.value = null;
  });
}

export const loadInstance = () =>
  load("instance", async () => {
    const sent = performance.now();
    const next = await api.instance();
    heardTime(ms(next.server_time), sent);
    instance.value = next;
  });

export const loadMe = () =>
  load("me", async () => {
    try {
      setMe(await api.me());
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      setMe(null);
    }
  });

let wantedBookings: Range | null = null;
let wantedSlots: Range | null = null;

const around = (a: Range | null, b: Range): Range =>
  a ? { from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) } : b;

export const loadBookings = (range: Range) =>
  load("bookings", async () => {
    wantedBookings = around(wantedBookings, range);
    const found = await api.bookings(instant(range.from), instant(range.to));
    const outside = [...bookings.value.values()].filter(
      (b) => ms(b.start) < range.from || ms(b.start) >= range.to,
    );
    bookings.value = new Map([...outside, ...latest(bookings.value, found)].map((b) => [b.id, b]));
  });

/** One booking, for a page that shows nothing else. */
export const loadBooking = (id: string) =>
  load("booking", async () => {
    place(await api.booking(id));
  });

export const loadSlots = (range: Range) =>
  load("slots", async () => {
    const asked = lengthMin.value;
    const shorter = alsoShorter.value;
    const from = Math.max(range.from, serverNow());
    if (range.to <= from) return;
    wantedSlots = around(wantedSlots, { from, to: range.to });
    const found = await api.slots(instant(from), instant(range.to), asked, shorter);
    if (asked !== lengthMin.value || shorter !== alsoShorter.value) return;
    const outside = [...slots.value].filter(([at]) => at < from || at >= range.to);
    slots.value = new Map([...outside, ...found.map((s) => [ms(s.start), s] as const)]);
  });

export const loadFlags = () =>
  load("flags", async () => {
    flags.value = await api.flags();
  });

export const reloadBookings = () =>
  loadBookings(wantedBookings ?? { from: serverNow() - DAY, to: serverNow() + 28 * DAY });
export const reloadSlots = () => (wantedSlots ? loadSlots(wantedSlots) : Promise.resolve(true));

/** Another length was chosen: who waits for the old one is no longer of interest. */
export function forgetSlots(): void {
  slots.value = new Map();
}

/** Put bookings that an action gave back where the pages see them. */
export function place(...changed: readonly Booking[]): void {
  bookings.value = new Map([
    ...bookings.value,
    ...latest(bookings.value, changed).map((booking) => [booking.id, booking] as const),
  ]);
}

export function startStore(): void {
  whenSignedOut(() => {
    if (me.value) setMe(null);
  });
  window.addEventListener("online", () => {
    online.value = true;
    void reloadBookings();
  });
  window.addEventListener("offline", () => (online.value = false));
}
