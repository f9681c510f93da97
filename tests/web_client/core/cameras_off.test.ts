import { offNews } from "@/core/cameras_off";

const NEITHER = { mine: false, theirs: false };
const ASKED = { mine: true, theirs: false };
const ASKING = { mine: false, theirs: true };
const BOTH = { mine: true, theirs: true };

describe("what is told of two wishes for cameras off", () => {
  it("is that they agreed, once, to either of the two", () => {
    expect(offNews(ASKED, BOTH, true)).toBe("agreed");
    expect(offNews(ASKING, BOTH, true)).toBe("agreed");
    expect(offNews(BOTH, BOTH, true)).toBe("");
  });

  it("is that the partner declined, to who asked and still wants it", () => {
    expect(offNews(ASKED, NEITHER, true)).toBe("declined");
    expect(offNews(ASKED, NEITHER, false)).toBe("");
  });

  it("is nothing when a wish is new, declined by this member, or an agreement ends", () => {
    expect(offNews(NEITHER, ASKED, true)).toBe("");
    expect(offNews(ASKING, NEITHER, true)).toBe("");
    expect(offNews(BOTH, NEITHER, true)).toBe("");
  });
});
