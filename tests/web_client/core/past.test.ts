import type { Booking, Flag } from "@/core/model";
import { byDay, cameOf, monthAt, monthBeside, monthSpan } from "@/core/past";

const berlin = "Europe/Berlin";
const session = (start: string, state: Booking["state"], partner: boolean) =>
  ({ id: start, start, end: start, state, partner: partner ? { id: "m_ben", name: "Ben" } : null }) as Booking;
const noted = (fault: Flag["fault"]) => ({ fault }) as Flag;

test("months follow each other, and last as long as the wall clock says", () => {
  expect(monthBeside("2026-01", -1)).toBe("2025-12");
  expect(monthBeside("2026-12", 1)).toBe("2027-01");
  expect(monthAt(berlin, Date.parse("2026-10-31T23:30:00Z"))).toBe("2026-11");
  const { from, to } = monthSpan(berlin, "2026-10");
  expect((to - from) / 3_600_000).toBe(31 * 24 + 1);
});

test("what came of a session is the gravest thing noted, else what happened in the room", () => {
  const done = session("2026-11-20T09:00:00Z", "done", true);
  expect(cameOf({ ...done, outcome: "together" }, [])).toBe("together");
  expect(cameOf({ ...done, outcome: "partner_absent" }, [])).toBe("partner_absent");
  expect(cameOf({ ...done, outcome: "absent" }, [noted("no_show")])).toBe("no_show");
  expect(cameOf({ ...done, outcome: null }, [])).toBe("over");
  expect(cameOf(done, [noted("late"), noted("early_leave")])).toBe("early_leave");
  expect(cameOf(session("2026-11-20T09:00:00Z", "done", false), [])).toBe("alone");
  expect(cameOf(session("2026-11-20T09:00:00Z", "matched", true), [])).toBe("judging");
});

test("days are those of the zone", () => {
  const late = session("2026-11-20T22:30:00Z", "done", true);
  const night = session("2026-11-20T23:30:00Z", "done", true);
  expect(byDay(berlin, [late, night]).map(([day]) => day)).toEqual(["2026-11-20", "2026-11-21"]);
});
