import { describe, expect, it } from "vitest";

import { heard, isSet, roundTrip, serverTime, UNSET } from "@/core/clock";

describe("server time", () => {
  it("is unknown before the first answer", () => {
    expect(isSet(UNSET)).toBe(false);
    expect(roundTrip(UNSET)).toBeNull();
  });

  it("believes the shortest of several round trips", () => {
    let clock = heard(UNSET, 0, 400, 1_000_000 + 350);
    clock = heard(clock, 1_000, 1_020, 1_000_000 + 1_010);
    clock = heard(clock, 2_000, 2_300, 1_000_000 + 2_290);
    expect(serverTime(clock, 5_000)).toBe(1_005_000);
    expect(roundTrip(clock)).toBe(20);
  });

  it("starts anew when the server's clock was moved", () => {
    let clock = heard(UNSET, 0, 10, 1_000_005);
    clock = heard(clock, 1_000, 1_030, 1_121_015);
    expect(serverTime(clock, 2_000)).toBe(1_122_000);
  });

  it("does not mistake a slow, lopsided answer for a moved clock", () => {
    let clock = heard(UNSET, 0, 10, 1_000_005);
    clock = heard(clock, 1_000, 1_800, 1_001_001);
    expect(serverTime(clock, 0)).toBe(1_000_000);
  });
});
