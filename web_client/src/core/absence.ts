/**
 * The place of a partner who is not there: what the member is told and offered, as one word.
 *
 * Pure. The words and buttons of each scene are the view's.
 */

import { company, type RoomState } from "./session.js";

export type Scene =
  /** Before the start: the partner is on the way, or none is found yet. */
  | "before"
  | "before_alone"
  /** From the start until anything may be done about it. */
  | "fresh"
  | "fresh_alone"
  /** Late, and somebody else may be met; `early`: from a moment still to come; `locked`: only if asked for. */
  | "offer"
  | "early"
  | "locked"
  /** The member chose to wait on. */
  | "waits"
  | "no_show"
  | "alone"
  /** The partner had to go. */
  | "left"
  /** The partner of then did not wait for this member. */
  | "replaced"
  /** Looking: too early yet, asking, a first-timer is free, nobody is. */
  | "soon"
  | "looking"
  | "newcomer"
  | "nobody"
  /** Somebody looks, and asks this member. */
  | "asked"
  /** The member chose to work alone. */
  | "solo"
  /** The time is over, with nobody there. */
  | "over";

/** A last part of a session too short to begin with somebody. */
const TOO_SHORT = 0.2;

/** Whether it is worth while, by the time that is left, to meet somebody. */
export function worthMeeting({ room }: RoomState, now_ms: number): boolean {
  return room !== null && now_ms < room.end_ms - (room.end_ms - room.start_ms) * TOO_SHORT;
}

/** What is shown in the partner's place; null while the partner is there. `locked`: the two locked it in. */
export function sceneOf(state: RoomState, now_ms: number, late_ms: number, locked: boolean): Scene | null {
  const { room, change } = state;
  if (room === null) return null;
  const how = company(room.partner, room.them);
  if (how === "here" || how === "away" || how === "stalled") return null;
  if (now_ms >= room.end_ms) return "over";
  if (change.asked !== null) return change.asked.newcomer ? "newcomer" : "asked";
  if (change.looking !== null) return lookingScene(state);
  if (how === "none") return aloneScene(state, now_ms, late_ms);
  const begun = now_ms >= room.start_ms;
  if (how === "left" || (how === "gone" && begun && state.late === null)) return change.choice === "solo" ? "solo" : "left";
  return begun ? lateScene(state, now_ms, locked) : "before";
}

function lookingScene({ change }: RoomState): Scene {
  const outcome = change.looking?.outcome;
  return outcome === "soon" || outcome === "nobody" ? outcome : "looking";
}

function aloneScene({ room, change }: RoomState, now_ms: number, late_ms: number): Scene {
  const start_ms = room?.start_ms ?? 0;
  if (now_ms < start_ms) return "before_alone";
  if (change.choice === "solo") return "solo";
  if (room?.replaced) return "replaced";
  return now_ms < start_ms + late_ms ? "fresh_alone" : "alone";
}

function lateScene({ late, change }: RoomState, now_ms: number, locked: boolean): Scene {
  if (late === null) return "fresh";
  if (change.choice === "solo") return "solo";
  if (late.no_show) return "no_show";
  if (now_ms < late.change_from_ms) return "early";
  if (change.choice === "wait") return "waits";
  return locked ? "locked" : "offer";
}
