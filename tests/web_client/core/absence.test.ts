import { describe, expect, it } from "vitest";

import { sceneOf, worthMeeting } from "@/core/absence";
import { answer, rest, seek } from "@/core/change";
import { fold, OUTSIDE, type RoomState } from "@/core/session";
import type { Room, Seat, ServerMessage } from "@/core/wire";

const MIN = 60_000;
const T = 1_000 * MIN;
const AWAY: Seat = {
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
const HERE: Seat = { ...AWAY, here: true, joined: true };
const ROOM: Room = {
  t: "room",
  booking: "b1",
  pair: "p1",
  start_ms: T,
  end_ms: T + 50 * MIN,
  opens_ms: T - 10 * MIN,
  closes_ms: T + 55 * MIN,
  title: "",
  partner: { member: "m_ben", name: "Ben Kowalski", zone: "Europe/Berlin", sessions: 3 },
  you: HERE,
  them: AWAY,
  log: [],
  break_budget_ms: 0,
  break_max_ms: 0,
  carried: false,
  replaced: null,
};
const LATE: ServerMessage = { t: "partner_late", no_show: false, next_ms: T + 5 * MIN, change_from_ms: T + 2 * MIN };
const NO_SHOW: ServerMessage = { ...LATE, no_show: true };
const seats = (them: Seat): ServerMessage => ({ t: "seats", you: HERE, them });

function after(...messages: ServerMessage[]): RoomState {
  return messages.reduce((state, message) => fold(state, message, T), OUTSIDE);
}
const at = (state: RoomState, minutes: number, locked = false) => sceneOf(state, T + minutes * MIN, 2 * MIN, locked);

describe("the place of a partner who is not there", () => {
  it("is nobody's while the partner is there, or will be back at once", () => {
    for (const them of [HERE, { ...HERE, stalled: true }, { ...HERE, break_until_ms: T }]) {
      expect(at(after(ROOM, seats(them)), 3)).toBeNull();
    }
    expect(sceneOf(OUTSIDE, T, MIN, false)).toBeNull();
  });

  it("offers somebody else once the partner is late, and more once they are missing", () => {
    expect(at(after(ROOM), -1)).toBe("before");
    expect(at(after(ROOM), 1)).toBe("fresh");
    expect(at(after(ROOM, LATE), 2)).toBe("offer");
    expect(at(after(ROOM, LATE, NO_SHOW), 5)).toBe("no_show");
  });

  it("names the moment when that is still to come", () => {
    const mine: ServerMessage = { ...LATE, change_from_ms: T + 4 * MIN };
    expect(at(after(ROOM, mine), 3)).toBe("early");
    expect(at(after(ROOM, mine), 4)).toBe("offer");
  });

  it("leaves a lock-in alone unless asked", () => {
    expect(at(after(ROOM, LATE), 2, true)).toBe("locked");
  });

  it("keeps to what the member chose", () => {
    const late = after(ROOM, LATE);
    const chose = (choice: "wait" | "solo") => ({ ...late, change: rest(late.change, choice) });
    expect(at(chose("wait"), 3)).toBe("waits");
    expect(at(chose("solo"), 6)).toBe("solo");
    const missing = fold(chose("wait"), NO_SHOW, T);
    expect(at(missing, 5)).toBe("no_show");
  });

  it("shows how the search goes", () => {
    const late = after(ROOM, LATE);
    const looks: RoomState = { ...late, change: seek(late.change, false) };
    const told = (message: ServerMessage) => at(fold(looks, message, T + 3 * MIN), 3);
    expect(at(looks, 3)).toBe("looking");
    expect(told({ t: "search", outcome: "asking", until_ms: 0 })).toBe("looking");
    expect(told({ t: "search", outcome: "nobody", until_ms: 0 })).toBe("nobody");
    expect(told({ t: "asked", newcomer: true, until_ms: 0 })).toBe("newcomer");
    const early = { change_from_ms: T + 4 * MIN };
    expect(told({ t: "refused", code: "not_yet", text: "", ref: "seek", data: early })).toBe("soon");
  });

  it("asks before anything else is offered", () => {
    const asked = after(ROOM, LATE, { t: "asked", newcomer: false, until_ms: T });
    expect(at(asked, 3)).toBe("asked");
    expect(at({ ...asked, change: answer(asked.change, false) }, 3)).toBe("waits");
  });

  it("lets who has no partner look as soon as a late one could be replaced", () => {
    const alone = after({ ...ROOM, partner: null, pair: "" });
    expect([-1, 1, 2].map((minute) => at(alone, minute))).toEqual(["before_alone", "fresh_alone", "alone"]);
    expect(at({ ...alone, change: rest(alone.change, "solo") }, 3)).toBe("solo");
  });

  it("tells who was not waited for, without blame", () => {
    const replaced = { name: "Ana", at_ms: T + 3 * MIN };
    expect(at(after({ ...ROOM, partner: null, pair: "", replaced }), 4)).toBe("replaced");
  });

  it("knows a partner who had to go", () => {
    expect(at(after(ROOM, seats({ ...HERE, left: true })), 20)).toBe("left");
    expect(at(after(ROOM, seats({ ...HERE, here: false })), 20)).toBe("left");
    expect(at(after(ROOM, seats({ ...HERE, here: false })), -2)).toBe("before");
  });

  it("offers nothing more when the time is over", () => {
    expect(at(after(ROOM, LATE, NO_SHOW), 50)).toBe("over");
  });
});

describe("meeting somebody", () => {
  it("is worth while until a fifth is left", () => {
    expect([39, 40].map((minute) => worthMeeting(after(ROOM), T + minute * MIN))).toEqual([true, false]);
    expect(worthMeeting(OUTSIDE, T)).toBe(false);
  });
});
