import { describe, expect, it } from "vitest";

import { adapt, AT_FULL, cameraEncoding, CHOICES, DOWN_AFTER_MS, type Outgoing, type Pace, screenEncoding, SOUND_BPS, UP_AFTER_MS } from "@/core/caps";
import type { Rates } from "@/core/reading";

const PLAIN: Outgoing = { ...CHOICES, hidden: false, sharing: false, step: 0 };
const WIDE = { width: 640, height: 360 };
const camera = (more: Partial<Outgoing> = {}, size = WIDE) => cameraEncoding({ ...PLAIN, ...more }, size);

/** IPv4, UDP, SRTP and RTP with its extensions, for each packet. */
const HEADERS_BYTES = 20 + 8 + 16 + 20;

describe("what the camera may cost", () => {
  it("is no more than 600 kbit/s with the sound and all headers", () => {
    const packets = 50 + Math.ceil(camera().maxBitrate / 8 / 1_100);
    const headers = (packets - 50) * HEADERS_BYTES * 8 + 50 * HEADERS_BYTES * 8;
    expect(camera().maxBitrate + SOUND_BPS + headers).toBeLessThanOrEqual(600_000);
  });

  it("is a picture of 640 by 360 at 15 frames, as it is", () => {
    expect(camera()).toEqual({ maxBitrate: 450_000, maxFramerate: 15, scaleResolutionDownBy: 1 });
  });

  it("is the same for a phone held upright, and for a camera that gives more", () => {
    expect(camera({}, { width: 360, height: 640 })).toEqual(camera());
    expect(camera({}, { width: 1_280, height: 720 }).scaleResolutionDownBy).toBe(2);
  });

  it.each([
    ["little data is asked for", { lowData: true }, 150_000],
    ["it is small on this screen", { small: true }, 300_000],
    ["the page is in the background", { hidden: true }, 350_000],
    ["a screen goes out beside it", { sharing: true }, 150_000],
    ["the way out is bad", { step: 2 }, 180_000],
  ])("is less when %s", (_when, more, bps) => {
    expect(camera(more).maxBitrate).toBe(bps);
  });

  it("is the least of all that holds", () => {
    expect(camera({ lowData: true, hidden: true, step: 3 })).toMatchObject({ maxBitrate: 100_000, maxFramerate: 8 });
  });

  it("still shows a face move at the end of the ladder", () => {
    expect(camera({ step: 99 }).maxFramerate).toBeGreaterThanOrEqual(5);
  });
});

describe("what a shared screen may cost", () => {
  it("is 600 kbit/s and five frames, and less by choice or need", () => {
    expect(screenEncoding(PLAIN, { width: 1_920, height: 1_080 })).toEqual({ maxBitrate: 600_000, maxFramerate: 5, scaleResolutionDownBy: 1 });
    expect(screenEncoding({ ...PLAIN, lowData: true }, WIDE).maxBitrate).toBeLessThan(300_000);
    expect(screenEncoding({ ...PLAIN, step: 3 }, WIDE).maxBitrate).toBeLessThan(300_000);
  });

  it("does not depend on a size that is not known yet", () => {
    expect(screenEncoding(PLAIN, {}).scaleResolutionDownBy).toBe(1);
  });
});

const look = (more: Partial<Rates> = {}): Rates => ({ span_ms: 1_000, loss_out: 0, limited: "none", room_kbps: 2_000, ...more }) as Rates;
const NARROW = look({ limited: "bandwidth", room_kbps: 120 });
const LOSSY = look({ loss_out: 0.15 });

function after(seconds: number, rates: Rates, from: Pace = AT_FULL): Pace {
  let pace = from;
  for (let n = 0; n < seconds; n += 1) pace = adapt(pace, rates);
  return pace;
}

describe("the ladder", () => {
  it("is not gone down for a moment, nor by a good line", () => {
    expect(after(DOWN_AFTER_MS / 1_000 - 1, NARROW).step).toBe(0);
    expect(after(600, look()).step).toBe(0);
  });

  it("is gone down while the way out is too narrow, to the last step", () => {
    expect(after(DOWN_AFTER_MS / 1_000, NARROW).step).toBe(1);
    expect(after(120, look({ limited: "bandwidth", room_kbps: 60 })).step).toBe(3);
  });

  it("stops where the way out carries it", () => {
    expect(after(120, look({ limited: "bandwidth", room_kbps: 400 })).step).toBe(1);
  });

  it("takes a rich picture for no narrow line", () => {
    expect(after(120, look({ limited: "bandwidth", room_kbps: 2_500 })).step).toBe(0);
  });

  it("is not gone down to the end for loss that less data does not cure", () => {
    expect(after(300, LOSSY).step).toBe(2);
  });

  it("is gone up again, slowly, one step at a time", () => {
    const low = after(120, LOSSY);
    expect(after(UP_AFTER_MS / 1_000 - 1, look(), low).step).toBe(2);
    expect(after(UP_AFTER_MS / 1_000, look(), low).step).toBe(1);
    expect(after(60, look(), low).step).toBe(0);
  });

  it("is gone up more slowly each time that it was too early", () => {
    const low = after(DOWN_AFTER_MS / 1_000, NARROW);
    const again = after(DOWN_AFTER_MS / 1_000, NARROW, after(UP_AFTER_MS / 1_000, look(), low));
    expect(again).toMatchObject({ step: 1, wait_ms: 2 * UP_AFTER_MS });
  });
});
