/**
 * Another partner: what a page knows of looking for one, of being asked, and what its member chose.
 *
 * Pure: a fold over the hub's messages and the member's own presses. Who meets whom is decided by the
 * ledger; nothing here guesses it.
 */

import type { Room, Search, ServerMessage } from "./wire.js";

/** `sent`: no answer yet. `soon`: it is too early, and the page asks again at `until_ms`. */
export type Outcome = "sent" | "soon" | Search["outcome"];

export interface Looking {
  readonly outcome: Outcome;
  /** Until when somebody is asked; 0 when nobody is. */
  readonly until_ms: number;
  /** Although the partner was locked in. */
  readonly locked: boolean;
}

export interface Question {
  /** Whether a first-timer is welcome; else whether to meet somebody who looks. */
  readonly newcomer: boolean;
  readonly until_ms: number;
  /** It was answered, and what comes of it is awaited. */
  readonly said: boolean;
}

/** `found` somebody, the own partner `arrived`, it was `over` before the answer came, it `failed`. */
export interface News {
  readonly kind: "found" | "arrived" | "over" | "failed";
  readonly name: string;
  readonly at_ms: number;
}

export interface Change {
  readonly looking: Looking | null;
  readonly asked: Question | null;
  /** What the member chose for now: to wait on, or to work alone. */
  readonly choice: "" | "wait" | "solo";
  /** The hub said that the two locked this session in. */
  readonly locked: boolean;
  readonly news: News | null;
}

export const SETTLED: Change = { looking: null, asked: null, choice: "", locked: false, news: null };

/** How long news are shown. */
const NEWS_MS = 10_000;
/** An answer is taken before the new partner is told: only without one was it too late. */
const OVER_AFTER_MS = 1_000;

type Fold = { [T in ServerMessage["t"]]?: (change: Change, message: Extract<ServerMessage, { t: T }>, room: Room | null, now_ms: number) => Change };

const nameOf = (room: Room | null): string => room?.partner?.name ?? "";

const FOLD: Fold = {
  // A page that comes back is told again what is under way.
  room: (change, next, room) =>
    room?.booking === next.booking && room.pair === next.pair ? { ...change, looking: null, asked: null } : SETTLED,
  partner: (_, { partner }, __, now_ms) => ({
    ...SETTLED,
    news: partner === null ? null : { kind: "found", name: partner.name, at_ms: now_ms },
  }),
  seats: (change, { them }, room, now_ms) => (them.here ? arrived(change, room, now_ms) : change),
  search: (change, { outcome, until_ms }) => ({
    ...change,
    looking: { outcome, until_ms, locked: change.looking?.locked ?? false },
  }),
  asked: (change, { newcomer, until_ms }) => ({ ...change, asked: { newcomer, until_ms, said: false } }),
  ask_over: (change, _, room, now_ms) => unasked(change, room, now_ms),
  refused: (change, refusal, room, now_ms) => {
    if (refusal.ref === "answer") return unasked({ ...change, asked: change.asked && { ...change.asked, said: true } }, room, now_ms);
    return refusal.ref === "seek" ? refused(change, refusal, room, now_ms) : change;
  },
};

/** The partner waited for is here: nobody else is looked for. */
function arrived(change: Change, room: Room | null, now_ms: number): Change {
  const settled: Change = { ...change, looking: null, asked: null, choice: "" };
  if (change.looking === null && change.asked === null) return settled;
  return { ...settled, news: { kind: "arrived", name: nameOf(room), at_ms: now_ms } };
}

function unasked(change: Change, room: Room | null, now_ms: number): Change {
  const late = change.asked?.said === true && !change.asked.newcomer;
  const over: News = { kind: "over", name: nameOf(room), at_ms: now_ms + OVER_AFTER_MS };
  return { ...change, asked: null, news: late ? over : change.news };
}

function refused(change: Change, { code, data }: Extract<ServerMessage, { t: "refused" }>, room: Room | null, now_ms: number): Change {
  if (code === "partner_here") return arrived({ ...change, looking: change.looking ?? sent(false) }, room, now_ms);
  if (code === "locked_in") return { ...change, looking: null, locked: true };
  const from_ms = Number(data["change_from_ms"] ?? 0);
  if (code === "not_yet" && from_ms > now_ms) {
    return { ...change, looking: { outcome: "soon", until_ms: from_ms, locked: change.looking?.locked ?? false } };
  }
  return { ...change, looking: null, news: { kind: "failed", name: nameOf(room), at_ms: now_ms } };
}

const sent = (locked: boolean): Looking => ({ outcome: "sent", until_ms: 0, locked });

/** What is known of it after one more message; `room` is the room before it. */
export function foldChange(change: Change, message: ServerMessage, room: Room | null, now_ms: number): Change {
  const step = FOLD[message.t] as
    | ((c: Change, m: ServerMessage, r: Room | null, n: number) => Change)
    | undefined;
  return step === undefined ? change : step(change, message, room, now_ms);
}

// What the member presses.

/** Look for somebody else. */
export const seek = (change: Change, locked: boolean): Change => ({
  ...change,
  looking: sent(locked),
  choice: "",
  news: null,
});

/** Look no further: wait on, or work alone. */
export const rest = (change: Change, choice: Change["choice"]): Change => ({ ...change, looking: null, choice, news: null });

/** Say yes or no to what is asked. */
export function answer(change: Change, accept: boolean): Change {
  if (change.asked === null) return change;
  if (accept) return { ...change, asked: { ...change.asked, said: true } };
  return { ...change, asked: null, choice: change.asked.newcomer ? change.choice : "wait" };
}

/** A search that was too early: whether it is time to ask again. */
export const isTimeToAsk = ({ looking }: Change, now_ms: number): boolean =>
  looking?.outcome === "soon" && now_ms >= looking.until_ms;

/** The news to be shown now. */
export function newsNow({ news }: Change, now_ms: number): News | null {
  return news !== null && now_ms >= news.at_ms && now_ms < news.at_ms + NEWS_MS ? news : null;
}

