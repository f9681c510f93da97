import { describe, expect, it } from "vitest";

import { latest, Newest } from "@/core/newest";

describe("several questions about the same thing", () => {
  it("count with the newest one's answer alone, in whatever order they come", () => {
    const newest = new Newest();
    const first = newest.ask();
    const second = newest.ask();
    expect([second(), first()]).toEqual([true, false]);
  });
  it("count while nothing newer was asked", () => {
    const counts = new Newest().ask();
    expect(counts()).toBe(true);
  });
});

describe("states of the same things", () => {
  const known = new Map([["a", { id: "a", sequence: 3 }]]);
  it("keep the later version when an older answer comes after it", () => {
    expect(latest(known, [{ id: "a", sequence: 2 }])).toEqual([{ id: "a", sequence: 3 }]);
  });
  it("take the same or a newer version, and what was not known", () => {
    const found = [{ id: "a", sequence: 3 }, { id: "b", sequence: 1 }];
    expect(latest(known, found)).toEqual(found);
  });
});
