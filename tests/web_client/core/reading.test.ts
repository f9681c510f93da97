import { describe, expect, it } from "vitest";

import { ratesOf, type Reading } from "@/core/reading";

const reading = (more: Partial<Reading> = {}): Reading => ({
  at_ms: 0,
  frames: 0,
  lost: 0,
  received: 0,
  round_trip_ms: 40,
  sound: 0,
  sound_lost: 0,
  picture_bytes: 0,
  in_bytes: 0,
  out_bytes: 0,
  reports: 0,
  jitter_ms: 5,
  freezes: 0,
  frozen_ms: 0,
  frames_out: 0,
  out_missed: 0,
  limited: "none",
  room_bps: 0,
  width: 640,
  height: 360,
  turn: false,
  ...more,
});

describe("the rates between two readings", () => {
  it("say how it went a second", () => {
    const after = { at_ms: 2_000, frames: 30, frames_out: 28, received: 60, sound: 90, lost: 8, sound_lost: 2, in_bytes: 150_000 };
    expect(ratesOf(reading(), reading({ ...after, picture_bytes: 125_000, out_bytes: 100_000 }))).toMatchObject({
      span_ms: 2_000,
      fps_in: 15,
      fps_out: 14,
      kbps_in: 600,
      kbps_out: 400,
      picture_kbps: 500,
      packets_a_frame: 2,
      loss_in: 10 / 160,
      alive: true,
    });
  });

  it("are none for the first reading, nor across two connections, nor for a moment", () => {
    expect(ratesOf(null, reading())).toBeNull();
    expect(ratesOf(reading({ in_bytes: 9_000 }), reading({ at_ms: 1_000, in_bytes: 10 }))).toBeNull();
    expect(ratesOf(reading(), reading({ at_ms: 100 }))).toBeNull();
  });

  it("know a line that lives without sound or picture", () => {
    expect(ratesOf(reading(), reading({ at_ms: 1_000, reports: 1 }))?.alive).toBe(true);
    expect(ratesOf(reading(), reading({ at_ms: 1_000 }))?.alive).toBe(false);
  });
});
