import { layOut, moved, nextWaiting, rowAt, rowsOver, shownRows, spotOf } from "@/core/week";
import { HOUR, instantsOf, MINUTE, weekOf } from "@/core/zones";

const berlin = "Europe/Berlin";
const usual = layOut(berlin, weekOf("2026-11-24"), 15);
const autumn = layOut(berlin, weekOf("2026-10-25"), 15);
const spring = layOut(berlin, weekOf("2026-03-29"), 15);
const at = (day: string, minute: number) => instantsOf(berlin, day, minute)[0] ?? NaN;

describe("a week", () => {
  test("has 96 quarters and seven days", () => {
    expect(usual.rows).toHaveLength(96);
    expect(usual.columns.map(({ cells }) => cells.length)).toEqual(Array(7).fill(96));
  });

  test("places a session by its start and its length", () => {
    const tuesday = usual.columns[1];
    if (!tuesday) throw new Error("no Tuesday");
    const start = at("2026-11-24", 600);
    expect(rowAt(usual, tuesday, start)).toBe(40);
    expect(rowsOver(usual, tuesday, start, start + 50 * MINUTE)).toBeCloseTo(50 / 15, 3);
    expect(spotOf(usual, start + 20 * MINUTE)).toEqual({ column: 1, row: 41 });
  });

  test("cuts a session at midnight", () => {
    const tuesday = usual.columns[1];
    if (!tuesday) throw new Error("no Tuesday");
    const late = at("2026-11-24", 23 * 60 + 30);
    expect(rowsOver(usual, tuesday, late, late + 50 * MINUTE)).toBeCloseTo(2, 3);
  });

  test("shows the doubled hour twice, in that day only", () => {
    expect(autumn.rows).toHaveLength(100);
    const again = autumn.rows.filter((row) => row.again).map((row) => row.minute);
    expect(again).toEqual([120, 135, 150, 165]);
    const [saturday, sunday] = autumn.columns.slice(5);
    const second = autumn.rows.findIndex((row) => row.again);
    expect(saturday?.cells[second]).toBeNull();
    expect(sunday?.cells[second]).toBe(Date.parse("2026-10-25T01:00:00Z"));
    expect(autumn.rows[second - 1]?.minute).toBe(165);
  });

  test("leaves the skipped hour without instants", () => {
    const sunday = spring.columns[6];
    expect(spring.rows).toHaveLength(96);
    expect(sunday?.cells.slice(8, 12)).toEqual([null, null, null, null]);
    expect(sunday?.cells[12]).toBe(Date.parse("2026-03-29T01:00:00Z"));
  });

  test("doubles half an hour where the clocks change by half an hour", () => {
    const week = layOut("Australia/Lord_Howe", weekOf("2026-04-05"), 15);
    expect(week.rows.filter((row) => row.again).map((row) => row.minute)).toEqual([90, 105]);
    expect(week.columns[6]?.cells.filter((cell) => cell !== null)).toHaveLength(98);
  });
});

describe("a coarser grid", () => {
  test("has a row for each start, hours or half hours", () => {
    expect(layOut(berlin, weekOf("2026-11-24"), 60).rows).toHaveLength(24);
    expect(layOut(berlin, weekOf("2026-11-24"), 30).rows).toHaveLength(48);
  });

  test("begins at half past where the zone is half an hour off", () => {
    const india = layOut("Asia/Kolkata", weekOf("2026-11-24"), 60);
    expect(india.rows.slice(0, 2).map(({ minute }) => minute)).toEqual([30, 90]);
    const tuesday = india.columns[1];
    if (!tuesday) throw new Error("no Tuesday");
    expect(rowAt(india, tuesday, tuesday.from + 10 * MINUTE)).toBe(0);
    expect(tuesday.cells.every((cell) => cell !== null && cell % HOUR === 0)).toBe(true);
  });
});

describe("folding", () => {
  test("shows the member's hours", () => {
    expect(shownRows(usual, { start: 8, end: 22 }, [])).toEqual({ from: 32, to: 88 });
    expect(shownRows(usual, { start: 0, end: 24 }, [])).toEqual({ from: 0, to: 96 });
  });

  test("never folds an own session away", () => {
    const early = at("2026-11-26", 6 * 60 + 45);
    const late = at("2026-11-26", 23 * 60 + 30);
    expect(
      shownRows(usual, { start: 8, end: 22 }, [
        { start: early, end: early + 25 * MINUTE },
        { start: late, end: late + HOUR },
      ]),
    ).toEqual({ from: 24, to: 96 });
  });

  test("shows all hours to somebody whose day goes round midnight", () => {
    expect(shownRows(usual, { start: 20, end: 6 }, [])).toEqual({ from: 0, to: 96 });
  });
});

describe("moving about", () => {
  const shown = { from: 32, to: 88 };

  test("stays inside the days and the shown hours", () => {
    expect(moved(usual, shown, { column: 0, row: 32 }, -1, -1)).toEqual({ column: 0, row: 32 });
    expect(moved(usual, shown, { column: 6, row: 80 }, 40, 1)).toEqual({ column: 6, row: 87 });
    expect(moved(usual, shown, { column: 3, row: 40 }, 4, 0)).toEqual({ column: 3, row: 44 });
  });

  test("finds the next start where somebody waits, and begins again at the end", () => {
    expect(nextWaiting([50, 10, 30], 30)).toBe(50);
    expect(nextWaiting([50, 10, 30], 50)).toBe(10);
    expect(nextWaiting([], 0)).toBeNull();
  });
});
