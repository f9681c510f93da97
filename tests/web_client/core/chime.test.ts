import { describe, expect, it } from "vitest";

import { ahead, mustReschedule, SOUNDS, type Chime } from "@/core/chime";

const ALL: ReadonlySet<Chime> = new Set(["begin", "soon", "end"]);
const COURSE = { start_ms: 600_000, end_ms: 3_600_000, break_until_ms: 0 };

describe("the chimes of a session", () => {
  it("sound a minute before the start, at the start, a minute before the end and at the end", () => {
    expect(ahead(COURSE, 0, ALL).map((due) => [due.chime, due.at_ms])).toEqual([
      ["soon", 540_000],
      ["begin", 600_000],
      ["soon", 3_540_000],
      ["end", 3_600_000],
    ]);
  });

  it("leave out what has passed and what the member turned off", () => {
    expect(ahead(COURSE, 600_000, new Set<Chime>(["end"])).map((due) => due.key)).toEqual(["end"]);
  });

  it("call back from a break", () => {
    const due = ahead({ ...COURSE, break_until_ms: 900_000 }, 700_000, ALL);
    expect(due.map((each) => each.at_ms)).toContain(900_000);
  });

  it("are scheduled again only when server time moved by more than a quarter second, by the page's clock or the sound's", () => {
    const planned = { page_ms: 0, sound_ms: 5_000 };
    expect(mustReschedule(planned, { page_ms: 250, sound_ms: 5_250 })).toBe(false);
    expect(mustReschedule(planned, { page_ms: -251, sound_ms: 5_000 })).toBe(true);
    expect(mustReschedule(planned, { page_ms: 0, sound_ms: 5_251 })).toBe(true);
  });

  it("all lie in E major", () => {
    const named = new Set([329.628, 415.305, 493.883]);
    for (const sound of Object.values(SOUNDS)) for (const note of sound.notes) expect(named.has(note.hz)).toBe(true);
  });
});
