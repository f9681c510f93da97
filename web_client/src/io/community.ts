/** What the page knows of other people: relations, threads of messages, invites. */
import { computed, effect, signal } from "@preact/signals";

import type { Invites, Relation, Thread } from "@/core/model";
import { Newest } from "@/core/newest";
import { unreadIn } from "@/core/threads";
import { api } from "@/io/api";
import { load, me } from "@/io/store";

/** Null until they were fetched. */
export const people = signal<ReadonlyMap<string, Relation> | null>(null);
export const threads = signal<readonly Thread[] | null>(null);
export const invites = signal<Invites | null>(null);

export const unread = computed(() => unreadIn(threads.value ?? []));

const newest = { people: new Newest(), threads: new Newest(), invites: new Newest() };

export const loadPeople = () =>
  load("people", async () => {
    const counts = newest.people.ask();
    const found = await api.people();
    if (counts()) people.value = new Map(found.map((r) => [r.id, r] as const));
  });

export const loadThreads = () =>
  load("threads", async () => {
    const counts = newest.threads.ask();
    const found = await api.threads();
    if (counts()) threads.value = found;
  });

export const loadInvites = () =>
  load("invites", async () => {
    const counts = newest.invites.ask();
    const found = await api.invites();
    if (counts()) invites.value = found;
  });

/** A thread was read: at once, and by the next answer; one that is on its way does not know of it yet. */
export function placeRead(id: string): void {
  threads.value =
    threads.value?.map((thread) => (thread.member.id === id ? { ...thread, unread: 0 } : thread)) ?? null;
  void loadThreads();
}

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
