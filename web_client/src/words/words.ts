/**
 * The words of the page: `wordsOf(catalogue)` makes the two functions a view speaks with.
 *
 * A catalogue is an object of id → message (see `core/message.ts`), each with a note for translators
 * above it. Whole sentences only; nothing is glued together from pieces. Names of people are wrapped
 * in direction isolates by `t`, so that an Arabic name does not turn an English sentence around.
 */
import { fill, grammarOf, type Places, read, type Value } from "@/core/message";

export type Catalogue = Readonly<Record<string, string>>;

const grammar = grammarOf("en");

/** Text that keeps its own direction inside a sentence. */
export const isolate = (text: string): string => `\u2068${text}\u2069`;

export interface Words<Id extends string> {
  /** The sentence as text. */
  t: (id: Id, values?: Places) => string;
  /** The sentence as parts, for places that hold markup. */
  parts: <Extra>(id: Id, values: Readonly<Record<string, Value | Extra>>) => (string | Extra)[];
  has: (id: string) => id is Id;
}

export function wordsOf<C extends Catalogue>(catalogue: C): Words<keyof C & string> {
  type Id = keyof C & string;
  const known = new Map<string, ReturnType<typeof read>>();
  const message = (id: Id) => {
    const nodes = known.get(id) ?? read(catalogue[id] ?? id);
    known.set(id, nodes);
    return nodes;
  };
  return {
    t: (id, values = {}) => fill(message(id), values, grammar).join(""),
    parts: (id, values) => fill(message(id), values, grammar),
    has: (id): id is Id => id in catalogue,
  };
}
