/** What a form wants mended, as one list that takes the focus and leads to each field. */
import { useEffect, useRef } from "preact/hooks";

import { faulty } from "@/view/parts/heading";
import { t } from "@/words/page";

export interface Fault {
  /** The field's id. */
  readonly id: string;
  readonly text: string;
}

interface SummaryProps {
  readonly faults: readonly Fault[];
  /** Counts the tries, so that a second one with the same faults is told again. */
  readonly tries: number;
}

export function Summary({ faults, tries }: SummaryProps) {
  const box = useRef<HTMLDivElement>(null);
  const some = faults.length > 0;
  useEffect(() => {
    faulty.value = some;
    if (some) box.current?.focus();
    return () => {
      faulty.value = false;
    };
  }, [some, tries]);
  if (!some) return null;
  return (
    <div ref={box} class="summary" role="group" aria-labelledby="summary" tabIndex={-1}>
      <h2 id="summary">{t("form.summary", { n: faults.length })}</h2>
      <ul>
        {faults.map(({ id, text }) => (
          <li key={id}>
            <a
              href={`#${id}`}
              onClick={(event) => {
                event.preventDefault();
                document.getElementById(id)?.focus();
              }}
            >
              {text}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
