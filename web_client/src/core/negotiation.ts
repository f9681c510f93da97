/**
 * How a pair's connections come and go, as a pure machine: inputs in, next state and commands out.
 *
 * The hub grants each negotiation a generation and names the page that offers, so there is never
 * glare and never a rollback. A new generation is built beside the one that is shown and takes its
 * place with its first frame; only then is the old one closed. A new round of a generation restarts
 * the ICE of the connection that is there. Messages of any other generation or round are ignored;
 * candidates that come before their description wait.
 */

import { type Link, linkOf, restarted, speak } from "./link.js";
import type { Negotiate, Signal } from "./wire.js";

export type { Link } from "./link.js";

/** A connection may be `disconnected` this long before it counts as lost. */
export const LOST_AFTER_MS = 2_000;
/** Candidates kept for a description that has not come yet. */
const WAITING_MAX = 64;
/** After an ICE restart a picture is waited for this long once packets come; sound is media, too. */
export const PICTURE_WITHIN_MS = 400;
/** The partner's page says that its camera is on, and only sound comes by a new connection: after this long that is taken. */
export const SOUND_ALONE_MS = 3_000;

export interface Negotiation {
  /** The connection whose picture is shown. */
  readonly shown: Link | null;
  /** The one being built beside it. */
  readonly coming: Link | null;
  /** Signals of a generation or round that is not announced yet. */
  readonly early: readonly Signal[];
  readonly newest: number;
  readonly keys: number;
  /** Whether the partner's camera sends; without it there is no frame to wait for. */
  readonly picture: boolean;
  /** Whether the partner's microphone does. */
  readonly sound: boolean;
}

export const IDLE: Negotiation = { shown: null, coming: null, early: [], newest: 0, keys: 0, picture: true, sound: true };

export type Input =
  | Negotiate
  | Signal
  /** The seat was taken (again): the hub may count generations anew. */
  | { readonly t: "entered" }
  /** The partner changed or went for good: nothing of theirs is shown any more. */
  | { readonly t: "parted" }
  /** What the partner sends, as far as their page says. */
  | { readonly t: "picture"; readonly on: boolean; readonly sound?: boolean }
  /** What `io/peer` reports of one connection. */
  | { readonly t: "made"; readonly key: number; readonly round: number; readonly kind: "offer" | "answer"; readonly sdp: string }
  | { readonly t: "described"; readonly key: number; readonly round: number }
  | {
      readonly t: "gathered";
      readonly key: number;
      readonly round: number;
      readonly candidate: string;
      readonly mid: string;
      readonly line: number;
    }
  | { readonly t: "state"; readonly key: number; readonly state: RTCPeerConnectionState }
  | { readonly t: "frame"; readonly key: number }
  /** Packets of sound or picture came just now. */
  | { readonly t: "flow"; readonly key: number }
  | { readonly t: "broken"; readonly key: number }
  | { readonly t: "time" };

export type Command =
  | ({ readonly t: "build"; readonly link: Link } & Ways)
  | ({ readonly t: "restart"; readonly key: number; readonly round: number; readonly offer: boolean } & Ways)
  | { readonly t: "describe"; readonly key: number; readonly round: number; readonly kind: "offer" | "answer"; readonly sdp: string }
  | { readonly t: "add"; readonly key: number; readonly signal: Signal }
  | { readonly t: "close"; readonly key: number }
  | { readonly t: "show"; readonly key: number }
  | { readonly t: "send"; readonly message: Signal }
  | { readonly t: "connected"; readonly gen: number; readonly round: number; readonly first_frame_ms: number }
  | { readonly t: "failed"; readonly gen: number; readonly round: number };

/** By which servers a connection may look for its way. */
export interface Ways {
  readonly servers: Negotiate["ice_servers"];
  readonly relay_only: boolean;
}

export type Step = readonly [Negotiation, readonly Command[]];
type Handler<T extends Input["t"]> = (now: Negotiation, input: Extract<Input, { t: T }>, now_ms: number) => Step;

const stay = (state: Negotiation): Step => [state, []];

const HANDLERS: { readonly [T in Input["t"]]: Handler<T> } = {
  negotiate: begin,
  signal: route,
  entered: (state) => stay({ ...state, newest: 0, early: [] }),
  parted: (state) => [
    { ...IDLE, keys: state.keys, newest: state.newest, picture: state.picture, sound: state.sound },
    links(state).map((link) => ({ t: "close", key: link.key })),
  ],
  picture: (state, { on, sound = state.sound }, now_ms) => arrive({ ...state, picture: on, sound }, now_ms),
  made: (state, { key, round, kind, sdp }) => {
    const link = find(state, key, round);
    return link === null ? stay(state) : [state, [{ t: "send", message: speak(link, { kind, sdp }) }]];
  },
  described: (state, { key, round }) => {
    const link = find(state, key, round);
    if (link === null) return stay(state);
    const next = { ...link, described: true, waiting: [] };
    return [put(state, next), link.waiting.map((signal) => ({ t: "add", key, signal }))];
  },
  gathered: (state, { key, round, candidate, mid, line }) => {
    const link = find(state, key, round);
    // The relay learns our address from our checks; it must not be told more than it needs.
    if (link === null || link.path === "relay") return stay(state);
    return [state, [{ t: "send", message: speak(link, { kind: "candidate", candidate, mid, line }) }]];
  },
  state: onState,
  frame: (state, { key }, now_ms) => (state.coming?.key === key ? take(state, now_ms) : prove(state, key, now_ms)),
  flow: (state, { key }, now_ms) => {
    const link = find(state, key);
    if (link?.described !== true || link.proven) return stay(state);
    const next = put(state, { ...link, flows_ms: link.flows_ms || now_ms });
    if (next.coming?.key === key) return isSoundAlone(next.coming, now_ms) ? take(next, now_ms) : stay(next);
    return state.picture ? stay(next) : prove(next, key, now_ms);
  },
  broken: (state, { key }) => lose(state, key),
  time: (state, _input, now_ms) => {
    const late = lapsing(state).find((link) => now_ms - link.lost_ms >= LOST_AFTER_MS);
    if (late !== undefined) return lose(state, late.key);
    const { shown } = state;
    return shown && isHeard(shown) && now_ms - shown.flows_ms >= PICTURE_WITHIN_MS ? prove(state, shown.key, now_ms) : stay(state);
  },
};

/** One input; run every command of the answer, then call again no later than `due`. */
export function step(state: Negotiation, input: Input, now_ms: number): Step {
  return (HANDLERS[input.t] as Handler<Input["t"]>)(state, input, now_ms);
}

/** When the machine wants a `time` input; null for never. */
export function due(state: Negotiation): number | null {
  const moments = lapsing(state).map((link) => link.lost_ms + LOST_AFTER_MS);
  if (state.shown !== null && isHeard(state.shown)) moments.push(state.shown.flows_ms + PICTURE_WITHIN_MS);
  return moments.length === 0 ? null : Math.min(...moments);
}

function begin(state: Negotiation, input: Negotiate, now_ms: number): Step {
  if (input.round > 0) return again(state, input, now_ms);
  if (input.gen <= state.newest) return stay(state);
  const link = linkOf(input, state.keys + 1, now_ms);
  const opened: Negotiation = { ...state, coming: link, newest: input.gen, keys: link.key };
  const commands: Command[] = state.coming === null ? [] : [{ t: "close", key: state.coming.key }];
  commands.push({ t: "build", link, ...waysOf(input) });
  return catchUp([opened, commands], link);
}

/** Another round of a connection that is there. Rounds count anew once the seat was taken again. */
function again(state: Negotiation, input: Negotiate, now_ms: number): Step {
  const known = links(state).find((link) => link.gen === input.gen);
  const { gen, round, offer } = input;
  if (known === undefined) return gen < state.newest ? stay(state) : [state, [{ t: "failed", gen, round }]];
  if (state.newest > 0 && round <= known.round) return stay(state);
  const link = restarted(known, input, now_ms);
  const opened = { ...put(state, link), newest: Math.max(state.newest, gen) };
  return catchUp([opened, [{ t: "restart", key: link.key, round, offer, ...waysOf(input) }]], link);
}

function waysOf({ ice_servers, relay_only }: Negotiate): Ways {
  return { servers: ice_servers, relay_only };
}

/** Take what was said of this round before it was announced. */
function catchUp([state, commands]: Step, { gen, round }: Link): Step {
  const early = state.early.filter((signal) => signal.gen === gen && signal.round === round);
  const later = state.early.filter((signal) => signal.gen === gen && signal.round > round);
  const opened: Step = [{ ...state, early: later }, commands];
  return early.reduce<Step>((done, signal) => then(done, (next) => route(next, signal)), opened);
}

function route(state: Negotiation, input: Signal): Step {
  const link = [state.coming, state.shown].find((each) => each?.gen === input.gen) ?? null;
  if (link?.round === input.round) return input.kind === "candidate" ? candidate(state, link, input) : description(state, link, input);
  const old = link === null ? input.gen <= state.newest : input.round < link.round;
  if (old || state.early.length >= WAITING_MAX) return stay(state);
  return stay({ ...state, early: [...state.early, input] });
}

function description(state: Negotiation, link: Link, { kind, sdp }: Signal): Step {
  // The offerer takes one answer, the other side one offer; anything else is out of turn.
  const expected = link.offer ? "answer" : "offer";
  if (kind !== expected || link.described) return stay(state);
  return [state, [{ t: "describe", key: link.key, round: link.round, kind, sdp }]];
}

function candidate(state: Negotiation, link: Link, signal: Signal): Step {
  if (link.described) return [state, [{ t: "add", key: link.key, signal }]];
  if (link.waiting.length >= WAITING_MAX) return stay(state);
  return stay(put(state, { ...link, waiting: [...link.waiting, signal] }));
}

function onState(state: Negotiation, { key, state: now }: Extract<Input, { t: "state" }>, now_ms: number): Step {
  const link = find(state, key);
  if (link === null) return stay(state);
  if (now === "failed" || now === "closed") return lose(state, key);
  if (now === "disconnected") return stay(put(state, { ...link, lost_ms: link.lost_ms || now_ms }));
  if (now !== "connected") return stay(state);
  return arrive(put(state, { ...link, connected: true, lost_ms: 0 }), now_ms);
}

/** Without a picture to wait for, a connection has arrived once it is secured. */
function arrive(state: Negotiation, now_ms: number): Step {
  if (!state.picture && state.coming?.connected === true) return take(state, now_ms);
  const { shown } = state;
  const quiet = !state.picture && !state.sound && shown?.connected === true;
  return quiet ? prove(state, shown.key, now_ms) : stay(state);
}

function take(state: Negotiation, now_ms: number): Step {
  if (state.coming === null) return stay(state);
  const link = { ...state.coming, proven: true };
  const commands: Command[] = [{ t: "show", key: link.key }, arrival(link, now_ms)];
  if (state.shown !== null) commands.push({ t: "close", key: state.shown.key });
  return [{ ...state, shown: link, coming: null }, commands];
}

/** Media comes again by the connection that was restarted. */
function prove(state: Negotiation, key: number, now_ms: number): Step {
  const link = find(state, key);
  if (link?.described !== true || link.proven || state.shown?.key !== key) return stay(state);
  return [put(state, { ...link, proven: true, flows_ms: 0, lost_ms: 0, failed: false }), [arrival(link, now_ms)]];
}

function arrival({ gen, round, begun_ms }: Link, now_ms: number): Command {
  return { t: "connected", gen, round, first_frame_ms: Math.max(0, Math.round(now_ms - begun_ms)) };
}

/** A connection died. The hub hears of it once; the picture shown stays until another one comes. */
function lose(state: Negotiation, key: number): Step {
  const link = find(state, key);
  if (link === null || link.failed) return stay(state);
  const dead = put(state, { ...link, failed: true, lost_ms: 0 });
  const superseded = state.coming !== null && state.coming.key !== key;
  return [dead, superseded ? [] : [{ t: "failed", gen: link.gen, round: link.round }]];
}

/** Packets come by a new round, and its picture is waited for. */
const isHeard = ({ flows_ms, proven }: Link): boolean => flows_ms > 0 && !proven;

/** No frame comes by it, but it works, and who speaks is to be heard. */
const isSoundAlone = ({ connected, flows_ms }: Link, now_ms: number): boolean => connected && now_ms - flows_ms >= SOUND_ALONE_MS;

function links(state: Negotiation): Link[] {
  return [state.shown, state.coming].filter((link) => link !== null);
}

function lapsing(state: Negotiation): Link[] {
  return links(state).filter((link) => link.lost_ms > 0 && !link.failed);
}

function find(state: Negotiation, key: number, round?: number): Link | null {
  return links(state).find((link) => link.key === key && (round ?? link.round) === link.round) ?? null;
}

function put(state: Negotiation, link: Link): Negotiation {
  if (state.coming?.key === link.key) return { ...state, coming: link };
  return { ...state, shown: link };
}

function then([state, commands]: Step, next: (state: Negotiation) => Step): Step {
  const [after, more] = next(state);
  return [after, [...commands, ...more]];
}
