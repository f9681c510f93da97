/** How repeats are written: their days, their time, what became of a date. */
import { type Repeat, type RepeatDate } from "@/core/model";
import { minuteOf } from "@/core/repeats";
import { townOf } from "@/core/zones";
import { locale, times, zone } from "@/io/store";
import { type BookingWord, t } from "@/words/booking";

/** 2 January 2023 was a Monday. */
export const dayName = (day: number): string =>
  new Intl.DateTimeFormat(locale, { weekday: "long", timeZone: "UTC" }).format(Date.UTC(2023, 0, 2 + day));

/** "09:00" as the page writes a time. */
export const timeText = (time: string): string => times.value.hour(minuteOf(time));

const daysText = (days: readonly number[]): string =>
  days.length === 5 && days.every((day) => day < 5)
    ? t("repeat.weekdays")
    : new Intl.ListFormat(locale, { type: "conjunction" }).format(days.map(dayName));

/** "Monday, at 15:00", with the town where it stands on another clock than the own. */
export function seriesText(repeat: Repeat): string {
  const said = { days: daysText(repeat.days), time: timeText(repeat.time) };
  if (repeat.zone === zone.value) return t("repeat.days", said);
  return t("repeat.days.there", { ...said, place: townOf(repeat.zone) });
}

const WHY: Readonly<Record<string, BookingWord>> = {
  full: "repeat.state.full",
  overlap: "repeat.state.overlap",
  off_grid: "repeat.state.off_grid",
  bad_length: "repeat.state.bad_length",
};

/** What became of a date, and why. */
export function stateText(repeat: Repeat, { state, why }: RepeatDate): string {
  const word = WHY[why ?? ""] ?? (`repeat.state.${state}` as const);
  return t(word, { time: timeText(repeat.time), n: repeat.length_min });
}
