/** People: favourites, friends, whom one met, whom one keeps away. */
import "@/styles/people.css";

import { signal } from "@preact/signals";
import { CalendarClock, Link2, Search } from "lucide-preact";
import { useEffect } from "preact/hooks";

import type { Relation } from "@/core/model";
import { firstTab, rowsOf, type Tab, TABS } from "@/core/people";
import { say } from "@/io/announce";
import { loadInvites, loadPeople, people } from "@/io/community";
import { onChanged } from "@/io/live";
import { troubles } from "@/io/store";
import { toggleFavourite } from "@/view/people/acts";
import Invitations from "@/view/people/invitations";
import { InvitesPanel, inviting } from "@/view/people/invites";
import { useListKeys, useNeighbour } from "@/view/people/listkeys";
import { HiddenRow, PersonRow } from "@/view/people/row";
import { Button, ButtonLink } from "@/view/parts/button";
import { Segmented } from "@/view/parts/controls";
import { useKeptFocus } from "@/view/parts/focus";
import { Heading } from "@/view/parts/heading";
import { Shapes, Trouble } from "@/view/parts/trouble";
import { isolate } from "@/words/words";
import { t } from "@/words/people";

const SEARCH = "people-search";

/** Chosen tab and search stay while other pages are looked at. */
const chosen = signal<Tab | null>(null);
const search = signal("");

function find(text: string): void {
  search.value = text;
  const all = people.value?.values() ?? [];
  if (text) say(t("people.found", { n: rowsOf(all, chosen.value ?? "met", text).length }));
}

function SearchField() {
  return (
    <label class="search">
      <Search class="icon" aria-hidden="true" />
      <span class="sr">{t("people.search")}</span>
      <input
        id={SEARCH}
        type="search"
        value={search.value}
        placeholder={t("people.search")}
        autocomplete="off"
        aria-keyshortcuts="/"
        onInput={(event) => find(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") find("");
        }}
      />
    </label>
  );
}

const NONE = {
  favourites: "people.none.favourites",
  friends: "people.none.friends",
  met: "people.none",
  hidden: "people.none.hidden",
} as const;

function Empty({ tab, some }: { readonly tab: Tab; readonly some: boolean }) {
  if (search.value) {
    return (
      <div class="stack">
        <p>{t("people.none.search", { text: isolate(search.value) })}</p>
        <div>
          <Button onPress={() => find("")}>{t("people.search.clear")}</Button>
        </div>
      </div>
    );
  }
  return (
    <div class="stack">
      <p>{t(some ? NONE[tab] : "people.none")}</p>
      <div>
        {some && tab !== "met" && tab !== "hidden" && (
          <Button kind="primary" onPress={() => (chosen.value = "met")}>
            {t("people.see.met")}
          </Button>
        )}
        {(!some || tab === "met") && (
          <ButtonLink kind="primary" href="/">
            {t("people.choose")}
          </ButtonLink>
        )}
      </div>
    </div>
  );
}

function List({ all, tab }: { readonly all: readonly Relation[]; readonly tab: Tab }) {
  const rows = rowsOf(all, tab, search.value);
  useNeighbour(rows.map(({ id }) => id));
  if (rows.length === 0) return <Empty tab={tab} some={all.length > 0} />;
  const Row = tab === "hidden" ? HiddenRow : PersonRow;
  return (
    <ul class="people" aria-label={t(`people.${tab}`)}>
      {rows.map((person) => (
        <Row key={person.id} person={person} />
      ))}
    </ul>
  );
}

/** Above so many people a search is of use. */
const MANY = 5;

export default function PeoplePage() {
  useEffect(() => {
    void loadPeople();
    void loadInvites();
    return onChanged(["people", "booking"], loadPeople);
  }, []);
  useListKeys(SEARCH, (id) => {
    const person = people.value?.get(id);
    if (person) void toggleFavourite(person);
  });
  const all = people.value ? [...people.value.values()] : null;
  const place = useKeptFocus<HTMLElement>();
  const tab = chosen.value ?? (all ? firstTab(all) : "favourites");
  const error = troubles.value["people"];
  return (
    <main id="main" class="page people-page" tabIndex={-1} ref={place}>
      <header class="page-head">
        <Heading title={t("people.title")} />
        <div class="row">
          <Button kind="plain" opensDialog onPress={() => (inviting.value = true)}>
            <Link2 class="icon" aria-hidden="true" /> {t("people.invite")}
          </Button>
          <ButtonLink href="/people/free">
            <CalendarClock class="icon" aria-hidden="true" /> {t("people.free")}
          </ButtonLink>
        </div>
      </header>
      <Invitations friends />
      <div class="people-tools">
        <Segmented
          label={t("people.which")}
          value={tab}
          options={TABS.map((value) => ({ value, text: t(`people.${value}`) }))}
          onChange={(next: Tab) => (chosen.value = next)}
        />
        {all && all.length > MANY && <SearchField />}
      </div>
      {error && <Trouble error={error} onRetry={() => void loadPeople()} />}
      {all && <List all={all} tab={tab} />}
      {!all && !error && <Shapes count={5} />}
      {inviting.value && <InvitesPanel />}
    </main>
  );
}
