/** The small panels over the room: one at a time, closed by Escape or a press outside. */
import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

export type LayerName = "break" | "more" | "leave" | "keys" | "line" | "code" | "sheet";

export const layer = signal<LayerName | null>(null);
let opener: Element | null = null;

/** Open a layer, or close it if it is open. Focus returns to where it was. */
export function toggleLayer(name: LayerName): void {
  if (layer.value === name) return closeLayer();
  if (layer.value === null) opener = document.activeElement;
  layer.value = name;
}

/** From one layer to the next; focus still returns to where the first was opened. */
export function openLayer(name: LayerName): void {
  if (layer.value === null) opener = document.activeElement;
  layer.value = name;
}

export function closeLayer(): void {
  if (layer.value === null) return;
  layer.value = null;
  const back = opener;
  opener = null;
  queueMicrotask(() => back instanceof HTMLElement && back.isConnected && back.focus());
}

export interface PanelProps {
  readonly name: LayerName;
  readonly heading: string;
  readonly children: ComponentChildren;
}

/** A layer's frame: takes focus when it opens. */
export function Panel({ name, heading, children }: PanelProps) {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const node = frame.current;
    node?.focus();
    const away = (event: PointerEvent) => {
      const target = event.target as Element;
      // The button that opened it closes it by itself.
      if (!node?.contains(target) && !target.closest(`[data-layer="${name}"]`)) closeLayer();
    };
    document.addEventListener("pointerdown", away);
    return () => document.removeEventListener("pointerdown", away);
  }, [name]);
  return (
    <div ref={frame} class={`room-panel room-panel-${name}`} role="dialog" aria-label={heading} tabIndex={-1}>
      <h2>{heading}</h2>
      {children}
    </div>
  );
}
