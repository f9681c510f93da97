/** Several of a few: a group of boxes with one sentence for all of them. */
import type { Signal } from "@preact/signals";

interface BoxesProps<T extends string> {
  readonly id: string;
  readonly legend: string;
  readonly options: readonly { readonly value: T; readonly text: string }[];
  readonly chosen: Signal<readonly T[]>;
  readonly error?: string | undefined;
}

export function Boxes<T extends string>({ id, legend, options, chosen, error }: BoxesProps<T>) {
  return (
    <fieldset class="choices" aria-describedby={error ? `${id}-error` : undefined}>
      <legend>{legend}</legend>
      {options.map(({ value, text }, i) => (
        <label class="check-row" key={value}>
          <input
            id={i === 0 ? id : undefined}
            type="checkbox"
            checked={chosen.value.includes(value)}
            aria-invalid={error ? "true" : undefined}
            onChange={(event) => {
              const rest = chosen.value.filter((other) => other !== value);
              chosen.value = event.currentTarget.checked ? [...rest, value] : rest;
            }}
          />
          {text}
        </label>
      ))}
      {error && (
        <p class="error-text" id={`${id}-error`}>
          {error}
        </p>
      )}
    </fieldset>
  );
}
