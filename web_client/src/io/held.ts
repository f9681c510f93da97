/**
 * The time somebody took on an invite's page before they signed in.
 *
 * It lies in this browser, not in this tab: the link in a mail opens another one.
 */
import type { Held } from "@/core/held";
import type { Time } from "@/core/model";
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
