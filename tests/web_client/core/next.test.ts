import { type Booking, type BookingState, instant } from "@/core/model";
import { cancelIsLate, canTakeBack, following, isAsked, nextOf, releasedUntil } from "@/core/next";
import { HOUR, MINUTE } from "@/core/zones";

const T = Date.parse("2026-11-24T09:00:00Z");
const ben = { id: "m_ben", name: "Ben", zone: "Europe/Berlin", sessions: 3, favourite: false, friendship: "none" } as const;

function booking(id: string, start: number, state: BookingState = "matched"): Booking {
  return {
    id,
    start: instant(start),
    end: instant(start + 50 * MINUTE),
    length_min: 50,
    state,
    title: "",
    quiet: false,
    task: "anything",
    prefer_favourites: true,
    locked: false,
    opens: instant(start - 10 * MINUTE),
    closes: instant(start + 55 * MINUTE),
    partner: state === "matched" ? ben : null,
    wished_min: 50,
    also_shorter: false,
    free_to_cancel: false,
    revealed: true,
    late_cancel_from: null,
    release_until: null,
    outcome: null,
    together_min: null,
    sequence: 1,
  repeat: null,
  };
}

describe("what comes next", () => {
  test("is the earliest that is not over", () => {
    const all = [booking("b3", T + 3 * HOUR), booking("b1", T - 2 * HOUR), booking("b2", T + HOUR)];
    expect(nextOf(all, T)?.booking.id).toBe("b2");
    expect(nextOf([], T)).toBeNull();
  });

  test("goes from later over soon and doors to running", () => {
    const later = { ...booking("b1", T), opens: instant(T - MINUTE) };
    const phase = (at: number) => nextOf([later], at)?.phase;
    expect(phase(T - 11 * MINUTE)).toBe("later");
    expect(phase(T - 10 * MINUTE)).toBe("soon");
    expect(phase(T - MINUTE)).toBe("doors");
    expect(phase(T)).toBe("running");
    expect(phase(T + 50 * MINUTE)).toBeUndefined();
  });

  test("is not a session nobody came to, once it has begun", () => {
    const waiting = booking("b1", T, "waiting");
    expect(nextOf([waiting], T)?.booking.id).toBe("b1");
    expect(nextOf([waiting], T + MINUTE)).toBeNull();
  });

  test("is never a cancelled or finished one", () => {
    expect(nextOf([booking("b1", T, "cancelled"), booking("b2", T, "done")], T - HOUR)).toBeNull();
  });
});

test("cancelling is late with a partner and less than the limit to go", () => {
  expect(cancelIsLate(booking("b1", T), T - HOUR, HOUR)).toBe(false);
  expect(cancelIsLate(booking("b1", T), T - HOUR + 1, HOUR)).toBe(true);
  expect(cancelIsLate(booking("b1", T, "waiting"), T - 1, HOUR)).toBe(false);
});

test("cancelling is as late as the instance says, and free for whoever was left", () => {
  const told = { ...booking("b1", T), late_cancel_from: instant(T - 30 * MINUTE) };
  expect(cancelIsLate(told, T - 31 * MINUTE, HOUR)).toBe(false);
  expect(cancelIsLate(told, T - 30 * MINUTE, HOUR)).toBe(true);
  expect(cancelIsLate({ ...told, free_to_cancel: true }, T - MINUTE, HOUR)).toBe(false);
});

test("cancelling is late for who gave a partner up late and found nobody else", () => {
  const left = { ...booking("b1", T, "waiting"), late_cancel_from: instant(T - HOUR) };
  expect(cancelIsLate(left, T - 10 * MINUTE, HOUR)).toBe(true);
});

test("whoever was left by a lock-in is asked whether they stay, for as long as the instance says", () => {
  const found = { ...booking("b1", T), release_until: instant(T - 25 * MINUTE) };
  expect(isAsked(found, T - 25 * MINUTE - 1)).toBe(true);
  expect(isAsked(found, T - 25 * MINUTE)).toBe(false);
  expect(isAsked(booking("b1", T), T - HOUR)).toBe(false);
  const alone = { ...booking("b1", T, "waiting"), free_to_cancel: true };
  expect(isAsked(alone, T - MINUTE)).toBe(true);
  expect(isAsked({ ...found, state: "done" }, T - HOUR)).toBe(false);
});

it("says until when being released changes nothing: at the latest until the start", () => {
  expect(releasedUntil({ ...booking("b1", T), late_cancel_from: instant(T - HOUR) })).toBe(T - HOUR);
  expect(releasedUntil({ ...booking("b1", T), late_cancel_from: null })).toBe(T);
});

describe("a lock-in can be taken back by cancelling", () => {
  const made = { ...booking("b7", T), late_cancel_from: instant(T - HOUR) };
  const can = (booking: Booking, known: readonly Booking[], now = T - 2 * HOUR) =>
    canTakeBack(booking, new Map(known.map((each) => [each.id, each])), now, HOUR);

  test("where it made the booking", () => {
    expect(can(made, [booking("b1", T + HOUR)])).toBe(true);
  });

  test("but not where a booking was there: a session of chance, or a place in line", () => {
    expect(can(made, [booking("b7", T)])).toBe(false);
    expect(can(made, [booking("b7", T, "waiting")])).toBe(false);
    expect(can({ ...made, sequence: 2 }, [])).toBe(false);
  });

  test("nor where that would be noted before the offer has gone", () => {
    expect(can(made, [], T - HOUR - 10_000)).toBe(false);
    expect(can(made, [], T - HOUR - 10_001)).toBe(true);
  });
});

test("a room leads on to the session that begins soon after it", () => {
  const all = [booking("b3", T + 2 * HOUR), booking("b2", T + HOUR), booking("b1", T)];
  expect(following(all, T + 50 * MINUTE, 15 * MINUTE)?.id).toBe("b2");
  expect(following(all, T + 30 * MINUTE, 15 * MINUTE)).toBeUndefined();
  expect(following([booking("b2", T + HOUR, "cancelled")], T + 50 * MINUTE, 15 * MINUTE)).toBeUndefined();
});
