import { beforeEach, describe, expect, it, vi } from "vitest";

import type { Devices } from "@/io/devices";
import type * as Choices from "@/io/effects/choices";

import { Computer, Track } from "../computer";

/** A page's audio that the system may put to sleep. */
class Audio extends EventTarget {
  static last: Audio;
  state = "running";
  wakes = true;
  readonly out = new Track("audio", "cleaned");
  readonly audioWorklet = { addModule: () => Promise.resolve() };

  constructor() {
    super();
    Audio.last = this;
  }

  become(state: string): void {
    this.state = state;
    this.dispatchEvent(new Event("statechange"));
  }

  resume(): Promise<void> {
    if (this.wakes && this.state !== "running") this.become("running");
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.become("closed");
    return Promise.resolve();
  }

  createMediaStreamSource = () => ({ connect: <T>(to: T): T => to });
  createMediaStreamDestination = () => ({ stream: { getAudioTracks: () => [this.out] } });
}

/** What cleans, as far as a page has to do with it. */
class Cleaner {
  readonly port = { postMessage: vi.fn() };
  connect = <T>(to: T): T => to;
  disconnect = vi.fn();
}

let computer: Computer;
let devices: Devices;
let choices: typeof Choices;
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

/** A page with the strong suppression of noise. */
beforeEach(async () => {
  vi.resetModules();
  vi.useFakeTimers();
  computer = new Computer();
  vi.stubGlobal("AudioContext", Audio);
  vi.stubGlobal("AudioWorkletNode", Cleaner);
  vi.stubGlobal("MediaStream", class {});
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(new ArrayBuffer(8))));
  choices = await import("@/io/effects/choices");
  ({ devices } = await import("@/io/devices"));
  choices.noise.value = "strong";
  const opened = devices.open();
  await vi.waitFor(() => opened);
});

describe("a voice through the strong suppression of noise", () => {
  it("is the cleaned one, for as long as the page's audio runs", async () => {
    await pass(60_000);
    expect(devices.mic.track.value).toBe(Audio.last.out);
    expect(choices.noiseTrouble.value).toBe(false);
  });

  it.each(["suspended", "interrupted"])("goes as it is when that is %s and stays so", async (state) => {
    Audio.last.wakes = false;
    Audio.last.become(state);
    await pass(900);
    expect(devices.mic.track.value).toBe(Audio.last.out);
    await pass(200);
    expect(devices.mic.track.value).toBe(computer.last("audio"));
    expect([devices.mic.state.value, devices.heard.value, choices.noiseTrouble.value]).toEqual(["on", true, true]);
    expect([Audio.last.state, Audio.last.out.readyState]).toEqual(["closed", "ended"]);
  });

  it("stays muted when it was", async () => {
    await devices.setMic(false);
    Audio.last.wakes = false;
    Audio.last.become("interrupted");
    await pass(1_100);
    expect(devices.mic.track.value).toBe(computer.last("audio"));
    expect(computer.last("audio").enabled).toBe(false);
  });

  it("is cleaned again where the page's audio can be woken", async () => {
    Audio.last.become("suspended");
    await pass(5_000);
    expect(devices.mic.track.value).toBe(Audio.last.out);
  });

  it("is let go of with the microphone", async () => {
    devices.mic.stop();
    await pass(5_000);
    expect([devices.mic.state.value, devices.mic.track.value]).toEqual(["off", null]);
    expect(choices.noiseTrouble.value).toBe(false);
  });
});
