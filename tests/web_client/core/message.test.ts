import { BadMessage, fill, grammarOf, read } from "@/core/message";

const english = grammarOf("en");
const say = (source: string, values = {}) => fill(read(source), values, english).join("");

describe("a message", () => {
  test("keeps plain text and apostrophes as they are", () => {
    expect(say("{name} isn’t here yet, it's fine", { name: "Ben" })).toBe(
      "Ben isn’t here yet, it's fine",
    );
  });

  test("chooses one or other by the number, and writes the number for #", () => {
    const book = "Book {n, plural, one {session} other {# sessions}}";
    expect(say(book, { n: 1 })).toBe("Book session");
    expect(say(book, { n: 2 })).toBe("Book 2 sessions");
  });

  test("prefers an exact number over the category", () => {
    const left = "{n, plural, =0 {none} one {# left} other {# left}}";
    expect([0, 1, 5].map((n) => say(left, { n }))).toEqual(["none", "1 left", "5 left"]);
  });

  test("chooses by a word, with parts inside parts", () => {
    const words = "{who, select, you {You have {n, plural, one {# task} other {# tasks}}} other {{who} rests}}";
    expect(say(words, { who: "you", n: 3 })).toBe("You have 3 tasks");
    expect(say(words, { who: "Ben", n: 3 })).toBe("Ben rests");
  });

  test("counts as the language does", () => {
    const polish = grammarOf("pl");
    const source = read("{n, plural, one {# sesja} few {# sesje} many {# sesji} other {# sesji}}");
    expect([1, 3, 5].map((n) => fill(source, { n }, polish).join(""))).toEqual([
      "1 sesja",
      "3 sesje",
      "5 sesji",
    ]);
  });

  test("hands markup through in its place", () => {
    const mark = { b: true };
    expect(fill(read("with {who} now"), { who: mark }, english)).toEqual(["with ", mark, " now"]);
  });

  test("refuses a message without `other`, an unknown kind, and a missing value", () => {
    expect(() => read("{n, plural, one {x}}")).toThrow(BadMessage);
    expect(() => read("{n, number, other {x}}")).toThrow(BadMessage);
    expect(() => say("{name}")).toThrow(BadMessage);
  });
});
