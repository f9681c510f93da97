/**
 * Wall clocks of time zones over instants, by `Intl` alone.
 *
 * An instant is a number of milliseconds since the epoch; a day is its ISO name ("2026-11-24"), which
 * belongs to no zone. Clock changes are met as they are: a wall time may exist twice or not at all.
 */

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export type Day = string;

export interface Wall {
  readonly day: Day;
  /** Minutes since midnight, as the clock on the wall shows them. */
  readonly minute: number;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  clocks.set(zone, made);
  return made;
}

/** Whether this is the name of a zone. */
export function isZone(zone: string): boolean {
  try {
    clockOf(zone);
    return zone !== "";
  } catch {
    return false;
  }
}

/** How far the zone's wall clock is ahead of UTC at an instant, in milliseconds. */
export function offsetAt(zone: string, at: number): number {
  const shown: Record<string, number> = {};
  for (const { type, value } of clockOf(zone).formatToParts(at)) shown[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown as {
    year?: number;
    month?: number;
    day?: number;
    hour?: number;
    minute?: number;
    second?: number;
  };
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}

const utc = (day: Day): number => Date.parse(`${day}T00:00:00Z`);
const named = (at: number): Day => new Date(at).toISOString().slice(0, 10);

/** What the wall shows at an instant. */
export function wallAt(zone: string, at: number): Wall {
  const shown = at + offsetAt(zone, at);
  return { day: named(shown), minute: Math.floor((((shown % DAY) + DAY) % DAY) / MINUTE) };
}

export const dayAt = (zone: string, at: number): Day => wallAt(zone, at).day;

export const addDays = (day: Day, count: number): Day => named(utc(day) + count * DAY);

/** 1 Monday … 7 Sunday. */
export const weekday = (day: Day): number => new Date(utc(day)).getUTCDay() || 7;

/** The seven days of a day's week, Monday first. */
export function weekOf(day: Day): readonly Day[] {
  const monday = addDays(day, 1 - weekday(day));
  return Array.from({ length: 7 }, (_, i) => addDays(monday, i));
}

/** The instants at which the wall shows this minute of this day: one, two, or none. */
export function instantsOf(zone: string, day: Day, minute: number): readonly number[] {
  const shown = utc(day) + minute * MINUTE;
  const offsets = new Set([offsetAt(zone, shown - DAY), offsetAt(zone, shown + DAY)]);
  return [...offsets]
    .map((offset) => ({ at: shown - offset, offset }))
    .filter(({ at, offset }) => offsetAt(zone, at) === offset)
    .map(({ at }) => at)
    .sort((a, b) => a - b);
}

/** The instant inside (from, to] at which the offset becomes another; the ends must differ. */
function changeBetween(zone: string, from: number, to: number): number {
  const before = offsetAt(zone, from);
  let low = from;
  let high = to;
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2000) * 1000;
    if (offsetAt(zone, middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

/** The first instant of a day; where midnight is skipped, the moment of the change. */
export function startOfDay(zone: string, day: Day): number {
  const [first] = instantsOf(zone, day, 0);
  return first ?? changeBetween(zone, utc(day) - DAY, utc(day) + DAY);
}

export interface Change {
  readonly at: number;
  /** How far the clocks jump, in minutes: positive skips time, negative doubles it. */
  readonly minutes: number;
}

/** The change of the clocks inside a day, or null. */
export function changeOn(zone: string, day: Day): Change | null {
  const from = startOfDay(zone, day) - 1000;
  const to = startOfDay(zone, addDays(day, 1)) - 1000;
  const minutes = (offsetAt(zone, to) - offsetAt(zone, from)) / MINUTE;
  return minutes === 0 ? null : { at: changeBetween(zone, from, to), minutes };
}

/** "UTC+1", "UTC−3:30", "UTC". */
export function offsetName(zone: string, at: number): string {
  const minutes = offsetAt(zone, at) / MINUTE;
  if (minutes === 0) return "UTC";
  const rest = Math.abs(minutes) % 60;
  const hours = Math.floor(Math.abs(minutes) / 60);
  return `UTC${minutes < 0 ? "−" : "+"}${hours}${rest ? `:${String(rest).padStart(2, "0")}` : ""}`;
}

/** Towns whose name browsers still write as it was. */
const RENAMED: Readonly<Record<string, string>> = {
  Calcutta: "Kolkata",
  Faeroe: "Faroe",
  Godthab: "Nuuk",
  Katmandu: "Kathmandu",
  Kiev: "Kyiv",
  Rangoon: "Yangon",
  Saigon: "Ho Chi Minh City",
};

/** A zone's town: "Europe/Berlin" → "Berlin", "America/Argentina/Buenos_Aires" → "Buenos Aires". */
export function townOf(zone: string): string {
  const town = (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
  return RENAMED[town] ?? town;
}
