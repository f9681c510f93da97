/** Where the focus goes when the button that has it goes: to the part it stood in, and not to the top of the page. */
import type { RefCallback } from "preact";
import { useMemo } from "preact/hooks";

/** What keeps the focus now; of several, one within the other, the nearest that is still there has it. */
const keepers = new Set<EventTarget>();

function keepNear(way: readonly EventTarget[]): void {
  const { activeElement, body } = document;
  if (activeElement !== null && activeElement !== body) return;
  const near = way.find((each) => keepers.has(each) && (each as Node).isConnected);
  (near as HTMLElement | undefined)?.focus({ preventScroll: true });
}

/** Keep the focus near: what is in `node` may come and go, `node` stays. Returns how to end it. */
export function keepFocus(node: HTMLElement): () => void {
  let last: EventTarget | null = null;
  let way: readonly EventTarget[] = [];
  const came = (event: FocusEvent): void => {
    last = event.target;
    way = event.composedPath();
  };
  // Some browsers tell of a blur while they take the element out; only who left one that stays has gone elsewhere.
  const left = ({ target }: FocusEvent): void =>
    queueMicrotask(() => {
      if (last === target && (target as Node).isConnected) last = null;
    });
  const look = new MutationObserver(() => {
    if (last === null || (last as Node).isConnected) return;
    last = null;
    keepNear(way);
  });
  keepers.add(node);
  if (!node.hasAttribute("tabindex")) node.tabIndex = -1;
  node.addEventListener("focusin", came);
  node.addEventListener("focusout", left);
  look.observe(node, { childList: true, subtree: true });
  return () => {
    keepers.delete(node);
    look.disconnect();
    node.removeEventListener("focusin", came);
    node.removeEventListener("focusout", left);
  };
}

/** For the `ref` of a row, a bar or a list whose buttons go when they are pressed. */
export function useKeptFocus<E extends HTMLElement>(): RefCallback<E> {
  return useMemo(() => {
    let end = (): void => undefined;
    return (node: E | null) => {
      end();
      end = node === null ? () => undefined : keepFocus(node);
    };
  }, []);
}
