/** What is wrong with the own devices, in a sentence, and what may be done about it. */
import { signal } from "@preact/signals";

import { browserOf } from "@/core/check";
import { type Device, devices } from "@/io/devices";
import { blurState, noiseTrouble } from "@/io/effects/choices";
import { openLayer } from "@/view/room/layers";
import { type RoomWord, t } from "@/words/room";

export type FaultDo = "camera" | "mic" | "choose" | "plain" | "fine";

export interface Fault {
  /** Names it, so that it can be put away. */
  readonly key: string;
  readonly text: string;
  readonly does: readonly FaultDo[];
}

/** Put away by the member until it changes. */
const settled = signal("");
export const settleFault = (key: string): void => void (settled.value = key);

const CAMERA: Readonly<Record<string, readonly [RoomWord, readonly FaultDo[]]>> = {
  gone: ["fault.camera.gone", ["choose", "camera"]],
  missing: ["fault.camera.gone", ["choose", "camera"]],
  refused: ["fault.camera.refused", ["camera"]],
  blocked: ["fault.camera.refused", ["camera"]],
  busy: ["fault.camera.busy", ["camera", "choose"]],
  odd: ["camera.odd", ["camera", "choose"]],
  dress: ["blur.failed", ["camera", "plain"]],
};

const MIC: Readonly<Record<string, readonly [RoomWord, readonly FaultDo[]]>> = {
  gone: ["fault.mic.gone", ["choose", "mic"]],
  refused: ["fault.mic.refused", ["mic"]],
  busy: ["fault.mic.busy", ["mic", "choose"]],
};

function stateFault(kind: "camera" | "mic", device: Device): Fault | null {
  const state = device.state.value;
  const found = (kind === "camera" ? CAMERA : MIC)[state];
  if (found === undefined) return null;
  const [word, does] = found;
  const how = state === "refused" ? ` ${t(`allow.${browserOf(navigator.userAgent)}`)}` : "";
  // A microphone that is missing may be lived without.
  return { key: `${kind}.${state}`, text: t(word) + how, does: kind === "mic" ? [...does, "fine"] : does };
}

function insteadFault(kind: "camera" | "mic", device: Device): Fault | null {
  const label = device.instead.value;
  return label === "" ? null : { key: `${kind}.instead.${label}`, text: t(`fault.${kind}.instead`, { label }), does: ["fine"] };
}

/** The first that is not put away; a picture that is black is looked at by the caller. */
export function faultNow(black: boolean): Fault | null {
  const { camera, mic } = devices;
  const all: readonly (Fault | null)[] = [
    stateFault("camera", camera),
    stateFault("mic", mic),
    camera.held.value ? { key: "held", text: t("fault.camera.held"), does: ["camera", "choose"] } : null,
    insteadFault("camera", camera),
    insteadFault("mic", mic),
    black ? { key: "black", text: t("fault.camera.black"), does: ["choose", "fine"] } : null,
    blurState.value === "slow" ? { key: "slow", text: t("blur.slow"), does: ["plain", "fine"] } : null,
    noiseTrouble.value ? { key: "noise", text: t("fault.noise"), does: ["fine"] } : null,
  ];
  return all.find((each) => each !== null && each.key !== settled.value) ?? null;
}

export const FAULT_DO: Readonly<Record<FaultDo, { readonly word: RoomWord; readonly act: (fault: Fault) => void }>> = {
  camera: { word: "fault.retry", act: () => void devices.setCamera(true) },
  mic: { word: "fault.retry", act: () => void devices.setMic(true) },
  choose: { word: "fault.choose", act: () => openLayer("more") },
  plain: { word: "blur.turn_off", act: () => void devices.setBlur(false) },
  fine: { word: "nudge.fine", act: ({ key }) => settleFault(key) },
};
