import { type Booking, instant, type Repeat } from "@/core/model";
import { clocksPart, datesOf, repeatOf, repeatWish, shiftsFor, spansOf } from "@/core/repeats";
import { DAY, MINUTE } from "@/core/zones";

const BERLIN = "Europe/Berlin";
const NEW_YORK = "America/New_York";
const MARCH = Date.parse("2027-03-01T00:00:00Z");

function booking(start: string, more: Partial<Booking> = {}): Booking {
  const at = Date.parse(start);
  return {
    id: "b1",
    start,
    end: instant(at + 50 * MINUTE),
    length_min: 50,
    state: "waiting",
    title: "Thesis",
    quiet: true,
    task: "desk",
    prefer_favourites: false,
    locked: false,
    opens: instant(at - 10 * MINUTE),
    closes: instant(at + 55 * MINUTE),
    partner: null,
    wished_min: 50,
    also_shorter: true,
    free_to_cancel: false,
    revealed: true,
    late_cancel_from: null,
    release_until: null,
    outcome: null,
    together_min: null,
    sequence: 1,
    repeat: null,
    ...more,
  };
}

function repeat(more: Partial<Repeat> = {}): Repeat {
  return {
    id: "r1",
    days: [0, 1, 2, 3, 4],
    time: "15:00",
    zone: BERLIN,
    length_min: 50,
    title: "",
    next: [],
    shifts: [],
    ...more,
  };
}

describe("the wish for a repeat", () => {
  test("has all that was wished of the session, from the day after it on", () => {
    expect(repeatWish(booking("2027-03-01T14:00:00Z"), [0], BERLIN)).toEqual({
      days: [0],
      time: "15:00",
      zone: BERLIN,
      length_min: 50,
      title: "Thesis",
      quiet: true,
      task: "desk",
      prefer_favourites: false,
      also_shorter: true,
      from: "2027-03-02",
    });
  });

  test("asks for the length that was wished, not for what the match made of it", () => {
    const shorter = booking("2027-03-01T14:00:00Z", { length_min: 25 });
    expect(repeatWish(shorter, [0], BERLIN).length_min).toBe(50);
  });

  test("stands on the clock it is asked for", () => {
    const wish = repeatWish(booking("2027-03-01T14:00:00Z"), [0], NEW_YORK);
    expect([wish.time, wish.zone]).toEqual(["09:00", NEW_YORK]);
    const night = repeatWish(booking("2027-03-01T23:30:00Z"), [0], BERLIN);
    expect([night.time, night.from]).toEqual(["00:30", "2027-03-03"]);
  });
});

describe("the repeat of a session", () => {
  test("is the one that made it, whatever it looks like by now", () => {
    const all = [repeat({ id: "r2" }), repeat({ id: "r7", time: "08:00" })];
    expect(repeatOf(all, booking("2027-03-01T14:00:00Z", { repeat: "r7" }))?.id).toBe("r7");
  });

  test("is the one that has its time, on whichever clock", () => {
    const monday = booking("2027-03-01T14:00:00Z");
    expect(repeatOf([repeat()], monday)?.id).toBe("r1");
    expect(repeatOf([repeat({ zone: NEW_YORK, time: "09:00" })], monday)?.id).toBe("r1");
    expect(repeatOf([repeat({ zone: NEW_YORK })], monday)).toBeUndefined();
    expect(repeatOf([repeat({ days: [1] })], monday)).toBeUndefined();
    expect(repeatOf([repeat({ length_min: 25 })], monday)).toBeUndefined();
  });

  test("is none whose clock this browser does not know", () => {
    expect(repeatOf([repeat({ zone: "Mars/Olympus" })], booking("2027-03-01T14:00:00Z"))).toBeUndefined();
  });
});

test("dates are the weekdays of the repeat, at its wall time", () => {
  const found = datesOf(repeat({ days: [0] }), Date.parse("2027-03-20T00:00:00Z"), Date.parse("2027-04-06T00:00:00Z"));
  expect(found.map(({ date, start }) => [date, instant(start)])).toEqual([
    ["2027-03-22", "2027-03-22T14:00:00.000Z"],
    ["2027-03-29", "2027-03-29T13:00:00.000Z"],
    ["2027-04-05", "2027-04-05T13:00:00.000Z"],
  ]);
});

describe("D15.1: which weeks differ for somebody elsewhere", () => {
  const dates = datesOf(repeat(), MARCH, MARCH + 56 * DAY);

  test("is what the instance says of one's own clock", () => {
    expect(shiftsFor(dates, NEW_YORK)).toEqual([
      { date: "2027-03-15", time: "10:00" },
      { date: "2027-03-29", time: "09:00" },
    ]);
    expect(shiftsFor(dates, BERLIN)).toEqual([]);
  });

  test("is told as spans, with what is usual there", () => {
    expect(spansOf(dates, NEW_YORK, shiftsFor(dates, NEW_YORK))).toEqual([
      {
        from: Date.parse("2027-03-15T14:00:00Z"),
        to: Date.parse("2027-03-26T14:00:00Z"),
        time: "10:00",
        usual: "09:00",
      },
    ]);
  });

  test("has no end where the hour stays another one for as long as is looked ahead", () => {
    expect(spansOf(dates, "Asia/Tokyo", shiftsFor(dates, "Asia/Tokyo"))).toEqual([
      { from: Date.parse("2027-03-29T13:00:00Z"), to: null, time: "22:00", usual: "23:00" },
    ]);
  });

  test("tells from inside such weeks when they are over", () => {
    const inside = datesOf(repeat(), Date.parse("2027-03-17T00:00:00Z"), MARCH + 56 * DAY);
    expect(spansOf(inside, NEW_YORK, shiftsFor(inside, NEW_YORK))).toEqual([
      { from: Date.parse("2027-03-29T13:00:00Z"), to: null, time: "09:00", usual: "10:00" },
    ]);
  });

  test("is nothing where there are no dates", () => {
    expect(shiftsFor([], NEW_YORK)).toEqual([]);
    expect(spansOf([], NEW_YORK, [])).toEqual([]);
  });
});

test("clocks part where they change on different days, or only one does", () => {
  expect(clocksPart(BERLIN, NEW_YORK, MARCH)).toBe(true);
  expect(clocksPart(BERLIN, "Asia/Tokyo", MARCH)).toBe(true);
  expect(clocksPart(BERLIN, "Europe/London", MARCH)).toBe(false);
  expect(clocksPart("Asia/Tokyo", "Asia/Kolkata", MARCH)).toBe(false);
});
