import { firstTimes, proposed } from "@/core/proposal";
import { HOUR, MINUTE } from "@/core/zones";

const NOW = Date.parse("2026-11-24T10:07:00Z");
const frame = (zone: string, grid: number) => ({ zone, now: NOW, grid, dayStart: 8 });
const text = (at: number) => new Date(at).toISOString().replace(".000", "");

describe("a time to propose, an hour into the day of tomorrow", () => {
  test("is the hour itself where the grid has it", () => {
    expect(text(proposed(frame("Europe/Berlin", 15)))).toBe("2026-11-25T08:00:00Z");
    expect(text(proposed(frame("Asia/Kathmandu", 15)))).toBe("2026-11-25T03:15:00Z");
  });

  test.each([
    ["Asia/Kolkata", 60, "2026-11-25T04:00:00Z"],
    ["Asia/Kathmandu", 60, "2026-11-25T04:00:00Z"],
    ["Asia/Kathmandu", 30, "2026-11-25T03:30:00Z"],
    ["Australia/Adelaide", 60, "2026-11-24T23:00:00Z"],
    ["America/St_Johns", 60, "2026-11-25T13:00:00Z"],
    ["Pacific/Chatham", 30, "2026-11-24T19:30:00Z"],
  ])("is the next start of the grid in %s where starts are %i min apart", (zone, grid, expected) => {
    const at = proposed(frame(zone, grid));
    expect(at % (grid * MINUTE)).toBe(0);
    expect(text(at)).toBe(expected);
  });

  test("holds on the night the clocks change", () => {
    const now = Date.parse("2026-03-28T12:00:00Z");
    const at = proposed({ zone: "Europe/Berlin", now, grid: 60, dayStart: 1 });
    expect(text(at)).toBe("2026-03-29T01:00:00Z");
  });

  test("is the next start but a little where starts come every few minutes", () => {
    expect(proposed(frame("Europe/Berlin", 1))).toBe(NOW + 2 * MINUTE);
    expect(proposed(frame("Europe/Berlin", 5)) % (5 * MINUTE)).toBe(0);
  });
});

describe("the three times for a first session", () => {
  test("are those where somebody waits, filled up with free ones", () => {
    const waiting = [NOW + 23 * MINUTE, NOW + 53 * MINUTE];
    const times = firstTimes(waiting, frame("Europe/Berlin", 15));
    expect(times).toHaveLength(3);
    expect(times).toEqual(expect.arrayContaining(waiting));
    expect(firstTimes([1, 2, 3, 4].map((n) => NOW + n * HOUR), frame("Europe/Berlin", 15))).toHaveLength(3);
  });

  test.each([
    ["Asia/Kolkata", 60],
    ["Asia/Kathmandu", 30],
    ["Asia/Kathmandu", 60],
    ["Europe/Berlin", 15],
    ["Europe/Berlin", 1],
    ["Europe/Berlin", 5],
  ])("are three different starts of the grid ahead, in %s every %i min", (zone, grid) => {
    for (let hour = 0; hour < 24; hour += 1) {
      const now = NOW + hour * HOUR;
      const times = firstTimes([], { zone, now, grid, dayStart: 8 });
      expect(new Set(times).size).toBe(3);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      for (const at of times) expect([at > now, at % (grid * MINUTE)]).toEqual([true, 0]);
    }
  });
});
