import { type Held, isDue, wayBack } from "@/core/held";

const NOW = Date.parse("2026-11-24T09:00:00Z");
const HELD: Held = {
  token: "Zq3",
  hold: "h1",
  start: "2026-11-26T16:00:00Z",
  length_min: 50,
  until: "2026-11-24T09:30:00Z",
  request: "r1",
};

test("a held time is finished by its own invite's page, until it is let go", () => {
  expect(isDue(HELD, "Zq3", NOW)).toBe(true);
  expect(isDue(HELD, "other", NOW)).toBe(false);
  expect(isDue(HELD, "Zq3", Date.parse(HELD.until))).toBe(false);
  expect(isDue(null, "Zq3", NOW)).toBe(false);
});

test("the welcome leads back to it, or to the invite one came by", () => {
  expect(wayBack(HELD, "", NOW)).toBe("/i/Zq3");
  expect(wayBack(null, "/i/Zq3", NOW)).toBe("/i/Zq3");
  expect(wayBack(HELD, "/i/abc", Date.parse(HELD.until))).toBe("/i/abc");
  expect(wayBack(null, "/sessions", NOW)).toBeNull();
});
