import { heardOf, isAwaited } from "@/core/awaited";

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
    const answered = { ...heardOf(null, "b1", T), answered: true };
    expect(heardOf(answered, "b1", T).answered).toBe(true);
    expect(heardOf(answered, "b2", T).answered).toBe(false);
  });
});
