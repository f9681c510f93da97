/** Locking in: one press on a free time, and what came of it, shown at the place of the press. */
import { signal } from "@preact/signals";

import { type Booking, ms, type Named, type Time } from "@/core/model";
import { alert, say } from "@/io/announce";
import { api, ApiError, requestId } from "@/io/api";
import { loadInvites } from "@/io/community";
import { bookings, place } from "@/io/store";
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

export type Outcome =
  | { readonly state: "busy"; readonly wanted: Wanted }
  | { readonly state: "done"; readonly wanted: Wanted; readonly booking: Booking }
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

function done(wanted: Wanted, booking: Booking, replace: readonly string[]): void {
  const known = bookings.value;
  place(
    booking,
    ...replace.flatMap((id) => {
      const old = known.get(id);
      return old ? [{ ...old, state: "cancelled" as const, partner: null }] : [];
    }),
  );
  outcome.value = { state: "done", wanted, booking };
  const name = called(wanted.member);
  say(t("lock.done", { name }));
  // A session that gave way cannot come back: then there is nothing to return to.
  if (replace.length > 0) return;
  offerUndo(t("lock.undo", { name, ...inside(ms(wanted.start)) }), () => void release(booking));
}

/** Lock in; own bookings in `replace` give way. */
export async function lockIn(wanted: Wanted, replace: readonly string[] = []): Promise<void> {
  if (outcome.value?.state === "busy") return;
  outcome.value = { state: "busy", wanted };
  const { member, start, length_min, invite, title } = wanted;
  const wish = { ...carried(), member: member.id, start, length_min };
  const more = { ...(replace.length > 0 ? { replace } : {}), ...(invite ? { invite } : {}), ...(title ? { title } : {}) };
  try {
    const booking = await api.lockIn({ ...wish, ...more }, nameOf(JSON.stringify([wish, more])));
    sent = { wish: "", id: "" };
    done(wanted, booking, replace);
    if (invite) void loadInvites();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // Only what may have arrived keeps its name.
    if (error.status > 0 && error.status < 500) sent = { wish: "", id: "" };
    outcome.value = { state: "refused", wanted, error };
    alert(refusalText(error, member));
  }
}
