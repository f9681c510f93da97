/**
 * What is said to screen readers. One polite region, one urgent: equal sentences merge, at most one
 * polite sentence in three seconds, the newest wins.
 */
import { signal } from "@preact/signals";

const REST_MS = 3_000;

export const status = signal("");
export const alarm = signal("");

let waiting: string | null = null;
let resting = false;

function speak(text: string): void {
  // A region that is set to its own text again stays silent.
  status.value = status.value === text ? `${text}\u00a0` : text;
  resting = true;
  window.setTimeout(rested, REST_MS);
}

function rested(): void {
  resting = false;
  const next = waiting;
  waiting = null;
  if (next !== null) speak(next);
}

/** Say something when there is a pause. */
export function say(text: string): void {
  if (!resting) speak(text);
  else if (status.value.trim() !== text) waiting = text;
}

/** Say something at once: only what the member must act on. */
export function alert(text: string): void {
  alarm.value = alarm.value === text ? `${text}\u00a0` : text;
}
