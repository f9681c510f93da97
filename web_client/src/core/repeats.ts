/**
 * Repeats: what is asked for, which one a session belongs to, and from when its hour is another one on
 * somebody's clock.
 *
 * A repeat stands on the clock of one zone. Where another changes its clocks on other days, the hour moves
 * for whoever lives there; two who mean the same hour keep to one clock, or miss each other in those weeks.
 */
import { type Booking, ms, type Repeat, type RepeatWish, type Shift } from "@/core/model";
import { addDays, DAY, type Day, dayAt, instantsOf, isZone, offsetAt, wallAt, weekday } from "@/core/zones";

/** How far ahead is told what a change of the clocks does, as the instance does it of one's own. */
export const SHIFTS_AHEAD = 56 * DAY;
/** Every clock change of a zone is in it. */
const YEAR = 400;

const twoDigits = (n: number): string => String(n).padStart(2, "0");

/** "09:00", as repeats carry a time. */
const written = (minute: number): string => `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`;

/** Minutes since midnight of a time that a repeat carries. */
export function minuteOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return hour * 60 + minute;
}

/** The number by which repeats know a day's weekday: 0 is Monday. */
export const dayNumber = (day: Day): number => weekday(day) - 1;

const wishedOf = ({ wished_min, length_min }: Booking): number => wished_min || length_min;

/** The same time on these weekdays, on the clock of `zone`, from the day after a session on. */
export function repeatWish(booking: Booking, days: readonly number[], zone: string): RepeatWish {
  const { day, minute } = wallAt(zone, ms(booking.start));
  const { title, quiet, task, prefer_favourites, also_shorter } = booking;
  return {
    days,
    time: written(minute),
    zone,
    length_min: wishedOf(booking),
    title,
    quiet,
    task,
    prefer_favourites,
    also_shorter,
    from: addDays(day, 1),
  };
}

function hasTime(repeat: Repeat, booking: Booking): boolean {
  if (!isZone(repeat.zone) || repeat.length_min !== wishedOf(booking)) return false;
  const { day, minute } = wallAt(repeat.zone, ms(booking.start));
  return repeat.time === written(minute) && repeat.days.includes(dayNumber(day));
}

/** The repeat a session belongs to: it was made by it, or is the one it was made from. */
export const repeatOf = (all: readonly Repeat[], booking: Booking): Repeat | undefined =>
  all.find(({ id }) => id === booking.repeat) ?? all.find((each) => hasTime(each, booking));

/** A date of a repeat and when it begins. */
export interface Dated {
  readonly date: Day;
  readonly start: number;
}

/** The dates inside [from, to); one whose time the clocks skip is left out. */
export function datesOf(repeat: Repeat, from: number, to: number): readonly Dated[] {
  if (!isZone(repeat.zone)) return [];
  const first = dayAt(repeat.zone, from);
  return Array.from({ length: Math.ceil((to - from) / DAY) + 1 }, (_, i) => addDays(first, i))
    .filter((date) => repeat.days.includes(dayNumber(date)))
    .flatMap((date) =>
      instantsOf(repeat.zone, date, minuteOf(repeat.time))
        .slice(0, 1)
        .map((start) => ({ date, start })),
    )
    .filter(({ start }) => start >= from && start < to);
}

const timeIn = (zone: string, { start }: Dated): string => written(wallAt(zone, start).minute);

/** The dates on which the clock of `zone` shows another time than on the date before. */
export const shiftsFor = (dates: readonly Dated[], zone: string): readonly Shift[] =>
  dates
    .map((each) => ({ date: each.date, time: timeIn(zone, each) }))
    .filter(({ time }, i, all) => i > 0 && all[i - 1]?.time !== time);

/** Dates on which the clock somewhere shows another time than it does as a rule. */
export interface Span {
  readonly from: number;
  /** The last of these dates; null where no end is in sight. */
  readonly to: number | null;
  readonly time: string;
  readonly usual: string;
}

/** Shifts of a zone's clock as spans of dates; usual is what it shows on the first of the dates. */
export function spansOf(dates: readonly Dated[], zone: string, shifts: readonly Shift[]): readonly Span[] {
  const [first] = dates;
  if (!first) return [];
  const usual = timeIn(zone, first);
  return shifts.flatMap(({ date, time }, i) => {
    const next = shifts[i + 1]?.date;
    const inside = dates.filter((each) => each.date >= date && (next === undefined || each.date < next));
    const [from, to] = [inside[0], inside.at(-1)];
    if (!from || !to || time === usual) return [];
    return [{ from: from.start, to: next === undefined ? null : to.start, time, usual }];
  });
}

/** Whether two clocks are not always equally far apart. */
export function clocksPart(zone: string, other: string, from: number): boolean {
  const apart = (at: number): number => offsetAt(zone, at) - offsetAt(other, at);
  return Array.from({ length: YEAR }, (_, i) => from + i * DAY).some((at) => apart(at) !== apart(from));
}
