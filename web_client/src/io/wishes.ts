/**
 * The options of the sessions to book: the member's own, remembered by the instance.
 *
 * What was booked last is what `Me` says; a change is shown at once and told after a short rest. If
 * telling does not work, the next booking carries the options and is remembered all the same.
 */
import { computed, effect, signal, untracked } from "@preact/signals";

import type { Edit, Me, MePatch, Task } from "@/core/model";
import { api, ApiError } from "@/io/api";
import { length } from "@/io/settings";
import { alsoShorter, instance, me } from "@/io/store";

export interface Wishes {
  readonly task: Task;
  readonly quiet: boolean;
  readonly favourites: boolean;
  readonly shorter: boolean;
  readonly title: string;
}

const REST_MS = 800;

/** Changed on this page and not known to be remembered yet. */
const changed = signal<Partial<Wishes>>({});

const rememberedOf = (of: Me | null | undefined): Wishes => ({
  task: of?.last_task ?? "anything",
  quiet: of?.last_quiet ?? false,
  favourites: of?.last_prefer_favourites ?? true,
  shorter: of?.last_also_shorter ?? false,
  title: "",
});

export const wishes = computed<Wishes>(() => ({ ...rememberedOf(me.value), ...changed.value }));

const crossing = (): boolean => instance.value?.rules.cross_lengths === true;

/** The options as a booking carries them. */
export function carried(): Edit {
  const { title, quiet, task, favourites, shorter } = wishes.value;
  const cross = crossing() ? { also_shorter: shorter } : {};
  return { title, quiet, task, prefer_favourites: favourites, ...cross };
}

let timer = 0;
let telling: MePatch = {};

async function tell(): Promise<void> {
  const patch = telling;
  telling = {};
  try {
    await api.changeMe(patch);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

function remember(patch: MePatch): void {
  telling = { ...telling, ...patch };
  window.clearTimeout(timer);
  timer = window.setTimeout(() => void tell(), REST_MS);
}

const PATCH: Readonly<Record<Exclude<keyof Wishes, "title">, keyof MePatch>> = {
  task: "last_task",
  quiet: "last_quiet",
  favourites: "last_prefer_favourites",
  shorter: "last_also_shorter",
};

/** Wish for something else from now on; the title is for the next booking alone. */
export function wish(part: Partial<Wishes>): void {
  changed.value = { ...changed.value, ...part };
  const told = Object.entries(part).filter(([key]) => key !== "title");
  if (told.length === 0) return;
  remember(Object.fromEntries(told.map(([key, value]) => [PATCH[key as keyof typeof PATCH], value])));
}

/** Another length for the sessions to book. */
export function wishLength(minutes: number): void {
  length.value = minutes;
  remember({ last_length_min: minutes });
}

/** Another member is signed in: theirs is remembered, not what was set before them. */
export function startWishes(): void {
  effect(() => {
    alsoShorter.value = crossing() && wishes.value.shorter;
  });
  let who = "";
  effect(() => {
    const id = me.value?.id ?? "";
    if (id === who || id === "") return;
    who = id;
    untracked(() => {
      changed.value = {};
      length.value = me.value?.last_length_min || length.value;
    });
  });
}
