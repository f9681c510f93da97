/**
 * What this page sends at most. Two tiles cost no more than 600 kbit/s each way, sound and headers
 * included; less where less is shown or wanted, or where the way out does not carry it.
 */

import type { Rates } from "./reading.js";
import { LOSS_BAD } from "./strain.js";

export interface Choices {
  /** The member asked for little data. */
  readonly lowData: boolean;
  /** The member asked for sound only: the camera stays on here, its picture is not sent. */
  readonly soundOnly: boolean;
  /** The call is small on this screen: a phone, or the small window. */
  readonly small: boolean;
}

export const CHOICES: Choices = { lowData: false, soundOnly: false, small: false };

export interface Outgoing extends Choices {
  readonly hidden: boolean;
  /** A screen goes out beside the camera. */
  readonly sharing: boolean;
  /** How far down the ladder the way out has brought us. */
  readonly step: number;
}

export interface Encoding {
  readonly maxBitrate: number;
  readonly maxFramerate: number;
  readonly scaleResolutionDownBy: number;
}

interface Cap {
  readonly bps: number;
  readonly fps: number;
  /** Of the picture's shorter side: a phone held upright sends as much as one that lies. */
  readonly lines: number;
}

export const SOUND_BPS = 32_000;

/** Beside it go sound that is sent twice, headers and reports: some 130 kbit/s. */
const FULL: Cap = { bps: 450_000, fps: 15, lines: 360 };

const BY_STATE: Readonly<Record<"lowData" | "small" | "hidden" | "sharing", Cap>> = {
  lowData: { bps: 150_000, fps: 10, lines: 180 },
  small: { bps: 300_000, fps: 15, lines: 270 },
  hidden: { bps: 350_000, fps: 15, lines: 360 },
  sharing: { bps: 150_000, fps: 10, lines: 180 },
};

/** Each step is what a line of that strength carries well; the last one still shows a face move. */
const LADDER: readonly Cap[] = [
  FULL,
  { bps: 300_000, fps: 15, lines: 360 },
  { bps: 180_000, fps: 12, lines: 270 },
  { bps: 100_000, fps: 8, lines: 180 },
];

const SCREEN: Cap = { bps: 600_000, fps: 5, lines: 1_080 };
const SCREEN_LOW: Cap = { bps: 250_000, fps: 3, lines: 720 };

export interface Size {
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/** What the camera's picture, of this size, may cost. */
export function cameraEncoding(out: Outgoing, size: Size): Encoding {
  const states = (["lowData", "small", "hidden", "sharing"] as const).filter((each) => out[each]);
  const caps = [FULL, LADDER[Math.min(out.step, LADDER.length - 1)] ?? FULL, ...states.map((each) => BY_STATE[each])];
  return encoding(caps, size);
}

/** What a shared screen may cost: sharp rather than fluent. */
export function screenEncoding({ lowData, step }: Outgoing, size: Size): Encoding {
  return encoding([lowData || step >= 2 ? SCREEN_LOW : SCREEN], size);
}

function encoding(caps: readonly Cap[], { width = 0, height = 0 }: Size): Encoding {
  const least = (of: (cap: Cap) => number): number => Math.min(...caps.map(of));
  const scale = Math.min(width, height) / least(({ lines }) => lines);
  return {
    maxBitrate: least(({ bps }) => bps),
    maxFramerate: least(({ fps }) => fps),
    scaleResolutionDownBy: Math.max(1, Math.round(scale * 100) / 100),
  };
}

/** Where on the ladder we are, and for how long the way out has been bad or good. */
export interface Pace {
  readonly step: number;
  readonly bad_ms: number;
  readonly good_ms: number;
  /** How long it has to be good before more is tried; doubles each time that did not go well. */
  readonly wait_ms: number;
  /** Since the last step up. */
  readonly since_up_ms: number;
}

export const DOWN_AFTER_MS = 6_000;
export const UP_AFTER_MS = 15_000;
const UP_AFTER_MAX_MS = 120_000;
/** A step up that has to be taken back within this was one too many. */
const REGRET_MS = 30_000;
const LOSS_GOOD = 0.03;
/** Of the picture's cap, what the way out has to carry beside it. */
const ROOM = 1.2;

export const AT_FULL: Pace = { step: 0, bad_ms: 0, good_ms: 0, wait_ms: UP_AFTER_MS, since_up_ms: UP_AFTER_MAX_MS };

/** One more look at the way out: down a step when it is bad for a while, up again slowly. */
export function adapt(pace: Pace, rates: Rates): Pace {
  const worst = worstStep(pace.step, rates);
  const bad = pace.step < worst;
  const good = !bad && rates.loss_out < LOSS_GOOD;
  const bad_ms = bad ? pace.bad_ms + rates.span_ms : 0;
  const good_ms = good ? pace.good_ms + rates.span_ms : 0;
  const since_up_ms = pace.since_up_ms + rates.span_ms;
  const next = { ...pace, bad_ms, good_ms, since_up_ms };
  if (bad_ms >= DOWN_AFTER_MS) return down(next);
  if (pace.step > 0 && good_ms >= pace.wait_ms) return { ...next, step: pace.step - 1, good_ms: 0, since_up_ms: 0 };
  return next;
}

function down(pace: Pace): Pace {
  const regretted = pace.since_up_ms < REGRET_MS;
  const wait_ms = regretted ? Math.min(UP_AFTER_MAX_MS, pace.wait_ms * 2) : UP_AFTER_MS;
  return { ...pace, step: pace.step + 1, bad_ms: 0, good_ms: 0, wait_ms };
}

/** How far down these figures would bring us. Loss that less data does not cure is no reason to go to the end. */
function worstStep(step: number, { loss_out, limited, room_kbps }: Rates): number {
  const cap = LADDER[step]?.bps ?? 0;
  // A rich picture, too, is called limited by bandwidth: by the own cap.
  const narrow = limited === "bandwidth" && room_kbps > 0 && room_kbps * 1_000 < cap * ROOM;
  if (narrow) return LADDER.length - 1;
  return loss_out > LOSS_BAD || limited === "cpu" ? 2 : 0;
}
