/**
 * A session as its member lives it: where in its course it is, and what the room knows.
 *
 * Pure: server time is an argument; the room's state is a fold over the hub's messages.
 */

import { type Change, foldChange, SETTLED } from "./change.js";
import type { OverReason, Person, Room, Seat, ServerMessage } from "./wire.js";

const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;
/** "Say hello" gives way to work by itself after this. */
const HELLO_MS = 3 * MINUTE_MS;

export type Phase = "doors" | "before" | "hello" | "work" | "wrap" | "ended" | "closed";

/**
 * The part of the course `now_ms` lies in. `met_ms` is when both were first here; 0 while never. The check-in
 * comes a minute before the end, or sooner where the next session begins at the end: `wrap_ms`.
 */
export function phase(room: Room, now_ms: number, met_ms: number, started: boolean, wrap_ms = MINUTE_MS): Phase {
  if (now_ms < room.opens_ms) return "doors";
  if (now_ms < room.start_ms) return "before";
  if (now_ms >= room.closes_ms) return "closed";
  if (now_ms >= room.end_ms) return "ended";
  if (now_ms >= room.end_ms - wrap_ms) return "wrap";
  const hello_ms = Math.min(HELLO_MS, (room.end_ms - room.start_ms) / 3);
  const greeting = !started && met_ms > 0 && !room.them.left && now_ms < Math.max(room.start_ms, met_ms) + hello_ms;
  return greeting ? "hello" : "work";
}

/** What the timer shows: whole minutes, seconds only in the last minute before a mark. */
export interface Timer {
  readonly towards: "start" | "end" | "close";
  readonly minutes: number;
  /** Null while minutes are enough. */
  readonly seconds: number | null;
}

export function timer(room: Room, now_ms: number): Timer {
  const [towards, at_ms] = nextMark(room, now_ms);
  const left_s = Math.max(0, Math.ceil((at_ms - now_ms) / SECOND_MS));
  if (left_s < 60 && towards !== "close") return { towards, minutes: 0, seconds: left_s };
  return { towards, minutes: Math.ceil(left_s / 60), seconds: null };
}

function nextMark(room: Room, now_ms: number): ["start" | "end" | "close", number] {
  if (now_ms < room.start_ms) return ["start", room.start_ms];
  if (now_ms < room.end_ms) return ["end", room.end_ms];
  return ["close", room.closes_ms];
}

/** How much of the session has passed, 0 to 1. */
export function progress(room: Room, now_ms: number): number {
  const share = (now_ms - room.start_ms) / (room.end_ms - room.start_ms);
  return Math.min(1, Math.max(0, share));
}

/** The next moment at which anything above changes, for one timer instead of a ticking one. */
export function nextChange(room: Room, now_ms: number): number {
  const [, mark] = nextMark(room, now_ms);
  const left_ms = mark - now_ms;
  const step = left_ms <= MINUTE_MS ? SECOND_MS : MINUTE_MS;
  return Math.min(now_ms + (left_ms % step || step), now_ms + 10 * SECOND_MS);
}

/**
 * Whether the partner is another one than the page knew: matched anew while its line was lost. Who goes on
 * with the same partner to their next session has another pair and keeps everything.
 */
export function isAnother(known: Room | null, next: Room): boolean {
  if (known === null || known.pair === next.pair) return false;
  return !next.carried || known.partner?.member !== next.partner?.member;
}

/** How the other side stands, in one word; drives the pair sign and the state word. */
export type Company = "none" | "never" | "here" | "stalled" | "away" | "gone" | "left";

export function company(partner: Person | null, them: Seat): Company {
  if (partner === null) return "none";
  if (them.left) return "left";
  if (them.stalled) return "stalled";
  if (them.here) return them.break_until_ms > 0 ? "away" : "here";
  return isGone(them) ? "gone" : "never";
}

/** Was here, and the place was held long enough: the hub no longer counts them as present. */
function isGone(them: Seat): boolean {
  return them.joined && !them.here && !them.stalled;
}

/** Break lengths one may still take now, of those offered. */
export function breaksLeft(room: Room, seat: Seat): number[] {
  const left_ms = room.break_budget_ms - seat.breaks_used_ms;
  return [1, 3, 5].filter((minutes) => minutes * MINUTE_MS <= Math.min(room.break_max_ms, left_ms));
}

/** The rules that say what leaving does. */
export interface LeavingRules {
  readonly early_leave_ms: number;
  readonly partner_gone_ms: number;
  readonly camera_repair_ms: number;
}

/** Whether the partner's camera has had a fault for so long that this member may go. */
export function mayGoForTrouble({ trouble_ms }: RoomState, now_ms: number, rules: Pick<LeavingRules, "camera_repair_ms">): boolean {
  return trouble_ms > 0 && now_ms - trouble_ms >= rules.camera_repair_ms;
}

/** Whether leaving now is noted: before the last two minutes, with a partner who is not gone. */
export function leavingIsNoted(state: RoomState, now_ms: number, rules: LeavingRules): boolean {
  const { room } = state;
  if (room === null || room.partner === null || now_ms >= room.end_ms - rules.early_leave_ms) return false;
  if (now_ms < room.start_ms) return true;
  if (mayGoForTrouble(state, now_ms, rules)) return false;
  const missing = !room.them.joined && now_ms > room.start_ms + rules.partner_gone_ms;
  return !room.them.left && !isGone(room.them) && !missing;
}

export type NudgeKind = Extract<ServerMessage, { t: "nudge" }>["kind"];

export interface RoomState {
  /** Null until the hub let us in. */
  readonly room: Room | null;
  readonly nudge: NudgeKind | null;
  /** The partner is missing. `change_from_ms` is when another one may be looked for. */
  readonly late: { readonly no_show: boolean; readonly next_ms: number; readonly change_from_ms: number } | null;
  readonly over: OverReason | null;
  /** When both were first here together; 0 while never. */
  readonly met_ms: number;
  /** Code of a refused `enter`; empty otherwise. */
  readonly refused: string;
  /** When the hub said `over`; 0 before. */
  readonly over_ms: number;
  /** Since when the partner's camera has a fault; 0 while it has none. */
  readonly trouble_ms: number;
  /** Another partner: looking for one, being asked. */
  readonly change: Change;
}

export const OUTSIDE: RoomState = {
  room: null,
  nudge: null,
  late: null,
  over: null,
  met_ms: 0,
  refused: "",
  over_ms: 0,
  trouble_ms: 0,
  change: SETTLED,
};

/** What of a partner counts from the first meeting. */
const UNMET = { met_ms: 0, trouble_ms: 0 } as const;

type Fold = { [T in ServerMessage["t"]]?: (state: RoomState, message: Extract<ServerMessage, { t: T }>, now_ms: number) => RoomState };

const FOLD: Fold = {
  room: (state, room, now_ms) => {
    const onward = room.carried && room.booking !== state.room?.booking;
    const known = onward ? OUTSIDE : isAnother(state.room, room) ? { ...state, ...UNMET } : state;
    const late = room.them.here || room.pair !== state.room?.pair ? null : known.late;
    return meet({ ...known, room, over: null, refused: "", late, change: state.change }, now_ms);
  },
  seats: (state, { you, them }, now_ms) => {
    if (state.room === null) return state;
    const free = you.camera || you.break_until_ms > 0 || (you.wants_off && them.wants_off);
    const nudge = free ? dropCameraNudge(state.nudge) : state.nudge;
    const late = them.here ? null : state.late;
    const back = you.break_until_ms === 0 && nudge === "break_over" ? null : nudge;
    return meet({ ...state, room: { ...state.room, you, them }, nudge: back, late }, now_ms);
  },
  partner: (state, { pair, partner }) =>
    state.room === null
      ? state
      : { ...state, room: { ...state.room, pair, partner, them: NOBODY }, late: null, ...UNMET },
  nudge: (state, { kind }) => ({ ...state, nudge: kind }),
  partner_late: (state, { no_show, next_ms, change_from_ms }) => ({ ...state, late: { no_show, next_ms, change_from_ms } }),
  over: (state, { reason }, now_ms) => ({ ...state, over: reason, over_ms: now_ms }),
  refused: (state, { code, ref }) => (ref === "enter" ? { ...state, refused: code } : state),
};

const NOBODY: Seat = {
  here: false,
  joined: false,
  camera: false,
  mic: false,
  screen: false,
  trouble: "",
  unseen: false,
  stalled: false,
  break_until_ms: 0,
  breaks_used_ms: 0,
  wants_end: false,
  left: false,
  wants_off: false,
  goes_on: false,
};

function dropCameraNudge(nudge: NudgeKind | null): NudgeKind | null {
  return nudge === "break_over" || nudge === "picture_empty" ? nudge : null;
}

function meet(state: RoomState, now_ms: number): RoomState {
  const together = state.room !== null && state.room.you.here && state.room.them.here;
  const faulty = (state.room?.them.trouble ?? "") !== "";
  const trouble_ms = faulty ? state.trouble_ms || now_ms : 0;
  const met_ms = together ? state.met_ms || now_ms : state.met_ms;
  return { ...state, met_ms, trouble_ms };
}

/** The room after one more message of the hub. Messages about other things change nothing. */
export function fold(state: RoomState, message: ServerMessage, now_ms: number): RoomState {
  const step = FOLD[message.t] as ((s: RoomState, m: ServerMessage, n: number) => RoomState) | undefined;
  const next = step === undefined ? state : step(state, message, now_ms);
  const change = foldChange(state.change, message, state.room, now_ms);
  return change === next.change ? next : { ...next, change };
}

/** The member pressed a nudge away. */
export function settleNudge(state: RoomState): RoomState {
  return { ...state, nudge: null };
}
