/** Lists of people and of their free times: who stands in which tab, what a search finds. */
import { ms, type Relation, type Time } from "@/core/model";
import { type Day, dayAt } from "@/core/zones";

export type Tab = "favourites" | "friends" | "met" | "hidden";
export const TABS: readonly Tab[] = ["favourites", "friends", "met", "hidden"];

/** Whom this member keeps away. */
export const isHidden = ({ snoozed, blocked }: Relation): boolean => snoozed || blocked;

/** A coming partner counts as met, and whoever stands in no other tab. */
const isMet = (r: Relation): boolean =>
  r.together > 0 || r.last !== null || (!r.favourite && r.friendship === "none");

const BELONGS: Readonly<Record<Tab, (r: Relation) => boolean>> = {
  favourites: (r) => !isHidden(r) && r.favourite,
  friends: (r) => !isHidden(r) && r.friendship !== "none",
  met: (r) => !isHidden(r) && isMet(r),
  hidden: isHidden,
};

/** Letters alone: "Bartholomäus" is found by "tholomau". */
const plain = (text: string): string =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase("en").trim();

export const matches = (name: string, search: string): boolean => plain(name).includes(plain(search));

const byName = (a: Relation, b: Relation): number => a.name.localeCompare(b.name, "en");
const byLast = (a: Relation, b: Relation): number =>
  (b.last ? ms(b.last) : Infinity) - (a.last ? ms(a.last) : Infinity) || byName(a, b);

/** The rows of a tab; whom one met last stands first among the met. */
export function rowsOf(people: Iterable<Relation>, tab: Tab, search = ""): readonly Relation[] {
  return [...people]
    .filter((r) => BELONGS[tab](r) && matches(r.name, search))
    .sort(tab === "met" ? byLast : byName);
}

/** Who asks for friendship and is not kept away. */
export const askers = (people: Iterable<Relation>): readonly Relation[] =>
  [...people].filter((r) => r.friendship === "asking" && !isHidden(r)).sort(byName);

/** The first tab with somebody in it. */
export const firstTab = (people: readonly Relation[]): Tab =>
  TABS.find((tab) => tab !== "hidden" && rowsOf(people, tab).length > 0) ?? "favourites";

/** By day of a zone, the earliest first. */
export function byDay<T extends Time>(
  times: readonly T[],
  zone: string,
): readonly (readonly [Day, readonly T[]])[] {
  const days = new Map<Day, T[]>();
  for (const time of [...times].sort((a, b) => ms(a.start) - ms(b.start))) {
    const day = dayAt(zone, ms(time.start));
    days.set(day, [...(days.get(day) ?? []), time]);
  }
  return [...days];
}

/** The lengths that occur, the shortest first. */
export const lengthsOf = (times: readonly Time[]): readonly number[] =>
  [...new Set(times.map(({ length_min }) => length_min))].sort((a, b) => a - b);

export const sameTime = (a: Time, b: Time): boolean =>
  ms(a.start) === ms(b.start) && a.length_min === b.length_min;

/** The times of an error's data, or none: another version of the server may say it otherwise. */
export function timesIn(data: Readonly<Record<string, unknown>>): readonly Time[] {
  const { others } = data;
  if (!Array.isArray(others)) return [];
  return others.flatMap((other: unknown): Time[] => {
    if (typeof other !== "object" || other === null) return [];
    const { start, start_ms, length_min } = other as Record<string, unknown>;
    const at = typeof start_ms === "number" ? new Date(start_ms).toISOString() : start;
    return typeof at === "string" && typeof length_min === "number" ? [{ start: at, length_min }] : [];
  });
}
