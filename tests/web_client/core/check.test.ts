import { describe, expect, it } from "vitest";

import { browserOf, faultOf, lineOf, mayEnter, stillGood, sumOf, troubleOf } from "@/core/check";

describe("the device check", () => {
  it("names what a browser's error means", () => {
    const names = ["NotAllowedError", "NotReadableError", "NotFoundError", "SecurityError", "Strange"];
    expect(names.map((name) => troubleOf(name, true))).toEqual(["refused", "busy", "missing", "blocked", "odd"]);
    expect(troubleOf("TypeError", false)).toBe("blocked");
  });

  it("tells a fault from a choice", () => {
    expect(["gone", "refused", "busy", "dress"].map(faultOf)).toEqual(["unplugged", "denied", "busy", "busy"]);
    expect(["on", "off", "asking", "black"].map(faultOf)).toEqual(["", "", "", ""]);
  });

  it("sums its rows up in one heading", () => {
    expect(sumOf("idle", "idle", "looking")).toEqual({ kind: "before" });
    expect(sumOf("on", "asking", "good")).toEqual({ kind: "looking" });
    expect(sumOf("on", "on", "good")).toEqual({ kind: "good" });
    expect(sumOf("on", "on", "slow")).toEqual({ kind: "good" });
    expect(sumOf("refused", "refused", "good")).toEqual({ kind: "refused" });
    expect(sumOf("on", "silent", "blocked")).toEqual({ kind: "some", n: 2 });
  });

  it("reads the line from what was tried", () => {
    const facts = { reached: true, round_ms: 20, way: "good" } as const;
    expect(lineOf(facts)).toBe("good");
    expect(lineOf({ ...facts, way: "longer" })).toBe("longer");
    expect(lineOf({ ...facts, round_ms: null })).toBe("looking");
    expect(lineOf({ ...facts, reached: false })).toBe("unreachable");
    expect(lineOf({ ...facts, way: "relay" })).toBe("relay");
    expect(lineOf({ ...facts, round_ms: 900 })).toBe("slow");
    expect(lineOf({ ...facts, way: "nothing", round_ms: 900 })).toBe("nothing");
  });

  it("is not good while the line is being tried, could not be tried, or leads nowhere", () => {
    expect(sumOf("on", "on", "trying")).toEqual({ kind: "looking" });
    expect(sumOf("on", "on", "untried")).toEqual({ kind: "untried" });
    expect(sumOf("on", "on", "hidden")).toEqual({ kind: "good" });
    for (const line of ["half", "nothing", "silent", "unreachable"] as const) {
      expect(sumOf("on", "on", line)).toEqual({ kind: "some", n: 1 });
    }
  });

  it("lets nobody in without a picture, and forgets a good check after twelve hours", () => {
    expect([mayEnter("on"), mayEnter("refused")]).toEqual([true, false]);
    const hour = 3_600_000;
    expect([stillGood(hour, 12 * hour), stillGood(hour, 13 * hour), stillGood(0, hour)]).toEqual([true, false, false]);
  });

  it("knows whose steps to show", () => {
    expect(browserOf("Mozilla/5.0 … Chrome/140.0 Safari/537.36")).toBe("chromium");
    expect(browserOf("Mozilla/5.0 … Version/18 Safari/605")).toBe("safari");
    expect(browserOf("Mozilla/5.0 … Firefox/140.0")).toBe("firefox");
  });
});
