/** The one thing that can be undone now, for ten seconds. */
import { signal } from "@preact/signals";

import { UNDO_MS } from "@/core/next";

export interface Offer {
  readonly text: string;
  readonly undo: () => void;
}

export const offer = signal<Offer | null>(null);

let timer = 0;

export function withdraw(): void {
  window.clearTimeout(timer);
  offer.value = null;
}

/** Offer to undo what was just done; a later offer takes the place of this one. */
export function offerUndo(text: string, undo: () => void): void {
  withdraw();
  offer.value = { text, undo };
  timer = window.setTimeout(withdraw, UNDO_MS);
}

export function takeUndo(): void {
  const current = offer.value;
  withdraw();
  current?.undo();
}
