import { describe, expect, it } from "vitest";

import { takenAway } from "@/core/lost";

describe("a device that ended by itself", () => {
  it("was taken away where the browser would refuse it now, or ask again", () => {
    expect(takenAway("granted", "denied", ["a"])).toBe(true);
    expect(takenAway("granted", "prompt", ["a"])).toBe(true);
    expect(takenAway("prompt", "denied", ["a"])).toBe(true);
  });

  it("was taken away where the page is not told any more which devices there are", () => {
    expect(takenAway(null, null, ["", ""])).toBe(true);
    expect(takenAway("prompt", "prompt", [""])).toBe(true);
  });

  it("was unplugged otherwise", () => {
    expect(takenAway("granted", "granted", [])).toBe(false);
    expect(takenAway(null, null, ["another"])).toBe(false);
  });

  it("was not taken away because the browser would ask, if it said so all along", () => {
    expect(takenAway("prompt", "prompt", ["another"])).toBe(false);
  });
});
