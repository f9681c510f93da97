import type { Relation, Time } from "@/core/model";
import { askers, byDay, firstTab, lengthsOf, matches, rowsOf, sameTime, timesIn } from "@/core/people";

const person = (name: string, more: Partial<Relation> = {}): Relation => ({
  id: `m_${name}`,
  name,
  zone: "Europe/Berlin",
  sessions: 3,
  together: 0,
  last: null,
  favourite: false,
  friendship: "none",
  snoozed: false,
  snoozed_until: null,
  blocked: false,
  newcomer: false,
  free: [],
  ...more,
});

const names = (rows: readonly Relation[]) => rows.map(({ name }) => name);

const ANA = person("Ana", { favourite: true, together: 2, last: "2026-11-20T09:00:00Z" });
const BEN = person("Ben", { friendship: "asking", together: 1, last: "2026-11-22T09:00:00Z" });
const CHI = person("Chi");
const DOV = person("Dov", { favourite: true, blocked: true });
const EVA = person("Eva", { friendship: "friends", snoozed: true, together: 4 });

describe("tabs of people", () => {
  const all = [EVA, CHI, BEN, ANA, DOV];

  test("hold who belongs there, hidden ones in their own only", () => {
    expect(names(rowsOf(all, "favourites"))).toEqual(["Ana"]);
    expect(names(rowsOf(all, "friends"))).toEqual(["Ben"]);
    expect(names(rowsOf(all, "hidden"))).toEqual(["Dov", "Eva"]);
  });

  test("count a coming partner as met, and put the last one met first", () => {
    expect(names(rowsOf(all, "met"))).toEqual(["Chi", "Ben", "Ana"]);
  });

  test("lose nobody: each stands in one at least", () => {
    const shown = (["favourites", "friends", "met", "hidden"] as const).flatMap((tab) => rowsOf(all, tab));
    expect(new Set(names(shown)).size).toBe(all.length);
  });

  test("begin with the first that is not empty", () => {
    expect(firstTab(all)).toBe("favourites");
    expect(firstTab([CHI])).toBe("met");
    expect(firstTab([DOV])).toBe("favourites");
  });

  test("name who asks to be friends, unless kept away", () => {
    expect(names(askers([...all, person("Flo", { friendship: "asking", snoozed: true })]))).toEqual(["Ben"]);
  });
});

test("a search finds parts of names, whatever their accents and case", () => {
  expect(matches("Bartholomäus Wolkenstein", "LOMAU")).toBe(true);
  expect(matches("يارا", "يا")).toBe(true);
  expect(matches("Ana", " ")).toBe(true);
  expect(matches("Ana", "bo")).toBe(false);
});

describe("free times", () => {
  const at = (start: string, length_min = 50): Time => ({ start, length_min });

  test("stand under the days of the viewer's zone, in order", () => {
    const times = [at("2026-11-24T23:30:00Z"), at("2026-11-24T09:00:00Z"), at("2026-11-25T08:00:00Z")];
    expect(byDay(times, "Asia/Kathmandu").map(([day, some]) => [day, some.length])).toEqual([
      ["2026-11-24", 1],
      ["2026-11-25", 2],
    ]);
    expect(byDay(times, "UTC").map(([day, some]) => [day, some.length])).toEqual([
      ["2026-11-24", 2],
      ["2026-11-25", 1],
    ]);
  });

  test("know their lengths, and when two are the same", () => {
    expect(lengthsOf([at("2026-11-24T09:00:00Z", 75), at("2026-11-24T10:00:00Z", 25)])).toEqual([25, 75]);
    expect(sameTime(at("2026-11-24T09:00:00Z"), at("2026-11-24T09:00:00.000Z"))).toBe(true);
    expect(sameTime(at("2026-11-24T09:00:00Z"), at("2026-11-24T09:00:00Z", 25))).toBe(false);
  });

  test("are read out of a refusal, and nothing else is", () => {
    const others = [{ start: "2026-11-24T09:00:00Z", length_min: 50 }, { start: 5 }, null];
    expect(timesIn({ others })).toEqual([at("2026-11-24T09:00:00Z")]);
    expect(timesIn({ others: [{ start_ms: 0, length_min: 25 }] })).toEqual([at("1970-01-01T00:00:00.000Z", 25)]);
    expect(timesIn({})).toEqual([]);
  });
});
