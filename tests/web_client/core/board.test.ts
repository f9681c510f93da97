import { boardRows, rowEdge, shapeOf } from "@/core/board";
import { HOUR, MINUTE } from "@/core/zones";

const T = Date.parse("2026-11-24T09:00:00Z");

describe("a board", () => {
  test("has an hour of four quarters in a row, and five minutes when a start comes each minute", () => {
    expect(shapeOf(15)).toEqual({ step: 15, row: 60 });
    expect(shapeOf(30)).toEqual({ step: 30, row: 60 });
    expect(shapeOf(10)).toEqual({ step: 10, row: 60 });
    expect(shapeOf(5)).toEqual({ step: 5, row: 30 });
    expect(shapeOf(1)).toEqual({ step: 1, row: 5 });
  });

  test("puts an own session in the place of the quarters it covers", () => {
    const session = { id: "b1", start: T + 30 * MINUTE, end: T + 80 * MINUTE };
    const [first, second] = boardRows(shapeOf(15), T, T + 2 * HOUR, [session]);
    expect(first?.pieces).toEqual([
      { kind: "start", at: T },
      { kind: "start", at: T + 15 * MINUTE },
      { kind: "own", at: T + 30 * MINUTE, cells: 2, id: "b1" },
    ]);
    expect(second?.pieces).toEqual([
      { kind: "rest", at: T + 60 * MINUTE, cells: 2, id: "b1" },
      { kind: "start", at: T + 90 * MINUTE },
      { kind: "start", at: T + 105 * MINUTE },
    ]);
  });

  test("keeps two sessions that touch apart", () => {
    const spans = [
      { id: "b1", start: T, end: T + 25 * MINUTE },
      { id: "b2", start: T + 30 * MINUTE, end: T + 55 * MINUTE },
    ];
    const [row] = boardRows(shapeOf(15), T, T + HOUR, spans);
    expect(row?.pieces.map((p) => [p.kind, "id" in p ? p.id : ""])).toEqual([
      ["own", "b1"],
      ["own", "b2"],
    ]);
  });

  test("shows three minutes across the edge of a row of five", () => {
    const rows = boardRows(shapeOf(1), T, T + 10 * MINUTE, [
      { id: "b1", start: T + 4 * MINUTE, end: T + 7 * MINUTE },
    ]);
    expect(rows[0]?.pieces.at(-1)).toEqual({ kind: "own", at: T + 4 * MINUTE, cells: 1, id: "b1" });
    expect(rows[1]?.pieces[0]).toEqual({ kind: "rest", at: T + 5 * MINUTE, cells: 2, id: "b1" });
  });

  test("knows the row an instant lies in", () => {
    expect(rowEdge(shapeOf(15), T, T + 100 * MINUTE)).toBe(T + HOUR);
  });
});
