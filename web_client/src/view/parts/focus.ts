/** Where the focus goes when the button that has it goes: to the part it stood in, and not to the top of the page. */
import { type RefCallback } from "preact";
import { useMemo } from "preact/hooks";

/** Keep the focus near: what is in `node` may come and go, `node` stays. Returns how to end it. */
export function keepFocus(node: HTMLElement): () => void {
  let last: EventTarget | null = null;
  const came = ({ target }: FocusEvent): void => {
    last = target;
  };
  // Some browsers tell of a blur while they take the element out; only who left one that stays has gone elsewhere.
  const left = ({ target }: FocusEvent): void =>
    queueMicrotask(() => {
      if (last === target && (target as Node).isConnected) last = null;
    });
  const look = new MutationObserver(() => {
    if (last === null || (last as Node).isConnected) return;
    last = null;
    const { activeElement, body } = document;
    if (activeElement === null || activeElement === body) node.focus({ preventScroll: true });
  });
  if (!node.hasAttribute("tabindex")) node.tabIndex = -1;
  node.addEventListener("focusin", came);
  node.addEventListener("focusout", left);
  look.observe(node, { childList: true, subtree: true });
  return () => {
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
