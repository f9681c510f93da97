/** Why a device ended by itself. */

/** What the browser says of a permission; null where it does not say. */
export type Permission = "granted" | "denied" | "prompt" | null;

/**
 * Whether the browser took it away; otherwise it was unplugged. Told by the permission while it was on and now,
 * and by the ids of all there are of its kind.
 */
export function takenAway(before: Permission, now: Permission, ids: readonly string[]): boolean {
  // Where a device is in use by a permission for once, some browsers say "prompt" all along.
  if (now === "denied" || (now === "prompt" && before !== "prompt")) return true;
  // A page that may not use devices learns how many there are, but not which.
  return ids.length > 0 && ids.every((id) => id === "");
}
