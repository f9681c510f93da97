/** A sentence of the catalogue with markup in its places. */
import { Fragment, type VNode } from "preact";

import { type PageWord, parts } from "@/words/page";

interface SayProps {
  readonly id: PageWord;
  readonly values: Readonly<Record<string, string | number | VNode>>;
}

export function Say({ id, values }: SayProps) {
  return (
    <>
      {parts<VNode>(id, values).map((part, i) => (
        <Fragment key={i}>{part}</Fragment>
      ))}
    </>
  );
}
