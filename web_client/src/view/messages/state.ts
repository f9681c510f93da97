/** The open thread, what is written but not sent, and lines on their way. */
import { computed, effect, signal } from "@preact/signals";

import { ms, type Thread } from "@/core/model";
import { firstUnread, newestFirst, type Unsent } from "@/core/threads";
import { api, ApiError, requestId } from "@/io/api";
import { loadThreads, placeRead, threads } from "@/io/community";
import { keep, kept, tabwise } from "@/io/keep";
import { me, online } from "@/io/store";
import { t } from "@/words/people";

/** An account that was deleted has no name any more. */
const named = (thread: Thread): Thread =>
  thread.member.name
    ? thread
    : { ...thread, member: { ...thread.member, name: t("messages.nameless") } };

export const list = computed(() => (threads.value ? newestFirst(threads.value).map(named) : null));

/** Threads as they were last fetched, by the other member. */
const opened = signal<ReadonlyMap<string, Thread>>(new Map());
export const threadOf = (id: string): Thread | undefined => opened.value.get(id);

/** Why a thread could not be fetched. */
export const trouble = signal<{ readonly id: string; readonly error: ApiError } | null>(null);

/** The first unread line of a thread as it was when it was opened. */
export const fresh = signal<{ readonly id: string; readonly line: string | null } | null>(null);

/** Lines on their way or not arrived, by member. */
export const unsent = signal<ReadonlyMap<string, readonly Unsent[]>>(new Map());
export const unsentTo = (id: string): readonly Unsent[] => unsent.value.get(id) ?? [];

const drafts = signal<Readonly<Record<string, string>>>(kept(tabwise, "drafts", {}));
export const draftTo = (id: string): string => drafts.value[id] ?? "";
export function draft(id: string, text: string): void {
  const rest = Object.entries(drafts.value).filter(([other]) => other !== id);
  drafts.value = Object.fromEntries(text ? [...rest, [id, text] as const] : rest);
  keep(tabwise, "drafts", drafts.value);
}

/** What one member wrote is not the next one's to see. */
effect(() => {
  if (me.value !== null) return;
  opened.value = new Map();
  unsent.value = new Map();
  drafts.value = {};
  keep(tabwise, "drafts", undefined);
});

function placeThread(id: string, thread: Thread): void {
  opened.value = new Map([...opened.value, [id, named(thread)]]);
}

function noteFresh(id: string, { lines, unread }: Thread): void {
  if (fresh.value?.id === id && unread === 0) return;
  const line = firstUnread(lines, unread, me.value?.id ?? "");
  // A mark stays where it was while more lines come.
  if (fresh.value?.id === id && fresh.value.line) return;
  fresh.value = { id, line };
}

/** Whoever looks at a thread has read it. */
async function tellRead(id: string): Promise<void> {
  if (document.hidden) return;
  await api.readThread(id);
  placeRead(id);
}

export async function loadThread(id: string): Promise<void> {
  try {
    const thread = await api.thread(id);
    noteFresh(id, thread);
    placeThread(id, thread);
    trouble.value = null;
    if (thread.unread > 0) await tellRead(id);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    trouble.value = { id, error };
  }
}

function setUnsent(id: string, change: (lines: readonly Unsent[]) => readonly Unsent[]): void {
  unsent.value = new Map([...unsent.value, [id, change(unsentTo(id))]]);
}

export const drop = (id: string, line: Unsent): void =>
  setUnsent(id, (lines) => lines.filter((other) => other.id !== line.id));

async function send(id: string, line: Unsent): Promise<void> {
  try {
    const written = await api.write(id, line.text, line.id);
    const thread = threadOf(id);
    if (thread && !thread.lines.some((known) => known.id === written.id)) {
      placeThread(id, { ...thread, lines: [...thread.lines, written] });
    }
    drop(id, line);
    void loadThreads();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    setUnsent(id, (lines) =>
      lines.map((other) => (other.id === line.id ? { ...line, code: error.code } : other)),
    );
    if (error.code === "no_contact") void loadThread(id);
  }
}

/** Write a line; it stands in the thread at once. */
export function write(id: string, text: string): void {
  const line = { id: requestId(), text, code: "" };
  setUnsent(id, (lines) => [...lines, line]);
  void send(id, line);
}

export function tryAgain(id: string, line: Unsent): void {
  const again = { ...line, code: "" };
  setUnsent(id, (lines) => lines.map((other) => (other.id === line.id ? again : other)));
  void send(id, again);
}

/** When the network is back, what did not reach us is sent. */
effect(() => {
  if (!online.value) return;
  for (const [id, lines] of unsent.peek()) {
    for (const line of lines) if (line.code === "offline") tryAgain(id, line);
  }
});

/** Threads looked at, the last one first: `↑` in an empty field goes back. */
let seen: readonly string[] = [];
export function look(id: string): void {
  seen = [id, ...seen.filter((other) => other !== id)];
}
export const lastSeen = (but: string): string | undefined =>
  seen.find((id) => id !== but) ?? list.value?.find(({ member }) => member.id !== but)?.member.id;

export const lastAt = ({ lines }: Thread): number => {
  const last = lines.at(-1);
  return last ? ms(last.at) : 0;
};
