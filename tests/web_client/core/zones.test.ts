import {
  addDays,
  changeOn,
  dayAt,
  instantsOf,
  isZone,
  offsetName,
  startOfDay,
  townOf,
  wallAt,
  weekOf,
} from "@/core/zones";

const iso = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString());

describe("a zone's wall clock", () => {
  test("shows the day and minute of an instant, a quarter past the hour included", () => {
    const at = Date.parse("2026-11-24T18:30:00Z");
    expect(wallAt("Asia/Kathmandu", at)).toEqual({ day: "2026-11-25", minute: 15 });
    expect(wallAt("America/New_York", at)).toEqual({ day: "2026-11-24", minute: 13 * 60 + 30 });
  });

  test("gives one instant on ordinary days", () => {
    expect(instantsOf("Europe/Berlin", "2026-11-24", 600).map(iso)).toEqual([
      "2026-11-24T09:00:00.000Z",
    ]);
  });

  test("gives two instants when an hour is doubled, none when it is skipped", () => {
    expect(instantsOf("Europe/Berlin", "2026-10-25", 150).map(iso)).toEqual([
      "2026-10-25T00:30:00.000Z",
      "2026-10-25T01:30:00.000Z",
    ]);
    expect(instantsOf("Europe/Berlin", "2026-03-29", 150)).toEqual([]);
  });

  test("begins a day after a skipped midnight when the clocks change", () => {
    expect(iso(startOfDay("Africa/Cairo", "2026-04-24"))).toBe("2026-04-23T22:00:00.000Z");
    expect(wallAt("Africa/Cairo", startOfDay("Africa/Cairo", "2026-04-24"))).toEqual({
      day: "2026-04-24",
      minute: 60,
    });
  });

  test("tells when and how far the clocks change", () => {
    expect(changeOn("Europe/Berlin", "2026-10-25")).toEqual({
      at: Date.parse("2026-10-25T01:00:00Z"),
      minutes: -60,
    });
    expect(changeOn("America/New_York", "2026-03-08")?.minutes).toBe(60);
    expect(changeOn("Australia/Lord_Howe", "2026-04-05")?.minutes).toBe(-30);
    expect(changeOn("Asia/Kathmandu", "2026-03-29")).toBeNull();
  });

  test("names offsets and towns", () => {
    const winter = Date.parse("2026-01-10T00:00:00Z");
    expect(offsetName("Europe/Berlin", winter)).toBe("UTC+1");
    expect(offsetName("Asia/Kathmandu", winter)).toBe("UTC+5:45");
    expect(offsetName("America/St_Johns", winter)).toBe("UTC−3:30");
    expect(offsetName("UTC", winter)).toBe("UTC");
    expect(townOf("America/Argentina/Buenos_Aires")).toBe("Buenos Aires");
    expect(townOf("Asia/Katmandu")).toBe("Kathmandu");
  });

  test("knows which names are zones", () => {
    expect(isZone("Europe/Berlin")).toBe(true);
    expect(isZone("Mars/Olympus")).toBe(false);
    expect(isZone("")).toBe(false);
  });
});

describe("days", () => {
  test("make weeks from Monday, across months", () => {
    expect(weekOf("2026-11-29")).toEqual(weekOf("2026-11-23"));
    expect(weekOf("2026-12-01")[0]).toBe("2026-11-30");
    expect(addDays("2026-02-28", 1)).toBe("2026-03-01");
  });

  test("belong to the zone that asks", () => {
    const at = Date.parse("2026-11-24T23:30:00Z");
    expect(dayAt("Europe/Berlin", at)).toBe("2026-11-25");
    expect(dayAt("America/New_York", at)).toBe("2026-11-24");
  });
});
