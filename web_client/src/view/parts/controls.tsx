/** Controls of forms and tools: segments, switches, fields, choices. */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

export interface Option<T extends string> {
  readonly value: T;
  readonly text: string;
  /** Read instead of a short text. */
  readonly name?: string;
}

interface SegmentedProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly Option<T>[];
  readonly onChange: (value: T) => void;
}

/** One of a few, side by side. */
export function Segmented<T extends string>(props: SegmentedProps<T>) {
  const group = useId();
  return (
    <fieldset class="segments" aria-label={props.label}>
      {props.options.map(({ value, text, name }) => (
        <label key={value}>
          <input
            type="radio"
            name={group}
            value={value}
            aria-label={name}
            checked={value === props.value}
            onChange={() => props.onChange(value)}
          />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface SwitchProps {
  readonly text: string;
  readonly hint?: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
  readonly note?: ComponentChildren;
}

/** On or off, at once. */
export function Switch({ text, hint, on, onChange, note }: SwitchProps) {
  const id = useId();
  return (
    <label class="switch-row" for={id}>
      <span>
        {text} {note}
        {hint && (
          <span class="hint" id={`${id}-hint`}>
            {hint}
          </span>
        )}
      </span>
      <input
        id={id}
        type="checkbox"
        role="switch"
        aria-checked={on}
        class="switch"
        checked={on}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </label>
  );
}

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint?: ComponentChildren;
  readonly error?: string | undefined;
  readonly children: (ids: {
    readonly id: string;
    readonly "aria-describedby": string | undefined;
    readonly "aria-invalid": "true" | undefined;
  }) => ComponentChildren;
}

/** A field with its label, its hint and what is wrong with it. */
export function Field({ id, label, hint, error, children }: FieldProps) {
  const about = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div class={error ? "field bad" : "field"}>
      <label for={id}>{label}</label>
      {children({
        id,
        "aria-describedby": about || undefined,
        "aria-invalid": error ? "true" : undefined,
      })}
      {hint && (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {error && (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

interface ChooseProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly Option<T>[];
  readonly onChange: (value: T) => void;
  readonly note?: ComponentChildren;
}

/** One of several, in a row of its own. */
export function Choose<T extends string>(props: ChooseProps<T>) {
  const id = useId();
  return (
    <div class="switch-row">
      <label for={id}>
        {props.label} {props.note}
      </label>
      <select
        id={id}
        class="choose"
        value={props.value}
        onChange={(event) => props.onChange(event.currentTarget.value as T)}
      >
        {props.options.map(({ value, text }) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
