/** All favourites' free times, two weeks, by day of the member's zone; one press locks in. */
import "@/view/you.css";
import "@/styles/people.css";

import { useSignal } from "@preact/signals";
import { ChevronLeft, Search } from "lucide-preact";
import { useEffect } from "preact/hooks";

import { type FreeTime, ms } from "@/core/model";
import { byDay, matches, sameTime } from "@/core/people";
import { townOf } from "@/core/zones";
import { say } from "@/io/announce";
import { loadPeople, people } from "@/io/community";
import { times as clock, zone } from "@/io/store";
import { toggleFavourite } from "@/view/people/acts";
import { Lengths, ofLength, useFreeTimes } from "@/view/people/freetimes";
import { InvitesPanel, inviting } from "@/view/people/invites";
import { useListKeys } from "@/view/people/listkeys";
import { isWanted, lockIn, outcome } from "@/view/people/lock";
import { LockSaid, timeName } from "@/view/people/parts";
import { dayHead, rangeOf } from "@/view/people/words";
import { Button, Link } from "@/view/parts/button";
import { Heading } from "@/view/parts/heading";
import { Face, Name } from "@/view/parts/people";
import { Shapes, Trouble } from "@/view/parts/trouble";
import { isolate } from "@/words/words";
import { t } from "@/words/people";

const SEARCH = "free-search";

function Row({ time }: { readonly time: FreeTime }) {
  const { member } = time;
  const said = outcome.value;
  const mine = isWanted(time, said);
  const done = mine && said?.state === "done";
  return (
    <li class="free-row" data-row={member.id}>
      <span class="when">
        <bdi>{rangeOf(time)}</bdi>
      </span>
      <span class="with">
        <Face name={member.name} tone="warm" size={32} />
        <Link class="person-name cut" href={`/people/${member.id}`}>
          <Name>{member.name}</Name>
        </Link>
      </span>
      {!done && (
        <button
          type="button"
          class="button soft"
          data-first
          aria-label={timeName(time, member)}
          aria-busy={mine && said?.state === "busy" ? "true" : undefined}
          onClick={() => void lockIn(time)}
        >
          {t("lock.do")}
        </button>
      )}
      {mine && <LockSaid member={member.id} at={time} />}
    </li>
  );
}

/** A time just locked in is free no more, and stays where it was pressed. */
function withPressed(times: readonly FreeTime[]): readonly FreeTime[] {
  const said = outcome.value;
  if (!said || said.wanted.invite) return times;
  const { member, start, length_min } = said.wanted;
  const there = times.some((time) => time.member.id === member.id && sameTime(time, said.wanted));
  return there ? times : [...times, { member, start, length_min }];
}

function Days({ times }: { readonly times: readonly FreeTime[] }) {
  return (
    <>
      {byDay(times, zone.value).map(([day, all]) => {
        const at = ms(all[0]?.start ?? "");
        return (
          <section key={day} aria-label={clock.value.day(at)}>
            <h2 class="list-head">{dayHead(at)}</h2>
            <ul class="card free-list">
              {all.map((time) => (
                <Row key={`${time.member.id} ${time.start} ${time.length_min}`} time={time} />
              ))}
            </ul>
          </section>
        );
      })}
    </>
  );
}

function Empty() {
  return (
    <div class="stack">
      <p>{t("free.none")}</p>
      <p class="hint">{t("free.none.text")}</p>
      <div>
        <Button kind="primary" opensDialog onPress={() => (inviting.value = true)}>
          {t("people.invite")}
        </Button>
      </div>
    </div>
  );
}

/** Above so many times a search is of use. */
const MANY = 6;

export default function FreePage() {
  const { times, error, fetch } = useFreeTimes();
  const search = useSignal("");
  const length = useSignal(0);
  useEffect(() => {
    if (!people.value) void loadPeople();
  }, []);
  useListKeys(SEARCH, (id) => {
    const person = people.value?.get(id);
    if (person) void toggleFavourite(person);
  });
  const all = times.value && withPressed(times.value);
  const found = (text: string) =>
    ofLength(all ?? [], length.value).filter(({ member }) => matches(member.name, text));
  const shown = found(search.value);
  return (
    <main id="main" class="page people-page" tabIndex={-1}>
      <Link class="link back" href="/people">
        <ChevronLeft class="icon turns" aria-hidden="true" /> {t("free.back")}
      </Link>
      <header class="free-head">
        <Heading title={t("free.title")} />
        <p class="hint">{t("free.lead", { zone: townOf(zone.value) })}</p>
      </header>
      {all && all.length > 0 && (
        <div class="people-tools">
          <Lengths times={all} value={length.value} onChange={(n) => (length.value = n)} />
          {all.length > MANY && (
            <label class="search">
              <Search class="icon" aria-hidden="true" />
              <span class="sr">{t("people.search")}</span>
              <input
                id={SEARCH}
                type="search"
                placeholder={t("people.search")}
                autocomplete="off"
                aria-keyshortcuts="/"
                value={search.value}
                onInput={(event) => {
                  search.value = event.currentTarget.value;
                  const who = new Set(found(search.value).map(({ member }) => member.id));
                  if (search.value) say(t("people.found", { n: who.size }));
                }}
                onKeyDown={(event) => {
                  if (event.key === "Escape") search.value = "";
                }}
              />
            </label>
          )}
        </div>
      )}
      {error.value && <Trouble error={error.value} onRetry={fetch} />}
      {!all && !error.value && <Shapes count={6} />}
      {all?.length === 0 && <Empty />}
      {all && all.length > 0 && shown.length === 0 && (
        <p>{t("people.none.search", { text: isolate(search.value) })}</p>
      )}
      <Days times={shown} />
      {inviting.value && <InvitesPanel />}
    </main>
  );
}
