/** A device that ends while it is used: what it is called, what takes its place, what the partner is told. */
import { beforeEach, describe, expect, it, vi } from "vitest";

import { faultOf } from "@/core/check";
import type { Devices } from "@/io/devices";

import { Computer } from "./computer";

let computer: Computer;
let devices: Devices;

beforeEach(async () => {
  vi.resetModules();
  vi.useFakeTimers();
  computer = new Computer();
  computer.plugged.video = ["Front"];
  ({ devices } = await import("@/io/devices"));
  await devices.open();
});

/** The browser has found out and answered. */
const settled = (): Promise<void> => vi.advanceTimersByTimeAsync(1_500).then(() => undefined);

async function unplug(left: string[]): Promise<void> {
  const track = computer.last("video");
  computer.plugged.video = left;
  track.end();
  navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
  await settled();
}

describe("D4: a camera that is unplugged", () => {
  it("D4: is gone by a fault and not by choice", async () => {
    await unplug([]);
    expect(devices.camera.state.value).toBe("gone");
    expect(devices.camera.track.value).toBeNull();
    expect(faultOf(devices.camera.state.value)).toBe("unplugged");
  });

  it("D4: gives way to another that is there, by its name", async () => {
    await unplug(["Side"]);
    expect(devices.camera.state.value).toBe("on");
    expect(devices.camera.instead.value).toBe("Side");
    expect(devices.camera.choices.value.map(({ label }) => label)).toEqual(["Side"]);
  });

  it("D4: is taken again as soon as it is back", async () => {
    await unplug([]);
    computer.plugged.video = ["Front"];
    navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
    await settled();
    expect(devices.camera.state.value).toBe("on");
    expect(devices.camera.instead.value).toBe("");
  });

  it("D4: leaves the microphone as it is", async () => {
    await unplug([]);
    expect(devices.mic.state.value).toBe("on");
  });
});
