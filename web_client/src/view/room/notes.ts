/**
 * Tasks and chat of one room: the replicated log as this page holds it, what of it has reached
 * nobody yet, and its memory in this browser.
 */
import { signal } from "@preact/signals";

import { acceptable, type Desk, EMPTY, fromText, have, merge, missing, ownTasks, toText } from "@/core/desk";
import type { Rules } from "@/core/model";
import { decodePeer, encodePeer, type Entry, type EntryKind, entryOf, type PeerMessage } from "@/core/wire";
import { serverNow } from "@/io/clock";
import { keep, kept, local } from "@/io/keep";
import { socket } from "@/io/socket";

const DAY_MS = 24 * 60 * 60 * 1_000;
/** Writing to this browser's memory waits for a pause in the conversation. */
const KEEP_AFTER_MS = 300;
/** A browser without memory of a session is given its own lines back for so long. */
const RESTORE_MS = 60_000;

/** The room around the notes. */
export interface Surroundings {
  /** Say it to the partner's page directly; false when it is not sure to arrive. */
  readonly near: (data: Uint8Array<ArrayBuffer>) => boolean;
  /** Say it to the partner's page, which has just spoken. */
  readonly answer: (data: Uint8Array<ArrayBuffer>) => void;
  /** The partner's id; empty while there is none. */
  readonly partner: () => string;
  /** The name under which this browser remembers the log. */
  readonly memory: () => string;
}

export class Notes {
  readonly desk = signal<Desk>(EMPTY);
  /** Own entries that have reached nobody yet. */
  readonly unsent = signal<ReadonlySet<string>>(new Set());
  /** Until when the partner's page may give back what we wrote; 0 in a browser that remembers. */
  private restoreUntil_ms = 0;
  private keeping = 0;

  constructor(
    private readonly rules: Rules,
    private readonly around: Surroundings,
  ) {}

  say(text: string): void {
    this.write("chat", { text });
  }

  addTask(text: string): void {
    this.write("task", { text });
  }

  tick(task: string, done: boolean): void {
    this.write("tick", { ref: task, done });
  }

  drop(task: string): void {
    this.write("drop", { ref: task });
  }

  /** Join what the hub holds with what this browser remembers. */
  meet(log: readonly Entry[]): void {
    const remembered = this.remembered();
    if (remembered.length === 0 && this.desk.value.entries.size === 0) this.restoreUntil_ms = serverNow() + RESTORE_MS;
    this.take([...remembered, ...log]);
    const held = new Set(log.map(({ id }) => id));
    this.unsent.value = new Set([...this.unsent.value].filter((id) => !held.has(id)));
  }

  sendUnsent(): void {
    for (const id of this.unsent.value) {
      const entry = this.desk.value.entries.get(id);
      if (entry) this.send(entry);
    }
  }

  take(entries: readonly Entry[]): void {
    this.desk.value = merge(this.desk.value, entries);
    window.clearTimeout(this.keeping);
    this.keeping = window.setTimeout(() => this.keepNow(), KEEP_AFTER_MS);
  }

  /** Another partner: what was said stays with the former one; the own tasks come along. */
  part(): void {
    this.keepNow();
    this.desk.value = ownTasks(this.desk.value, socket.member.value);
    this.unsent.value = new Set([...this.unsent.value].filter((id) => this.desk.value.entries.has(id)));
    this.restoreUntil_ms = 0;
  }

  /** Tell the partner's page what is here, so that it sends what is missing. */
  greetPartner(): void {
    this.around.answer(encodePeer({ t: "have", ids: have(this.desk.value) }));
  }

  fromPartner(data: Uint8Array): void {
    let message: PeerMessage;
    try {
      message = decodePeer(data);
    } catch {
      return;
    }
    if (message.t === "entry") return this.takeFromPartner(message);
    for (const entry of missing(this.desk.value, message.ids)) this.around.answer(encodePeer(entry));
    this.unsent.value = new Set();
  }

  keepNow(): void {
    window.clearTimeout(this.keeping);
    if (this.desk.value.entries.size === 0) return;
    keep(local, this.around.memory(), toText(this.desk.value, serverNow()));
  }

  private write(kind: EntryKind, what: Partial<Pick<Entry, "text" | "ref" | "done">>): void {
    const entry = entryOf({ id: randomId(), kind, by: socket.member.value, at_ms: serverNow(), ...what });
    this.take([entry]);
    this.unsent.value = new Set(this.unsent.value).add(entry.id);
    this.send(entry);
  }

  /** To the partner directly where that is sure, else through the hub; twice does no harm. */
  private send(entry: Entry): void {
    const sent = this.around.near(encodePeer(entry)) || socket.send(entry);
    if (sent) this.unsent.value = new Set([...this.unsent.value].filter((id) => id !== entry.id));
  }

  /** A partner speaks for themselves; our own words only come back to a page that has none. */
  private takeFromPartner(entry: Entry): void {
    const authors = new Set([this.around.partner()]);
    if (serverNow() < this.restoreUntil_ms) authors.add(socket.member.value);
    if (acceptable(entry, authors, { chat: this.rules.chat_max, task: this.rules.task_max })) this.take([entry]);
  }

  private remembered(): readonly Entry[] {
    sweep(serverNow());
    const found = fromText(kept<string | null>(local, this.around.memory(), null));
    return found === null || serverNow() - found.kept_ms > DAY_MS ? [] : found.entries;
  }
}

function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
}

/** Forget the sessions of other days. */
function sweep(now_ms: number): void {
  for (const key of Object.keys(local ?? {})) {
    if (!key.startsWith("alongside.desk.")) continue;
    const name = key.slice("alongside.".length);
    const found = fromText(kept<string | null>(local, name, null));
    if (found === null || now_ms - found.kept_ms > DAY_MS) keep(local, name, undefined);
  }
}
