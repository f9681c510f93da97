import type { Line, Thread } from "@/core/model";
import { firstUnread, isOpen, lastSaid, newestFirst, rows, unreadIn } from "@/core/threads";

const line = (id: string, by: string, at: string): Line => ({ id, by, at, text: id });
const LINES = [
  line("1", "m_ben", "2026-11-23T22:50:00Z"),
  line("2", "m_ana", "2026-11-23T23:10:00Z"),
  line("3", "m_ben", "2026-11-24T08:00:00Z"),
  line("4", "m_ben", "2026-11-24T08:01:00Z"),
];

const thread = (more: Partial<Thread> = {}): Thread => ({
  member: { id: "m_ben", name: "Ben" },
  lines: LINES,
  unread: 0,
  open: true,
  open_until: null,
  ...more,
});

describe("unread lines", () => {
  test("begin with the first of the other's last ones", () => {
    expect(firstUnread(LINES, 2, "m_ana")).toBe("3");
    expect(firstUnread(LINES, 3, "m_ana")).toBe("1");
    expect(firstUnread(LINES, 0, "m_ana")).toBeNull();
  });

  test("may be more than are shown", () => {
    expect(firstUnread(LINES, 99, "m_ana")).toBe("1");
    expect(firstUnread([], 2, "m_ana")).toBeNull();
  });

  test("are counted over all threads", () => {
    expect(unreadIn([thread({ unread: 2 }), thread(), thread({ unread: 1 })])).toBe(3);
  });
});

test("lines stand under the days of the member's zone, with a mark above the first unread one", () => {
  const kinds = rows(LINES, "Europe/Berlin", "3").map((row) => (row.kind === "line" ? row.line.id : row.kind));
  expect(kinds).toEqual(["day", "1", "day", "2", "new", "3", "4"]);
});

test("a thread closes at its time, a friends' thread never, a closed one stays closed", () => {
  const now = Date.parse("2026-11-24T09:00:00Z");
  expect(isOpen(thread(), now)).toBe(true);
  expect(isOpen(thread({ open_until: "2026-11-24T09:00:01Z" }), now)).toBe(true);
  expect(isOpen(thread({ open_until: "2026-11-24T09:00:00Z" }), now)).toBe(false);
  expect(isOpen(thread({ open: false }), now)).toBe(false);
});

test("the thread with the newest line is the first", () => {
  const old = thread({ member: { id: "m_chi", name: "Chi" }, lines: LINES.slice(0, 1) });
  const none = thread({ member: { id: "m_dov", name: "Dov" }, lines: [] });
  expect(newestFirst([none, old, thread()]).map(({ member }) => member.name)).toEqual(["Ben", "Chi", "Dov"]);
});

describe("what a partner said last", () => {
  const START = Date.parse("2026-11-24T08:05:00Z");
  const inRoom = { by: "m_ben", at_ms: START - 120_000, text: "in the room" };

  test("is a message from shortly before, or a later line in the room", () => {
    expect(lastSaid([], [thread()], "m_ben", START)?.text).toBe("4");
    expect(lastSaid([inRoom], [thread()], "m_ben", START)).toBe(inRoom);
    expect(lastSaid([{ ...inRoom, at_ms: START - 600_000 }], [thread()], "m_ben", START)?.text).toBe("4");
  });

  test("is no message of long ago, of one's own, or of somebody else", () => {
    expect(lastSaid([], [thread()], "m_ben", START + 3_600_000)).toBeUndefined();
    expect(lastSaid([], [thread({ lines: LINES.slice(0, 2) })], "m_ben", START)).toBeUndefined();
    expect(lastSaid([inRoom], [thread()], "m_dov", START)).toBeUndefined();
  });
});
