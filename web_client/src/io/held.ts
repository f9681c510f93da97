/**
 * The time somebody took on an invite's page before they signed in.
 *
 * It lies in this browser, not in this tab: the link in a mail opens another one. Where it opens another browser,
 * the server knows of the time, because the request for the link carried its key.
 */
import { given, type Held, isDue } from "@/core/held";
import type { HeldTime, Time } from "@/core/model";
import { api, ApiError, requestId } from "@/io/api";
import { serverNow } from "@/io/clock";
import { sameTime } from "@/core/people";
import { keep, kept, local, tabwise } from "@/io/keep";

const HELD = "held";
const WANTED = "wanted";
const NEXT = "next";

export const held = (): Held | null => kept<Held | null>(local, HELD, null);
export const hold = (next: Held): void => keep(local, HELD, next);
export const letGo = (): void => {
  keep(local, HELD, undefined);
  keep(local, WANTED, undefined);
};

/** Take over what the server keeps for whoever signed in, unless this browser has it already, or one of its own. */
export function bring(token: string, time: HeldTime): Held {
  const before = held();
  if (isDue(before, token, serverNow()) && (before.hold !== "" || sameTime(before, time))) return before;
  const brought = given(token, time, requestId());
  hold(brought);
  return brought;
}

/** Ask for it on the way to an invite's page; the welcome names it. That page asks for itself if this fails. */
export async function bringAlong(next: string): Promise<void> {
  const token = /^\/i\/([\w-]+)$/.exec(next)?.[1];
  if (!token) return;
  try {
    const open = await api.openInvite(token);
    if (open.held) bring(token, open.held);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

interface Wanted extends Time {
  readonly token: string;
  readonly key: string;
}

/** The key that will hold this time. Asked for again, after an answer that never came, it is the same one. */
export function holdKey(token: string, time: Time): string {
  const before = kept<Wanted | null>(local, WANTED, null);
  const same = before?.token === token && before.start === time.start && before.length_min === time.length_min;
  if (same) return before.key;
  const key = crypto.randomUUID();
  keep(local, WANTED, { token, start: time.start, length_min: time.length_min, key });
  return key;
}

/** The page one wanted before signing in, for after the welcome. */
export const wantedNext = (): string => kept(tabwise, NEXT, "");
export const wantNext = (path: string): void => keep(tabwise, NEXT, path === "/" ? undefined : path);
