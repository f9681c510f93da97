import { read } from "@/core/message";
import { reachWords } from "@/words/reach";

describe("the catalogue of the connection row", () => {
  test("can be read, every message", () => {
    for (const message of Object.values(reachWords)) expect(() => read(message)).not.toThrow();
  });

  test("has no exclamation marks, no blame and no begging", () => {
    const banned = /!|\b(fail|violat|penalt|must|oops|invalid|user|please)/i;
    expect(Object.entries(reachWords).filter(([, message]) => banned.test(message))).toEqual([]);
  });

  test("uses typographic apostrophes and no doubled spaces", () => {
    expect(Object.values(reachWords).filter((message) => /'|\s\s/.test(message))).toEqual([]);
  });

  test("says what to do wherever nothing works", () => {
    for (const way of ["half", "nothing", "silent", "blocked"]) expect(reachWords).toHaveProperty([`reach.${way}.cure`]);
  });
});
