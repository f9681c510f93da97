/**
 * What the two of a pair share: chat lines and tasks, as one replicated log.
 *
 * A log is a set of entries by id. Sets merge in any order and any number of times to the same
 * result, so the channel between the pages, the hub and this browser's own memory may all bring
 * entries without agreeing on anything. What is shown is derived from the set each time.
 */

import type { Entry } from "./wire.js";

/** More than this in one session is not people working. Further entries are left out. */
export const ENTRIES_MAX = 3_000;
const ID_MAX = 64;
/** Room for the ids in one `have` message, in bytes. */
const HAVE_MAX = 60_000;

export interface Desk {
  readonly entries: ReadonlyMap<string, Entry>;
}

export interface Line {
  readonly id: string;
  readonly by: string;
  readonly at_ms: number;
  readonly text: string;
}

export interface Task {
  readonly id: string;
  readonly by: string;
  readonly text: string;
  readonly done: boolean;
}

export interface Limits {
  readonly chat: number;
  readonly task: number;
}

export const EMPTY: Desk = { entries: new Map() };

/** The union of a log and more entries; the same object when nothing is new. */
export function merge(desk: Desk, incoming: Iterable<Entry>): Desk {
  let entries: Map<string, Entry> | null = null;
  for (const entry of incoming) {
    const known = (entries ?? desk.entries).get(entry.id);
    if (known !== undefined && weight(known) <= weight(entry)) continue;
    if (known === undefined && (entries ?? desk.entries).size >= ENTRIES_MAX) continue;
    entries ??= new Map(desk.entries);
    entries.set(entry.id, entry);
  }
  return entries === null ? desk : { entries };
}

/** Orders two entries that claim one id, so that every page keeps the same one. */
function weight(entry: Entry): string {
  return JSON.stringify([entry.at_ms, entry.kind, entry.by, entry.text, entry.ref, entry.done]);
}

/** Whether an entry is sane enough to keep; a partner's page may send anything. */
export function acceptable(entry: Entry, authors: ReadonlySet<string>, limits: Limits): boolean {
  const longest = entry.kind === "chat" ? limits.chat : limits.task;
  return (
    authors.has(entry.by) &&
    entry.id.length > 0 &&
    entry.id.length <= ID_MAX &&
    entry.ref.length <= ID_MAX &&
    entry.at_ms > 0 &&
    [...entry.text].length <= longest
  );
}

/** The newest ids of a log, as many as one message carries. */
export function have(desk: Desk): string[] {
  const ids: string[] = [];
  let room = HAVE_MAX;
  for (const entry of inOrder(desk).reverse()) {
    room -= entry.id.length + 3;
    if (room < 0) break;
    ids.push(entry.id);
  }
  return ids;
}

/** What the other side lacks, given the ids it has. */
export function missing(desk: Desk, theirs: Iterable<string>): Entry[] {
  const known = new Set(theirs);
  return inOrder(desk).filter((entry) => !known.has(entry.id));
}

/** What a member takes along to another partner: the own tasks, and nothing that was said. */
export function ownTasks(desk: Desk, member: string): Desk {
  return { entries: new Map([...desk.entries].filter(([, { by, kind }]) => by === member && kind !== "chat")) };
}

/** All entries by time, then id. */
export function inOrder(desk: Desk): Entry[] {
  return [...desk.entries.values()].sort(byTime);
}

function byTime(a: Entry, b: Entry): number {
  return a.at_ms - b.at_ms || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** The conversation, oldest first. */
export function chat(desk: Desk): Line[] {
  return inOrder(desk).filter((entry) => entry.kind === "chat");
}

/** A member's tasks, oldest first; the latest tick of each counts, and a dropped one is gone. */
export function tasks(desk: Desk, member: string): Task[] {
  const own = inOrder(desk).filter((entry) => entry.by === member);
  const dropped = new Set<string>();
  const done = new Map<string, boolean>();
  for (const entry of own) {
    if (entry.kind === "drop") dropped.add(entry.ref);
    if (entry.kind === "tick") done.set(entry.ref, entry.done);
  }
  return own
    .filter((entry) => entry.kind === "task" && !dropped.has(entry.id))
    .map(({ id, by, text }) => ({ id, by, text, done: done.get(id) ?? false }));
}

/** The task of the moment: the first that is not done. */
export function current(list: readonly Task[]): Task | null {
  return list.find((task) => !task.done) ?? null;
}

/** A log as text for this browser's memory, and back. Anything unreadable is an empty log. */
export function toText(desk: Desk, now_ms: number): string {
  return JSON.stringify({ kept_ms: now_ms, entries: inOrder(desk) });
}

export interface Kept {
  readonly kept_ms: number;
  readonly entries: readonly Entry[];
}

export function fromText(text: string | null): Kept | null {
  if (text === null) return null;
  try {
    const kept = JSON.parse(text) as Partial<Kept>;
    if (typeof kept.kept_ms !== "number" || !Array.isArray(kept.entries)) return null;
    return { kept_ms: kept.kept_ms, entries: kept.entries.filter(isEntry) };
  } catch {
    return null;
  }
}

function isEntry(value: unknown): value is Entry {
  const entry = value as Partial<Entry> | null;
  return (
    typeof entry?.id === "string" &&
    typeof entry.kind === "string" &&
    typeof entry.by === "string" &&
    typeof entry.at_ms === "number" &&
    typeof entry.text === "string" &&
    typeof entry.ref === "string" &&
    typeof entry.done === "boolean"
  );
}
