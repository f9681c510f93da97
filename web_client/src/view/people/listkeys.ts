/** Keys of a list of rows: `J K` go from row to row, `/` searches, `S` makes the row a favourite. */
import { useEffect, useRef } from "preact/hooks";

import { isBare, listKey } from "@/core/keys";
import { singleKeys } from "@/io/settings";

const TYPED = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]";

const typing = (target: EventTarget | null): boolean =>
  target instanceof Element && target.matches(TYPED);

const rows = (): readonly HTMLElement[] => [...document.querySelectorAll<HTMLElement>("main [data-row]")];

const current = (all: readonly HTMLElement[]): number =>
  all.findIndex((row) => row.contains(document.activeElement));

/** Put the focus on a row's first link or button. */
function step(by: number): void {
  const all = rows();
  const at = current(all);
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by));
  const goal = all[next]?.querySelector<HTMLElement>("[data-first]");
  goal?.focus();
  goal?.scrollIntoView({ block: "nearest" });
}

/** `onFavourite` is told the row the focus is in. */
export function useListKeys(search: string, onFavourite: (id: string) => void): void {
  useEffect(() => {
    const act = {
      next: () => step(1),
      previous: () => step(-1),
      search: () => document.getElementById(search)?.focus(),
      favourite: () => {
        const all = rows();
        const id = all[current(all)]?.dataset["row"];
        if (id) onFavourite(id);
      },
    } as const;
    const pressed = (event: KeyboardEvent): void => {
      if (!singleKeys.value || !isBare(event) || event.defaultPrevented || typing(event.target)) return;
      if (document.querySelector("dialog[open]")) return;
      const key = listKey(event.key);
      if (!key) return;
      event.preventDefault();
      act[key]();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  });
}

/** When the row that has the focus goes, its neighbour takes the focus. `ids` are the rows in order. */
export function useNeighbour(ids: readonly string[]): void {
  const last = useRef({ id: "", at: 0 });
  useEffect(() => {
    const remember = (): void => {
      const all = rows();
      const at = current(all);
      last.current = { id: all[at]?.dataset["row"] ?? "", at };
    };
    document.addEventListener("focusin", remember);
    return () => document.removeEventListener("focusin", remember);
  }, []);
  const order = ids.join(" ");
  useEffect(() => {
    const { id, at } = last.current;
    if (id === "" || order.split(" ").includes(id) || document.activeElement !== document.body) return;
    const all = rows();
    all[Math.min(at, all.length - 1)]?.querySelector<HTMLElement>("[data-first]")?.focus();
  }, [order]);
}
