/** What a member makes for a program of theirs: named, for chosen purposes, with a secret shown once. */
import { type Signal, useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";

import { Button } from "@/view/parts/button";
import { Field } from "@/view/parts/controls";
import { CopyField } from "@/view/parts/copy";
import { Summary } from "@/view/parts/summary";
import { Shapes } from "@/view/parts/trouble";
import { Boxes } from "@/view/settings/choices";
import { useRequest, type Work } from "@/view/settings/work";

/** One kind of them, as its form has it. */
export interface Kind<C extends string> {
  /** Begins the ids of the form's fields. */
  readonly id: string;
  readonly input: Pick<JSX.InputHTMLAttributes, "type" | "dir">;
  readonly choices: readonly C[];
  readonly first: readonly C[];
  readonly isBad: (text: string) => boolean;
  /** Makes one, and gives its secret. */
  readonly make: (text: string, chosen: readonly C[], request: string) => Promise<string>;
  readonly words: {
    readonly label: string;
    readonly hint: string;
    readonly bad: string;
    readonly legend: string;
    readonly choice: (choice: C) => string;
    readonly none: string;
    readonly make: string;
    readonly fresh: string;
    readonly secret: string;
  };
}

interface MakeProps<C extends string> {
  readonly kind: Kind<C>;
  readonly work: Pick<Work<unknown>, "run" | "busy">;
  /** The server refused the text, though it looked well here. */
  readonly refused?: boolean;
}

function useMake<C extends string>(kind: Kind<C>, work: MakeProps<C>["work"]) {
  const text = useSignal("");
  const chosen = useSignal<readonly C[]>(kind.first);
  const secret = useSignal("");
  const tries = useSignal(0);
  const request = useRequest();
  const isBad = kind.isBad(text.value);
  const make = async () => {
    tries.value += 1;
    if (isBad || chosen.value.length === 0) return;
    const [named, wanted] = [text.value.trim(), chosen.value];
    const done = await work.run(async () => {
      secret.value = await kind.make(named, wanted, request.of(`${named} ${wanted.join()}`));
    }, kind.words.fresh);
    if (!done) return;
    request.done();
    text.value = "";
    tries.value = 0;
  };
  return { text, chosen, secret, tries, isBad, make };
}

function Fresh({ secret, words }: { readonly secret: string; readonly words: Pick<Kind<never>["words"], "fresh" | "secret"> }) {
  return (
    <div class="fresh">
      <p>{words.fresh}</p>
      <CopyField label={words.secret} value={secret} />
    </div>
  );
}

export function Make<C extends string>({ kind, work, refused = false }: MakeProps<C>) {
  const { id, words, input } = kind;
  const { text, chosen, secret, tries, isBad, make } = useMake(kind, work);
  const tried = tries.value > 0;
  const bad = (tried && isBad) || refused ? words.bad : undefined;
  const none = tried && chosen.value.length === 0 ? words.none : undefined;
  const faults = [
    ...(bad ? [{ id: `${id}-text`, text: bad }] : []),
    ...(none ? [{ id: `${id}-choices`, text: none }] : []),
  ];
  return (
    <>
      {secret.value && <Fresh secret={secret.value} words={words} />}
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <Summary tries={tries.value} faults={faults} />
        <Field id={`${id}-text`} label={words.label} hint={words.hint} error={bad}>
          {(ids) => <TextInput {...ids} {...input} text={text} />}
        </Field>
        <Boxes
          id={`${id}-choices`}
          legend={words.legend}
          options={kind.choices.map((value) => ({ value, text: words.choice(value) }))}
          chosen={chosen}
          error={none}
        />
        <div>
          <Button kind="soft" type="submit" busy={work.busy.value}>
            {words.make}
          </Button>
        </div>
      </form>
    </>
  );
}

function TextInput({ text, ...more }: { readonly text: Signal<string> } & JSX.InputHTMLAttributes) {
  return (
    <input
      {...more}
      autocomplete="off"
      value={text.value}
      onInput={(event) => (text.value = event.currentTarget.value)}
    />
  );
}

interface MadeProps<T> {
  readonly work: Work<readonly T[]>;
  readonly label: string;
  readonly none: string;
  readonly children: (made: T) => ComponentChildren;
}

/** Those there are, and what the last change did. */
export function Made<T>({ work, label, none, children }: MadeProps<T>) {
  const all = work.value.value;
  return (
    <>
      {!all && !work.error.value && <Shapes count={2} />}
      {all?.length === 0 && <p class="hint">{none}</p>}
      {all && all.length > 0 && (
        <ul class="links" aria-label={label}>
          {all.map(children)}
        </ul>
      )}
      {work.said.value && <p class="saved">{work.said.value}</p>}
    </>
  );
}
