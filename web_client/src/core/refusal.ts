/** Why a screen that was to be shared is not. */

/** Who did not let it be: the computer, the browser or one does not know which; empty where nothing was chosen. */
export type Refusal = "" | "system" | "browser";

/** Nobody reads what there is to choose, and goes back, faster than this. */
const CHOSEN_AFTER_MS = 300;

/** By the error, and how long after the question it came. */
export function refusalOf(name: string, message: string, after_ms: number): Refusal {
  if (name !== "NotAllowedError") return "browser";
  if (/system/iu.test(message)) return "system";
  return after_ms < CHOSEN_AFTER_MS ? "browser" : "";
}
