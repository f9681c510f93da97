/** Buttons and links: the same look, each with the element its meaning asks for. */
import type { ComponentChildren, JSX, Ref } from "preact";

import { go } from "@/io/router";

export type Kind = "primary" | "soft" | "plain" | "danger" | "on-mine";

interface Look {
  readonly kind?: Kind;
  readonly wide?: boolean;
  readonly big?: boolean;
  /** Shows an icon only; the name must be given as `label`. */
  readonly label?: string | undefined;
  /** What readers and speech call it: the words that are seen, and about what. */
  readonly name?: string;
  readonly children: ComponentChildren;
  readonly class?: string;
}

const classOf = ({ kind = "soft", wide, big, label, class: more }: Look): string =>
  ["button", kind, wide && "wide", big && "big", label && "icon-only", more]
    .filter(Boolean)
    .join(" ");

type ButtonProps = Look & {
  readonly onPress?: () => void;
  readonly type?: "button" | "submit";
  /** An answer is awaited: the press is kept from being sent twice, and said so. */
  readonly busy?: boolean;
  readonly pressed?: boolean;
  readonly expanded?: boolean;
  readonly id?: string;
  readonly describedBy?: string;
  readonly keys?: string;
  readonly buttonRef?: Ref<HTMLButtonElement>;
  readonly opensDialog?: boolean;
};

export function Button(props: ButtonProps) {
  const { onPress, type = "button", busy = false, pressed, expanded, id, describedBy, label } = props;
  return (
    <button
      ref={props.buttonRef ?? null}
      id={id}
      type={type}
      class={classOf(props)}
      aria-busy={busy ? "true" : undefined}
      aria-pressed={pressed}
      aria-expanded={expanded}
      aria-label={label ?? props.name}
      title={label}
      aria-describedby={describedBy}
      aria-keyshortcuts={props.keys}
      aria-haspopup={props.opensDialog ? "dialog" : undefined}
      onClick={() => {
        if (!busy) onPress?.();
      }}
    >
      {props.children}
    </button>
  );
}

/** A press that only changes this page's address; with a modifier the browser does what it always does. */
export function follow(event: MouseEvent & { currentTarget: HTMLAnchorElement }): void {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const { pathname, search, hash } = event.currentTarget;
  go(pathname + search + hash);
}

type LinkProps = Omit<JSX.IntrinsicElements["a"], "ref"> & { readonly href: string };

/** A link inside the page. */
export function Link({ children, ...rest }: LinkProps) {
  return (
    // The rule does not see the address that makes this a link.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
    <a {...rest} onClick={follow}>
      {children}
    </a>
  );
}

/** A link that looks like a button. */
export function ButtonLink(props: Look & { readonly href: string }) {
  return (
    <Link href={props.href} class={classOf(props)}>
      {props.children}
    </Link>
  );
}
