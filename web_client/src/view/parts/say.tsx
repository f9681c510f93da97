/** A sentence of a catalogue with markup in its places. */
import { Fragment, type VNode } from "preact";

import { type PageWord, parts } from "@/words/page";
import type { Words } from "@/words/words";

interface SayProps<Id extends string> {
  readonly id: Id;
  readonly values: Readonly<Record<string, string | number | VNode>>;
}

/** The component that speaks with one catalogue. */
export function sayOf<Id extends string>(partsOf: Words<Id>["parts"]) {
  return function Say({ id, values }: SayProps<Id>) {
    return (
      <>
        {partsOf<VNode>(id, values).map((part, i) => (
          <Fragment key={i}>{part}</Fragment>
        ))}
      </>
    );
  };
}

export const Say = sayOf<PageWord>(parts);
