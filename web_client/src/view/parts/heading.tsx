/** The one h1 of a page: names the window, and takes the focus when the page was gone to. */
import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { visits } from "@/io/router";

/** Name of the page in view, for the window's title. */
export const pageTitle = signal("");
/** Stands in the window's title alone, in place of the page and the product; the room's time. */
export const wholeTitle = signal("");
/** A form on the page wants something mended; told first, for whoever hears the title first. */
export const faulty = signal(false);

interface HeadingProps {
  readonly title: string;
  readonly children?: ComponentChildren;
  readonly class?: string;
  /** There for readers only. */
  readonly hidden?: boolean;
}

export function Heading({ title, children, class: look, hidden }: HeadingProps) {
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    pageTitle.value = title;
  }, [title]);
  useEffect(() => {
    if (visits() > 0) ref.current?.focus({ preventScroll: true });
  }, []);
  return (
    <h1 ref={ref} tabIndex={-1} class={hidden ? "sr" : look}>
      {children ?? title}
    </h1>
  );
}
