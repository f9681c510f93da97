/**
 * What a page does about the close of its socket. The range of the code says it: 40xx and any
 * foreign code come back at once, 41xx after a while, 42xx not unasked.
 */

const LATER_MS = 10_000;

/** Whether to connect again without being asked. */
export function mayReturn(code: number): boolean {
  return code < 4200 || code >= 4300;
}

/** The least wait before connecting again. */
export function restBefore(code: number): number {
  return code >= 4100 && code < 4200 ? LATER_MS : 0;
}

/** The page is older than the hub: only loading it anew helps. */
export const BAD_VERSION = 4201;
/** Nobody is signed in any more. */
export const SIGNED_OUT = 4202;
