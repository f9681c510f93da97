import { read } from "@/core/message";
import { rulesWords } from "@/words/rules";

describe("the catalogue of the rules", () => {
  test("can be read, every message", () => {
    for (const message of Object.values(rulesWords)) expect(() => read(message)).not.toThrow();
  });

  test("has no exclamation marks, no blame and no begging", () => {
    const banned = /!|\b(fail|violat|penalt|must|oops|invalid|user|please)/i;
    expect(Object.entries(rulesWords).filter(([, message]) => banned.test(message))).toEqual([]);
  });

  test("uses typographic apostrophes and no doubled spaces", () => {
    expect(Object.values(rulesWords).filter((message) => /'|\s\s/.test(message))).toEqual([]);
  });
});
