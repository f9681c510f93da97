/**
 * The device check as facts: what is wrong with a device, and what the heading sums up.
 */

import type { DeviceTrouble } from "./wire.js";

/** Why a device does not work. `gone` was there and was unplugged; `dress` is blur that does not work. */
export type Trouble = "refused" | "busy" | "missing" | "blocked" | "gone" | "black" | "silent" | "odd" | "dress";

const FAULTS: Readonly<Record<string, DeviceTrouble>> = {
  gone: "unplugged",
  missing: "unplugged",
  refused: "denied",
  blocked: "denied",
  busy: "busy",
  odd: "busy",
  dress: "busy",
};

/** What the partner is told of a camera that is off: a fault and not a choice, or nothing. */
export const faultOf = (state: string): DeviceTrouble => FAULTS[state] ?? "";

const BY_NAME: Readonly<Record<string, Trouble>> = {
  NotAllowedError: "refused",
  PermissionDeniedError: "refused",
  NotReadableError: "busy",
  TrackStartError: "busy",
  AbortError: "busy",
  NotFoundError: "missing",
  DevicesNotFoundError: "missing",
  OverconstrainedError: "missing",
  SecurityError: "blocked",
};

/** What an error of `getUserMedia` means. On an insecure page the browser hides devices altogether. */
export function troubleOf(name: string, secure: boolean): Trouble {
  if (!secure) return "blocked";
  return BY_NAME[name] ?? "odd";
}

export type Line = "looking" | "good" | "slow" | "relay" | "blocked" | "unreachable";

/** What the connection row says. */
export function lineOf(facts: {
  readonly reached: boolean;
  readonly round_ms: number | null;
  readonly connects: boolean | null;
  readonly hidden: boolean;
}): Line {
  if (facts.connects === null || (facts.reached && facts.round_ms === null)) return "looking";
  if (!facts.reached) return "unreachable";
  if (!facts.connects) return "blocked";
  if ((facts.round_ms ?? 0) > 400) return "slow";
  return facts.hidden ? "relay" : "good";
}

const GOOD_LINES: ReadonlySet<Line> = new Set(["good", "relay", "slow"]);

export type Sum =
  | { readonly kind: "before" | "looking" | "good" | "refused" }
  | { readonly kind: "some"; readonly n: number };

/** The heading: the sum of the rows. Devices are `on`, on their way, or in trouble. */
export function sumOf(camera: string, mic: string, line: Line): Sum {
  if (camera === "idle") return { kind: "before" };
  if (camera === "asking" || mic === "asking") return { kind: "looking" };
  if (camera === "refused") return { kind: "refused" };
  const lines = GOOD_LINES.has(line) || line === "looking" ? 0 : 1;
  const n = Number(camera !== "on") + Number(mic !== "on") + lines;
  if (n > 0) return { kind: "some", n };
  return { kind: line === "looking" ? "looking" : "good" };
}

/** A good check is remembered this long. */
const GOOD_FOR_MS = 12 * 60 * 60 * 1_000;

/** Whether a check that was good at `at_ms` still counts. */
export function stillGood(at_ms: number, now_ms: number): boolean {
  return at_ms > 0 && now_ms - at_ms < GOOD_FOR_MS && at_ms <= now_ms + 60_000;
}

/** Whether a device works well enough to be let in: without a camera nobody enters. */
export function mayEnter(camera: string): boolean {
  return camera === "on" || camera === "black";
}

/** Which browser's steps to show for allowing a device. */
export type Browser = "chromium" | "firefox" | "safari" | "other";

export function browserOf(agent: string): Browser {
  if (/Firefox\//u.test(agent)) return "firefox";
  if (/Chrom(?:e|ium)\//u.test(agent)) return "chromium";
  return /Safari\//u.test(agent) ? "safari" : "other";
}
