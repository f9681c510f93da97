/** The sessions a member has chosen but not booked yet: what a press on a start does. */
import { MINUTE } from "@/core/zones";

export interface Pick {
  readonly start: number;
  readonly length: number;
}

export interface Taken {
  readonly start: number;
  readonly end: number;
}

export type Press =
  | { readonly said: "chosen" | "moved" | "let_go"; readonly picks: readonly Pick[] }
  | { readonly said: "past" }
  | { readonly said: "overlap"; readonly with: Taken };

export const endOf = ({ start, length }: Pick): number => start + length * MINUTE;

const meets = (a: Taken, b: Taken): boolean => a.start < b.end && b.start < a.end;
const span = (pick: Pick): Taken => ({ start: pick.start, end: endOf(pick) });

/**
 * Press a start: choose it, let it go again, or move a chosen session that lies across it. Own
 * sessions and the past cannot be chosen; the answer says which.
 */
export function press(
  picks: readonly Pick[],
  pick: Pick,
  own: readonly Taken[],
  now: number,
): Press {
  if (picks.some(({ start }) => start === pick.start))
    return { said: "let_go", picks: picks.filter(({ start }) => start !== pick.start) };
  if (pick.start <= now) return { said: "past" };
  const clash = own.find((taken) => meets(taken, span(pick)));
  if (clash) return { said: "overlap", with: clash };
  const free = picks.filter((other) => !meets(span(other), span(pick)));
  const next = [...free, pick].sort((a, b) => a.start - b.start);
  return { said: free.length < picks.length ? "moved" : "chosen", picks: next };
}

/** What is still to book after time has passed and own sessions have changed. */
export const stillFree = (
  picks: readonly Pick[],
  own: readonly Taken[],
  now: number,
): readonly Pick[] =>
  picks.filter((pick) => pick.start > now && !own.some((taken) => meets(taken, span(pick))));
