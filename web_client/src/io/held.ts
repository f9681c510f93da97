/**
 * The time somebody took on an invite's page before they signed in.
 *
 * It lies in this browser, not in this tab: the link in a mail opens another one.
 */
import type { Held } from "@/core/held";
import { keep, kept, local, tabwise } from "@/io/keep";

const HELD = "held";
const NEXT = "next";

export const held = (): Held | null => kept<Held | null>(local, HELD, null);
export const hold = (next: Held): void => keep(local, HELD, next);
export const letGo = (): void => keep(local, HELD, undefined);

/** The page one wanted before signing in, for after the welcome. */
export const wantedNext = (): string => kept(tabwise, NEXT, "");
export const wantNext = (path: string): void => keep(tabwise, NEXT, path === "/" ? undefined : path);
