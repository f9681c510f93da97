import { describe, expect, it } from "vitest";

import { mediaOf, type Own } from "@/core/said";

const ON: Own = { device: "on", picture: true, held: false, mic: true, screen: false, soundOnly: false, weak: false, paused: false };
const said = (more: Partial<Own>) => {
  const { camera, trouble } = mediaOf({ ...ON, ...more });
  return { camera, trouble };
};

describe("what is told of the own camera", () => {
  it("is that it is on, when its picture goes out", () => {
    expect(mediaOf(ON)).toEqual({ t: "media", camera: true, mic: true, screen: false, trouble: "" });
    expect(said({ weak: true })).toEqual({ camera: true, trouble: "" });
  });

  it("is that it is off by choice, or by a fault of the device", () => {
    expect(said({ picture: false, device: "off" })).toEqual({ camera: false, trouble: "" });
    expect(said({ picture: false, device: "gone" })).toEqual({ camera: false, trouble: "unplugged" });
  });

  it("is that it is off by choice with sound only, but for as long as the line is weak", () => {
    expect(said({ soundOnly: true })).toEqual({ camera: false, trouble: "" });
    expect(said({ soundOnly: true, weak: true })).toEqual({ camera: false, trouble: "weak" });
  });

  it("is that the line is too weak when the browser paused the picture", () => {
    expect(said({ paused: true })).toEqual({ camera: false, trouble: "weak" });
  });

  it("is a fault when the computer holds the picture back", () => {
    expect(said({ held: true })).toEqual({ camera: false, trouble: "busy" });
  });

  it("is not excused by the line when there is no picture to send", () => {
    expect(said({ picture: false, device: "off", weak: true, paused: true, held: true })).toEqual({ camera: false, trouble: "" });
  });
});
