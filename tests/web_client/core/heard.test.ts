import { newsOf } from "@/core/heard";
import { type Booking, instant } from "@/core/model";
import { HOUR, MINUTE } from "@/core/zones";

const T = Date.parse("2026-11-24T09:00:00Z");
const person = (name: string) => ({
  id: `m_${name}`,
  name,
  zone: "Europe/Berlin",
  sessions: 3,
  favourite: false,
  friendship: "none" as const,
});

function session(partner: string, more: Partial<Booking> = {}): ReadonlyMap<string, Booking> {
  const booking: Booking = {
    id: "b1",
    start: instant(T),
    end: instant(T + 50 * MINUTE),
    length_min: 50,
    state: partner ? "matched" : "waiting",
    title: "",
    quiet: false,
    task: "anything",
    prefer_favourites: true,
    locked: false,
    opens: instant(T - 10 * MINUTE),
    closes: instant(T + 55 * MINUTE),
    partner: partner ? person(partner) : null,
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
    ...more,
  };
  return new Map([["b1", booking]]);
}

const kinds = (before: ReadonlyMap<string, Booking>, after: ReadonlyMap<string, Booking>, reason = "") =>
  newsOf(before, after, T - HOUR, new Map([["b1", reason]])).map(({ kind }) => kind);

describe("news of a session", () => {
  test("tell who was found and who went", () => {
    expect(newsOf(session(""), session("Ben"), T - HOUR)).toMatchObject([{ kind: "found", name: "Ben" }]);
    expect(newsOf(session("Ben"), session(""), T - HOUR)).toMatchObject([{ kind: "lost", former: "Ben" }]);
  });

  test("tell why there is another partner", () => {
    expect(kinds(session("Ben"), session("Amara"))).toEqual(["changed"]);
    expect(kinds(session("Ben"), session("Amara"), "locked")).toEqual(["taken"]);
    expect(kinds(session("Ben"), session("Amara"), "improved")).toEqual(["improved"]);
    expect(newsOf(session("Ben"), session("Amara"), T - HOUR)).toMatchObject([{ name: "Amara", former: "Ben" }]);
  });

  test("tell whom a lock-in left that they may be released, though somebody was found at once", () => {
    const until = instant(T - 25 * MINUTE);
    expect(kinds(session("Ben", { locked: true }), session("Amara", { release_until: until }))).toEqual(["instead"]);
    expect(kinds(session("Ben"), session("Amara", { release_until: until }))).toEqual(["changed"]);
  });

  test("tell of a partner who is with somebody else", () => {
    expect(kinds(session("Ben"), session(""), "locked")).toEqual(["gone"]);
    expect(kinds(session("Ben"), session(""), "replaced")).toEqual(["gone"]);
  });

  test("say of whom the member hid that the two are parted, not that somebody could not come", () => {
    const hidden = new Set(["m_Ben"]);
    const [parted] = newsOf(session("Ben"), session(""), T - HOUR, new Map(), hidden);
    expect(parted?.kind).toBe("parted");
    const [found] = newsOf(session("Ben"), session("Amara"), T - HOUR, new Map(), hidden);
    expect(found?.kind).toBe("found");
  });

  test("tell of a lock-in, made anew or out of a match by chance", () => {
    expect(kinds(session(""), session("Ben", { locked: true }))).toEqual(["locked"]);
    expect(kinds(session("Ben"), session("Ben", { locked: true }))).toEqual(["locked"]);
    expect(kinds(session("Ben", { locked: true }), session(""))).toEqual(["left"]);
  });

  test("tell of a session a match made shorter", () => {
    expect(kinds(session(""), session("Ben", { length_min: 25 }))).toEqual(["shorter"]);
  });

  test("leave out what did not change, what is new and what is over", () => {
    expect(newsOf(session("Ben"), session("Ben"), T - HOUR)).toEqual([]);
    expect(newsOf(new Map(), session("Ben"), T - HOUR)).toEqual([]);
    expect(newsOf(session(""), session("Ben"), T + 2 * HOUR)).toEqual([]);
  });
});
