/**
 * How good the call is, in words a member can use: each way by itself, what is probably wrong, and
 * the few whole numbers that may be sent to the hub when a member asks for it.
 */

import type { Rates } from "./reading.js";
import { LOSS_BAD, ROOM_BAD_KBPS, ROUND_TRIP_BAD_MS } from "./strain.js";

export type Level = "good" | "weak" | "lost";

/** What comes from the partner, and what goes to them. */
export interface Quality {
  readonly coming: Level;
  readonly going: Level;
}

export const GOOD: Quality = { coming: "good", going: "good" };

/** Worse has to last this long before it is said, and better this long before that is. */
export const TURNS_AFTER_MS = 5_000;

const JITTER_BAD_MS = 80;
/** Standing still for this share of the time is bad. */
const FROZEN_BAD = 0.2;
/** The last looks that a diagnosis is made of. */
export const WINDOW = 10;

/** One way, and since when the figures disagree with what is said of it. */
interface Way {
  readonly weak: boolean;
  readonly against_ms: number;
}

export interface Feel {
  readonly coming: Way;
  readonly going: Way;
  /** Too weak for a picture of one's own: sound only is no choice then. */
  readonly carrying: Way;
  /** The picture that should go out does not. */
  readonly paused: Way;
}

const WELL: Way = { weak: false, against_ms: 0 };
export const FEEL: Feel = { coming: WELL, going: WELL, carrying: WELL, paused: WELL };

/** A picture that stops is told of sooner: whoever judges cameras counts from its last packet. */
export const PAUSED_AFTER_MS = 2_000;

/** After one more look. */
export function feel(before: Feel, rates: Rates): Feel {
  return {
    coming: turn(before.coming, comesBadly(rates), rates.span_ms),
    going: turn(before.going, goesBadly(rates), rates.span_ms),
    carrying: turn(before.carrying, carriesNone(rates), rates.span_ms),
    paused: turn(before.paused, isPaused(rates), rates.span_ms, PAUSED_AFTER_MS),
  };
}

function turn({ weak, against_ms }: Way, bad: boolean, span_ms: number, after_ms = TURNS_AFTER_MS): Way {
  if (bad === weak) return { weak, against_ms: 0 };
  const for_ms = against_ms + span_ms;
  return for_ms >= after_ms ? { weak: bad, against_ms: 0 } : { weak, against_ms: for_ms };
}

/** In plain states. `lost` is known at once, from the connection itself. */
export function qualityOf({ coming, going }: Feel, lost: boolean): Quality {
  const level = ({ weak }: Way): Level => (lost ? "lost" : weak ? "weak" : "good");
  return { coming: level(coming), going: level(going) };
}

const comesBadly = (rates: Rates): boolean =>
  rates.loss_in > LOSS_BAD || rates.jitter_ms > JITTER_BAD_MS || rates.frozen_ms > FROZEN_BAD * rates.span_ms || isFar(rates);

const goesBadly = (rates: Rates): boolean => rates.loss_out > LOSS_BAD || isNarrow(rates) || isFar(rates);

const isFar = ({ rtt_ms }: Rates): boolean => rtt_ms > ROUND_TRIP_BAD_MS;

/** The browser says that the way out does not carry even a small picture beside the sound. */
const isNarrow = (rates: Rates): boolean => rates.limited === "bandwidth" && hasNoRoom(rates);

const hasNoRoom = ({ room_kbps }: Rates): boolean => room_kbps > 0 && room_kbps < ROOM_BAD_KBPS;

/**
 * Line or device keep the picture from going out, whatever its member wants. Without a picture on its way
 * the browser does not call it limited, so its guess at the room there is has to do.
 */
const carriesNone = (rates: Rates): boolean =>
  goesBadly(rates) || rates.limited === "cpu" || (rates.fps_out === 0 && hasNoRoom(rates));

/** The browser has paused the own picture because the way out is too narrow. A dead line is another matter. */
const isPaused = ({ fps_out, limited, alive }: Rates): boolean => fps_out === 0 && limited === "bandwidth" && alive;

/** What is probably wrong. */
export type What =
  | "no_call"
  | "fine"
  | "own_upload"
  | "own_download"
  | "own_line"
  | "their_line"
  | "delay"
  | "this_device";

export type Help = "low_data" | "sound_only" | "close_apps" | "nearer_router" | "wait" | "reconnect";

export interface Diagnosis {
  readonly what: What;
  /** What may help, the best first. */
  readonly help: readonly Help[];
}

const HELP: Readonly<Record<What, readonly Help[]>> = {
  no_call: ["wait", "reconnect"],
  fine: [],
  own_upload: ["low_data", "sound_only", "nearer_router"],
  own_download: ["nearer_router", "sound_only", "close_apps"],
  own_line: ["nearer_router", "low_data", "sound_only"],
  their_line: ["wait", "sound_only"],
  delay: ["nearer_router", "sound_only"],
  this_device: ["close_apps", "low_data"],
};

/** What the page knows beside its call. */
export interface Around {
  /** Round trip to the hub; null while unknown. A bad one points to the own line. */
  readonly hub_rtt_ms: number | null;
  /** The connection shown is lost, or there is none. */
  readonly lost: boolean;
}

const HUB_BAD_MS = 400;

/** From the last looks, newest last. */
export function diagnose(recent: readonly Rates[], around: Around): Diagnosis {
  const what = whatOf(recent.slice(-WINDOW), around);
  return { what, help: HELP[what] };
}

function whatOf(recent: readonly Rates[], { hub_rtt_ms, lost }: Around): What {
  const hubIsFar = (hub_rtt_ms ?? 0) > HUB_BAD_MS;
  if (lost || recent.length === 0) return lost && hubIsFar ? "own_line" : "no_call";
  const often = (is: (rates: Rates) => boolean): boolean => recent.filter(is).length * 3 >= recent.length;
  const coming = often((rates) => comesBadly(rates) && !isFar(rates));
  const going = often((rates) => goesBadly(rates) && !isFar(rates));
  if (often(({ limited }) => limited === "cpu")) return "this_device";
  if (coming && going) return "own_line";
  if (going) return "own_upload";
  // What comes badly was sent badly, unless the way to the hub is bad, too.
  if (coming) return hubIsFar ? "own_download" : "their_line";
  if (often(isFar)) return hubIsFar ? "own_line" : "delay";
  return "fine";
}

/** What is counted beside the rates. */
export interface Counted {
  readonly relayed: boolean;
  readonly blind: boolean;
  readonly turn: boolean;
  readonly restarts: number;
  readonly moves: number;
  readonly silences: number;
  readonly gap_max_ms: number;
  readonly first_frame_ms: number;
  readonly width: number;
  readonly height: number;
}

export type Figures = Readonly<Record<string, number>>;

/** Whole numbers by the names the hub knows; nothing else leaves this page. */
export function figuresOf(recent: readonly Rates[], counted: Counted): Figures {
  const mean = (of: (rates: Rates) => number): number =>
    recent.length === 0 ? 0 : recent.reduce((sum, each) => sum + of(each), 0) / recent.length;
  const sum = (of: (rates: Rates) => number): number => mean(of) * recent.length;
  const figures = {
    rtt_ms: mean((each) => each.rtt_ms),
    jitter_ms: mean((each) => each.jitter_ms),
    loss_per_mille: mean((each) => each.loss_in) * 1_000,
    loss_out_per_mille: mean((each) => each.loss_out) * 1_000,
    fps: mean((each) => each.fps_in),
    fps_out: mean((each) => each.fps_out),
    width: counted.width,
    height: counted.height,
    in_kbps: mean((each) => each.kbps_in),
    out_kbps: mean((each) => each.kbps_out),
    freezes: sum((each) => each.freezes),
    frozen_ms: sum((each) => each.frozen_ms),
    gap_ms: counted.gap_max_ms,
    restarts: counted.restarts,
    moves: counted.moves,
    silences: counted.silences,
    first_frame_ms: counted.first_frame_ms,
    relayed: Number(counted.relayed),
    turn: Number(counted.turn),
    blind: Number(counted.blind),
    cpu_limited: Number(recent.some(({ limited }) => limited === "cpu")),
    bandwidth_limited: Number(recent.some(({ limited }) => limited === "bandwidth")),
  };
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Math.max(0, Math.round(value))]));
}
