import { expect, test } from "vitest";

import { linkOf, shownOf } from "@/core/contact";

test("a mail address becomes a mail whose subject names the session", () => {
  expect(linkOf("help@example.org", "Session b41, Tue & 10:00")).toBe(
    "mailto:help@example.org?subject=Session%20b41%2C%20Tue%20%26%2010%3A00",
  );
});

test("a link stays as it is, and is shown by its host", () => {
  expect(linkOf("https://example.org/help", "Session b41")).toBe("https://example.org/help");
  expect(shownOf("https://example.org/help")).toBe("example.org");
  expect(shownOf("help@example.org")).toBe("help@example.org");
});

test("without a contact, or with one that is neither, there is no link", () => {
  expect(linkOf(null, "Session b41")).toBeNull();
  expect(linkOf("javascript:alert(1)", "Session b41")).toBeNull();
});
