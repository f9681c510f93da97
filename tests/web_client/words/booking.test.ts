import { read } from "@/core/message";
import { bookingWords, t } from "@/words/booking";

describe("the catalogue of bookings", () => {
  test("can be read, every message", () => {
    for (const message of Object.values(bookingWords)) expect(() => read(message)).not.toThrow();
  });

  test("has no exclamation marks, no blame and no begging", () => {
    const banned = /!|\b(fail|violat|penalt|must|oops|invalid|user|please)/i;
    expect(Object.entries(bookingWords).filter(([, message]) => banned.test(message))).toEqual([]);
  });

  test("uses typographic apostrophes and no doubled spaces", () => {
    expect(Object.values(bookingWords).filter((message) => /'|\s\s/.test(message))).toEqual([]);
  });
});

test("one who waits is named, more are counted", () => {
  expect(t("tray.waits", { n: 1, name: "Kofi", min: 0 })).toBe("Kofi waits there.");
  expect(t("tray.waits", { n: 3, name: "Kofi", min: 0 })).toBe("3 wait there.");
});

test("where the session would be shorter than chosen, that is said", () => {
  expect(t("tray.waits", { n: 1, name: "Kofi", min: 25 })).toBe("Kofi waits there for 25 minutes.");
  expect(t("chip.shorter", { who: "Kofi", n: 25 })).toBe("Kofi, 25 min");
});
