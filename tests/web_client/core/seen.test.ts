import { describe, expect, it } from "vitest";

import type { Rates } from "@/core/reading";
import { type Picture, see, type Seen, untold, UNTOLD } from "@/core/seen";

const SECOND: Rates = {
  at_ms: 0,
  span_ms: 1_000,
  rtt_ms: 40,
  jitter_ms: 5,
  loss_in: 0,
  loss_out: 0,
  fps_in: 15,
  fps_out: 15,
  kbps_in: 400,
  kbps_out: 400,
  picture_kbps: 350,
  packets_a_frame: 3,
  freezes: 0,
  frozen_ms: 0,
  limited: "none",
  room_kbps: 0,
  alive: true,
};
const NONE: Partial<Rates> = { fps_in: 0, picture_kbps: 0, packets_a_frame: 0 };
const BLACK: Partial<Rates> = { picture_kbps: 10, packets_a_frame: 1 };

/** One look a second; what was said, and when. */
function watch(looks: readonly Partial<Rates>[], from: Seen = UNTOLD): [number, Picture][] {
  const said: [number, Picture][] = [];
  looks.reduce<Seen>((seen, look, at) => {
    const [next, say] = see(seen, { ...SECOND, ...look, at_ms: (at + 1) * 1_000 });
    if (say !== null) said.push([at + 1, say]);
    return next;
  }, from);
  return said;
}

const times = (count: number, look: Partial<Rates>): Partial<Rates>[] => Array.from({ length: count }, () => look);

describe("what is said of the partner's picture", () => {
  it("is said at first, once, even while all is well", () => {
    expect(watch(times(10, {}))).toEqual([[1, "on"]]);
  });

  it("is not said before anything is known", () => {
    expect(watch([NONE, {}])).toEqual([[2, "on"]]);
    expect(watch(times(3, NONE))).toEqual([[2, "off"]]);
    expect(watch([{ ...NONE, alive: false }])).toEqual([]);
  });

  it("is said again to a hub that may have forgotten it, so that an off is taken back", () => {
    const [off] = [NONE, NONE].reduce<readonly [Seen, Picture | null]>(([seen], look, at) => see(seen, { ...SECOND, ...look, at_ms: at * 1_000 + 1_000 }), [UNTOLD, null]);
    expect(off.said).toBe("off");
    expect(watch([{}], untold(off))).toEqual([[1, "on"]]);
    expect(watch([NONE], untold(off))).toEqual([[1, "off"]]);
  });

  it("is off after two seconds without a frame, and on with the next one", () => {
    expect(watch([{}, ...times(3, NONE), {}])).toEqual([[1, "on"], [3, "off"], [5, "on"]]);
  });

  it("is nothing when the line itself is dead", () => {
    expect(watch([{}, ...times(9, { ...NONE, alive: false })])).toEqual([[1, "on"]]);
  });

  it("is suspect after five seconds of next to nothing", () => {
    expect(watch([{}, ...times(6, BLACK), {}])).toEqual([[1, "on"], [6, "suspect"], [8, "on"]]);
  });

  it("is not suspect for a calm picture that takes more", () => {
    expect(watch(times(10, { picture_kbps: 20, packets_a_frame: 2 }))).toEqual([[1, "on"]]);
    expect(watch(times(10, { picture_kbps: 60, packets_a_frame: 1 }))).toEqual([[1, "on"]]);
  });

  it("is said at most once a second", () => {
    const flicker = Array.from({ length: 20 }, (_, at) => ({ ...(at % 2 ? {} : NONE), span_ms: 2_500 }));
    let seen = UNTOLD;
    let said = 0;
    flicker.forEach((look, at) => {
      const [next, say] = see(seen, { ...SECOND, ...look, at_ms: at * 250 });
      seen = next;
      if (say !== null) said += 1;
    });
    expect(said).toBeLessThanOrEqual(5);
  });
});
