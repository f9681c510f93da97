import { read } from "@/core/message";
import { peopleWords, t } from "@/words/people";

describe("the catalogue of people", () => {
  test("can be read, every message", () => {
    for (const message of Object.values(peopleWords)) expect(() => read(message)).not.toThrow();
  });

  test("has no exclamation marks, no blame and no begging", () => {
    const banned = /!|\b(fail|violat|penalt|must|oops|invalid|user|please)/i;
    expect(Object.entries(peopleWords).filter(([, message]) => banned.test(message))).toEqual([]);
  });

  test("uses typographic apostrophes and no doubled spaces", () => {
    expect(Object.values(peopleWords).filter((message) => /'|\s\s/.test(message))).toEqual([]);
  });
});

test("a free time says all of what a press does", () => {
  const values = { day: "Thursday 27 November", time: "10:00", n: 50, name: "Amara" };
  expect(t("lock.name", values)).toBe("Lock in Thursday 27 November 10:00, 50 minutes, with Amara");
});
