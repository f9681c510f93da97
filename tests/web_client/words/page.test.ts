import { read } from "@/core/message";
import { errorText, has, pageWords, parts, t } from "@/words/page";

describe("the catalogue", () => {
  test("can be read, every message", () => {
    for (const message of Object.values(pageWords)) expect(() => read(message)).not.toThrow();
  });

  test("has no exclamation marks, no blame and no begging", () => {
    const banned = /!|\b(fail|violat|penalt|must|oops|invalid|user|please)/i;
    expect(Object.entries(pageWords).filter(([, message]) => banned.test(message))).toEqual([]);
  });

  test("uses typographic apostrophes and no doubled spaces", () => {
    expect(Object.values(pageWords).filter((message) => /'|\s\s/.test(message))).toEqual([]);
  });
});

test("numbers choose their sentence", () => {
  expect(t("book.cta", { n: 1 })).toBe("Book session");
  expect(t("book.cta", { n: 3 })).toBe("Book 3 sessions");
  expect(t("next.in", { unit: "minute", n: 12 })).toBe("In 12 minutes");
  expect(t("next.in", { unit: "minute", n: 0 })).toBe("In less than a minute");
  expect(t("next.in", { unit: "day", n: 2 })).toBe("In 2 days");
  expect(t("fold.show", { n: 0 })).toBe("Show");
  expect(t("fold.show", { n: 2 })).toBe("Show (2 waiting)");
});

test("markup keeps its place in a sentence", () => {
  const name = { type: "bdi" };
  expect(parts("next.bar", { n: 8, name })).toEqual(["In ", "8", " min, with ", name]);
});

test("every code of an error has a sentence, unknown ones the general one", () => {
  expect(errorText("overlap")).toBe("You already have a session then.");
  expect(errorText("something_new")).toBe(t("error.generic"));
  expect(has("error.something_new")).toBe(false);
});
