/** What can be done about another member. Done at once, told, and undone where that is possible. */
import { signal } from "@preact/signals";

import { type Booking, instant, ms, type Named, type Relation } from "@/core/model";
import { firstName } from "@/core/names";
import { DAY } from "@/core/zones";
import { alert, say } from "@/io/announce";
import { api, ApiError, requestId } from "@/io/api";
import { serverNow } from "@/io/clock";
import { loadPeople, placePerson } from "@/io/community";
import { comingWith } from "@/io/store";
import { offerUndo } from "@/io/undo";
import { isolate } from "@/words/words";
import { errorText } from "@/words/page";
import { type PeopleWord, t } from "@/words/people";

/** What went wrong last, and with whom. */
export const wrong = signal<{ readonly id: string; readonly error: ApiError } | null>(null);
/** Who is being changed: a press meanwhile does nothing. */
export const busy = signal("");

/** A member as a sentence calls them. */
export const called = ({ name }: { readonly name: string }): string => isolate(firstName(name));

/** Run one change; whether it was done. */
export async function attempt(id: string, work: () => Promise<void>): Promise<boolean> {
  if (busy.value === id) return false;
  busy.value = id;
  wrong.value = null;
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    wrong.value = { id, error };
    alert(errorText(error.code, error.data));
    return false;
  } finally {
    busy.value = "";
  }
}

/** A change of one tie, with what is said of it. */
const change = (person: Named, said: PeopleWord, work: (request: string) => Promise<Relation>) =>
  attempt(person.id, async () => {
    placePerson(await work(requestId()));
    say(t(said, { name: called(person) }));
  });

export const makeFavourite = (person: Relation) =>
  change(person, "favourite.made", (id) => api.favourite(person.id, true, id));

export async function endFavourite(person: Relation): Promise<void> {
  const done = await change(person, "favourite.ended", (id) => api.favourite(person.id, false, id));
  if (done) offerUndo(t("favourite.ended", { name: called(person) }), () => void makeFavourite(person));
}

export const toggleFavourite = (person: Relation): Promise<unknown> =>
  person.favourite ? endFavourite(person) : makeFavourite(person);

export const askFriend = (person: Relation) =>
  change(person, "friend.said.asked", (id) => api.friend(person.id, true, id));

export const acceptFriend = (person: Relation) =>
  change(person, "friend.said.friends", (id) => api.friend(person.id, true, id));

const ENDED: Readonly<Record<Relation["friendship"], PeopleWord>> = {
  none: "friend.said.ended",
  asked: "friend.said.withdrawn",
  asking: "friend.said.declined",
  friends: "friend.said.ended",
};

/** Withdraw, decline or end, whichever it is. */
export const endFriend = (person: Relation) =>
  change(person, ENDED[person.friendship], (id) => api.friend(person.id, false, id));

export async function endSnooze(person: Named): Promise<void> {
  await change(person, "snooze.said.ended", (id) => api.snooze(person.id, false, id));
}

/** The coming sessions with somebody that keeping them away ends, the next one first. */
export const atStake = (id: string): readonly Booking[] =>
  comingWith(id).filter(({ start }) => ms(start) > serverNow());

/** Snooze for some days, or until the member says so. */
export async function snooze(person: Named, days: number | null): Promise<boolean> {
  const until = days === null ? {} : { until: instant(serverNow() + days * DAY) };
  const ends = atStake(person.id).length > 0;
  const done = await change(person, "snooze.said", (id) => api.snooze(person.id, true, id, until));
  // A session that it ended would not come back with it.
  if (done && !ends) offerUndo(t("snooze.said", { name: called(person) }), () => void endSnooze(person));
  return done;
}

/** After a block the other is found nowhere but among the hidden: fetch them all. */
export const block = (person: Relation) =>
  attempt(person.id, async () => {
    await api.block(person.id, true, requestId());
    say(t("block.said", { name: called(person) }));
    await loadPeople();
  });

export const unblock = (person: Relation) =>
  attempt(person.id, async () => {
    await api.block(person.id, false, requestId());
    say(t("block.said.ended", { name: called(person) }));
    await loadPeople();
  });
