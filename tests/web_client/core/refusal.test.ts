import { describe, expect, it } from "vitest";

import { refusalOf } from "@/core/refusal";

describe("a screen that is not shared", () => {
  it("was not chosen, where the member looked at what there is and went back", () => {
    expect(refusalOf("NotAllowedError", "Permission denied", 2_400)).toBe("");
    expect(refusalOf("NotAllowedError", "Permission denied by user", 900)).toBe("");
  });

  it("was refused by the system, where the browser says so", () => {
    expect(refusalOf("NotAllowedError", "Permission denied by system", 1_200)).toBe("system");
  });

  it("was refused, where nobody can have chosen so fast", () => {
    expect(refusalOf("NotAllowedError", "The request is not allowed", 40)).toBe("browser");
  });

  it("was refused, where the error is another one", () => {
    expect(refusalOf("NotFoundError", "The object can not be found here.", 3_000)).toBe("browser");
  });
});
