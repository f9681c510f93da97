import { carriedBy, given, type Held, isDue, mayFinish, wayBack } from "@/core/held";

const NOW = Date.parse("2026-11-24T09:00:00Z");
const HELD: Held = {
  token: "Zq3",
  hold: "h1",
  start: "2026-11-26T16:00:00Z",
  length_min: 50,
  until: "2026-11-24T09:30:00Z",
  request: "r1",
};

test("a held time that was chosen here is finished by its own invite's page, until it is let go", () => {
  expect(mayFinish(HELD, "Zq3", NOW)).toBe(true);
  expect(mayFinish(HELD, "other", NOW)).toBe(false);
  expect(mayFinish(HELD, "Zq3", Date.parse(HELD.until))).toBe(false);
  expect(mayFinish(null, "Zq3", NOW)).toBe(false);
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

test("the request for a sign-in link carries the key of a held time, and leads back to its page", () => {
  const carried = { next: "/i/Zq3", hold: "h1" };
  expect(carriedBy(HELD, "/i/Zq3", NOW)).toEqual(carried);
  expect(carriedBy(HELD, "/", NOW)).toEqual(carried);
  expect(carriedBy(HELD, "/i/other", NOW)).toEqual({ next: "/i/other" });
  expect(carriedBy(HELD, "/room/b1", NOW)).toEqual({ next: "/room/b1" });
  expect(carriedBy(HELD, "/", Date.parse(HELD.until))).toEqual({ next: "/" });
  expect(carriedBy(null, "/", NOW)).toEqual({ next: "/" });
});

test("a time that came along with the mail waits for a press here, and needs no key", () => {
  const time = { start: HELD.start, length_min: 50, until: HELD.until };
  const brought = given("Zq3", time, "r2");
  expect(brought).toEqual({ ...time, token: "Zq3", hold: "", request: "r2" });
  expect(isDue(brought, "Zq3", NOW)).toBe(true);
  expect(mayFinish(brought, "Zq3", NOW)).toBe(false);
  expect(mayFinish({ ...brought, pressed: true }, "Zq3", NOW)).toBe(true);
  expect(carriedBy(brought, "/", NOW)).toEqual({ next: "/i/Zq3" });
});
