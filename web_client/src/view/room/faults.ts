/** What is wrong with the own devices, in a sentence, and what may be done about it. */
import { computed, effect, signal } from "@preact/signals";

import { browserOf, type Trouble } from "@/core/check";
import { type Device, type DeviceKind, devices } from "@/io/devices";
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

type Told = readonly [RoomWord, readonly FaultDo[]];

/** No trouble goes without a word; `null` is one that is found by looking or listening. */
const TOLD: Readonly<Record<DeviceKind, Readonly<Record<Trouble, Told | null>>>> = {
  camera: {
    gone: ["fault.camera.gone", ["choose", "camera"]],
    missing: ["fault.camera.gone", ["choose", "camera"]],
    refused: ["fault.camera.refused", ["camera"]],
    blocked: ["fault.camera.refused", ["camera"]],
    busy: ["fault.camera.busy", ["camera", "choose"]],
    odd: ["camera.odd", ["camera", "choose"]],
    dress: ["blur.failed", ["camera", "plain"]],
    black: null,
    silent: null,
  },
  // A microphone that is missing may be lived without.
  mic: {
    gone: ["fault.mic.gone", ["choose", "mic", "fine"]],
    missing: ["fault.mic.gone", ["choose", "mic", "fine"]],
    refused: ["fault.mic.refused", ["mic", "fine"]],
    blocked: ["fault.mic.refused", ["mic", "fine"]],
    busy: ["fault.mic.busy", ["mic", "choose", "fine"]],
    odd: ["mic.odd", ["mic", "choose", "fine"]],
    dress: ["mic.dress", ["mic", "choose", "fine"]],
    black: null,
    silent: null,
  },
};

const HELD: Readonly<Record<DeviceKind, Told>> = {
  camera: ["fault.camera.held", ["camera", "choose"]],
  mic: ["fault.mic.held", ["mic", "choose", "fine"]],
};

function stateFault(kind: DeviceKind, device: Device): Fault | null {
  const state = device.state.value;
  const told = (TOLD[kind] as Partial<Record<string, Told | null>>)[state];
  if (!told) return null;
  const [word, does] = told;
  const how = state === "refused" ? ` ${t(`allow.${browserOf(navigator.userAgent)}`)}` : "";
  return { key: `${kind}.${state}`, text: t(word) + how, does };
}

function heldFault(kind: DeviceKind, device: Device): Fault | null {
  // Who is silent by choice need not know what else keeps them so.
  if (!device.held.value || (kind === "mic" && !devices.micOn.value)) return null;
  const [word, does] = HELD[kind];
  return { key: `${kind}.held`, text: t(word), does };
}

function insteadFault(kind: DeviceKind, device: Device): Fault | null {
  const label = device.instead.value;
  return label === "" ? null : { key: `${kind}.instead.${label}`, text: t(`fault.${kind}.instead`, { label }), does: ["fine"] };
}

/** What the devices say of themselves, the worst first. */
const standing = computed((): readonly Fault[] => {
  const both = [["camera", devices.camera], ["mic", devices.mic]] as const;
  return [stateFault, heldFault, insteadFault].flatMap((of) => both.map(([kind, device]) => of(kind, device))).filter((each) => each !== null);
});

/** Put away by the member until it changes. */
const settled = signal("");
export const settleFault = (key: string): void => void (settled.value = key);

// What was put away and has gone, or was tried again, is told anew when it comes back.
effect(() => {
  const ofDevice = /^(?:camera|mic)\./u.test(settled.value);
  if (ofDevice && !standing.value.some(({ key }) => key === settled.value)) settled.value = "";
});

/** The first that is not put away; a picture that is black is looked at by the caller. */
export function faultNow(black: boolean): Fault | null {
  const looks: readonly (Fault | null)[] = [
    black ? { key: "black", text: t("fault.camera.black"), does: ["choose", "fine"] } : null,
    blurState.value === "slow" ? { key: "slow", text: t("blur.slow"), does: ["plain", "fine"] } : null,
    noiseTrouble.value ? { key: "noise", text: t("fault.noise"), does: ["fine"] } : null,
  ];
  return [...standing.value, ...looks].find((each) => each !== null && each.key !== settled.value) ?? null;
}

export const FAULT_DO: Readonly<Record<FaultDo, { readonly word: RoomWord; readonly act: (fault: Fault) => void }>> = {
  camera: { word: "fault.retry", act: () => void devices.setCamera(true) },
  mic: { word: "fault.retry", act: () => void devices.setMic(true) },
  choose: { word: "fault.choose", act: () => openLayer("more") },
  plain: { word: "blur.turn_off", act: () => void devices.setBlur(false) },
  fine: { word: "nudge.fine", act: ({ key }) => settleFault(key) },
};
