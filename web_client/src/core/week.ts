/**
 * The week as a grid: seven days of columns, and rows of wall time that all days share.
 *
 * A row is a minute of the day and which time it is shown: on the night the clocks go back the
 * doubled hour has rows of its own (`again`), which other days leave empty; a skipped hour leaves its
 * cells without an instant. Hours outside the member's day are folded.
 */
import { addDays, changeOn, type Day, MINUTE, startOfDay, wallAt } from "@/core/zones";

export interface Row {
  readonly minute: number;
  /** The second showing of a doubled hour. */
  readonly again: boolean;
}

export interface Column {
  readonly day: Day;
  readonly from: number;
  readonly to: number;
  /** The instant of each row, or null where this day has no such time. */
  readonly cells: readonly (number | null)[];
}

export interface Week {
  readonly zone: string;
  readonly grid: number;
  readonly rows: readonly Row[];
  readonly columns: readonly Column[];
}

const keyOf = ({ minute, again }: Row): string => `${minute}${again ? "+" : ""}`;

/** Rows in the order the clock shows them: an hour, then the same hour again. */
const inOrder = (a: Row, b: Row): number =>
  Math.floor(a.minute / 60) - Math.floor(b.minute / 60) ||
  Number(a.again) - Number(b.again) ||
  a.minute - b.minute;

/** Starts lie on multiples of the grid since the epoch: in India a whole hour's grid begins at 0:30. */
export const firstStart = (from: number, grid: number): number =>
  Math.ceil(from / (grid * MINUTE)) * grid * MINUTE;

function instantsByRow(zone: string, day: Day, grid: number): Map<string, [Row, number]> {
  const from = startOfDay(zone, day);
  const to = startOfDay(zone, addDays(day, 1));
  const plain = changeOn(zone, day) === null;
  const found = new Map<string, [Row, number]>();
  for (let at = firstStart(from, grid); at < to; at += grid * MINUTE) {
    const minute = plain ? (at - from) / MINUTE : wallAt(zone, at).minute;
    const first = { minute, again: false };
    const row = found.has(keyOf(first)) ? { minute, again: true } : first;
    found.set(keyOf(row), [row, at]);
  }
  return found;
}

/** Lay out days; `grid` is the minutes between starts. */
export function layOut(zone: string, days: readonly Day[], grid: number): Week {
  const byDay = days.map((day) => instantsByRow(zone, day, grid));
  const all = new Map<string, Row>();
  for (const found of byDay) for (const [key, [row]] of found) all.set(key, row);
  const rows = [...all.values()].sort(inOrder);
  const columns = days.map((day, i) => ({
    day,
    from: startOfDay(zone, day),
    to: startOfDay(zone, addDays(day, 1)),
    cells: rows.map((row) => byDay[i]?.get(keyOf(row))?.[1] ?? null),
  }));
  return { zone, grid, rows, columns };
}

/** Where an instant of a column lies, in rows from the top; between rows it is a fraction. */
export function rowAt(week: Week, column: Column, at: number): number {
  const step = week.grid * MINUTE;
  const index = column.cells.findIndex((cell) => cell !== null && cell <= at && at < cell + step);
  const cell = column.cells[index];
  if (cell !== undefined && cell !== null) return index + (at - cell) / step;
  const [first] = column.cells.filter((each) => each !== null);
  return at < (first ?? column.from) ? 0 : column.cells.length;
}

/** How many rows an interval covers from the row it starts in; cut at the end of the day. */
export function rowsOver(week: Week, column: Column, from: number, to: number): number {
  const last = Math.min(to, column.to) - 1;
  return rowAt(week, column, last) + 1 / (week.grid * MINUTE) - rowAt(week, column, from);
}

/** The part of the rows that is shown: from the first up to, not including, the second. */
export interface Shown {
  readonly from: number;
  readonly to: number;
}

/** The hours of the member's day, stretched so that nothing in `must` (own sessions) is folded away. */
export function shownRows(
  week: Week,
  hours: { readonly start: number; readonly end: number },
  must: readonly { readonly start: number; readonly end: number }[],
): Shown {
  if (hours.end <= hours.start) return { from: 0, to: week.rows.length };
  let first = hours.start;
  let last = hours.end;
  for (const { start, end } of must) {
    const column = week.columns.find((c) => c.from <= start && start < c.to);
    if (!column) continue;
    first = Math.min(first, Math.floor(wallAt(week.zone, start).minute / 60));
    const over = end > column.to ? 24 * 60 : wallAt(week.zone, end - 1).minute + 1;
    last = Math.max(last, Math.ceil(over / 60));
  }
  const hourOf = (row: Row) => Math.floor(row.minute / 60);
  const from = week.rows.findIndex((row) => hourOf(row) >= first);
  const to = week.rows.findIndex((row) => hourOf(row) >= last);
  return { from: Math.max(0, from), to: to < 0 ? week.rows.length : to };
}

/** A cell of the grid: which column, which row. */
export interface Spot {
  readonly column: number;
  readonly row: number;
}

/** The spot of an instant, or null outside the week. */
export function spotOf(week: Week, at: number): Spot | null {
  const column = week.columns.findIndex((c) => c.from <= at && at < c.to);
  const found = week.columns[column];
  return found ? { column, row: Math.floor(rowAt(week, found, at)) } : null;
}

/** The instant of a spot, or null where the day has no such time. */
export const instantAt = (week: Week, spot: Spot): number | null =>
  week.columns[spot.column]?.cells[spot.row] ?? null;

/** Which way a key moves; rows and days, kept inside what is shown. */
export function moved(week: Week, shown: Shown, spot: Spot, rows: number, columns: number): Spot {
  const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
  return {
    column: clamp(spot.column + columns, 0, week.columns.length - 1),
    row: clamp(spot.row + rows, shown.from, shown.to - 1),
  };
}

/** The next instant after this one that has somebody waiting, wrapping to the first. */
export function nextWaiting(waiting: readonly number[], after: number): number | null {
  const sorted = [...waiting].sort((a, b) => a - b);
  return sorted.find((at) => at > after) ?? sorted[0] ?? null;
}
