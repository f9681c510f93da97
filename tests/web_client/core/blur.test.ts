import { type Pace, paced, restFor, UNTRIED, widthFor } from "@/core/blur";

/** The pace after pictures that each took so long, one after the other. */
function after(took_ms: number, times: number, from: Pace = UNTRIED, start_ms = 0): Pace {
  let pace = from;
  for (let at = 1; at <= times; at += 1) pace = paced(pace, took_ms, start_ms + at * took_ms);
  return pace;
}

describe("the pace of blur", () => {
  test("is slow once few pictures a second have come for three seconds", () => {
    expect(after(400, 8).slow).toBe(false);
    expect(after(400, 9).slow).toBe(true);
  });

  test("is not slow for one picture that took long", () => {
    expect(paced(after(30, 100), 900, 3_900).slow).toBe(false);
  });

  test("recovers only after as long", () => {
    const slow = after(400, 20);
    const soon = after(30, 30, slow, 8_000);
    expect(soon.slow).toBe(true);
    expect(after(30, 150, soon, 9_000).slow).toBe(false);
  });

  test("leaves a slow computer time for the rest", () => {
    expect(restFor(after(10, 20))).toBeCloseTo(1_000 / 24 - 10, 0);
    expect(restFor(after(400, 20))).toBeCloseTo(100, 0);
  });

  test("makes smaller pictures where they take long, and never larger ones than the camera's", () => {
    expect(widthFor(UNTRIED, 640)).toBe(640);
    expect(widthFor(after(200, 20), 640)).toBe(480);
    expect(widthFor(UNTRIED, 320)).toBe(320);
  });
});
