import { describe, expect, it } from "vitest";

import { framed, gapOf, type Gaps, NO_GAPS, unexpected } from "@/core/gaps";

const at = (gen: number, round = 0) => ({ gen, round });

/** Frames at these moments. */
const play = (frames: readonly (readonly [number, ReturnType<typeof at>])[], from: Gaps = NO_GAPS): Gaps =>
  frames.reduce((gaps, [now, of]) => framed(gaps, of, now), from);

const flowing = play([[0, at(1)], [66, at(1)], [133, at(1)]]);

describe("gaps of the partner's picture", () => {
  it("are none while frames flow", () => {
    expect(flowing.all).toEqual([]);
  });

  it("last from the last old frame to the first one of the new connection", () => {
    const moved = play([[1_033, at(2)]], flowing);
    expect(moved.all).toEqual([{ cause: "moved", gen: 2, gap_ms: 900 }]);
    expect(gapOf(moved, at(2))).toBe(900);
  });

  it("count as nothing when the old picture flowed to the end", () => {
    expect(play([[170, at(2)]], flowing).all).toEqual([{ cause: "moved", gen: 2, gap_ms: 0 }]);
  });

  it("are told apart by what ended them", () => {
    const all = play([[1_000, at(1, 1)], [3_000, at(1, 1)], [3_066, at(2)]], flowing).all;
    expect(all.map(({ cause }) => cause)).toEqual(["restart", "network", "moved"]);
  });

  it("are not a calm picture with few frames", () => {
    expect(play([[633, at(1)], [1_133, at(1)]], flowing).all).toEqual([]);
  });

  it("are not missed while the partner's camera is off", () => {
    expect(play([[60_000, at(2)]], unexpected(flowing)).all).toEqual([]);
  });

  it("are not laid to a connection that had none", () => {
    const later = play([[1_000, at(2)], [1_050, at(2)]], flowing);
    expect(gapOf(later, at(3))).toBe(0);
    expect(gapOf(play([[3_000, at(2)]], later), at(2))).toBe(0);
  });
});
