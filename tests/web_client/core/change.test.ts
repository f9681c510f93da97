import { describe, expect, it } from "vitest";

import { answer, type Change, foldChange, isTimeToAsk, newsNow, rest, seek, SETTLED } from "@/core/change";
import type { Person, Room, Seat, ServerMessage } from "@/core/wire";

const T = 1_000_000;
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
const BEN: Person = { member: "m_ben", name: "Ben Kowalski", zone: "Europe/Berlin", sessions: 3 };
const DOV: Person = { ...BEN, member: "m_dov", name: "Dov Levi" };
const ROOM: Room = {
  t: "room",
  booking: "b1",
  pair: "p1",
  start_ms: T,
  end_ms: T + 3_000_000,
  opens_ms: T,
  closes_ms: T,
  title: "",
  partner: BEN,
  you: HERE,
  them: AWAY,
  log: [],
  break_budget_ms: 0,
  break_max_ms: 0,
  carried: false,
  replaced: null,
};

const told = (change: Change, ...messages: ServerMessage[]): Change =>
  messages.reduce((before, message) => foldChange(before, message, ROOM, T), change);
const refusal = (code: string, ref: string, data = {}): ServerMessage => ({ t: "refused", code, text: "", ref, data });

const LOOKING = seek(SETTLED, false);
const ASKED: ServerMessage = { t: "asked", newcomer: false, until_ms: T + 15_000 };
const FIRST_TIMER: ServerMessage = { t: "asked", newcomer: true, until_ms: T + 15_000 };

describe("looking for somebody else", () => {
  it("is told step by step what comes of it", () => {
    const asking = told(LOOKING, { t: "search", outcome: "asking", until_ms: T + 15_000 });
    expect(asking.looking).toEqual({ outcome: "asking", until_ms: T + 15_000, locked: false });
    expect(told(asking, { t: "search", outcome: "nobody", until_ms: 0 }).looking?.outcome).toBe("nobody");
  });

  it("ends with the new partner, by name", () => {
    const found = told(LOOKING, { t: "search", outcome: "found", until_ms: 0 }, { t: "partner", pair: "p2", partner: DOV });
    expect(found).toEqual({ ...SETTLED, news: { kind: "found", name: "Dov Levi", at_ms: T } });
  });

  it("ends when the own partner was sooner, however that is told", () => {
    const arrived = { kind: "arrived", name: "Ben Kowalski", at_ms: T };
    expect(told(LOOKING, refusal("partner_here", "seek"))).toEqual({ ...SETTLED, news: arrived });
    expect(told(LOOKING, { t: "seats", you: HERE, them: HERE })).toEqual({ ...SETTLED, news: arrived });
  });

  it("says nothing of an arrival nobody waited for elsewhere", () => {
    expect(told(SETTLED, { t: "seats", you: HERE, them: HERE }).news).toBeNull();
  });

  it("waits by itself when it is too early", () => {
    const early = told(seek(SETTLED, true), refusal("not_yet", "seek", { change_from_ms: T + 60_000 }));
    expect(early.looking).toEqual({ outcome: "soon", until_ms: T + 60_000, locked: true });
    expect([isTimeToAsk(early, T + 59_999), isTimeToAsk(early, T + 60_000)]).toEqual([false, true]);
  });

  it("stops before a lock-in that was not given up", () => {
    const locked = told(LOOKING, refusal("locked_in", "seek"));
    expect([locked.looking, locked.locked]).toEqual([null, true]);
  });

  it("tells when it did not get through, and only then", () => {
    expect(told(LOOKING, refusal("unavailable", "seek")).news?.kind).toBe("failed");
    expect(told(LOOKING, refusal("too_early", "enter"))).toEqual(LOOKING);
  });

  it("remembers what was chosen instead until that is old", () => {
    const alone = rest(LOOKING, "solo");
    expect([alone.looking, alone.choice]).toEqual([null, "solo"]);
    expect(seek(alone, false).choice).toBe("");
    expect(told(alone, { t: "seats", you: HERE, them: HERE }).choice).toBe("");
  });

  it("is told again what is under way when the page comes back", () => {
    const back = told(rest(LOOKING, "wait"), ROOM, { t: "search", outcome: "nobody", until_ms: 0 });
    expect([back.choice, back.looking?.outcome]).toEqual(["wait", "nobody"]);
    expect(told(LOOKING, { ...ROOM, pair: "p9" })).toEqual(SETTLED);
  });
});

describe("being asked", () => {
  it("holds until it is over", () => {
    const asked = told(SETTLED, ASKED);
    expect(asked.asked).toEqual({ newcomer: false, until_ms: T + 15_000, said: false });
    expect(told(asked, { t: "ask_over" })).toEqual(SETTLED);
  });

  it("is answered once: a yes is awaited, a no keeps waiting", () => {
    expect(answer(told(SETTLED, ASKED), true).asked?.said).toBe(true);
    expect(answer(told(SETTLED, ASKED), false)).toEqual({ ...SETTLED, choice: "wait" });
    expect(answer(SETTLED, true)).toEqual(SETTLED);
  });

  it("goes on looking when a first-timer was declined", () => {
    const declined = answer(told(LOOKING, FIRST_TIMER), false);
    expect([declined.asked, declined.looking?.outcome, declined.choice]).toEqual([null, "sent", ""]);
  });

  it("says that somebody was sooner only when no partner follows the yes", () => {
    const yes = answer(told(SETTLED, ASKED), true);
    const over = told(yes, { t: "ask_over" });
    expect(newsNow(over, T + 500)).toBeNull();
    expect(newsNow(over, T + 1_000)?.kind).toBe("over");
    expect(told(over, { t: "partner", pair: "p2", partner: DOV }).news?.kind).toBe("found");
    expect(told(told(SETTLED, ASKED), refusal("not_asked", "answer")).news?.kind).toBe("over");
  });

  it("ends when the own partner comes", () => {
    expect(told(SETTLED, ASKED, { t: "seats", you: HERE, them: HERE }).news?.kind).toBe("arrived");
  });
});

describe("news", () => {
  it("are shown for a moment", () => {
    const { news } = told(LOOKING, { t: "partner", pair: "p2", partner: DOV });
    const shown = [T - 1, T, T + 9_999, T + 10_000].map((at) => newsNow({ ...SETTLED, news }, at) !== null);
    expect(shown).toEqual([false, true, true, false]);
  });
});
