/** What a member has set in this browser: colours, view, length. */
import { effect, type Signal, signal } from "@preact/signals";

import { keep, kept, local } from "@/io/keep";

export type Theme = "system" | "light" | "dark";
export type View = "week" | "day";

function remembered<T>(key: string, otherwise: T): Signal<T> {
  const value = signal(kept(local, key, otherwise));
  effect(() => keep(local, key, value.value));
  return value;
}

export const theme = remembered<Theme>("theme", "system");
export const view = remembered<View>("view", "week");
/** Minutes; 0 until chosen, then the middle of what the instance offers is taken. */
export const length = remembered("length", 0);
export const singleKeys = remembered("keys", true);
/** The device zone a member has said no to. */
export const zoneKept = remembered("zone-kept", "");
/** Keep the document's theme as chosen. */
export function startTheme(): void {
  effect(() => {
    const root = document.documentElement;
    if (theme.value === "system") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", theme.value);
  });
}
