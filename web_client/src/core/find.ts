/** What is typed into "find and do": a time to book ("fri 9 50", "tomorrow 14:30"), a page, a person. */
import { addDays, type Day, dayAt, instantsOf, weekday } from "@/core/zones";

export interface Asked {
  readonly start: number;
  readonly length: number;
}

export interface Frame {
  readonly zone: string;
  readonly now: number;
  readonly grid_ms: number;
  readonly lengths: readonly number[];
  /** Taken where none is typed. */
  readonly length: number;
}

const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const MONTHS = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
];
/** Fewer letters could mean several days or months. */
const ENOUGH = 2;

const starting = (names: readonly string[], word: string): number =>
  word.length < ENOUGH || !/^[a-z]+$/.test(word) ? -1 : names.findIndex((name) => name.startsWith(word));

interface Reading {
  day: Day | null;
  /** The day was named as a weekday: it may be the one a week later. */
  again: boolean;
  minute: number | null;
  length: number | null;
}

const twoDigits = (n: number): string => String(n).padStart(2, "0");

/** The next time the calendar shows this date. */
function dateOf(today: Day, month: number, date: number): Day {
  const of = (year: number) => `${year}-${twoDigits(month + 1)}-${twoDigits(date)}`;
  const year = Number(today.slice(0, 4));
  return of(year) < today ? of(year + 1) : of(year);
}

function readDay(words: string[], today: Day, found: Reading): void {
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? "";
    const near = ["today", "tomorrow"].indexOf(word);
    const named = starting(WEEKDAYS, word);
    const month = starting(MONTHS, word);
    if (near >= 0) found.day = addDays(today, near);
    else if (/^\d{4}-\d{2}-\d{2}$/.test(word)) found.day = word;
    else if (named >= 0) {
      found.day = addDays(today, (named + 8 - weekday(today)) % 7);
      found.again = true;
    } else if (month >= 0) {
      // "28 nov" and "nov 28": the number beside the month is its date.
      const beside = /^\d{1,2}$/.test(words[i - 1] ?? "") ? i - 1 : i + 1;
      if (!/^\d{1,2}$/.test(words[beside] ?? "")) continue;
      found.day = dateOf(today, month, Number(words[beside]));
      words.splice(Math.min(i, beside), 2);
      return;
    } else continue;
    words.splice(i, 1);
    return;
  }
}

function minuteOf(word: string): number | null {
  const found = /^(\d{1,2})(?:[:.](\d{2}))?(am|pm)?$/.exec(word);
  if (!found) return null;
  const [, hour = "", minute = "0", half] = found;
  const late = half === "pm" && Number(hour) < 12 ? 12 : 0;
  const early = half === "am" && Number(hour) === 12 ? -12 : 0;
  const total = (Number(hour) + late + early) * 60 + Number(minute);
  return total < 24 * 60 && Number(minute) < 60 ? total : null;
}

function readRest(words: readonly string[], lengths: readonly number[], found: Reading): boolean {
  for (const word of words) {
    const length = Number(/^(\d+)(?:m|min|minutes)?$/.exec(word)?.[1] ?? NaN);
    const minute = minuteOf(word);
    if (found.minute === null && minute !== null) found.minute = minute;
    else if (lengths.includes(length)) found.length = length;
    else if (word !== "min" && word !== "at" && word !== "minutes") return false;
  }
  return found.minute !== null;
}

/** The first such time ahead, moved on to the next start of the grid; null where there is none. */
function startOf(found: Reading, frame: Frame, today: Day): number | null {
  const ahead = found.day === null ? [0, 1] : found.again ? [0, 7] : [0];
  for (const days of ahead) {
    for (const at of instantsOf(frame.zone, addDays(found.day ?? today, days), found.minute ?? 0)) {
      const start = Math.ceil(at / frame.grid_ms) * frame.grid_ms;
      if (start > frame.now) return start;
    }
  }
  return null;
}

/** There is such a date: not 31 November. */
const isDay = (day: Day): boolean =>
  !Number.isNaN(Date.parse(`${day}T00:00:00Z`)) && addDays(day, 0) === day;

/** The session that was typed, or null where the text says something else. */
export function askedOf(text: string, frame: Frame): Asked | null {
  const words = text.toLowerCase().trim().split(/[\s,]+/).filter(Boolean);
  if (words[0] === "book") words.shift();
  const found: Reading = { day: null, again: false, minute: null, length: null };
  const today = dayAt(frame.zone, frame.now);
  readDay(words, today, found);
  if (found.day !== null && !isDay(found.day)) return null;
  if (!readRest(words, frame.lengths, found)) return null;
  const start = startOf(found, frame, today);
  return start === null ? null : { start, length: found.length ?? frame.length };
}
