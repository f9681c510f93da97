import { describe, expect, it } from "vitest";

import { acceptable, chat, current, EMPTY, fromText, have, merge, missing, ownTasks, tasks, toText, type Desk } from "@/core/desk";
import { entryOf, type Entry } from "@/core/wire";

const LIMITS = { chat: 2_000, task: 500 };

/** A small seeded generator, so that a failing case can be run again. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const out = [...items];
  for (let index = out.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    [out[index], out[other]] = [out[other] as T, out[index] as T];
  }
  return out;
}

/** Half a session's worth of entries, some of which claim an id that is taken. */
function story(random: () => number): Entry[] {
  const entries: Entry[] = [];
  for (let n = 0; n < 40; n += 1) {
    const by = random() < 0.5 ? "m_ana" : "m_ben";
    const ref = entries.length > 0 ? (entries[Math.floor(random() * entries.length)] as Entry).id : "";
    const kind = (["chat", "task", "tick", "drop"] as const)[Math.floor(random() * 4)] ?? "chat";
    const id = random() < 0.1 && entries.length > 0 ? (entries[0] as Entry).id : `e${n}`;
    entries.push(entryOf({ id, kind, by, at_ms: 1 + Math.floor(random() * 10), text: `${n}`, ref, done: random() < 0.5 }));
  }
  return entries;
}

const shown = (desk: Desk) => [chat(desk), tasks(desk, "m_ana"), tasks(desk, "m_ben")];

describe("the replicated log", () => {
  it("comes to the same state in any order, with duplicates, in any portions", () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const random = seeded(seed);
      const entries = story(random);
      const straight = merge(EMPTY, entries);
      const twice = shuffled([...entries, ...shuffled(entries, random).slice(0, 20)], random);
      const cut = Math.floor(random() * twice.length);
      const portions = merge(merge(EMPTY, twice.slice(cut)), twice.slice(0, cut));
      expect(shown(portions), `seed ${seed}`).toEqual(shown(straight));
    }
  });

  it("heals two pages that each missed a part, by one exchange of ids", () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const random = seeded(seed);
      const entries = story(random).map((entry, n) => ({ ...entry, id: `e${n}` }));
      const ana = merge(EMPTY, entries.filter(() => random() < 0.6));
      const ben = merge(EMPTY, entries.filter(() => random() < 0.6));
      const anaAfter = merge(ana, missing(ben, have(ana)));
      const benAfter = merge(ben, missing(ana, have(ben)));
      expect(shown(anaAfter)).toEqual(shown(benAfter));
    }
  });

  it("goes to another partner without a word of the former one, or to them", () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const desk = merge(EMPTY, story(seeded(seed)));
      const along = ownTasks(desk, "m_ana");
      expect(tasks(along, "m_ana")).toEqual(tasks(desk, "m_ana"));
      expect([...along.entries.values()].every(({ by, kind }) => by === "m_ana" && kind !== "chat")).toBe(true);
    }
  });

  it("is the same object when nothing was new", () => {
    const desk = merge(EMPTY, [entryOf({ id: "a", kind: "chat", by: "m_ana", at_ms: 1, text: "hi" })]);
    expect(merge(desk, [...desk.entries.values()])).toBe(desk);
  });

  it("takes the latest tick of a task, and the larger id when two are of one moment", () => {
    const task = entryOf({ id: "t", kind: "task", by: "m_ana", at_ms: 1, text: "Thesis" });
    const tick = (id: string, at_ms: number, done: boolean) => entryOf({ id, kind: "tick", by: "m_ana", at_ms, ref: "t", done });
    expect(tasks(merge(EMPTY, [tick("x", 3, false), tick("w", 2, true), task]), "m_ana")[0]?.done).toBe(false);
    expect(tasks(merge(EMPTY, [tick("b", 2, true), tick("a", 2, false), task]), "m_ana")[0]?.done).toBe(true);
  });

  it("lets nobody tick or drop the task of another", () => {
    const task = entryOf({ id: "t", kind: "task", by: "m_ana", at_ms: 1, text: "Thesis" });
    const drop = entryOf({ id: "d", kind: "drop", by: "m_ben", at_ms: 2, ref: "t" });
    expect(tasks(merge(EMPTY, [task, drop]), "m_ana")).toHaveLength(1);
  });

  it("names the first task that is not done as the task of the moment", () => {
    const list = [
      { id: "1", by: "m", text: "one", done: true },
      { id: "2", by: "m", text: "two", done: false },
    ];
    expect(current(list)?.text).toBe("two");
    expect(current([])).toBeNull();
  });

  it("refuses strangers, endless lines and empty ids", () => {
    const line = entryOf({ id: "a", kind: "chat", by: "m_ben", at_ms: 1, text: "hi" });
    const authors = new Set(["m_ben"]);
    expect(acceptable(line, authors, LIMITS)).toBe(true);
    expect(acceptable({ ...line, by: "m_eve" }, authors, LIMITS)).toBe(false);
    expect(acceptable({ ...line, id: "" }, authors, LIMITS)).toBe(false);
    expect(acceptable({ ...line, text: "x".repeat(2_001) }, authors, LIMITS)).toBe(false);
    expect(acceptable({ ...line, kind: "task", text: "x".repeat(501) }, authors, LIMITS)).toBe(false);
  });

  it("survives this browser's memory, and shrugs at a spoilt one", () => {
    const desk = merge(EMPTY, story(seeded(7)));
    const kept = fromText(toText(desk, 5));
    expect(kept?.kept_ms).toBe(5);
    expect(shown(merge(EMPTY, kept?.entries ?? []))).toEqual(shown(desk));
    expect(fromText("{")).toBeNull();
    expect(fromText('{"kept_ms":1,"entries":[{"id":1}]}')?.entries).toEqual([]);
  });
});
