import { askedOf } from "@/core/find";
import { MINUTE } from "@/core/zones";

const frame = {
  zone: "Europe/Berlin",
  // A Tuesday, 9:48 in Berlin.
  now: Date.parse("2026-11-24T08:48:00Z"),
  grid_ms: 15 * MINUTE,
  lengths: [25, 50, 75],
  length: 50,
};
const read = (text: string) => {
  const asked = askedOf(text, frame);
  return asked && [new Date(asked.start).toISOString().slice(0, 16), asked.length];
};

describe("a time that was typed", () => {
  test("is a day, a time and a length", () => {
    expect(read("book fri 9 50")).toEqual(["2026-11-27T08:00", 50]);
    expect(read("tomorrow 14:30 25 min")).toEqual(["2026-11-25T13:30", 25]);
    expect(read("Friday, 9.30pm")).toEqual(["2026-11-27T20:30", 50]);
    expect(read("book 28 nov 10 75")).toEqual(["2026-11-28T09:00", 75]);
    expect(read("nov 28 at 10")).toEqual(["2026-11-28T09:00", 50]);
    expect(read("2026-12-01 12am")).toEqual(["2026-11-30T23:00", 50]);
  });

  test("is the next such time ahead", () => {
    expect(read("10")).toEqual(["2026-11-24T09:00", 50]);
    expect(read("9")).toEqual(["2026-11-25T08:00", 50]);
    expect(read("tue 9")).toEqual(["2026-12-01T08:00", 50]);
    expect(read("jan 2 9")).toEqual(["2027-01-02T08:00", 50]);
  });

  test("is moved on to the next start of the grid", () => {
    expect(read("10:05")).toEqual(["2026-11-24T09:15", 50]);
  });

  test("is not there in other words, in the past, or where no such date is", () => {
    for (const text of ["", "ben", "today 8", "fri", "25:00", "fri 9 17", "31 nov 9"]) expect(read(text)).toBeNull();
  });
});
