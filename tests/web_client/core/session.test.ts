import { describe, expect, it } from "vitest";

import {
  breaksLeft,
  company,
  fold,
  isAnother,
  leavingIsNoted,
  nextChange,
  OUTSIDE,
  phase,
  progress,
  timer,
  type RoomState,
} from "@/core/session";
import type { Room, Seat, ServerMessage } from "@/core/wire";

const MIN = 60_000;
const T = 1_000 * MIN;
const E = T + 50 * MIN;
const EMPTY_SEAT: Seat = {
  here: false,
  joined: false,
  camera: false,
  mic: false,
  screen: false,
  trouble: "",
  unseen: false,
  stalled: false,
  break_until_ms: 0,
  breaks_used_ms: 0,
  wants_end: false,
  left: false,
  wants_off: false,
  goes_on: false,
};
const HERE: Seat = { ...EMPTY_SEAT, here: true, joined: true, camera: true };
const ROOM: Room = {
  t: "room",
  booking: "b1",
  pair: "p1",
  start_ms: T,
  end_ms: E,
  opens_ms: T - 10 * MIN,
  closes_ms: E + 5 * MIN,
  title: "",
  partner: { member: "m_ben", name: "Ben Kowalski", zone: "Europe/Berlin", sessions: 3 },
  you: HERE,
  them: EMPTY_SEAT,
  log: [],
  break_budget_ms: 10 * MIN,
  break_max_ms: 5 * MIN,
  carried: false,
  replaced: null,
};

function after(...messages: ServerMessage[]): RoomState {
  return messages.reduce((state, message) => fold(state, message, T), OUTSIDE);
}

describe("the course of a session", () => {
  it("goes from doors to close", () => {
    const at = (minutes: number) => phase(ROOM, T + minutes * MIN, T, false);
    expect([-11, -10, 0, 2.9, 3, 48.9, 49, 50, 54.9, 55].map(at)).toEqual([
      "doors",
      "before",
      "hello",
      "hello",
      "work",
      "work",
      "wrap",
      "ended",
      "ended",
      "closed",
    ]);
  });

  it("says hello only to somebody, and until somebody starts working", () => {
    expect(phase(ROOM, T, 0, false)).toBe("work");
    expect(phase(ROOM, T + MIN, T, true)).toBe("work");
    expect(phase({ ...ROOM, them: { ...HERE, left: true } }, T + MIN, T, false)).toBe("work");
    expect(phase(ROOM, T + 5 * MIN, T + 4 * MIN, false)).toBe("hello");
  });

  it("checks in two minutes before the end where the next session begins at the end", () => {
    const at = (minutes: number, wrap_ms?: number) => phase(ROOM, E - minutes * MIN, T, true, wrap_ms);
    expect([at(2), at(1)]).toEqual(["work", "wrap"]);
    expect([at(2.1, 2 * MIN), at(2, 2 * MIN)]).toEqual(["work", "wrap"]);
  });

  it("leaves a short session time to work", () => {
    const short = { ...ROOM, end_ms: T + 3 * MIN };
    expect(phase(short, T + 1.5 * MIN, T, false)).toBe("work");
  });

  it("counts whole minutes, and seconds only in the last one", () => {
    expect(timer(ROOM, T)).toEqual({ towards: "end", minutes: 50, seconds: null });
    expect(timer(ROOM, T + 1)).toEqual({ towards: "end", minutes: 50, seconds: null });
    expect(timer(ROOM, E - MIN)).toEqual({ towards: "end", minutes: 1, seconds: null });
    expect(timer(ROOM, E - 42_000)).toEqual({ towards: "end", minutes: 0, seconds: 42 });
    expect(timer(ROOM, T - 4 * MIN)).toMatchObject({ towards: "start", minutes: 4 });
    expect(timer(ROOM, E + 1)).toEqual({ towards: "close", minutes: 5, seconds: null });
  });

  it("asks to be looked at again when the shown minute ends", () => {
    expect(nextChange(ROOM, E - 5 * MIN - 4_000)).toBe(E - 5 * MIN);
    expect(nextChange(ROOM, E - 30_500)).toBe(E - 30_000);
    expect(progress(ROOM, T + 25 * MIN)).toBe(0.5);
  });
});

describe("the room", () => {
  it("knows who is there", () => {
    const { partner } = ROOM;
    expect(company(null, EMPTY_SEAT)).toBe("none");
    expect(company(partner, EMPTY_SEAT)).toBe("never");
    expect(company(partner, HERE)).toBe("here");
    expect(company(partner, { ...HERE, stalled: true })).toBe("stalled");
    expect(company(partner, { ...HERE, break_until_ms: 5 })).toBe("away");
    expect(company(partner, { ...HERE, left: true })).toBe("left");
    expect(company(partner, { ...HERE, here: false, stalled: true })).toBe("stalled");
    expect(company(partner, { ...HERE, here: false })).toBe("gone");
  });

  it("remembers when both were first here", () => {
    expect(after(ROOM).met_ms).toBe(0);
    expect(after(ROOM, { t: "seats", you: HERE, them: HERE }).met_ms).toBe(T);
  });

  it("forgets the lateness of a partner who came", () => {
    const late: ServerMessage = { t: "partner_late", no_show: false, next_ms: T + 5 * MIN, change_from_ms: T + 2 * MIN };
    expect(after(ROOM, late).late).not.toBeNull();
    expect(after(ROOM, late, { t: "seats", you: HERE, them: HERE }).late).toBeNull();
  });

  it("drops a camera hint once the camera is on again", () => {
    const hint: ServerMessage = { t: "nudge", kind: "camera_off" };
    const off = { ...HERE, camera: false };
    expect(after(ROOM, { t: "seats", you: off, them: HERE }, hint).nudge).toBe("camera_off");
    expect(after(ROOM, hint, { t: "seats", you: HERE, them: HERE }).nudge).toBeNull();
  });

  it("knows nothing of a new partner's seat", () => {
    const state = after(ROOM, { t: "seats", you: HERE, them: HERE }, { t: "partner", pair: "p2", partner: ROOM.partner });
    expect(state.room?.them.here).toBe(false);
    expect(state.met_ms).toBe(0);
  });

  it("notes leaving early, but not once the partner is gone or the end is near", () => {
    const together = after(ROOM, { t: "seats", you: HERE, them: HERE });
    const rules = { early_leave_ms: 2 * MIN, partner_gone_ms: MIN, camera_repair_ms: 5 * MIN };
    expect(leavingIsNoted(together, T + MIN, rules)).toBe(true);
    expect(leavingIsNoted(together, E - 2 * MIN, rules)).toBe(false);
    const alone = after(ROOM, { t: "seats", you: HERE, them: { ...HERE, left: true } });
    expect(leavingIsNoted(alone, T + MIN, rules)).toBe(false);
  });

  it("lets go freely whose partner has not come for a minute", () => {
    const rules = { early_leave_ms: 2 * MIN, partner_gone_ms: MIN, camera_repair_ms: 5 * MIN };
    const [before, then, later] = [T - MIN, T + MIN, T + MIN + 1].map((at) => leavingIsNoted(after(ROOM), at, rules));
    expect([before, then, later]).toEqual([true, true, false]);
  });

  it("lets go freely whose partner's camera has had a fault for five minutes", () => {
    const rules = { early_leave_ms: 2 * MIN, partner_gone_ms: MIN, camera_repair_ms: 5 * MIN };
    const seats = (trouble: "" | "unplugged"): ServerMessage => ({ t: "seats", you: HERE, them: { ...HERE, camera: false, trouble } });
    const began = fold(fold(OUTSIDE, ROOM, T), seats("unplugged"), T);
    const still = fold(began, seats("unplugged"), T + 3 * MIN);
    expect(still.trouble_ms).toBe(T);
    expect([4, 5].map((n) => leavingIsNoted(still, T + n * MIN, rules))).toEqual([true, false]);
    const mended = fold(still, seats(""), T + 6 * MIN);
    expect(mended.trouble_ms).toBe(0);
    expect(leavingIsNoted(mended, T + 6 * MIN, rules)).toBe(true);
  });

  it("keeps what the partner says of the own picture until it is there", () => {
    const seats = (camera: boolean): ServerMessage => ({ t: "seats", you: { ...HERE, camera }, them: HERE });
    const told = after(ROOM, seats(false), { t: "nudge", kind: "camera_missed" });
    expect(told.nudge).toBe("camera_missed");
    expect(fold(told, seats(false), T).nudge).toBe("camera_missed");
    expect(fold(told, seats(true), T).nudge).toBeNull();
  });

  it("drops a camera hint once both agree that cameras may be off", () => {
    const off = { ...HERE, camera: false };
    const seats = (you: boolean, them: boolean): ServerMessage => ({ t: "seats", you: { ...off, wants_off: you }, them: { ...HERE, wants_off: them } });
    const told = after(ROOM, seats(true, false), { t: "nudge", kind: "camera_off" });
    expect(told.nudge).toBe("camera_off");
    expect(fold(told, seats(true, true), T).nudge).toBeNull();
  });

  it("is another room once the two go on, with the same partner in it", () => {
    const late: ServerMessage = { t: "partner_late", no_show: false, next_ms: T, change_from_ms: T };
    const next: Room = { ...ROOM, booking: "b2", pair: "p2", start_ms: E + 10 * MIN, them: HERE, carried: true };
    const state = after(ROOM, late, { t: "nudge", kind: "break_over" }, next);
    expect(state.room?.booking).toBe("b2");
    expect([state.late, state.nudge, state.met_ms]).toEqual([null, null, T]);
  });

  it("offers the breaks that fit what is left", () => {
    expect(breaksLeft(ROOM, HERE)).toEqual([1, 3, 5]);
    expect(breaksLeft(ROOM, { ...HERE, breaks_used_ms: 6 * MIN })).toEqual([1, 3]);
    expect(breaksLeft(ROOM, { ...HERE, breaks_used_ms: 10 * MIN })).toEqual([]);
  });
});

describe("a partner who is another one when the seat is taken again", () => {
  const dora = { ...ROOM, pair: "p2", partner: { member: "m_dora", name: "Dora", zone: "Europe/Berlin", sessions: 0 }, them: HERE };

  it("is told by the pair", () => {
    expect(isAnother(ROOM, dora)).toBe(true);
    expect(isAnother(ROOM, { ...ROOM, pair: "", partner: null })).toBe(true);
    expect(isAnother(ROOM, { ...ROOM, them: HERE })).toBe(false);
    expect(isAnother(null, dora)).toBe(false);
  });

  it("is nobody the two were carried over with", () => {
    expect(isAnother(ROOM, { ...ROOM, booking: "b2", pair: "p2", carried: true })).toBe(false);
    expect(isAnother(ROOM, { ...dora, carried: true })).toBe(true);
  });

  it("has been met just now, and is not blamed for the former one's camera", () => {
    const faulty = { ...ROOM, them: { ...HERE, camera: false, trouble: "busy" as const } };
    const before = fold(fold(OUTSIDE, faulty, T), faulty, T + MIN);
    expect(before).toMatchObject({ met_ms: T, trouble_ms: T });
    expect(fold(before, dora, T + 2 * MIN)).toMatchObject({ met_ms: T + 2 * MIN, trouble_ms: 0 });
  });
});
