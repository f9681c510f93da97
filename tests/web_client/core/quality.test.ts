import { describe, expect, it } from "vitest";

import { type Counted, diagnose, FEEL, feel, figuresOf, qualityOf, type What } from "@/core/quality";
import type { Rates } from "@/core/reading";

const WELL: Rates = {
  at_ms: 0,
  span_ms: 1_000,
  rtt_ms: 40,
  jitter_ms: 5,
  loss_in: 0,
  loss_out: 0,
  fps_in: 15,
  fps_out: 15,
  kbps_in: 400,
  kbps_out: 410.4,
  picture_kbps: 350,
  packets_a_frame: 3,
  freezes: 0,
  frozen_ms: 0,
  limited: "none",
  room_kbps: 2_000,
  alive: true,
};
const LOSS_IN: Partial<Rates> = { loss_in: 0.2 };
const LOSS_OUT: Partial<Rates> = { loss_out: 0.2 };

const felt = (looks: readonly Partial<Rates>[]) => looks.reduce((all, look) => feel(all, { ...WELL, ...look }), FEEL);
const times = (count: number, look: Partial<Rates>) => Array.from({ length: count }, () => ({ ...WELL, ...look }));

describe("quality", () => {
  it("is weak, that way only, after five bad seconds", () => {
    expect(qualityOf(felt(times(4, LOSS_IN)), false)).toEqual({ coming: "good", going: "good" });
    expect(qualityOf(felt(times(5, LOSS_IN)), false)).toEqual({ coming: "weak", going: "good" });
    expect(qualityOf(felt(times(5, LOSS_OUT)), false)).toEqual({ coming: "good", going: "weak" });
  });

  it("is good again after five good ones, so that it does not flicker", () => {
    expect(qualityOf(felt([...times(6, LOSS_IN), ...times(4, {})]), false).coming).toBe("weak");
    expect(qualityOf(felt([...times(6, LOSS_IN), ...times(5, {})]), false).coming).toBe("good");
    const flicker = Array.from({ length: 40 }, (_, at) => (at % 2 ? LOSS_IN : {}));
    expect(qualityOf(felt(flicker), false).coming).toBe("good");
  });

  it("tells a line that carries no picture from a choice, whether one is sent or not", () => {
    const carries = (look: Partial<Rates>) => !felt(times(5, look)).carrying.weak;
    expect(carries({ fps_out: 0, room_kbps: 2_000 })).toBe(true);
    expect(carries({ fps_out: 0, room_kbps: 0 })).toBe(true);
    for (const bad of [{ fps_out: 0, room_kbps: 90 }, { limited: "bandwidth", room_kbps: 90 }, { limited: "cpu" }, LOSS_OUT] as const) {
      expect(carries(bad)).toBe(false);
    }
    expect(felt([...times(6, LOSS_OUT), ...times(5, { fps_out: 0 })]).carrying.weak).toBe(false);
  });

  it("sees within two seconds that the browser paused the own picture, and that it goes on", () => {
    const PAUSED: Partial<Rates> = { fps_out: 0, limited: "bandwidth", room_kbps: 250 };
    expect(felt([PAUSED]).paused.weak).toBe(false);
    expect(felt([PAUSED, PAUSED]).paused.weak).toBe(true);
    expect(felt([PAUSED, PAUSED, {}, {}]).paused.weak).toBe(false);
    expect(felt(times(5, { ...PAUSED, alive: false })).paused.weak).toBe(false);
    // The camera is off, or the line is narrow and the picture goes out all the same.
    expect(felt(times(5, { fps_out: 0 })).paused.weak).toBe(false);
    expect(felt(times(5, { limited: "bandwidth" })).paused.weak).toBe(false);
  });

  it("suffers from standing still, from jitter and from distance", () => {
    for (const bad of [{ frozen_ms: 400 }, { jitter_ms: 120 }, { rtt_ms: 900 }]) {
      expect(qualityOf(felt(times(5, bad)), false).coming).toBe("weak");
    }
  });

  it("is lost at once with the connection", () => {
    expect(qualityOf(FEEL, true)).toEqual({ coming: "lost", going: "lost" });
  });
});

describe("a diagnosis", () => {
  const near = { hub_rtt_ms: 40, lost: false };

  it.each<[What, Partial<Rates>, Partial<typeof near>]>([
    ["fine", {}, {}],
    ["own_upload", LOSS_OUT, {}],
    ["own_upload", { limited: "bandwidth", room_kbps: 90 }, {}],
    ["their_line", LOSS_IN, {}],
    ["own_download", LOSS_IN, { hub_rtt_ms: 900 }],
    ["own_line", { ...LOSS_IN, ...LOSS_OUT }, {}],
    ["delay", { rtt_ms: 900 }, {}],
    ["own_line", { rtt_ms: 900 }, { hub_rtt_ms: 900 }],
    ["this_device", { limited: "cpu" }, {}],
    ["no_call", {}, { lost: true }],
    ["own_line", {}, { lost: true, hub_rtt_ms: 900 }],
  ])("is %s", (what, rates, around) => {
    const { what: found, help } = diagnose(times(10, rates), { ...near, ...around });
    expect(found).toBe(what);
    expect(help.length > 0).toBe(what !== "fine");
  });

  it("is none without a call", () => {
    expect(diagnose([], near).what).toBe("no_call");
  });

  it("needs more than one bad look", () => {
    expect(diagnose([...times(8, {}), ...times(2, LOSS_OUT)], near).what).toBe("fine");
  });
});

describe("the figures", () => {
  const counted: Counted = {
    relayed: true,
    blind: false,
    turn: false,
    restarts: 1,
    moves: 2,
    silences: 1,
    gap_max_ms: 812,
    first_frame_ms: 240,
    width: 640,
    height: 360,
  };

  it("are whole numbers, none of them below zero, also without any look", () => {
    for (const recent of [times(3, LOSS_IN), []]) {
      for (const value of Object.values(figuresOf(recent, counted))) expect(Number.isSafeInteger(value) && value >= 0).toBe(true);
    }
  });

  it("say what was measured", () => {
    const figures = figuresOf(times(4, { ...LOSS_IN, freezes: 1, limited: "cpu" }), counted);
    expect(figures).toMatchObject({ loss_per_mille: 200, out_kbps: 410, freezes: 4, gap_ms: 812, relayed: 1, cpu_limited: 1 });
  });
});
