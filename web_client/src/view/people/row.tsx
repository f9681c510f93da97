/** One person in a list. */
import { useSignal } from "@preact/signals";
import { Ellipsis } from "lucide-preact";

import { ms, type Relation } from "@/core/model";
import { endSnooze, called, unblock, busy, wrong } from "@/view/people/acts";
import { Friend, PersonMenu } from "@/view/people/menu";
import { About, Favourite, LockChips, LockSaid } from "@/view/people/parts";
import { short } from "@/view/people/words";
import { Button, Link } from "@/view/parts/button";
import { Face, Name } from "@/view/parts/people";
import { Trouble } from "@/view/parts/trouble";
import { t } from "@/words/people";

/** How many free times a row shows. */
const TIMES = 3;

function Who({ person }: { readonly person: Relation }) {
  return (
    <>
      <Face name={person.name} tone="warm" size={44} />
      <div class="person-who">
        <Link class="person-name cut" href={`/people/${person.id}`} data-first>
          <Name>{person.name}</Name>
        </Link>
        <About person={person} />
      </div>
    </>
  );
}

function More({ person }: { readonly person: Relation }) {
  const open = useSignal(false);
  return (
    <>
      <Button
        kind="plain"
        opensDialog
        label={t("person.more.of", { name: called(person) })}
        onPress={() => (open.value = true)}
      >
        <Ellipsis class="icon" aria-hidden="true" />
      </Button>
      {open.value && <PersonMenu person={person} onClose={() => (open.value = false)} />}
    </>
  );
}

function Wrong({ person }: { readonly person: Relation }) {
  return wrong.value?.id === person.id ? <Trouble error={wrong.value.error} /> : null;
}

export function PersonRow({ person }: { readonly person: Relation }) {
  const pending = person.friendship === "asked" || person.friendship === "asking";
  return (
    <li class="card person" data-row={person.id}>
      <Who person={person} />
      {person.free.length > 0 ? (
        <LockChips member={person} times={person.free} most={TIMES} />
      ) : (
        <p class="hint no-times">{t("free.none.row")}</p>
      )}
      <div class="person-acts">
        <Favourite person={person} />
        <More person={person} />
      </div>
      <LockSaid member={person.id} />
      {pending && <Friend person={person} />}
      <Wrong person={person} />
    </li>
  );
}

function hiddenText({ blocked, snoozed_until }: Relation): string {
  if (blocked) return t("block.on");
  return snoozed_until ? t("snooze.until", { day: short(ms(snoozed_until)).day }) : t("snooze.on");
}

/** Somebody kept away: since when until when, and the way back. */
export function HiddenRow({ person }: { readonly person: Relation }) {
  const name = called(person);
  const end = () => void (person.blocked ? unblock(person) : endSnooze(person));
  const what = person.blocked ? "block.end" : "snooze.end";
  return (
    <li class="card person" data-row={person.id}>
      <Face name={person.name} size={44} />
      <div class="person-who">
        <b class="person-name cut">
          <Name>{person.name}</Name>
        </b>
        <small class="about">{hiddenText(person)}</small>
      </div>
      <div class="person-acts">
        <button
          type="button"
          class="button soft"
          data-first
          aria-busy={busy.value === person.id ? "true" : undefined}
          aria-label={t(`${what}.of`, { name })}
          onClick={end}
        >
          {t(what)}
        </button>
      </div>
      <Wrong person={person} />
    </li>
  );
}
