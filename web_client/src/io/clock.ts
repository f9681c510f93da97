/**
 * Server time. `serverNow()` is asked anywhere; `now` is a signal of it that moves with the page's
 * heartbeat (each second), for whatever shows time.
 */
import { signal } from "@preact/signals";

import { type Clock, heard, isSet, serverTime, UNSET } from "@/core/clock";

let clock: Clock = UNSET;

export const serverNow = (): number =>
  isSet(clock) ? serverTime(clock, performance.now()) : Date.now();

export const now = signal(Date.now());

/** Take one measurement: the server's time in an answer, and when question and answer passed here. */
export function heardTime(server: number, sent: number, got = performance.now()): void {
  clock = heard(clock, sent, got, server);
  now.value = serverNow();
}

function beat(): void {
  now.value = serverNow();
  window.setTimeout(beat, 1000 - (serverNow() % 1000));
}

export function startClock(): void {
  beat();
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) now.value = serverNow();
  });
}
