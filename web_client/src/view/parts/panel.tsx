/** A small panel over the page: the browser's own dialog, so focus stays in it and comes back. */
import { X } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

import { Button } from "@/view/parts/button";
import { t } from "@/words/page";

interface PanelProps {
  readonly title: ComponentChildren;
  readonly onClose: () => void;
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}

export function Panel({ title, onClose, wide = false, children }: PanelProps) {
  const id = useId();
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    const opener = document.activeElement;
    dialog?.showModal();
    return () => {
      dialog?.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    // A press beside the panel closes it; the keyboard has Escape and the button.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={ref}
      class={wide ? "panel wide" : "panel"}
      aria-labelledby={id}
      onClose={onClose}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div class="panel-head">
        <h2 id={id}>{title}</h2>
        <Button kind="plain" label={t("do.close")} onPress={onClose}>
          <X class="icon" aria-hidden="true" />
        </Button>
      </div>
      <div class="panel-body">{children}</div>
    </dialog>
  );
}
