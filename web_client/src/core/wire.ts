/**
 * Every message between this page and the hub, and between the two pages of a pair.
 *
 * The mirror of `signalling/wire.py`: one table declares each message's fields in the order they
 * travel; types, the encoder and the strict decoder all follow from it. The golden files of the
 * Python side hold both to the same bytes.
 */

import { decode as unpack, encode as pack } from "@msgpack/msgpack";

/** The version named in `hello`. */
export const PROTOCOL = 3;

/** The largest frame either side accepts, in bytes. */
export const FRAME_MAX = 64 * 1024;

/** A frame that is not one of the messages below. Nothing of it is used. */
export class WireError extends Error {}

/** How one field is read: returns the value, or throws. `fallback` makes it optional. */
interface Kind<T> {
  read: (value: unknown, at: string) => T;
  fallback?: T;
}

type Fields = Record<string, Kind<unknown>>;
type ValueOf<K> = K extends Kind<infer T> ? T : never;
type RecordOf<F extends Fields> = { readonly [N in keyof F]: ValueOf<F[N]> };

function refuse(at: string, wanted: string): never {
  throw new WireError(`${at}: expected ${wanted}`);
}

const text: Kind<string> = {
  read: (value, at) => (typeof value === "string" ? value : refuse(at, "text")),
};
const int: Kind<number> = {
  read: (value, at) => (Number.isSafeInteger(value) ? (value as number) : refuse(at, "integer")),
};
const bool: Kind<boolean> = {
  read: (value, at) => (typeof value === "boolean" ? value : refuse(at, "true or false")),
};

function oneOf<const V extends readonly string[]>(...allowed: V): Kind<V[number]> {
  const read = (value: unknown, at: string): V[number] =>
    allowed.includes(value as string) ? (value as string) : refuse(at, allowed.join(" | "));
  return { read };
}

function or<T>(kind: Kind<T>, fallback: NoInfer<T>): Kind<T> & { fallback: T } {
  return { read: kind.read, fallback };
}

function nullable<T>(kind: Kind<T>): Kind<T | null> {
  return { read: (value, at) => (value === null ? null : kind.read(value, at)) };
}

function list<T>(kind: Kind<T>): Kind<readonly T[]> {
  const read = (value: unknown, at: string): readonly T[] =>
    Array.isArray(value)
      ? value.map((item, index) => kind.read(item, `${at}[${index}]`))
      : refuse(at, "list");
  return { read };
}

function record<F extends Fields>(fields: F): Kind<RecordOf<F>> {
  return { read: (value, at) => readRecord(fields, "", value, at) };
}

/** A whole message inside another one: it keeps its name. */
function message<const T extends string, F extends Fields>(tag: T, fields: F): Kind<{ readonly t: T } & RecordOf<F>> {
  return { read: (value, at) => readRecord(fields, tag, value, at) as { readonly t: T } & RecordOf<F> };
}

/** Whole numbers by name. */
const numbers: Kind<Readonly<Record<string, number>>> = {
  read: (value, at) => {
    const map = asMap(value, at);
    for (const [name, item] of Object.entries(map)) int.read(item, `${at}.${name}`);
    return map as Record<string, number>;
  },
};

/** Numbers and texts a refusal's sentence needs, by name. */
const data: Kind<Readonly<Record<string, number | string>>> = {
  read: (value, at) => {
    const map = asMap(value, at);
    for (const [name, item] of Object.entries(map)) {
      if (typeof item !== "string" && !Number.isSafeInteger(item)) refuse(`${at}.${name}`, "text or integer");
    }
    return map as Record<string, number | string>;
  },
};

function asMap(value: unknown, at: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) refuse(at, "map");
  return value as Record<string, unknown>;
}

function readRecord<F extends Fields>(fields: F, tag: string, value: unknown, at: string): RecordOf<F> {
  const map = asMap(value, at);
  for (const name of Object.keys(map)) {
    const known = name === "t" ? map["t"] === tag : Object.hasOwn(fields, name);
    if (!known) refuse(`${at}.${name}`, "no such field");
  }
  const out: Record<string, unknown> = tag === "" ? {} : { t: tag };
  for (const [name, kind] of Object.entries(fields)) {
    out[name] = Object.hasOwn(map, name)
      ? kind.read(map[name], `${at}.${name}`)
      : Object.hasOwn(kind, "fallback")
        ? kind.fallback
        : refuse(`${at}.${name}`, "a value");
  }
  return out as RecordOf<F>;
}

// The parts messages are made of.

const path = oneOf("direct", "relay");
const TROUBLES = ["", "unplugged", "denied", "busy", "weak"] as const;
const trouble = oneOf(...TROUBLES);
const entry = {
  id: text,
  kind: oneOf("chat", "task", "tick", "drop"),
  by: text,
  at_ms: int,
  text: or(text, ""),
  ref: or(text, ""),
  done: or(bool, false),
};
const person = { member: text, name: text, zone: text, sessions: int };
const seat = {
  here: bool,
  joined: bool,
  camera: bool,
  mic: bool,
  screen: or(bool, false),
  trouble: or(oneOf(...TROUBLES, "asleep"), ""),
  unseen: or(bool, false),
  stalled: or(bool, false),
  break_until_ms: or(int, 0),
  breaks_used_ms: or(int, 0),
  wants_end: or(bool, false),
  left: or(bool, false),
  wants_off: or(bool, false),
  goes_on: or(bool, false),
};
const goneOn = { name: text, at_ms: int };
const iceServer = { urls: list(text), username: or(text, ""), credential: or(text, "") };
const signal = {
  gen: int,
  kind: oneOf("offer", "answer", "candidate"),
  round: or(int, 0),
  sdp: or(text, ""),
  candidate: or(text, ""),
  mid: or(text, ""),
  line: or(int, 0),
};

// The catalogue.

const FROM_PAGE = {
  hello: { v: int, tab: text, epoch: or(text, ""), offset: or(text, "") },
  ping: { n: int },
  enter: { booking: text, camera: bool, mic: bool, gen: or(int, 0), path: or(path, "direct"), pair: or(text, "") },
  leave: {},
  signal,
  connected: { gen: int, first_frame_ms: int, round: or(int, 0), gap_ms: or(int, 0) },
  failed: { gen: int, round: or(int, 0) },
  silent: { gen: int, silent: bool },
  seen: { gen: int, picture: oneOf("on", "off", "suspect") },
  figures: { gen: int, figures: numbers },
  media: { camera: bool, mic: bool, screen: or(bool, false), trouble: or(trouble, "") },
  break: { minutes: int },
  back: {},
  tell_camera: {},
  cameras_off: { on: bool },
  end_together: {},
  go_on: {},
  seek: { newcomers: or(bool, false), locked: or(bool, false) },
  stop_seeking: {},
  answer: { accept: bool },
  entry,
} as const satisfies Record<string, Fields>;

const FROM_HUB = {
  welcome: { v: int, member: text, server_ms: int, epoch: text, offset: text, resumed: bool },
  pong: { n: int, server_ms: int, offset: or(text, "") },
  changed: {
    what: oneOf("booking", "pool", "flags", "clock", "people", "messages", "invites", "repeats"),
    offset: text,
    booking: or(text, ""),
    reason: or(
      oneOf(
        "",
        "booked",
        "matched",
        "locked",
        "changed",
        "unmatched",
        "replaced",
        "improved",
        "cancelled",
        "reminder",
        "awaited",
        "late",
        "no_show",
        "ended",
        "settled",
      ),
      "",
    ),
    start_ms: or(int, 0),
    length_min: or(int, 0),
  },
  room: {
    booking: text,
    pair: text,
    start_ms: int,
    end_ms: int,
    opens_ms: int,
    closes_ms: int,
    title: text,
    partner: nullable(record(person)),
    you: record(seat),
    them: record(seat),
    log: list(message("entry", entry)),
    break_budget_ms: int,
    break_max_ms: int,
    carried: or(bool, false),
    replaced: or(nullable(record(goneOn)), null),
  },
  seats: { you: record(seat), them: record(seat) },
  partner: { pair: text, partner: nullable(record(person)) },
  negotiate: {
    gen: int,
    path,
    offer: bool,
    ice_servers: list(record(iceServer)),
    relay_only: or(bool, false),
    round: or(int, 0),
    blind: or(bool, false),
  },
  signal,
  entry,
  nudge: { kind: oneOf("camera_off", "camera_off_again", "camera_missed", "cameras_count", "picture_empty", "break_over") },
  partner_late: { no_show: bool, next_ms: int, change_from_ms: int },
  search: { outcome: oneOf("found", "asking", "newcomer", "nobody"), until_ms: or(int, 0) },
  asked: { newcomer: bool, until_ms: int },
  ask_over: {},
  over: { reason: oneOf("closed", "left", "other_tab", "ended_together", "cancelled", "signed_out", "replaced") },
  refused: { code: text, text, ref: or(text, ""), data: or(data, {}) },
} as const satisfies Record<string, Fields>;

/** What one page says to the other over the channel named `desk`. */
const FROM_PARTNER = { entry, have: { ids: list(text) } } as const satisfies Record<string, Fields>;

type Catalogue = Record<string, Fields>;
type MessageOf<C extends Catalogue> = { [T in keyof C]: { readonly t: T } & RecordOf<C[T]> }[keyof C];
type Given<F extends Fields> = {
  readonly [N in keyof F as F[N] extends { fallback: unknown } ? never : N]: ValueOf<F[N]>;
} & { readonly [N in keyof F]?: ValueOf<F[N]> };

/** What a page says; what is left out has the table's fallback. */
export type ClientMessage = {
  [T in keyof typeof FROM_PAGE]: { readonly t: T } & Given<(typeof FROM_PAGE)[T]>;
}[keyof typeof FROM_PAGE];
export type ServerMessage = MessageOf<typeof FROM_HUB>;
export type PeerMessage = MessageOf<typeof FROM_PARTNER>;
export type ServerType = ServerMessage["t"];
export type Of<T extends ServerType> = Extract<ServerMessage, { t: T }>;

export type Entry = Of<"entry">;
export type EntryKind = Entry["kind"];
export type Person = RecordOf<typeof person>;
export type Seat = RecordOf<typeof seat>;
export type DeviceTrouble = (typeof TROUBLES)[number];
export type Room = Of<"room">;
export type Negotiate = Of<"negotiate">;
export type Signal = Of<"signal">;
export type OverReason = Of<"over">["reason"];
export type Search = Of<"search">;
export type Asked = Of<"asked">;
export type GoneOn = RecordOf<typeof goneOn>;
export type Changed = Of<"changed">;

/** One signal as it is sent; what is left out has the table's fallback. */
export function signalOf(given: Given<typeof signal>): Signal {
  return readRecord(signal, "signal", { t: "signal", ...given }, "signal") as Signal;
}

/** One entry of the replicated log; what is left out has the table's fallback. */
export function entryOf(given: Given<typeof entry>): Entry {
  return readRecord(entry, "entry", { t: "entry", ...given }, "entry") as Entry;
}

const LIMITS = {
  maxStrLength: FRAME_MAX,
  maxBinLength: 0,
  maxArrayLength: 8_192,
  maxMapLength: 64,
  maxExtLength: 0,
};

function decodeBy<C extends Catalogue>(catalogue: C, frame: Uint8Array): MessageOf<C> {
  if (frame.byteLength > FRAME_MAX) throw new WireError("frame: too large");
  const map = asMap(unpackSafely(frame), "frame");
  const tag = map["t"];
  if (typeof tag !== "string" || !Object.hasOwn(catalogue, tag)) throw new WireError("frame: unknown message");
  return readRecord(catalogue[tag] as Fields, tag, map, tag) as unknown as MessageOf<C>;
}

function unpackSafely(frame: Uint8Array): unknown {
  try {
    return unpack(frame, LIMITS);
  } catch {
    throw new WireError("frame: not one msgpack value within the limits");
  }
}

function encodeBy<C extends Catalogue>(catalogue: C, message: { readonly t: string }): Uint8Array<ArrayBuffer> {
  const { t } = message;
  const ordered = readRecord(catalogue[t] as Fields, t, message, t);
  return new Uint8Array(pack(ordered));
}

export const decodeServer = (frame: Uint8Array): ServerMessage => decodeBy(FROM_HUB, frame);
export const decodeClient = (frame: Uint8Array): ClientMessage => decodeBy(FROM_PAGE, frame);
export const decodePeer = (frame: Uint8Array): PeerMessage => decodeBy(FROM_PARTNER, frame);
export const encodeClient = (message: ClientMessage): Uint8Array<ArrayBuffer> => encodeBy(FROM_PAGE, message);
export const encodeServer = (message: ServerMessage): Uint8Array<ArrayBuffer> => encodeBy(FROM_HUB, message);
export const encodePeer = (message: PeerMessage): Uint8Array<ArrayBuffer> => encodeBy(FROM_PARTNER, message);

export const CLIENT_TYPES = Object.keys(FROM_PAGE) as ClientMessage["t"][];
export const SERVER_TYPES = Object.keys(FROM_HUB) as ServerType[];
