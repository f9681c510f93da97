import { lanesOf, presence, shareOf } from "@/core/lanes";
import { amountOf, measured } from "@/core/limits";
import { type Flag, instant, type Rules, type Seen } from "@/core/model";
import { MINUTE } from "@/core/zones";

const T = Date.parse("2026-11-24T09:00:00Z");
const E = T + 50 * MINUTE;
const rules = { doors_open_ms: 10 * MINUTE, doors_close_ms: 5 * MINUTE, camera_repair_ms: 5 * MINUTE } as Rules;

const seen = (who: Seen["who"], what: string, at: number, closed = false): Seen => ({
  who,
  seen: what,
  at: instant(at),
  minutes: 0,
  closed,
  cause: "",
});

const flag = (fault: Flag["fault"], limit_ms: number, timeline: readonly Seen[] = []): Flag => ({
  pair: "p1",
  booking: "b1",
  fault,
  at: instant(T),
  measured_ms: 0,
  limit_ms,
  start: instant(T),
  length_min: 50,
  announced: false,
  timeline,
});

test("a page that was closed is no lost connection: nobody is there", () => {
  const steps = [seen("you", "join", T), seen("you", "drop", T + 10 * MINUTE, true)];
  const { you } = lanesOf(flag("early_leave", 2 * MINUTE, steps), rules);
  expect(you).toEqual([{ kind: "here", from: T, to: T + 10 * MINUTE }]);
});

test("a camera that broke is shown as a fault until it is off by choice", () => {
  const steps: Seen[] = [
    seen("you", "join", T),
    { ...seen("you", "camera_off", T + MINUTE), cause: "unplugged" },
    seen("you", "camera_off", T + 5 * MINUTE),
    seen("you", "camera_on", T + 9 * MINUTE),
  ];
  const { you } = lanesOf(flag("camera_off", 2 * MINUTE, steps), rules);
  expect(you.map((bar) => bar.kind)).toEqual(["here", "fault", "unseen", "here"]);
});

test("of what broke only so much is a fault as is not counted, once a session and from its start", () => {
  const broken = (at: number): Seen => ({ ...seen("you", "camera_off", at), cause: "busy" });
  const steps = [
    broken(T - MINUTE),
    seen("you", "camera_on", T + 3 * MINUTE),
    broken(T + 10 * MINUTE),
    seen("you", "camera_on", T + 14 * MINUTE),
    broken(T + 20 * MINUTE),
    seen("you", "leave", T + 21 * MINUTE),
  ];
  const { you } = lanesOf(flag("camera_off", 2 * MINUTE, steps), rules);
  expect(you).toEqual([
    { kind: "fault", from: T - MINUTE, to: T + 3 * MINUTE },
    { kind: "here", from: T + 3 * MINUTE, to: T + 10 * MINUTE },
    { kind: "fault", from: T + 10 * MINUTE, to: T + 12 * MINUTE },
    { kind: "unseen", from: T + 12 * MINUTE, to: T + 14 * MINUTE },
    { kind: "here", from: T + 14 * MINUTE, to: T + 20 * MINUTE },
    { kind: "unseen", from: T + 20 * MINUTE, to: T + 21 * MINUTE },
  ]);
});

describe("two lanes", () => {
  const lanes = lanesOf(
    flag("late", 2 * MINUTE, [
      seen("partner", "join", T - MINUTE),
      seen("you", "join", T + 3 * MINUTE),
      seen("you", "drop", T + 10 * MINUTE),
      seen("you", "rejoin", T + 11 * MINUTE),
      seen("partner", "break", T + 20 * MINUTE),
      seen("partner", "back", T + 24 * MINUTE),
      seen("you", "leave", E + MINUTE),
    ]),
    rules,
  );

  test("show presence, lost connections and breaks, each until the next change", () => {
    expect(lanes.you).toEqual([
      { kind: "here", from: T + 3 * MINUTE, to: T + 10 * MINUTE },
      { kind: "cut", from: T + 10 * MINUTE, to: T + 11 * MINUTE },
      { kind: "here", from: T + 11 * MINUTE, to: E },
    ]);
    expect(lanes.partner.map(({ kind }) => kind)).toEqual(["here", "break", "here"]);
    expect(presence(lanes.you)).toEqual({ from: T + 3 * MINUTE, to: E });
    expect(presence([])).toBeNull();
  });

  test("run from doors open to doors closed", () => {
    expect(shareOf(lanes, T - 10 * MINUTE)).toBe(0);
    expect(shareOf(lanes, E + 5 * MINUTE)).toBe(1);
    expect(shareOf(lanes, T)).toBeCloseTo(10 / 65);
    expect(shareOf(lanes, T - 60 * MINUTE)).toBe(0);
  });

  test("mark the rule's moment where the rule is about a moment", () => {
    expect(lanes.mark).toBe(T + 2 * MINUTE);
    expect(lanesOf(flag("early_leave", 2 * MINUTE), rules).mark).toBe(E - 2 * MINUTE);
    expect(lanesOf(flag("camera_off", 2 * MINUTE), rules).mark).toBeNull();
  });
});

test("limits are told in whole minutes where they are whole", () => {
  expect(amountOf(120_000)).toEqual({ unit: "minutes", n: 2 });
  expect(amountOf(90_000)).toEqual({ unit: "seconds", n: 90 });
  expect(amountOf(30_000)).toEqual({ unit: "seconds", n: 30 });
});

test("what was measured is told in minutes and seconds", () => {
  expect(measured(192_000)).toEqual([
    { unit: "minutes", n: 3 },
    { unit: "seconds", n: 12 },
  ]);
  expect(measured(120_000)).toEqual([{ unit: "minutes", n: 2 }]);
  expect(measured(0)).toEqual([{ unit: "seconds", n: 0 }]);
});

test("what both agreed to is no missing picture, and no absence", () => {
  const steps = [
    seen("you", "join", T),
    seen("you", "off_agreed", T + 5 * MINUTE),
    seen("you", "camera_off", T + 6 * MINUTE),
    seen("you", "off_over", T + 20 * MINUTE),
    seen("you", "camera_on", T + 30 * MINUTE),
  ];
  const { you } = lanesOf(flag("camera_off", 2 * MINUTE, steps), rules);
  expect(you).toEqual([
    { kind: "here", from: T, to: T + 6 * MINUTE },
    { kind: "here", from: T + 6 * MINUTE, to: T + 20 * MINUTE },
    { kind: "unseen", from: T + 20 * MINUTE, to: T + 30 * MINUTE },
    { kind: "here", from: T + 30 * MINUTE, to: E },
  ]);
});
