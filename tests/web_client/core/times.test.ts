import { distance, hourOn, localeOf, nearness, timesOf } from "@/core/times";
import { DAY, HOUR, MINUTE } from "@/core/zones";

const T = Date.parse("2026-11-24T09:00:00Z");
const plain = (text: string) => text.replaceAll(/[\u2009\u202f\u00a0]/g, " ");

describe("times", () => {
  const british = timesOf("en-GB", "Europe/Berlin");
  const american = timesOf("en-US", "America/New_York");

  test("are written in the member's zone", () => {
    expect(british.time(T)).toBe("10:00");
    expect(american.twelve).toBe(true);
    expect(plain(american.time(T))).toBe("4:00 AM");
  });

  test("pad the hours of a range as they pad the hours of a time", () => {
    const range = british.range(T - 2 * HOUR, T - 70 * MINUTE);
    expect(range.startsWith("0")).toBe(british.time(T - 2 * HOUR).startsWith("0"));
    expect(plain(range)).toMatch(/^0?8:00 ?– ?0?8:50$/);
  });

  test("grow short for narrow places", () => {
    expect(plain(american.short(T))).toBe("4:00");
    expect(plain(american.hour(8 * 60))).toBe("8 AM");
    expect(british.hour(22 * 60)).toBe("22:00");
  });

  test("give a span of dates with its weekdays", () => {
    const [monday, friday] = [Date.parse("2027-03-15T14:00:00Z"), Date.parse("2027-03-26T14:00:00Z")];
    expect(plain(british.shortDays(monday, friday))).toBe("Mon 15 Mar – Fri 26 Mar");
    expect(british.shortDays(monday, monday)).toBe(british.shortDay(monday));
  });

  test("name the two halves of a doubled hour apart", () => {
    const before = british.zoneName(Date.parse("2026-10-25T00:30:00Z"));
    expect(british.zoneName(Date.parse("2026-10-25T01:30:00Z"))).not.toBe(before);
  });
});

test("English dates follow the region the browser asks for", () => {
  expect(localeOf(["de-DE", "en-AU", "en-US"])).toBe("en-AU");
  expect(localeOf(["de-DE"])).toBe("en-GB");
});

test("days are near or other", () => {
  expect(nearness("2026-12-01", "2026-11-30")).toBe("tomorrow");
  expect(nearness("2026-11-30", "2026-11-30")).toBe("today");
  expect(nearness("2026-11-29", "2026-11-30")).toBe("yesterday");
  expect(nearness("2026-12-30", "2026-11-30")).toBe("other");
});

test("distances are told in the largest unit that has two of itself", () => {
  expect(distance(T, T + 12 * MINUTE - 1)).toEqual({ unit: "minute", n: 12 });
  expect(distance(T, T + 90 * MINUTE)).toEqual({ unit: "minute", n: 90 });
  expect(distance(T, T + 5 * HOUR)).toEqual({ unit: "hour", n: 5 });
  expect(distance(T, T + 3 * DAY)).toEqual({ unit: "day", n: 3 });
  expect(distance(T, T - HOUR)).toEqual({ unit: "minute", n: 0 });
});

test("an hour the clocks skip begins with the next that exists", () => {
  expect(new Date(hourOn("Europe/Berlin", "2026-03-29", 2)).toISOString()).toBe(
    "2026-03-29T01:00:00.000Z",
  );
});
