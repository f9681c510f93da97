/** Single-key shortcuts: which press means which action. */

export interface Press {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** Keys asleep: with a modifier that belongs to the browser, or while text is typed. */
export const isBare = ({ ctrlKey, metaKey, altKey }: Press): boolean =>
  !ctrlKey && !metaKey && !altKey;

export type Anywhere = "help" | "undo" | "next" | "go";

const ANYWHERE: Readonly<Record<string, Anywhere>> = { "?": "help", z: "undo", n: "next", g: "go" };

export const anywhere = (key: string): Anywhere | null => ANYWHERE[key.toLowerCase()] ?? null;

const GO: Readonly<Record<string, string>> = {
  c: "/",
  s: "/sessions",
  p: "/people",
  m: "/messages",
  y: "/you",
};

/** What a single key does in the room. */
export type RoomKey =
  | "mic"
  | "camera"
  | "break"
  | "focus"
  | "task"
  | "chat"
  | "tick"
  | "small"
  | "blur"
  | "screen"
  | "time"
  | "leave"
  | "help";

/** In the order they are listed. */
export const ROOM_KEYS: readonly (readonly [key: string, does: RoomKey])[] = [
  ["M", "mic"],
  ["V", "camera"],
  ["B", "break"],
  ["F", "focus"],
  ["P", "small"],
  ["T", "task"],
  ["C", "chat"],
  ["X", "tick"],
  ["U", "blur"],
  ["S", "screen"],
  ["H", "time"],
  ["L", "leave"],
  ["?", "help"],
];

const ROOM: ReadonlyMap<string, RoomKey> = new Map(ROOM_KEYS.map(([key, does]) => [key.toLowerCase(), does]));

export const roomKey = (key: string): RoomKey | null => ROOM.get(key.toLowerCase()) ?? null;

/** The one key that comes with a modifier: find and do. */
export const isFind = ({ key, ctrlKey, metaKey, altKey }: Press): boolean =>
  key.toLowerCase() === "k" && ctrlKey !== metaKey && !altKey;

/** What a key does in a list of rows. */
export type RowKey = "next" | "previous" | "open" | "enter";

const ROWS: Readonly<Record<string, RowKey>> = { j: "next", k: "previous", enter: "open", e: "enter" };

export const rowKey = (key: string): RowKey | null => ROWS[key.toLowerCase()] ?? null;

/** Where the second key after `G` leads. */
export const goal = (key: string): string | null => GO[key.toLowerCase()] ?? null;

/** What a key does in a list of rows. */
export type ListKey = "next" | "previous" | "search" | "favourite";

const LIST: Readonly<Record<string, ListKey>> = {
  j: "next",
  k: "previous",
  "/": "search",
  s: "favourite",
};

export const listKey = (key: string): ListKey | null => LIST[key.toLowerCase()] ?? null;

/** How far a key of the grid moves: rows in hours or cells, columns in days. */
export type GridKey =
  | { readonly move: "cell" | "hour"; readonly rows: number; readonly columns: number }
  | { readonly move: "edge"; readonly to: "first" | "last" }
  | { readonly week: number }
  | { readonly act: "now" | "press" | "book" | "day" | "week" | "find" | "waits" }
  | { readonly length: number };

const cell = (rows: number, columns: number): GridKey => ({ move: "cell", rows, columns });

const GRID: Readonly<Record<string, GridKey>> = {
  ArrowUp: cell(-1, 0),
  ArrowDown: cell(1, 0),
  Home: { move: "edge", to: "first" },
  End: { move: "edge", to: "last" },
  PageUp: { move: "hour", rows: -1, columns: 0 },
  PageDown: { move: "hour", rows: 1, columns: 0 },
  " ": { act: "press" },
  Enter: { act: "press" },
};

const LETTERS: Readonly<Record<string, GridKey>> = {
  t: { act: "now" },
  b: { act: "book" },
  d: { act: "day" },
  w: { act: "week" },
  f: { act: "find" },
  l: { act: "waits" },
  "[": { week: -1 },
  "]": { week: 1 },
  "1": { length: 0 },
  "2": { length: 1 },
  "3": { length: 2 },
};

/** What a key does in the grid; letters only while single-key shortcuts are on. */
export function gridKey(key: string, shift: boolean, letters: boolean, rtl = false): GridKey | null {
  const ahead = rtl ? -1 : 1;
  if (key === "ArrowRight") return cell(0, ahead);
  if (key === "ArrowLeft") return cell(0, -ahead);
  if (shift && (key === "PageUp" || key === "PageDown")) return { week: key === "PageUp" ? -1 : 1 };
  return GRID[key] ?? (letters ? (LETTERS[key.toLowerCase()] ?? null) : null);
}
