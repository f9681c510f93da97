import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Chimes } from "@/io/chimes";

/** A loudspeaker whose clock is turned by hand. */
class Sound extends EventTarget {
  static last: Sound;
  state = "running";
  currentTime = 0;
  readonly destination = {};
  readonly tones: Tone[] = [];
  resume = vi.fn(() => Promise.resolve());

  constructor() {
    super();
    Sound.last = this;
  }
}

class Part {
  connect = <T>(to: T): T => to;
  readonly gain = { value: 0, setValueCurveAtTime: vi.fn(), exponentialRampToValueAtTime: vi.fn() };
}

class Tone extends Part {
  at_s = 0;
  silenced = false;
  setPeriodicWave = vi.fn();
  stop = vi.fn();

  constructor(sound: Sound) {
    super();
    sound.tones.push(this);
  }

  start(at_s: number): void {
    this.at_s = at_s;
  }

  disconnect(): void {
    this.silenced = true;
  }
}

const MINUTE_MS = 60_000;
let chimes: Chimes;
let begins_ms: number;

/** Both clocks go on, or the page's alone. */
function pass(ms: number, sounds = true): void {
  for (let n = 0; n < ms; n += 50) {
    if (sounds) Sound.last.currentTime += 0.05;
    vi.advanceTimersByTime(50);
  }
}

/** When the tones that are left sound, by the page's clock. */
function due_ms(): number[] {
  const { tones, currentTime } = Sound.last;
  const left = tones.filter((tone) => !tone.silenced && tone.at_s > currentTime);
  return left.map(({ at_s }) => Math.round(Date.now() + (at_s - currentTime) * 1_000));
}

beforeEach(async () => {
  vi.useFakeTimers({ now: 1_000_000_000 });
  vi.stubGlobal("window", globalThis);
  vi.stubGlobal("AudioContext", Sound);
  vi.stubGlobal("OscillatorNode", Tone);
  for (const part of ["GainNode", "BiquadFilterNode", "PeriodicWave"]) vi.stubGlobal(part, Part);
  chimes = new Chimes();
  await chimes.wake();
  begins_ms = Date.now() + MINUTE_MS / 2;
  chimes.follow({ start_ms: begins_ms, end_ms: begins_ms + 50 * MINUTE_MS, break_until_ms: 0 });
});

afterEach(() => {
  chimes.follow(null);
  vi.useRealTimers();
});

describe("a chime", () => {
  it("is laid on the clock of the sound, which no sleeping page holds up", () => {
    expect(due_ms()).toContain(begins_ms);
    pass(20_000);
    expect(due_ms()).toContain(begins_ms);
    expect(Sound.last.tones.some((tone) => tone.silenced)).toBe(false);
  });

  it("keeps its moment when the clock of the sound stood without a word", () => {
    pass(10_000, false);
    pass(2_000);
    expect(due_ms()).toContain(begins_ms);
    expect(due_ms()).not.toContain(begins_ms + 10_000);
  });

  it("does not come late: whose moment passed meanwhile is a sign to the eye", () => {
    pass(28_000);
    pass(2_000, false);
    expect(chimes.ringing.value).toBe("begin");
    expect(chimes.audible).toBe(false);
    pass(2_000);
    expect(due_ms().every((at_ms) => at_ms > begins_ms + MINUTE_MS)).toBe(true);
  });

  it("is heard where both clocks agree, and where they do so again", () => {
    pass(2_000, false);
    pass(28_000);
    expect(chimes.ringing.value).toBe("begin");
    expect(chimes.audible).toBe(true);
  });
});

describe("sound that stopped", () => {
  it.each(["suspended", "interrupted"])("is woken by a press when it is %s", async (state) => {
    Sound.last.state = state;
    await chimes.wake();
    expect(Sound.last.resume).toHaveBeenCalled();
  });

  it("is woken without one, if it has sounded before", () => {
    Sound.last.dispatchEvent(new Event("statechange"));
    Sound.last.state = "interrupted";
    pass(2_000, false);
    expect(Sound.last.resume).toHaveBeenCalled();
  });

  it("is not asked for before the first press", () => {
    Sound.last.state = "suspended";
    pass(4_000, false);
    expect(Sound.last.resume).not.toHaveBeenCalled();
  });
});
