/** What a member has set about rooms in this browser. */
import { effect, type Signal, signal } from "@preact/signals";

import { chimes } from "@/io/chimes";
import { devices } from "@/io/devices";
import { keep, kept, local } from "@/io/keep";
import type { Visit } from "@/view/room/visit";

function remembered<T>(key: string, otherwise: T): Signal<T> {
  const value = signal(kept(local, key, otherwise));
  effect(() => keep(local, key, value.value));
  return value;
}

export const showTime = remembered("room.time", true);
/** Smaller pictures, in every room. */
export const lowData = remembered("room.low_data", false);
/** How loud the partner is, 0 to 1. */
export const voice = remembered("room.voice", 1);

export function setLowData(visit: Visit, on: boolean): void {
  lowData.value = on;
  visit.call.choose({ lowData: on });
}

/** Holds for this stay only: a face is what the room is for. */
export function setSoundOnly(visit: Visit, on: boolean): void {
  visit.telling.understood.value = false;
  visit.call.choose({ soundOnly: on });
}

export function setVoice(visit: Visit, level: number): void {
  voice.value = level;
  visit.call.hearing.volume(level);
}

/** Layouts of a phone show small pictures: small ones are enough. */
const PHONE = "(max-width: 699.9px), (max-height: 559.9px)";

/** What was chosen before holds in this room too, until the answer is called. */
export function applySettings(visit: Visit): () => void {
  visit.call.choose({ lowData: lowData.value });
  visit.call.hearing.volume(voice.value);
  const speaker = devices.speaker.peek();
  if (speaker !== "") {
    visit.call.hearing.through(speaker);
    void chimes.through(speaker);
  }
  const phone = window.matchMedia(PHONE);
  const look = (): void => visit.call.choose({ small: phone.matches });
  look();
  phone.addEventListener("change", look);
  return () => phone.removeEventListener("change", look);
}
