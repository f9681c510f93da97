/** What the page knows of other people: relations, threads of messages, invites. */
import { computed, effect, signal } from "@preact/signals";

import type { Invites, Relation, Thread } from "@/core/model";
import { unreadIn } from "@/core/threads";
import { api } from "@/io/api";
import { load, me } from "@/io/store";

/** Null until they were fetched. */
export const people = signal<ReadonlyMap<string, Relation> | null>(null);
export const threads = signal<readonly Thread[] | null>(null);
export const invites = signal<Invites | null>(null);

export const unread = computed(() => unreadIn(threads.value ?? []));

export const loadPeople = () =>
  load("people", async () => {
    people.value = new Map((await api.people()).map((r) => [r.id, r] as const));
  });

export const loadThreads = () =>
  load("threads", async () => {
    threads.value = await api.threads();
  });

export const loadInvites = () =>
  load("invites", async () => {
    invites.value = await api.invites();
  });

/** Put what an action gave back where the pages see it. */
export function placePerson(changed: Relation): void {
  people.value = new Map([...(people.value ?? []), [changed.id, changed]]);
}

/** Badge and notices need threads and invites on every page; nothing stays after signing out. */
export function startCommunity(): void {
  effect(() => {
    if (me.value?.welcomed) {
      if (threads.peek() === null) void loadThreads();
      if (invites.peek() === null) void loadInvites();
    } else if (me.value === null) {
      people.value = null;
      threads.value = null;
      invites.value = null;
    }
  });
}
