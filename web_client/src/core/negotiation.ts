/**
 * How a pair's connections come and go, as a pure machine: inputs in, next state and commands out.
 *
 * The hub grants each negotiation a generation and names the page that offers, so there is never
 * glare and never a rollback. A new generation is built beside the one that is shown and takes its
 * place with its first frame; only then is the old one closed. Messages of any other generation are
 * ignored; candidates that come before their description wait.
 */

import type { Negotiate, Signal } from "./wire.js";
import { signalOf } from "./wire.js";

/** A connection may be `disconnected` this long before it counts as lost. */
export const LOST_AFTER_MS = 2_000;
/** Candidates kept for a description that has not come yet. */
const WAITING_MAX = 64;

export interface Link {
  /** Names this connection here; generations may begin anew when a hub does. */
  readonly key: number;
  readonly gen: number;
  readonly path: Negotiate["path"];
  readonly offer: boolean;
  readonly begun_ms: number;
  /** The other side's description is set, so candidates may be added. */
  readonly described: boolean;
  readonly waiting: readonly Signal[];
  readonly connected: boolean;
  /** Since when it is disconnected; 0 while it is not. */
  readonly lost_ms: number;
  /** The hub was told that this one does not work. */
  readonly failed: boolean;
}

export interface Negotiation {
  /** The connection whose picture is shown. */
  readonly shown: Link | null;
  /** The one being built beside it. */
  readonly coming: Link | null;
  /** Signals of a generation that is not announced yet. */
  readonly early: readonly Signal[];
  readonly newest: number;
  readonly keys: number;
  /** Whether the partner's camera sends; without it there is no frame to wait for. */
  readonly picture: boolean;
}

export const IDLE: Negotiation = { shown: null, coming: null, early: [], newest: 0, keys: 0, picture: true };

export type Input =
  | Negotiate
  | Signal
  /** The seat was taken (again): the hub may count generations anew. */
  | { readonly t: "entered" }
  /** The partner changed or went for good: nothing of theirs is shown any more. */
  | { readonly t: "parted" }
  | { readonly t: "picture"; readonly on: boolean }
  /** What `io/peer` reports of one connection. */
  | { readonly t: "made"; readonly key: number; readonly kind: "offer" | "answer"; readonly sdp: string }
  | { readonly t: "described"; readonly key: number }
  | { readonly t: "gathered"; readonly key: number; readonly candidate: string; readonly mid: string; readonly line: number }
  | { readonly t: "state"; readonly key: number; readonly state: RTCPeerConnectionState }
  | { readonly t: "frame"; readonly key: number }
  | { readonly t: "broken"; readonly key: number }
  | { readonly t: "time" };

export type Command =
  | { readonly t: "build"; readonly link: Link; readonly servers: Negotiate["ice_servers"]; readonly relay_only: boolean }
  | { readonly t: "describe"; readonly key: number; readonly kind: "offer" | "answer"; readonly sdp: string }
  | { readonly t: "add"; readonly key: number; readonly signal: Signal }
  | { readonly t: "close"; readonly key: number }
  | { readonly t: "show"; readonly key: number }
  | { readonly t: "send"; readonly message: Signal }
  | { readonly t: "connected"; readonly gen: number; readonly first_frame_ms: number }
  | { readonly t: "failed"; readonly gen: number };

export type Step = readonly [Negotiation, readonly Command[]];
type Handler<T extends Input["t"]> = (now: Negotiation, input: Extract<Input, { t: T }>, now_ms: number) => Step;

const stay = (state: Negotiation): Step => [state, []];

const HANDLERS: { readonly [T in Input["t"]]: Handler<T> } = {
  negotiate: begin,
  signal: route,
  entered: (state) => stay({ ...state, newest: 0, early: [] }),
  parted: (state) => [
    { ...IDLE, keys: state.keys, newest: state.newest, picture: state.picture },
    links(state).map((link) => ({ t: "close", key: link.key })),
  ],
  picture: (state, { on }, now_ms) => arrive({ ...state, picture: on }, now_ms),
  made: (state, { key, kind, sdp }) => {
    const link = find(state, key);
    return link === null ? stay(state) : [state, [send(link, { kind, sdp })]];
  },
  described: (state, { key }) => {
    const link = find(state, key);
    if (link === null) return stay(state);
    const next = { ...link, described: true, waiting: [] };
    return [put(state, next), link.waiting.map((signal) => ({ t: "add", key, signal }))];
  },
  gathered: (state, { key, candidate, mid, line }) => {
    const link = find(state, key);
    // The relay learns our address from our checks; it must not be told more than it needs.
    if (link === null || link.path === "relay") return stay(state);
    return [state, [send(link, { kind: "candidate", candidate, mid, line })]];
  },
  state: onState,
  frame: (state, { key }, now_ms) => (state.coming?.key === key ? take(state, now_ms) : stay(state)),
  broken: (state, { key }) => lose(state, key),
  time: (state, _input, now_ms) => {
    const late = lapsing(state).find((link) => now_ms - link.lost_ms >= LOST_AFTER_MS);
    return late === undefined ? stay(state) : lose(state, late.key);
  },
};

/** One input; run every command of the answer, then call again no later than `due`. */
export function step(state: Negotiation, input: Input, now_ms: number): Step {
  return (HANDLERS[input.t] as Handler<Input["t"]>)(state, input, now_ms);
}

/** When the machine wants a `time` input; null for never. */
export function due(state: Negotiation): number | null {
  const moments = lapsing(state).map((link) => link.lost_ms + LOST_AFTER_MS);
  return moments.length === 0 ? null : Math.min(...moments);
}

function begin(state: Negotiation, input: Negotiate, now_ms: number): Step {
  if (input.gen <= state.newest) return stay(state);
  const link: Link = {
    key: state.keys + 1,
    gen: input.gen,
    path: input.path,
    offer: input.offer,
    begun_ms: now_ms,
    described: false,
    waiting: [],
    connected: false,
    lost_ms: 0,
    failed: false,
  };
  const early = state.early.filter((signal) => signal.gen === input.gen);
  const opened: Negotiation = { ...state, coming: link, early: [], newest: input.gen, keys: link.key };
  const commands: Command[] = state.coming === null ? [] : [{ t: "close", key: state.coming.key }];
  commands.push({ t: "build", link, servers: input.ice_servers, relay_only: input.relay_only });
  return early.reduce<Step>((done, signal) => then(done, (next) => route(next, signal)), [opened, commands]);
}

function route(state: Negotiation, input: Signal): Step {
  const link = [state.coming, state.shown].find((each) => each?.gen === input.gen) ?? null;
  if (link !== null) return input.kind === "candidate" ? candidate(state, link, input) : description(state, link, input);
  if (input.gen <= state.newest || state.early.length >= WAITING_MAX) return stay(state);
  return stay({ ...state, early: [...state.early, input] });
}

function description(state: Negotiation, link: Link, { kind, sdp }: Signal): Step {
  // The offerer takes one answer, the other side one offer; anything else is out of turn.
  const expected = link.offer ? "answer" : "offer";
  if (kind !== expected || link.described) return stay(state);
  return [state, [{ t: "describe", key: link.key, kind, sdp }]];
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
  return !state.picture && state.coming?.connected === true ? take(state, now_ms) : stay(state);
}

function take(state: Negotiation, now_ms: number): Step {
  const link = state.coming;
  if (link === null) return stay(state);
  const commands: Command[] = [
    { t: "show", key: link.key },
    { t: "connected", gen: link.gen, first_frame_ms: Math.max(0, Math.round(now_ms - link.begun_ms)) },
  ];
  if (state.shown !== null) commands.push({ t: "close", key: state.shown.key });
  return [{ ...state, shown: link, coming: null }, commands];
}

/** A connection died. The hub hears of it once; the picture shown stays until another one comes. */
function lose(state: Negotiation, key: number): Step {
  const link = find(state, key);
  if (link === null || link.failed) return stay(state);
  const dead = put(state, { ...link, failed: true, lost_ms: 0 });
  const superseded = state.coming !== null && state.coming.key !== key;
  return [dead, superseded ? [] : [{ t: "failed", gen: link.gen }]];
}

function links(state: Negotiation): Link[] {
  return [state.shown, state.coming].filter((link) => link !== null);
}

function lapsing(state: Negotiation): Link[] {
  return links(state).filter((link) => link.lost_ms > 0 && !link.failed);
}

function find(state: Negotiation, key: number): Link | null {
  return links(state).find((link) => link.key === key) ?? null;
}

function put(state: Negotiation, link: Link): Negotiation {
  if (state.coming?.key === link.key) return { ...state, coming: link };
  return { ...state, shown: link };
}

function then([state, commands]: Step, next: (state: Negotiation) => Step): Step {
  const [after, more] = next(state);
  return [after, [...commands, ...more]];
}

function send(link: Link, given: Partial<Signal> & Pick<Signal, "kind">): Command {
  return { t: "send", message: signalOf({ gen: link.gen, ...given }) };
}
