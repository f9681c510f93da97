import { expect, it } from "vitest";

import { wait } from "@/core/backoff";
import { mayReturn, restBefore } from "@/core/close_codes";

it("waits up to half a second first, then ever longer, never beyond eight seconds", () => {
  expect([0, 1, 2, 3, 4, 5, 40].map((n) => wait(n, 1))).toEqual([500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
  expect(wait(3, 0)).toBe(0);
});

it("keeps trying about twice a second for those who sit in a room, as long as that may help", () => {
  const seated = (random: number) => [0, 1, 2, 20, 44].map((n) => wait(n, random, true));
  expect(seated(1)).toEqual([500, 600, 600, 600, 600]);
  expect(seated(0)).toEqual([0, 300, 300, 300, 300]);
  expect([45, 46, 47, 60].map((n) => wait(n, 1, true))).toEqual([1_000, 2_000, 4_000, 8_000]);
});

it("comes back after any close but those that say stay away", () => {
  expect([1_001, 1_006, 4_000, 4_100, 4_199, 4_200, 4_203, 4_299].map(mayReturn)).toEqual([
    true,
    true,
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
  expect([restBefore(4_000), restBefore(4_101)]).toEqual([0, 10_000]);
});
