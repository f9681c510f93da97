import { describe, expect, it } from "vitest";

import { AWAKE, BEAT_MS, FIRST_MS, HURRIED_MS, listen, LOST_MS, type Watch } from "@/core/watchdog";

/** Beats every 100 ms; `packets` by the time since the start. */
function hear(until_ms: number, packets: (at_ms: number) => number, from: Watch = AWAKE, hurried = false): Watch {
  let watch = from;
  for (let at = (from.last?.at_ms ?? -BEAT_MS) + BEAT_MS; at <= until_ms; at += BEAT_MS) {
    watch = listen(watch, { at_ms: at, packets: packets(at) }, hurried);
  }
  return watch;
}

/** Fifty packets a second until `cut_ms`. */
const until = (cut_ms: number) => (at_ms: number) => Math.floor(Math.min(at_ms, cut_ms) / 20);
const WELL = hear(5_000, until(Infinity));

describe("the watchdog", () => {
  it("hears nothing of a flowing call", () => {
    expect(WELL).toMatchObject({ silent: false, quiet_ms: 0, began: true });
  });

  it("tells after 700 ms without a packet, not before", () => {
    expect(hear(5_000 + LOST_MS - BEAT_MS, until(5_000), WELL).silent).toBe(false);
    expect(hear(5_000 + LOST_MS, until(5_000), WELL).silent).toBe(true);
  });

  it("tells sooner when the network was just said to have changed", () => {
    expect(hear(5_000 + HURRIED_MS + BEAT_MS, until(5_000), WELL, true).silent).toBe(true);
  });

  it("takes it back with the first packet", () => {
    const gone = hear(6_000, until(5_000), WELL);
    expect(listen(gone, { at_ms: 6_100, packets: 251 }).silent).toBe(false);
  });

  it("gives a call that just began more time", () => {
    expect(hear(FIRST_MS - BEAT_MS, () => 0).silent).toBe(false);
    expect(hear(FIRST_MS, () => 0).silent).toBe(true);
  });

  it("begins anew with the counters of another connection", () => {
    expect(listen(hear(6_000, until(5_000), WELL), { at_ms: 6_100, packets: 3 })).toMatchObject({ silent: false, began: false });
  });

  it("says nothing of a machine that slept", () => {
    const woken = listen(WELL, { at_ms: 3_600_000, packets: 250 });
    expect(woken.silent).toBe(false);
    expect(listen(woken, { at_ms: 3_600_100, packets: 260 })).toMatchObject({ silent: false, quiet_ms: 0 });
  });

  it("says it of a page in the background, too, whose timers run once a second", () => {
    const once = listen(WELL, { at_ms: 6_000, packets: 250 });
    expect(once.silent).toBe(false);
    expect(listen(once, { at_ms: 7_000, packets: 250 }).silent).toBe(true);
  });
});

/** A random number generator with a seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Line {
  /** Packets a second. */
  readonly pace: number;
  /** Chances, packet by packet, of turning bad and of turning good again; everything is lost while bad. */
  readonly bad: number;
  readonly good: number;
  /** Lost at random beside that. */
  readonly loss: number;
}

/** How often the watchdog barks in so many hours of a line with Gilbert-Elliott loss. */
function alarms(line: Line, hours: number, seed: number): number {
  const random = seeded(seed);
  let [watch, bad, packets, barked, owed] = [AWAKE, false, 0, 0, 0];
  for (let at_ms = 0; at_ms < hours * 3_600_000; at_ms += BEAT_MS) {
    for (owed += (line.pace * BEAT_MS) / 1_000; owed >= 1; owed -= 1) {
      bad = bad ? random() >= line.good : random() < line.bad;
      if (!bad && random() >= line.loss) packets += 1;
    }
    const next = listen(watch, { at_ms, packets });
    if (next.silent && !watch.silent) barked += 1;
    watch = next;
  }
  return barked;
}

describe("false alarms", () => {
  const HOURS = 2;
  /** Sound is 50 packets a second, a picture of 15 frames about 30 more. */
  const CALL = 80;
  const SOUND = 50;
  const PICTURE = 8;
  const random = (pace: number): Line => ({ pace, bad: 0, good: 1, loss: 0.1 });
  /** Bursts of five packets, three percent in all. */
  const bursts = (pace: number): Line => ({ pace, bad: 0.0062, good: 0.2, loss: 0 });
  /** A radio link that drops everything for 150 ms on average, every ten seconds. */
  const radio = (pace: number): Line => ({ pace, bad: 1 / (10 * pace), good: 1 / (0.15 * pace), loss: 0.02 });

  it.each([
    ["a call at ten percent of random loss", random(CALL), 0],
    ["its sound alone", random(SOUND), 0],
    ["a poor picture alone", random(PICTURE), 2],
    ["a call with bursts of five packets", bursts(CALL), 0],
    ["its sound alone with such bursts", bursts(SOUND), 3],
    ["a call by a radio link that stops for 150 ms at a time", radio(CALL), 8],
  ])("in two hours of %s are no more than that", (_name, line, most) => {
    expect(alarms(line, HOURS, 7)).toBeLessThanOrEqual(most);
  });
});
