import { expect, it } from "vitest";

import { SAFETY_WORDS } from "@/words/safety";

it("has one plain word for each value of a byte", () => {
  expect(SAFETY_WORDS).toHaveLength(256);
  expect(new Set(SAFETY_WORDS).size).toBe(256);
  for (const word of SAFETY_WORDS) expect(word).toMatch(/^[a-z]{3,9}$/u);
});

it("has no two words that begin alike, so that half a word is enough", () => {
  const heads = SAFETY_WORDS.map((word) => word.slice(0, 4));
  expect(heads.filter((head, at) => heads.indexOf(head) !== at)).toEqual([]);
});
