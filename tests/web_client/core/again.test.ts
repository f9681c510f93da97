import { againSaid, mayWrite } from "@/core/again";
import { type Booking, instant, type Invite, type Partner } from "@/core/model";
import { DAY, MINUTE } from "@/core/zones";

const T = Date.parse("2026-11-24T09:00:00Z");

const person = (name: string, more: Partial<Partner> = {}): Partner => ({
  id: `m_${name}`, name, zone: "Europe/Berlin", sessions: 3, favourite: false, friendship: "none", ...more,
});

const booking = (partner: Partner | null): Pick<Booking, "partner" | "end"> => ({ partner, end: instant(T + 50 * MINUTE) });

const INVITE: Invite = {
  id: "i1", kind: "member", by: { id: "m_ana", name: "Ana" }, to: { id: "m_Ben", name: "Ben" }, always: false,
  start: instant(T), length_min: 50, created: instant(T), expires: instant(T), uses: 0,
};

describe("booked again", () => {
  const before = booking(person("Ben"));

  test("says whether the partner is found, asked, or could not be asked", () => {
    expect(againSaid(booking(person("Ben")), before, null)).toBe("found");
    expect(againSaid(booking(null), before, INVITE)).toBe("done");
    expect(againSaid(booking(person("Cem")), before, INVITE)).toBe("done");
    expect(againSaid(booking(null), before, null)).toBe("unasked");
    expect(againSaid(booking(person("Cem")), before, null)).toBe("unasked");
  });
});

test("partners write to each other for as long as the instance says, friends always", () => {
  const after = T + 50 * MINUTE;
  expect(mayWrite(booking(person("Ben")), after + 3 * DAY - 1, 3 * DAY)).toBe(true);
  expect(mayWrite(booking(person("Ben")), after + 3 * DAY, 3 * DAY)).toBe(false);
  expect(mayWrite(booking(person("Ben", { friendship: "friends" })), after + 30 * DAY, 3 * DAY)).toBe(true);
});
