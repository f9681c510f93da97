/** Of several questions about the same thing only the answer to the newest counts: answers overtake each other. */
export class Newest {
  private asked = 0;

  /** Ask (again); what it gives says, once the answer is there, whether it still counts. */
  ask(): () => boolean {
    const mine = ++this.asked;
    return () => mine === this.asked;
  }
}

/** Of two states of the same things, by id, the one changed last: an older answer may come later. */
export function latest<T extends { readonly id: string; readonly sequence: number }>(
  known: ReadonlyMap<string, T>,
  found: readonly T[],
): T[] {
  return found.map((each) => {
    const before = known.get(each.id);
    return before !== undefined && before.sequence > each.sequence ? before : each;
  });
}
