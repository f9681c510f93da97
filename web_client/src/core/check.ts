/**
 * The device check as facts: what is wrong with a device, and what the heading sums up.
 */

import type { Step, Way } from "./reach.js";
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

export type Line = Step | Way | "slow" | "unreachable";

const STEPS: ReadonlySet<string> = new Set<Step>(["looking", "trying", "longer"]);
const WORKS: ReadonlySet<string> = new Set<Way>(["good", "hidden", "all", "relay"]);
const SLOW_MS = 400;

/** What the connection row says: of the server, and of the way that was tried to a partner. */
export function lineOf(facts: {
  readonly reached: boolean;
  readonly round_ms: number | null;
  readonly way: Step | Way;
}): Line {
  if (!facts.reached) return "unreachable";
  if (STEPS.has(facts.way)) return facts.way;
  if (facts.round_ms === null) return "looking";
  return WORKS.has(facts.way) && facts.round_ms > SLOW_MS ? "slow" : facts.way;
}

export type Sum =
  | { readonly kind: "before" | "looking" | "good" | "untried" | "refused" }
  | { readonly kind: "some"; readonly n: number };

/** The heading: the sum of the rows. Devices are `on`, on their way, or in trouble; a line that could not
 * be tried is no trouble, and not known to work. */
export function sumOf(camera: string, mic: string, line: Line): Sum {
  if (camera === "idle") return { kind: "before" };
  if (camera === "asking" || mic === "asking") return { kind: "looking" };
  if (camera === "refused") return { kind: "refused" };
  const kind = STEPS.has(line) ? "looking" : line === "untried" ? "untried" : "good";
  const works = kind !== "good" || WORKS.has(line) || line === "slow";
  const n = Number(camera !== "on") + Number(mic !== "on") + Number(!works);
  return n > 0 ? { kind: "some", n } : { kind };
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
