/** Find and do: a time to book, a page to go to, a person; typed, chosen with arrows, done with Enter. */
import "./find.css";

import { CalendarPlus, CornerDownLeft, type LucideIcon, User, Zap } from "lucide-preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";

import { askedOf } from "@/core/find";
import { ms } from "@/core/model";
import { firstName } from "@/core/names";
import { matches } from "@/core/people";
import { MINUTE } from "@/core/zones";
import { serverNow } from "@/io/clock";
import { loadPeople, people } from "@/io/community";
import { go } from "@/io/router";
import { bookings, instance, lengthMin, slots, times, zone } from "@/io/store";
import { book, bookSoon, trouble, whenInside } from "@/view/calendar/state";
import { Panel } from "@/view/parts/panel";
import { t } from "@/words/booking";
import { isolate } from "@/words/words";

interface Found {
  readonly key: string;
  readonly text: string;
  readonly hint?: string;
  readonly Icon: LucideIcon;
  readonly act: () => void;
}

const PAGES = [
  ["calendar", "/"],
  ["sessions", "/sessions"],
  ["people", "/people"],
  ["free", "/people/free"],
  ["messages", "/messages"],
  ["you", "/you"],
  ["standing", "/you/standing"],
  ["check", "/check"],
  ["rules", "/rules"],
] as const;

/** Book it, and show the calendar, where what came of it is said. */
function bookIt(start: number, length: number): void {
  go("/");
  void book([{ start, length }]);
}

function bookItSoon(): void {
  go("/");
  void bookSoon();
}

function timeFound(typed: string): readonly Found[] {
  const rules = instance.value?.rules;
  if (!rules) return [];
  const { grid_ms, lengths_min: lengths } = rules;
  const now = serverNow();
  const asked = askedOf(typed, { zone: zone.value, now, grid_ms, lengths, length: lengthMin.value });
  if (!asked || asked.start - now > rules.horizon_ms) return [];
  const { start, length } = asked;
  const slot = length === lengthMin.value ? slots.value.get(start) : undefined;
  const name = isolate(firstName(slot?.people[0]?.name ?? ""));
  const range = times.value.range(start, start + length * MINUTE);
  const known = slots.value.size > 0 && length === lengthMin.value;
  return [
    {
      key: `book ${start}`,
      text: t("find.book", { day: whenInside(start).day, range }),
      ...(known ? { hint: t("find.book.waits", { n: slot?.count ?? 0, name }) } : {}),
      Icon: CalendarPlus,
      act: () => bookIt(start, length),
    },
  ];
}

function pagesFound(typed: string): readonly Found[] {
  return PAGES.map(([page, href]) => ({ name: t(`find.page.${page}`), href }))
    .filter(({ name }) => matches(name, typed))
    .map(({ name, href }) => ({
      key: href,
      text: t("find.go", { page: name }),
      Icon: CornerDownLeft,
      act: () => go(href),
    }));
}

/** People one knows; until they are fetched, the partners of own sessions. */
function peopleFound(typed: string): readonly Found[] {
  if (typed.trim() === "") return [];
  const partners = [...bookings.value.values()]
    .sort((a, b) => ms(b.start) - ms(a.start))
    .flatMap(({ partner }) => (partner ? [[partner.id, partner.name] as const] : []));
  const known = people.value ? [...people.value.values()].map(({ id, name }) => [id, name] as const) : [];
  return [...new Map([...partners, ...known])]
    .filter(([, name]) => matches(name, typed))
    .map(([id, name]) => ({
      key: id,
      text: t("find.person", { name: isolate(name) }),
      Icon: User,
      act: () => go(`/people/${id}`),
    }));
}

const SHOWN = 8;

function foundFor(typed: string): readonly Found[] {
  const soon: Found = { key: "soon", text: t("find.soon"), Icon: Zap, act: bookItSoon };
  const doing = matches(soon.text, typed) ? [soon] : [];
  return [...timeFound(typed), ...peopleFound(typed), ...doing, ...pagesFound(typed)].slice(0, SHOWN);
}

interface OptionProps {
  readonly found: Found;
  readonly id: string;
  readonly chosen: boolean;
  readonly onTake: () => void;
}

function Option({ found, id, chosen, onTake }: OptionProps) {
  const { Icon, text, hint } = found;
  return (
    // The field above has the focus and the keys; a press is the same as Enter there.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events
    <div id={id} role="option" aria-selected={chosen} tabIndex={-1} class="find-option" onClick={onTake}>
      <Icon class="icon" aria-hidden="true" />
      <span>
        {text}
        {hint && <small>{hint}</small>}
      </span>
    </div>
  );
}

export function FindLayer({ onClose }: { readonly onClose: () => void }) {
  const id = useId();
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (people.peek() === null) void loadPeople();
    trouble.value = null;
    field.current?.focus();
  }, []);
  const found = foundFor(typed);
  const index = Math.min(at, found.length - 1);
  const take = (which: Found | undefined) => {
    if (!which) return;
    onClose();
    which.act();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined && event.key !== "Enter") return;
    event.preventDefault();
    if (step === undefined) return take(found[index]);
    setAt((index + step + found.length) % Math.max(1, found.length));
  };
  return (
    <Panel title={t("find.title")} onClose={onClose}>
      <div class="field find">
        <input
          ref={field}
          type="text"
          role="combobox"
          aria-label={t("find.field")}
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={found[index] ? `${id}-${index}` : undefined}
          aria-describedby={`${id}-hint`}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          value={typed}
          onInput={(event) => {
            setTyped(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
        <span class="hint" id={`${id}-hint`}>
          {t("find.hint")}
        </span>
      </div>
      <div class="find-list" id={`${id}-list`} role="listbox" aria-label={t("find.title")}>
        {found.map((each, i) => (
          <Option
            key={each.key}
            id={`${id}-${i}`}
            found={each}
            chosen={i === index}
            onTake={() => take(each)}
          />
        ))}
      </div>
      {found.length === 0 && <p>{t("find.none")}</p>}
      <p class="sr" role="status">
        {typed ? t("find.n", { n: found.length }) : ""}
      </p>
    </Panel>
  );
}
