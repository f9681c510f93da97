import { answeredBy, heardOf, isAwaited, lateMin } from "@/core/awaited";

const MINUTE = 60_000;
const T = Date.parse("2026-11-24T09:00:00Z");

describe("who is waited for in a session that has begun", () => {
  it("is so until the session is missed", () => {
    const awaited = heardOf(null, "b1", T);
    expect(isAwaited(awaited, "b1", T, 5 * MINUTE)).toBe(true);
    expect(isAwaited(awaited, "b1", T + 5 * MINUTE, 5 * MINUTE)).toBe(false);
  });

  it("is so for that session only", () => {
    expect(isAwaited(heardOf(null, "b1", T), "b2", T, 5 * MINUTE)).toBe(false);
    expect(isAwaited(null, "b1", T, 5 * MINUTE)).toBe(false);
  });

  it("is not asked again for an answer, unless it is another session", () => {
    const answered = { ...heardOf(null, "b1", T), answered: "told" } as const;
    expect(heardOf(answered, "b1", T).answered).toBe("told");
    expect(heardOf(answered, "b2", T).answered).toBe("");
  });
});

describe("a word to who waits", () => {
  it("says how late somebody will be who sets out now", () => {
    expect([-8_000, 0, 59_000, MINUTE, 4 * MINUTE].map((after) => lateMin(T, T + after))).toEqual([2, 2, 2, 3, 6]);
  });

  it("is enough from who comes before the session is missed", () => {
    expect(answeredBy(2, 5 * MINUTE)).toBe("told");
    expect(answeredBy(4, 5 * MINUTE)).toBe("told");
  });

  it("is not enough from who comes too late, or not at all", () => {
    expect(answeredBy(5, 5 * MINUTE)).toBe("warned");
    expect(answeredBy(null, 5 * MINUTE)).toBe("warned");
  });
});
