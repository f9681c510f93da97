/** Times to propose where nobody waits: starts of the instance's grid, in whatever zone. */
import { hourOn } from "@/core/times";
import { firstStart } from "@/core/week";
import { addDays, dayAt, MINUTE } from "@/core/zones";

export interface Frame {
  readonly zone: string;
  readonly now: number;
  /** Minutes between starts. */
  readonly grid: number;
  /** The hour the member's day begins. */
  readonly dayStart: number;
}

/** Starts that come closer than this are for a session at once, not for tomorrow. */
export const FINE_MIN = 10;

/** How soon a session may be proposed: the member has still to get there. */
const ON_THE_WAY = 5 * MINUTE;

const SOON = 2 * MINUTE;

/** Tomorrow, an hour into the member's day; the first start from then on, which zones may put off the hour. */
export function proposed({ zone, now, grid, dayStart }: Frame): number {
  if (grid < FINE_MIN) return firstStart(now + SOON, grid);
  const tomorrow = addDays(dayAt(zone, now), 1);
  return firstStart(hourOn(zone, tomorrow, Math.min(23, dayStart + 1)), grid);
}

/** How many times are offered for a first session. */
const OFFERED = 3;

/** The first times where somebody waits, filled up with the next ones that are free; in order. */
export function firstTimes(waiting: readonly number[], frame: Frame): readonly number[] {
  const { now, grid } = frame;
  const next = firstStart(now + ON_THE_WAY, grid);
  const later = next + (grid < FINE_MIN ? 2 : 4) * grid * MINUTE;
  const after = later + grid * MINUTE; // two of the others may be one
  const times = new Set([...waiting.slice(0, OFFERED), next, later, proposed(frame), after]);
  return [...times].slice(0, OFFERED).sort((a, b) => a - b);
}
