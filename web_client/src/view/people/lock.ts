/** Locking in: one press on a free time, and what came of it, shown at the place of the press. */
import { signal } from "@preact/signals";

import { type Booking, ms, type Named, type Time } from "@/core/model";
import { canTakeBack } from "@/core/next";
import { alert, say } from "@/io/announce";
import { api, ApiError, requestId } from "@/io/api";
import { serverNow } from "@/io/clock";
import { loadInvites } from "@/io/community";
import { bookings, instance, place } from "@/io/store";
import { offerUndo } from "@/io/undo";
import { wishes } from "@/io/wishes";
import { called } from "@/view/people/acts";
import { refusalText } from "@/view/people/refusal";
import { inside } from "@/view/people/words";
import { errorText } from "@/words/page";
import { t } from "@/words/people";

export interface Wanted extends Time {
  readonly member: Named;
  /** The invitation that is accepted by it. */
  readonly invite?: string;
  /** The title written for the calendar's choices, where it is locked in from there. */
  readonly title?: string;
}

/** `kept`: a session or a place in line was there before, and stays. */
export type DoneWord = "lock.done" | "lock.done.kept";

export type Outcome =
  | { readonly state: "busy"; readonly wanted: Wanted }
  | { readonly state: "done"; readonly wanted: Wanted; readonly booking: Booking; readonly word: DoneWord }
  | { readonly state: "refused"; readonly wanted: Wanted; readonly error: ApiError };

/** The last press on a free time. */
export const outcome = signal<Outcome | null>(null);

export const forget = (): void => {
  outcome.value = null;
};

export const isWanted = (wanted: Wanted, of: Outcome | null): boolean =>
  of !== null &&
  of.wanted.member.id === wanted.member.id &&
  of.wanted.start === wanted.start &&
  of.wanted.length_min === wanted.length_min;

/** The own bookings before the press. */
type Known = ReadonlyMap<string, Booking>;

/** What the member wishes of every session; a title is for the calendar's choices alone. */
const carried = () => ({
  quiet: wishes.value.quiet,
  task: wishes.value.task,
  prefer_favourites: wishes.value.favourites,
});

/** The same wish sent again carries the same name, so that it is done once. */
let sent = { wish: "", id: "" };
function nameOf(wish: string): string {
  if (sent.wish !== wish) sent = { wish, id: requestId() };
  return sent.id;
}

async function release(booking: Booking): Promise<void> {
  try {
    place(await api.cancel(booking.id, requestId()));
    forget();
    say(t("lock.undone", inside(ms(booking.start))));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    alert(errorText(error.code, error.data));
  }
}

/** Own bookings that gave way, as far as the page has them. */
const gone = (known: Known, replace: readonly string[]): readonly Booking[] =>
  replace.flatMap((id) => {
    const old = known.get(id);
    return old ? [{ ...old, state: "cancelled" as const, partner: null }] : [];
  });

function done(wanted: Wanted, booking: Booking, known: Known, replace: readonly string[]): void {
  place(booking, ...gone(known, replace));
  const limit = instance.value?.rules.late_cancel_ms ?? 0;
  const fresh = canTakeBack(booking, known, serverNow(), limit);
  const was = known.has(booking.id) || booking.sequence !== 1;
  const word = was ? "lock.done.kept" : "lock.done";
  outcome.value = { state: "done", wanted, booking, word };
  const told = { name: called(wanted.member), ...inside(ms(wanted.start)) };
  say(t(word, told));
  // Neither a session that gave way nor an invitation that was used comes back: then there is no way to undo it.
  if (fresh && replace.length === 0 && !wanted.invite) offerUndo(t("lock.undo", told), () => void release(booking));
}

/** Lock in; own bookings in `replace` give way. */
export async function lockIn(wanted: Wanted, replace: readonly string[] = []): Promise<void> {
  if (outcome.value?.state === "busy") return;
  outcome.value = { state: "busy", wanted };
  const { member, start, length_min, invite, title } = wanted;
  const wish = { ...carried(), member: member.id, start, length_min };
  const known = bookings.value;
  const more = { ...(replace.length > 0 ? { replace } : {}), ...(invite ? { invite } : {}), ...(title ? { title } : {}) };
  try {
    const booking = await api.lockIn({ ...wish, ...more }, nameOf(JSON.stringify([wish, more])));
    sent = { wish: "", id: "" };
    done(wanted, booking, known, replace);
    if (invite) void loadInvites();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // Only what may have arrived keeps its name.
    if (error.status > 0 && error.status < 500) sent = { wish: "", id: "" };
    outcome.value = { state: "refused", wanted, error };
    alert(refusalText(error, member));
  }
}
