/** Lengths of time in rules and evidence, as whole parts. */

export interface Amount {
  readonly unit: "minutes" | "seconds";
  readonly n: number;
}

/** Whole minutes as minutes, anything else as whole seconds. */
export function amountOf(length_ms: number): Amount {
  const seconds = Math.round(length_ms / 1000);
  return seconds >= 60 && seconds % 60 === 0
    ? { unit: "minutes", n: seconds / 60 }
    : { unit: "seconds", n: seconds };
}

/** A measured length in minutes and seconds, the parts that are not zero. */
export function measured(length_ms: number): readonly Amount[] {
  const seconds = Math.round(length_ms / 1000);
  const parts: readonly Amount[] = [
    { unit: "minutes", n: Math.floor(seconds / 60) },
    { unit: "seconds", n: seconds % 60 },
  ];
  const said = parts.filter(({ n }) => n > 0);
  return said.length > 0 ? said : [{ unit: "seconds", n: 0 }];
}
