import { type Booking, type BookingState, instant } from "@/core/model";
import { MANY, rowWith } from "@/core/row";
import { MINUTE } from "@/core/zones";

const T = Date.parse("2026-11-24T09:00:00Z");

const session = (start: number, state: BookingState = "done"): Booking =>
  ({ id: `b${start}`, start: instant(start), end: instant(start + 50 * MINUTE), state }) as Booking;

/** One an hour, the newest still to come. */
const hourly = (n: number): readonly Booking[] =>
  Array.from({ length: n }, (_, i) => session(T + i * 60 * MINUTE, i === n - 1 ? "matched" : "done"));

test("D10: five an hour apart are five in a row, and that is worth a word", () => {
  const five = hourly(5);
  expect(rowWith(five, five[4] as Booking)).toBe(5);
  expect(MANY).toBe(5);
});

test("a session alone is one", () => {
  expect(rowWith([], session(T, "matched"))).toBe(1);
});

test("a pause of more than a quarter of an hour begins another row", () => {
  const last = session(T, "matched");
  expect(rowWith([session(T - 65 * MINUTE), last], last)).toBe(2);
  expect(rowWith([session(T - 66 * MINUTE), last], last)).toBe(1);
});

test("what was cancelled is no session, and what comes later is no matter", () => {
  const last = session(T, "matched");
  const others = [session(T - 60 * MINUTE, "cancelled"), session(T + 60 * MINUTE, "matched"), last];
  expect(rowWith(others, last)).toBe(1);
});
