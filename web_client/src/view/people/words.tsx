/** How the pages of people write a time, a moment past, and a sentence with markup. */
import { ms, type Time } from "@/core/model";
import { timesOf } from "@/core/times";
import { DAY, dayAt, isZone, MINUTE } from "@/core/zones";
import { now } from "@/io/clock";
import { dayWord } from "@/io/live";
import { locale, times, zone } from "@/io/store";
import { sayOf } from "@/view/parts/say";
import { parts, type PeopleWord } from "@/words/people";

export const Say = sayOf<PeopleWord>(parts);

/** How near a day is called by its weekday alone. */
const WEEK = 6 * DAY;

const isNear = (at: number): boolean => at > now.value && at - now.value < WEEK;

/** "Today", "Tomorrow", "Thu 4 Dec". */
export const dayOf = (at: number): string => dayWord(times.value, at, now.value);

/** "Today", "Thu" within the week, "Thu 4 Dec" after it. */
export function shortDay(at: number): string {
  const word = dayOf(at);
  return isNear(at) && word === times.value.shortDay(at) ? times.value.weekday(at) : word;
}

/** The same with whole words: "today", "Thursday", "Thursday 4 December". */
export function wholeDay(at: number): string {
  const word = dayWord(times.value, at, now.value, "inside");
  if (word !== times.value.shortDay(at)) return word;
  return isNear(at) ? times.value.dayName(at) : times.value.day(at);
}

/** Head of a day's times: "Today, Tuesday 24 November". */
export function dayHead(at: number): string {
  const word = dayOf(at);
  const full = times.value.day(at);
  return word === times.value.shortDay(at) ? full : `${word}, ${full}`;
}

/** A day and a time for narrow places, as "Thu 16:00". */
export const short = (at: number) => ({ day: shortDay(at), time: times.value.time(at) });

/** For readers, and where there is room: "Thursday 27 November". */
export const long = (at: number) => ({ day: times.value.day(at), time: times.value.time(at) });

/** In the middle of a sentence. */
export const inside = (at: number) => ({
  day: dayWord(times.value, at, now.value, "inside"),
  time: times.value.time(at),
});

export const endOf = ({ start, length_min }: Time): number => ms(start) + length_min * MINUTE;
export const rangeOf = (time: Time): string => times.value.range(ms(time.start), endOf(time));

/** The time on somebody's wall, where it is another one than the member's. */
export function timeThere(theirs: string): string {
  if (!isZone(theirs) || theirs === zone.value) return "";
  const shown = timesOf(locale, theirs);
  const same = shown.time(now.value) === times.value.time(now.value);
  return same && dayAt(theirs, now.value) === dayAt(zone.value, now.value) ? "" : shown.time(now.value);
}
