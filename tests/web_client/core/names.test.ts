import { firstName, initials, shortName } from "@/core/names";

test("initials are at most two whole signs", () => {
  expect(initials("Ben Kowalski")).toBe("BK");
  expect(initials("bartholomäus von Wolkenstein-Przybyszewska")).toBe("BW");
  expect(initials("X")).toBe("X");
  expect(initials("👩‍👩‍👧 Fox")).toBe("👩‍👩‍👧F");
  expect(initials("أمينة الزهراء")).toBe("أا");
  expect(initials("ليلى حسن")).toBe("لح");
  expect(initials("  ")).toBe("");
});

test("people are called by their first word, robots by both", () => {
  expect(firstName("Ben Kowalski")).toBe("Ben");
  expect(firstName("Robo Ada")).toBe("Robo Ada");
  expect(firstName("Bartholomäus Wolkenstein-Przybyszewska")).toBe("Bartholomäus");
  expect(firstName("")).toBe("");
});

test("a short name keeps the first sign of the last word", () => {
  expect(shortName("Ben Kowalski")).toBe("Ben K.");
  expect(shortName("Mina")).toBe("Mina");
  expect(shortName("Robo Ada")).toBe("Robo Ada");
});
