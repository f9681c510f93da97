/** How times are written: by `Intl`, in a member's zone. Formatters are made once and kept. */
import { addDays, type Day, dayAt, DAY, HOUR, instantsOf, MINUTE } from "@/core/zones";

export interface Times {
  readonly zone: string;
  /** Clocks of this language count to twelve. */
  readonly twelve: boolean;
  readonly time: (at: number) => string;
  readonly second: (at: number) => string;
  readonly range: (from: number, to: number) => string;
  /** A full hour for narrow places: "8:00", "8 AM". */
  readonly hour: (minute: number) => string;
  /** A time for narrow places: without AM and PM. */
  readonly short: (at: number) => string;
  /** "Tuesday 24 November" */
  readonly day: (at: number) => string;
  /** "Tue 24 Nov" */
  readonly shortDay: (at: number) => string;
  /** "Tue 24 – Fri 27 Nov" */
  readonly shortDays: (from: number, to: number) => string;
  /** "Tuesday" */
  readonly dayName: (at: number) => string;
  /** "Tue" and "24" */
  readonly weekday: (at: number) => string;
  readonly date: (at: number) => string;
  /** "24 – 30 Nov" */
  readonly days: (from: number, to: number) => string;
  /** "CEST", to tell a doubled hour apart */
  readonly zoneName: (at: number) => string;
}

const HOUR_MINUTE: Intl.DateTimeFormatOptions = { hour: "numeric", minute: "2-digit" };

const withoutPeriod = (format: Intl.DateTimeFormat, at: number): string =>
  format
    .formatToParts(at)
    .filter(({ type }) => type !== "dayPeriod")
    .map(({ value }) => value)
    .join("")
    .trim();

/** A range whose hours are padded just as single times are; left to itself `Intl` pads some. */
function rangeOf(format: Intl.DateTimeFormat, from: number, to: number, padded: boolean): string {
  const parts = format.formatRangeToParts(from, to);
  const bare = ({ type, value }: { type: string; value: string }) =>
    type === "hour" && !padded ? value.replace(/^0(?=\d)/, "") : value;
  return parts.map(bare).join("");
}

function make(locale: string, timeZone: string): Times {
  const format = (options: Intl.DateTimeFormatOptions, zone = timeZone) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
  const time = format(HOUR_MINUTE);
  const bare = format(HOUR_MINUTE, "UTC");
  const full = format({ hour: "numeric" }, "UTC");
  const twelve = time.resolvedOptions().hour12 === true;
  const second = format({ ...HOUR_MINUTE, second: "2-digit" });
  const day = format({ weekday: "long", day: "numeric", month: "long" });
  const shortDay = format({ weekday: "short", day: "numeric", month: "short" });
  const weekday = format({ weekday: "short" });
  const dayName = format({ weekday: "long" });
  const date = format({ day: "numeric" });
  const days = format({ day: "numeric", month: "short" });
  const padded = /^0/.test(bare.format(8 * HOUR));
  const zoneName = format({ timeZoneName: "short" });
  return {
    zone: timeZone,
    twelve,
    time: (at) => time.format(at),
    second: (at) => second.format(at),
    range: (from, to) => rangeOf(time, from, to, padded),
    hour: (minute) => (twelve && minute % 60 === 0 ? full : bare).format(minute * MINUTE),
    short: (at) => (twelve ? withoutPeriod(time, at) : time.format(at)),
    day: (at) => day.format(at),
    shortDay: (at) => shortDay.format(at),
    shortDays: (from, to) => shortDay.formatRange(from, to),
    dayName: (at) => dayName.format(at),
    weekday: (at) => weekday.format(at),
    date: (at) => date.format(at),
    days: (from, to) => days.formatRange(from, to),
    zoneName: (at) => zoneName.formatToParts(at).find((p) => p.type === "timeZoneName")?.value ?? "",
  };
}

const made = new Map<string, Times>();

export function timesOf(locale: string, zone: string): Times {
  const key = `${locale} ${zone}`;
  const known = made.get(key) ?? make(locale, zone);
  made.set(key, known);
  return known;
}

/** The words are English: dates are too, in the region the browser asks for. */
export const localeOf = (languages: readonly string[]): string =>
  languages.find((language) => /^en-/i.test(language)) ?? "en-GB";

export type Nearness = "today" | "tomorrow" | "yesterday" | "other";

/** How a day lies to another one. */
export function nearness(day: Day, today: Day): Nearness {
  if (day === today) return "today";
  if (day === addDays(today, 1)) return "tomorrow";
  return day === addDays(today, -1) ? "yesterday" : "other";
}

/** A length of time in whole parts, for "in 2 days", "in 3 hours", "in 12 minutes". */
export interface Distance {
  readonly unit: "day" | "hour" | "minute";
  readonly n: number;
}

export function distance(from: number, to: number): Distance {
  const left = Math.max(0, to - from);
  if (left >= 2 * DAY) return { unit: "day", n: Math.floor(left / DAY) };
  if (left >= 2 * HOUR) return { unit: "hour", n: Math.floor(left / HOUR) };
  return { unit: "minute", n: Math.ceil(left / MINUTE) };
}

/** The instant a day's hour begins; where the clocks skip it, the next that exists. */
export function hourOn(zone: string, day: Day, hour: number): number {
  for (let minute = hour * 60; minute < 24 * 60; minute += 15) {
    const [first] = instantsOf(zone, day, minute);
    if (first !== undefined) return first;
  }
  return Date.parse(`${addDays(day, 1)}T00:00:00Z`);
}

export const isToday = (zone: string, at: number, now: number): boolean =>
  dayAt(zone, at) === dayAt(zone, now);
