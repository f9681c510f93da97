/**
 * The grammar of messages: a small part of ICU MessageFormat.
 *
 * `{name}` is a place; `{n, plural, one {# session} other {# sessions}}` chooses by the number, `=0 {…}`
 * wins over the category; `#` is the number itself; `{x, select, yes {…} other {…}}` chooses by a word.
 * Parts nest. An apostrophe is an apostrophe.
 */

export type Value = string | number;
export type Places<Extra = never> = Readonly<Record<string, Value | Extra>>;

type Node =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "place"; readonly name: string }
  | { readonly kind: "count" }
  | {
      readonly kind: "choice";
      readonly name: string;
      readonly plural: boolean;
      readonly cases: ReadonlyMap<string, readonly Node[]>;
    };

/** A message that cannot be read; only a wrong catalogue throws this. */
export class BadMessage extends Error {}

class Reader {
  private at = 0;

  constructor(private readonly source: string) {}

  message(inChoice: boolean): readonly Node[] {
    const nodes: Node[] = [];
    while (this.at < this.source.length && this.source[this.at] !== "}") {
      nodes.push(this.node(inChoice));
    }
    return nodes;
  }

  end(): void {
    if (this.at < this.source.length) throw new BadMessage(`unexpected } in ${this.source}`);
  }

  private node(inChoice: boolean): Node {
    const char = this.source[this.at];
    if (char === "{") return this.place();
    if (char === "#" && inChoice) {
      this.at += 1;
      return { kind: "count" };
    }
    return { kind: "text", text: this.until(inChoice ? /[{}#]/g : /[{}]/g) };
  }

  private place(): Node {
    this.at += 1;
    const name = this.until(/[,}]/g).trim();
    if (this.source[this.at] === "}") {
      this.at += 1;
      return { kind: "place", name };
    }
    this.at += 1;
    const how = this.until(/,/g).trim();
    this.at += 1;
    if (how !== "plural" && how !== "select") throw new BadMessage(`${how} in ${this.source}`);
    return { kind: "choice", name, plural: how === "plural", cases: this.cases(how === "plural") };
  }

  private cases(plural: boolean): ReadonlyMap<string, readonly Node[]> {
    const cases = new Map<string, readonly Node[]>();
    for (let key = this.key(); key !== ""; key = this.key()) {
      this.at += 1;
      cases.set(key, this.message(plural));
      this.at += 1;
    }
    this.at += 1;
    if (!cases.has("other")) throw new BadMessage(`no other in ${this.source}`);
    return cases;
  }

  private key(): string {
    return this.until(/[{}]/g).trim();
  }

  private until(stop: RegExp): string {
    stop.lastIndex = this.at;
    const found = stop.exec(this.source);
    const end = found ? found.index : this.source.length;
    const text = this.source.slice(this.at, end);
    this.at = end;
    return text;
  }
}

/** Read a message once; the result is what `fill` takes. */
export function read(source: string): readonly Node[] {
  const reader = new Reader(source);
  const nodes = reader.message(false);
  reader.end();
  return nodes;
}

/** How a language counts and writes numbers. */
export interface Grammar {
  readonly plural: (n: number) => string;
  readonly number: (n: number) => string;
}

/** The grammar of a language by `Intl`. */
export function grammarOf(locale: string): Grammar {
  const plural = new Intl.PluralRules(locale);
  const number = new Intl.NumberFormat(locale);
  return { plural: (n) => plural.select(n), number: (n) => number.format(n) };
}

function chosen(node: Node & { kind: "choice" }, value: unknown, grammar: Grammar) {
  const exact = node.cases.get(node.plural ? `=${String(value)}` : String(value));
  const category = node.plural ? node.cases.get(grammar.plural(Number(value))) : undefined;
  return exact ?? category ?? node.cases.get("other") ?? [];
}

/** Fill a message's places; values that are not text or numbers are handed through as they are. */
export function fill<Extra = never>(
  nodes: readonly Node[],
  values: Places<Extra>,
  grammar: Grammar,
  count?: number,
): (string | Extra)[] {
  return nodes.flatMap((node): (string | Extra)[] => {
    if (node.kind === "text") return [node.text];
    if (node.kind === "count") return [grammar.number(count ?? 0)];
    const value = values[node.name];
    if (value === undefined) throw new BadMessage(`no value for {${node.name}}`);
    if (node.kind === "place") return [typeof value === "number" ? grammar.number(value) : value];
    return fill(chosen(node, value, grammar), values, grammar, Number(value));
  });
}
