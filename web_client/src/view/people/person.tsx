/** One other member: who they are, when they are free, and everything that can be done. */
import "@/styles/people.css";

import { useSignal } from "@preact/signals";
import { ChevronLeft, Ellipsis, MessageSquare } from "lucide-preact";
import { useEffect } from "preact/hooks";

import { type FreeTime, ms, type Relation } from "@/core/model";
import { firstName } from "@/core/names";
import { byDay } from "@/core/people";
import { api, ApiError } from "@/io/api";
import { loadInvites, people, placePerson } from "@/io/community";
import { onChanged } from "@/io/live";
import { zone } from "@/io/store";
import { busy, called, endSnooze, wrong } from "@/view/people/acts";
import { Lengths, ofLength, useFreeTimes } from "@/view/people/freetimes";
import { Friend, PersonMenu } from "@/view/people/menu";
import Invitations, { comingFrom } from "@/view/people/invitations";
import { outcome } from "@/view/people/lock";
import { Favourite, LockChips, LockSaid } from "@/view/people/parts";
import { dayHead, inside, Say, timeThere } from "@/view/people/words";
import { Button, ButtonLink, Link } from "@/view/parts/button";
import { useKeptFocus } from "@/view/parts/focus";
import { Heading } from "@/view/parts/heading";
import { Face, Name } from "@/view/parts/people";
import { Shapes, Trouble } from "@/view/parts/trouble";
import { t } from "@/words/people";

/** Fetch the person; a 404 means that there is nobody to show. */
function usePerson(id: string) {
  const error = useSignal<ApiError | null>(null);
  const run = async () => {
    try {
      placePerson(await api.person(id));
      error.value = null;
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      error.value = cause;
    }
  };
  const fetch = () => {
    void run();
    void loadInvites();
  };
  useEffect(() => {
    fetch();
    return onChanged(["people", "booking"], fetch);
    // Another person is another page.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [id]);
  return { error, fetch };
}

function Facts({ person }: { readonly person: Relation }) {
  const there = timeThere(person.zone);
  return (
    <p class="about">
      {person.newcomer && <span class="first">{t("person.newcomer")}</span>}
      {person.friendship === "friends" && <span>{t("friend.is")}</span>}
      <span>{t("person.sessions", { n: person.sessions })}</span>
      <span>{t("person.together", { n: person.together })}</span>
      {person.last && <span>{t("person.last", inside(ms(person.last)))}</span>}
      {there && <span>{t("person.time", { time: there })}</span>}
    </p>
  );
}

function Day({ person, all }: { readonly person: Relation; readonly all: readonly FreeTime[] }) {
  const at = ms(all[0]?.start ?? "");
  return (
    <li>
      <h3>{dayHead(at)}</h3>
      <LockChips member={person} times={all} bare />
    </li>
  );
}

function Free({ person }: { readonly person: Relation }) {
  const { times, error, fetch } = useFreeTimes(person.id);
  const length = useSignal(0);
  const all = times.value;
  return (
    <section class="card free" aria-labelledby="free">
      <header>
        <h2 id="free">{t("free.heading")}</h2>
        {all && <Lengths times={all} value={length.value} onChange={(n) => (length.value = n)} />}
      </header>
      {!outcome.value?.wanted.invite && <LockSaid member={person.id} />}
      {error.value && <Trouble error={error.value} onRetry={fetch} />}
      {!all && !error.value && <Shapes count={3} />}
      {all?.length === 0 && (
        <p>
          <Say
            id={comingFrom(person.id).length > 0 ? "free.none.other" : "free.none.of"}
            values={{ name: <Name>{firstName(person.name)}</Name> }}
          />
        </p>
      )}
      <ul class="free-days">
        {byDay(ofLength(all ?? [], length.value), zone.value).map(([day, some]) => (
          <Day key={day} person={person} all={some} />
        ))}
      </ul>
    </section>
  );
}

function Snoozed({ person }: { readonly person: Relation }) {
  const { snoozed_until } = person;
  return (
    <div class="card snoozed">
      <p>{snoozed_until ? t("snooze.until", { day: inside(ms(snoozed_until)).day }) : t("snooze.on")}</p>
      <Button busy={busy.value === person.id} onPress={() => void endSnooze(person)}>
        {t("snooze.end")}
        <span class="sr">{t("snooze.end.of", { name: called(person) })}</span>
      </Button>
    </div>
  );
}

function Profile({ person }: { readonly person: Relation }) {
  const more = useSignal(false);
  const pending = person.friendship === "asked" || person.friendship === "asking";
  const error = wrong.value?.id === person.id ? wrong.value.error : null;
  const away = person.snoozed || person.blocked;
  return (
    <>
      <header class="profile">
        <Face name={person.name} tone="warm" size={72} />
        <div>
          <Heading title={person.name}>
            <Name>{person.name}</Name>
          </Heading>
          <Facts person={person} />
        </div>
      </header>
      <div class="row">
        <ButtonLink kind={away ? "plain" : "soft"} href={`/messages/${person.id}`}>
          <MessageSquare class="icon" aria-hidden="true" /> {t("person.message")}
        </ButtonLink>
        <Favourite person={person} text />
        {person.friendship === "none" && <Friend person={person} />}
        <Button kind="plain" opensDialog onPress={() => (more.value = true)}>
          <Ellipsis class="icon" aria-hidden="true" /> {t("person.more")}
        </Button>
      </div>
      {person.friendship === "asked" && pending && <Friend person={person} />}
      {error && <Trouble error={error} />}
      {person.newcomer && <p class="hint">{t("person.newcomer.hint", { name: called(person) })}</p>}
      <Invitations friends by={person.id} />
      {away ? <Snoozed person={person} /> : <Free person={person} />}
      {more.value && <PersonMenu person={person} onClose={() => (more.value = false)} />}
    </>
  );
}

function Gone() {
  return (
    <div class="stack">
      <Heading title={t("person.gone")} />
      <p>{t("person.gone.text")}</p>
      <div>
        <ButtonLink kind="primary" href="/people">
          {t("person.back")}
        </ButtonLink>
      </div>
    </div>
  );
}

export default function PersonPage({ about: id }: { readonly about: string }) {
  const { error, fetch } = usePerson(id);
  const person = people.value?.get(id);
  const place = useKeptFocus<HTMLElement>();
  const gone = error.value?.status === 404;
  return (
    <main id="main" class="page person-page" tabIndex={-1} ref={place}>
      <Link class="link back" href="/people">
        <ChevronLeft class="icon turns" aria-hidden="true" /> {t("person.back")}
      </Link>
      {gone && <Gone />}
      {error.value && !gone && <Trouble error={error.value} onRetry={fetch} />}
      {person && !gone && <Profile person={person} />}
      {!person && !error.value && <Shapes count={4} />}
    </main>
  );
}
