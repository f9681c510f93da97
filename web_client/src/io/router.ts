/** The address of the page as a signal, and the one way to change it. */
import { signal } from "@preact/signals";

import { type Route, routeOf } from "@/core/routes";

export const route = signal<Route>(routeOf(location.pathname));

/** The part of the page that the address names, with its `#`. */
export const part = signal(location.hash);

/** Scroll of the pages behind, by history entry, so that going back returns to the same place. */
const scrolls = new Map<number, number>();
let entry = 0;
let gone = 0;

/** How often a page was gone to since the document was loaded: 0 on the first page. */
export const visits = (): number => gone;

function entryOf(state: unknown): number {
  return typeof state === "object" && state && "entry" in state ? Number(state.entry) : 0;
}

function show(): void {
  gone += 1;
  route.value = routeOf(location.pathname);
  part.value = location.hash;
}

/** Go to a path of this page. `replace` leaves no way back to the present one. */
export function go(path: string, { replace = false } = {}): void {
  scrolls.set(entry, window.scrollY);
  if (replace) history.replaceState({ entry }, "", path);
  else history.pushState({ entry: ++entry }, "", path);
  show();
  window.scrollTo(0, 0);
}

/** Give the page that is shown another address: it is the same page, and a reload finds it there. */
export function rename(path: string): void {
  history.replaceState({ entry }, "", path);
  part.value = location.hash;
}

/** The scroll position to return to after `popstate`; taken once. */
function restore(): void {
  scrolls.set(entry, window.scrollY);
  entry = entryOf(history.state);
  show();
  requestAnimationFrame(() => window.scrollTo(0, scrolls.get(entry) ?? 0));
}

export function startRouter(): void {
  history.scrollRestoration = "manual";
  entry = entryOf(history.state);
  window.addEventListener("popstate", restore);
}
