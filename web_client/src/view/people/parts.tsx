/** What rows and profiles are made of: the heart, free times as chips, what came of a lock-in. */
import { Check, Heart, Lock } from "lucide-preact";

import { ms, type Named, type Relation, type Time } from "@/core/model";
import { firstName } from "@/core/names";
import { sameTime, timesIn } from "@/core/people";
import { comingWith } from "@/io/store";
import { isolate } from "@/words/words";
import { called, toggleFavourite } from "@/view/people/acts";
import { forget, isWanted, lockIn, outcome, type Outcome, type Wanted } from "@/view/people/lock";
import { inTheWay, refusalText } from "@/view/people/refusal";
import { inside, long, Say, short, timeThere } from "@/view/people/words";
import { Button, Link } from "@/view/parts/button";
import { Name } from "@/view/parts/people";
import { errorText, t as common } from "@/words/page";
import { t } from "@/words/people";

/** The heart: pressed is a favourite. */
export function Favourite({ person, text = false }: { readonly person: Relation; readonly text?: boolean }) {
  const name = t("favourite.name", { name: called(person) });
  return (
    <Button
      kind="plain"
      class={person.favourite ? "heart on" : "heart"}
      label={text ? undefined : name}
      pressed={person.favourite}
      onPress={() => void toggleFavourite(person)}
    >
      <Heart class="icon" aria-hidden="true" />
      {text && t("favourite.is")}
    </Button>
  );
}

/** Sessions together, had and coming, and the time on their wall. */
export function About({ person }: { readonly person: Relation }) {
  const there = timeThere(person.zone);
  const [coming] = comingWith(person.id);
  return (
    <small class="about">
      {person.newcomer && <span class="first">{t("person.newcomer")}</span>}
      {person.friendship === "friends" && <span>{t("friend.is")}</span>}
      {(person.together > 0 || !coming) && <span>{t("person.together", { n: person.together })}</span>}
      {coming && <span>{t("person.coming", inside(ms(coming.start)))}</span>}
      {there && <span>{t("person.time", { time: there })}</span>}
    </small>
  );
}

/** What a press on a free time does, for readers. */
export const timeName = (time: Time, member: Named): string =>
  t("lock.name", {
    ...long(ms(time.start)),
    n: time.length_min,
    name: isolate(firstName(member.name)),
  });

interface ChipProps {
  readonly wanted: Wanted;
  /** Only the time is seen: the day stands above. */
  readonly bare?: boolean;
}

/** A free time. Pressed, both are locked in. Its name holds what is seen, for whoever speaks to the page. */
export function LockChip({ wanted, bare = false }: ChipProps) {
  const at = ms(wanted.start);
  const said = outcome.value;
  const mine = isWanted(wanted, said);
  const done = mine && said?.state === "done";
  // Matched by chance with the same person: locked in, nothing but the two of them parts it.
  const own = comingWith(wanted.member.id).some((b) => b.start === wanted.start && !b.locked);
  const Icon = done ? Check : Lock;
  return (
    <button
      type="button"
      class={done ? "lock-chip done" : "lock-chip"}
      aria-busy={mine && said?.state === "busy" ? "true" : undefined}
      onClick={() => {
        if (!done) void lockIn(wanted);
      }}
    >
      <Icon class="icon small" aria-hidden="true" />
      <span class="sr">{t(done ? "lock.is" : "lock.do")} </span>
      {bare && <span class="sr">{long(at).day} </span>}
      <bdi>{bare ? short(at).time : t("free.at", short(at))}</bdi>
      <small>{own ? t("lock.own") : t("free.min", { n: wanted.length_min })}</small>
      <span class="sr">, {t("lock.with", { name: isolate(firstName(wanted.member.name)) })}</span>
    </button>
  );
}

interface ChipsProps {
  readonly member: Named;
  readonly times: readonly Time[];
  /** At most so many, and a way to the rest. */
  readonly most?: number;
  readonly bare?: boolean;
}

/** A time that was just locked in keeps its place until the answer is read. */
function shown(member: Named, times: readonly Time[]): readonly Time[] {
  const said = outcome.value;
  if (said?.state !== "done" || said.wanted.member.id !== member.id) return times;
  if (times.some((time) => sameTime(time, said.wanted))) return times;
  return [...times, said.wanted].sort((a, b) => ms(a.start) - ms(b.start));
}

export function LockChips({ member, times, most = Infinity, bare = false }: ChipsProps) {
  const all = shown(member, times);
  return (
    <ul class="chips">
      {all.slice(0, most).map((time) => (
        <li key={`${time.start} ${time.length_min}`}>
          <LockChip wanted={{ member, start: time.start, length_min: time.length_min }} bare={bare} />
        </li>
      ))}
      {most !== Infinity && all.length > 0 && (
        <li>
          <Link class="link" href={`/people/${member.id}`} aria-label={t("free.more", { name: called(member) })}>
            {t("free.more.short")}
          </Link>
        </li>
      )}
    </ul>
  );
}

function Done({ said }: { readonly said: Outcome & { readonly state: "done" } }) {
  const { member, start } = said.wanted;
  const at = inside(ms(start));
  return (
    <div class="lock-said done">
      <Check class="icon" aria-hidden="true" />
      <p>
        {said.word === "lock.done" && (
          <>
            <b>
              <bdi>{t("lock.done.at", long(ms(start)))}</bdi>
            </b>{" "}
          </>
        )}
        <Say id={said.word} values={{ ...at, name: <Name>{firstName(member.name)}</Name> }} />
      </p>
      <Link class="link" href={`/sessions/${said.booking.id}`}>
        {t("lock.see")}
      </Link>
    </div>
  );
}

function Refused({ said }: { readonly said: Outcome & { readonly state: "refused" } }) {
  const { wanted, error } = said;
  const others = error.code === "taken" ? timesIn(error.data) : [];
  const own = inTheWay(error);
  const reached = error.status > 0 && error.status < 500;
  return (
    <div class="lock-said">
      <p>
        {refusalText(error, wanted.member)}{" "}
        {!reached && <small>{common("error.code", { code: error.code })}</small>}
      </p>
      {others.length > 0 && (
        <>
          <p>
            <Say id="lock.taken.others" values={{ name: <Name>{firstName(wanted.member.name)}</Name> }} />
          </p>
          <LockChips member={wanted.member} times={others} />
        </>
      )}
      <div class="row">
        {own && (
          <Button onPress={() => void lockIn(wanted, [own])}>{t("lock.replace")}</Button>
        )}
        {!reached && <Button onPress={() => void lockIn(wanted)}>{common("do.retry")}</Button>}
        <Button kind="plain" onPress={forget}>
          {t(own ? "lock.keep" : "lock.close")}
        </Button>
      </div>
    </div>
  );
}

/** What came of the last press on a time of this member; at one time of many, where `at` is given. */
export function LockSaid({ member, at }: { readonly member: string; readonly at?: Time }) {
  const said = outcome.value;
  if (said?.wanted.member.id !== member || said.state === "busy") return null;
  if (at && !sameTime(at, said.wanted)) return null;
  return said.state === "done" ? <Done said={said} /> : <Refused said={said} />;
}

/** Why something about somebody could not be done, in words. */
export const wrongText = (error: { code: string; data: Readonly<Record<string, unknown>> }): string =>
  errorText(error.code, error.data);
