/**
 * Server time. `serverNow()` is asked anywhere; `now` is a signal of it that moves with the page's
 * heartbeat (each second while the page is seen), for whatever shows time.
 */
import { signal } from "@preact/signals";

import { better, type Offset, offsetOf } from "@/core/server_clock";

let offset: Offset | null = null;

export const serverNow = (): number =>
  offset ? Math.round(performance.now() + offset.add) : Date.now();

export const now = signal(Date.now());

/** Take one measurement: the server's time in an answer, and when question and answer passed here. */
export function heardTime(server: number, sent: number, got = performance.now()): void {
  offset = better(offset, offsetOf({ server, sent, got }));
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
