import { press, stillFree } from "@/core/choice";
import { HOUR, MINUTE } from "@/core/zones";

const now = Date.parse("2026-11-24T08:48:00Z");
const T = Date.parse("2026-11-24T10:00:00Z");
const own = [{ start: T + 2 * HOUR, end: T + 2 * HOUR + 50 * MINUTE }];

describe("pressing a start", () => {
  test("chooses it, and pressing again lets it go", () => {
    const once = press([], { start: T, length: 50 }, own, now);
    expect(once).toEqual({ said: "chosen", picks: [{ start: T, length: 50 }] });
    if (!("picks" in once)) throw new Error("not chosen");
    expect(press(once.picks, { start: T, length: 50 }, own, now)).toEqual({
      said: "let_go",
      picks: [],
    });
  });

  test("inside a chosen session moves that session there", () => {
    const picks = [{ start: T, length: 50 }];
    expect(press(picks, { start: T + 15 * MINUTE, length: 50 }, own, now)).toEqual({
      said: "moved",
      picks: [{ start: T + 15 * MINUTE, length: 50 }],
    });
  });

  test("refuses what would lie across an own session, and names it", () => {
    expect(press([], { start: T + 90 * MINUTE, length: 50 }, own, now)).toEqual({
      said: "overlap",
      with: own[0],
    });
    expect(press([], { start: T + 60 * MINUTE, length: 50 }, own, now).said).toBe("chosen");
  });

  test("refuses the past", () => {
    expect(press([], { start: now - MINUTE, length: 50 }, own, now)).toEqual({ said: "past" });
  });

  test("keeps the choices in order of time", () => {
    const picks = [{ start: T + 4 * HOUR, length: 25 }];
    const pressed = press(picks, { start: T, length: 50 }, own, now);
    expect("picks" in pressed && pressed.picks.map((p) => p.start)).toEqual([T, T + 4 * HOUR]);
  });
});

test("choices that have passed or are taken now are let go", () => {
  const picks = [
    { start: now - MINUTE, length: 50 },
    { start: T, length: 50 },
    { start: T + 2 * HOUR, length: 25 },
  ];
  expect(stillFree(picks, own, now)).toEqual([{ start: T, length: 50 }]);
});
