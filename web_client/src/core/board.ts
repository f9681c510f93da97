/**
 * The departure board of a day: rows of starts to press, an own session in the place of the starts it
 * covers. With the usual grid a row is an hour of four quarters; with a finer one it is shorter.
 */
import { MINUTE } from "@/core/zones";

export interface Shape {
  /** Minutes between starts, and minutes a row holds. */
  readonly step: number;
  readonly row: number;
}

const ROWS = [5, 10, 15, 20, 30, 60, 120, 240];

/** How a grid of so many minutes lies on a board: at most six starts a row, hours if they fit. */
export function shapeOf(step: number): Shape {
  const fitting = ROWS.filter((row) => row % step === 0 && row / step <= 6);
  const row = step >= 10 && fitting.includes(60) ? 60 : (fitting.at(-1) ?? step);
  return { step, row };
}

export interface Span {
  readonly id: string;
  readonly start: number;
  readonly end: number;
}

export type Piece =
  | { readonly kind: "start"; readonly at: number }
  | { readonly kind: "own"; readonly at: number; readonly cells: number; readonly id: string }
  | { readonly kind: "rest"; readonly at: number; readonly cells: number; readonly id: string };

export interface BoardRow {
  readonly from: number;
  readonly pieces: readonly Piece[];
}

function pieceAt(at: number, step: number, spans: readonly Span[]): Piece {
  const over = spans.find((span) => span.start < at + step && at < span.end);
  if (!over) return { kind: "start", at };
  const begins = at <= over.start && over.start < at + step;
  return { kind: begins ? "own" : "rest", at, cells: 1, id: over.id };
}

/** Put a piece beside the ones before it; further cells of the same session widen it. */
function join(pieces: readonly Piece[], next: Piece): readonly Piece[] {
  const last = pieces.at(-1);
  if (next.kind !== "rest" || !last || last.kind === "start" || last.id !== next.id)
    return [...pieces, next];
  return [...pieces.slice(0, -1), { ...last, cells: last.cells + 1 }];
}

/** The rows from one instant to another; both lie on the edge of a row. */
export function boardRows(
  shape: Shape,
  from: number,
  to: number,
  spans: readonly Span[],
): readonly BoardRow[] {
  const step = shape.step * MINUTE;
  const rows: BoardRow[] = [];
  for (let start = from; start < to; start += shape.row * MINUTE) {
    let pieces: readonly Piece[] = [];
    const end = Math.min(to, start + shape.row * MINUTE);
    for (let at = start; at < end; at += step) pieces = join(pieces, pieceAt(at, step, spans));
    rows.push({ from: start, pieces });
  }
  return rows;
}

/** The edge of the row an instant lies in, given where rows begin. */
export const rowEdge = (shape: Shape, origin: number, at: number): number => {
  const length = shape.row * MINUTE;
  return origin + Math.floor((at - origin) / length) * length;
};
