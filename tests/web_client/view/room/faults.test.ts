import { beforeEach, describe, expect, it, vi } from "vitest";

import type { Devices } from "@/io/devices";
import type { Fault } from "@/view/room/faults";

import { Computer } from "../../io/computer";

let computer: Computer;
let devices: Devices;
let faultNow: (black: boolean) => Fault | null;
let settleFault: (key: string) => void;
let again: (fault: Fault) => void;

const text = (): string => faultNow(false)?.text ?? "";

/** A page of its own, with both devices on. */
beforeEach(async () => {
  vi.resetModules();
  vi.useFakeTimers();
  computer = new Computer();
  ({ devices } = await import("@/io/devices"));
  const faults = await import("@/view/room/faults");
  ({ faultNow, settleFault } = faults);
  again = (fault) => faults.FAULT_DO[fault.does.find((each) => each !== "choose") ?? "fine"].act(fault);
  await devices.open();
});

const settled = (): Promise<void> => vi.advanceTimersByTimeAsync(1_500).then(() => undefined);

describe("a microphone that does not start", () => {
  it.each([
    ["NotFoundError", /Your microphone is gone/u],
    ["NotAllowedError", /keeps the microphone from us/u],
    ["SecurityError", /keeps the microphone from us/u],
    ["NotReadableError", /Another program holds the microphone/u],
    ["SomethingNew", /microphone does not start/u],
  ])("is told for %s", async (name, words) => {
    computer.refuses.audio = name;
    await devices.mic.start();
    expect(text()).toMatch(words);
    expect(faultNow(false)?.does).toContain("mic");
  });

  it("is told again when it was put away and asked for once more", async () => {
    computer.plugged.audio = [];
    await devices.mic.start();
    settleFault(faultNow(false)?.key ?? "");
    expect(text()).toBe("");
    await devices.setMic(true);
    expect(text()).toMatch(/Your microphone is gone/u);
  });
});

describe("a camera that does not start", () => {
  it.each(["NotFoundError", "NotAllowedError", "SecurityError", "NotReadableError", "SomethingNew"])("is told for %s", async (name) => {
    computer.refuses.video = name;
    await devices.setCamera(true);
    expect(text()).toMatch(/camera/u);
  });
});

describe("a device that the system holds back", () => {
  it("is told of the camera and of the microphone", async () => {
    computer.last("video").pause(true);
    await settled();
    expect(text()).toMatch(/paused your camera/u);
    computer.last("video").pause(false);
    computer.last("audio").pause(true);
    await settled();
    expect(text()).toMatch(/paused your microphone/u);
    computer.last("audio").pause(false);
    expect(text()).toBe("");
  });

  it("is told of no microphone that is off by choice", async () => {
    await devices.setMic(false);
    computer.last("audio").pause(true);
    await settled();
    expect(text()).toBe("");
  });

  it("is asked for anew by the press that says so", async () => {
    computer.last("audio").pause(true);
    await settled();
    const held = computer.last("audio");
    again(faultNow(false) as Fault);
    await settled();
    expect(computer.last("audio")).not.toBe(held);
    expect(devices.heard.value).toBe(true);
    expect(text()).toBe("");
  });

  it("is not heard, whatever its member chose", async () => {
    expect(devices.heard.value).toBe(true);
    computer.last("audio").pause(true);
    await settled();
    expect(devices.micOn.value).toBe(true);
    expect(devices.heard.value).toBe(false);
  });
});

describe("a device that ends by itself", () => {
  it.each(["denied", "prompt"] as const)("is one the browser took away, where it would be %s now", async (permission) => {
    await settled();
    computer.allow(permission);
    computer.last("video").end();
    await settled();
    expect(devices.camera.state.value).toBe("refused");
    expect(text()).toMatch(/keeps the camera from us now.*try again/u);
  });

  it("is one the browser took away, where that is said a moment later", async () => {
    computer.last("video").end();
    await settled();
    expect(devices.camera.state.value).toBe("gone");
    computer.allow("denied");
    expect(devices.camera.state.value).toBe("refused");
  });

  it("was unplugged, where the page may use others", async () => {
    computer.plugged.video = [];
    computer.last("video").end();
    await settled();
    expect(devices.camera.state.value).toBe("gone");
    computer.plugged.video = ["Back"];
    navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
    await settled();
    expect(devices.camera.state.value).toBe("on");
  });
});
