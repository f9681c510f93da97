/** What the calendar shows and what can be done in it. */
import { batch, computed, signal } from "@preact/signals";

import { type Pick, press, stillFree } from "@/core/choice";
import { type Booking, type BookResult, instant, ms, type Slot, type Wish } from "@/core/model";
import { firstName } from "@/core/names";
import { FINE_MIN, type Frame, proposed } from "@/core/proposal";
import { layOut } from "@/core/week";
import { wishedOf } from "@/core/wished";
import { addDays, DAY, type Day, dayAt, MINUTE, startOfDay, weekOf } from "@/core/zones";
import { alert, say } from "@/io/announce";
import { api, ApiError, requestId } from "@/io/api";
import { now, serverNow } from "@/io/clock";
import { people } from "@/io/community";
import { dayWord } from "@/io/live";
import { view } from "@/io/settings";
import { route } from "@/io/router";
import {
  instance,
  lengthMin,
  loadBookings,
  loadSlots,
  me,
  ownBookings,
  place,
  reloadSlots,
  slots,
  times,
  zone,
} from "@/io/store";
import { offerUndo } from "@/io/undo";
import { carried, wish } from "@/io/wishes";
import { isolate } from "@/words/words";
import { errorText, t } from "@/words/page";

/** Server time to the minute: what is drawn moves with it. */
export const minuteNow = computed(() => Math.floor(now.value / MINUTE) * MINUTE);
export const today = computed(() => dayAt(zone.value, minuteNow.value));

const asked = signal<Day | null>(null);
/** The day that is shown; today until another is asked for. */
export const day = computed(() => asked.value ?? today.value);
export const days = computed(() => weekOf(day.value));
export const showDay = (next: Day): void => {
  asked.value = next === today.value ? null : next;
};
export const showToday = (): void => {
  asked.value = null;
};
export const turn = (count: number): void => showDay(addDays(day.value, count));

const narrowQuery = window.matchMedia("(max-width: 899.9px)");
const narrow = signal(narrowQuery.matches);
narrowQuery.addEventListener("change", ({ matches }) => (narrow.value = matches));

export const gridMin = computed(() => (instance.value?.rules.grid_ms ?? 15 * MINUTE) / MINUTE);
/** Starts come too close together for a week of them: a demo shows the coming minutes instead. */
export const fine = computed(() => gridMin.value < FINE_MIN);
export const mode = computed(() => {
  if (fine.value) return "minutes";
  return narrow.value || view.value === "day" ? "day" : "week";
});
export const isNarrow = narrow;

export const week = computed(() => layOut(zone.value, days.value, fine.value ? 60 : gridMin.value));
export const hours = computed(() => ({
  start: me.value?.day_start_hour ?? instance.value?.rules.day_start_hour ?? 8,
  end: me.value?.day_end_hour ?? instance.value?.rules.day_end_hour ?? 22,
}));

export const spans = computed(() =>
  ownBookings.value
    .filter(({ state }) => state !== "done")
    .map((b) => ({ id: b.id, start: ms(b.start), end: ms(b.end) })),
);

/** Where somebody waits and the member could join: ahead, and not across an own session. */
export const open = computed<readonly (readonly [number, Slot])[]>(() => {
  const length = lengthMin.value * MINUTE;
  return [...slots.value]
    .filter(([at, slot]) => slot.count > 0 && at > minuteNow.value)
    .filter(([at]) => !spans.value.some((s) => s.start < at + length && at < s.end))
    .sort(([a], [b]) => a - b);
});

/** Few people: where somebody waits matters more than the empty hours. */
export const small = computed(() => (instance.value?.rules.community ?? "large") !== "large");

/** A favourite who waits there, as the server says or as far as the page knows its own people. */
export const favourOf = (slot: Slot): Slot["people"][number] | undefined =>
  slot.people.find(({ id, favourite }) => favourite ?? people.value?.get(id)?.favourite);

/** Look who waits at a start; where nobody does, that is said. */
export function look(start: number): void {
  looked.value = { start, length: lengthMin.value };
}

export const picks = signal<readonly Pick[]>([]);
/** The start chosen last, while it is chosen. */
const touched = signal(0);
export const latest = computed(
  () => picks.value.find(({ start }) => start === touched.value) ?? picks.value.at(-1) ?? null,
);
/** Why the last press did nothing. */
export const blocked = signal("");
/** What became of the last booking, one line each. */
export const results = signal<readonly { readonly ok: boolean; readonly text: string }[]>([]);
export const trouble = signal<ApiError | null>(null);
export const busy = signal(false);
/** The start whose waiting members are looked at. */
export const looked = signal<Pick | null>(null);
/** The own booking whose panel is open. */
export const opened = signal<string | null>(null);

// A panel belongs to the page it was opened on.
route.subscribe(() => {
  opened.value = null;
  looked.value = null;
});

const hourLater = 60 * MINUTE;

/** Fetch what the shown days need: own sessions ahead, who waits in the days and soon. */
export function fetchShown(): void {
  const from = startOfDay(zone.value, days.value[0] ?? day.value);
  const to = from + 7 * DAY + hourLater;
  const ahead = serverNow() + 2 * DAY;
  void loadBookings({ from, to });
  void loadSlots({ from, to: fine.value ? Math.min(to, serverNow() + 2 * hourLater) : to });
  if (!fine.value && ahead > to) void loadSlots({ from: to, to: ahead });
}

/** Own sessions up to the horizon, so that the next one is known wherever the calendar stands. */
export function fetchAhead(): void {
  const horizon = instance.value?.rules.horizon_ms ?? 28 * DAY;
  void loadBookings({ from: serverNow() - DAY, to: serverNow() + horizon + DAY });
}

export const when = (at: number) => ({
  day: dayWord(times.value, at, serverNow()),
  time: times.value.time(at),
});

/** The same, for the middle of a sentence. */
export const whenInside = (at: number) => ({
  ...when(at),
  day: dayWord(times.value, at, serverNow(), "inside"),
});

const range = ({ start, end }: { start: number; end: number }) => ({
  a: times.value.time(start),
  b: times.value.time(end),
});

function refuse(text: string): void {
  blocked.value = text;
  alert(text);
}

/** A start was pressed. */
export function pressStart(start: number): void {
  const pressed = press(picks.value, { start, length: lengthMin.value }, spans.value, serverNow());
  batch(() => {
    blocked.value = "";
    results.value = [];
    trouble.value = null;
  });
  if (pressed.said === "past") return refuse(t("book.past", { time: times.value.time(start) }));
  if (pressed.said === "overlap") return refuse(t("book.overlap", range(pressed.with)));
  touched.value = start;
  picks.value = pressed.picks;
  const n = pressed.picks.length;
  say(t(`said.${pressed.said}`, { n, time: times.value.time(start) }));
}

export function clearPicks(): void {
  batch(() => {
    picks.value = [];
    blocked.value = "";
    results.value = [];
    trouble.value = null;
  });
}

/** A start as it is asked for, with the options of the sessions to book. */
export const wishOf = ({ start, length }: Pick): Wish => ({
  ...carried(),
  start: instant(start),
  length_min: length,
});

/** The same wish sent again carries the same name, so that it is done once. */
let sent = { wish: "", id: "" };
function nameOf(wish: string): string {
  if (sent.wish !== wish) sent = { wish, id: requestId() };
  return sent.id;
}

function lineOf(pick: Pick, result: BookResult | undefined) {
  const at = when(pick.start);
  if (result?.booking) {
    const { partner } = result.booking;
    const text = partner
      ? t("book.matched", { ...whenInside(pick.start), name: isolate(firstName(partner.name)) })
      : t("book.waiting", at);
    return { ok: true, text };
  }
  const why = errorText(result?.error.code ?? "internal", result?.error.data);
  return { ok: false, text: t("book.refused", { ...at, why }) };
}

function booked(chosen: readonly Pick[], answers: readonly BookResult[]): void {
  place(...answers.flatMap(({ booking }) => (booking ? [booking] : [])));
  const lines = chosen.map((pick, i) => lineOf(pick, answers[i]));
  batch(() => {
    results.value = lines;
    picks.value = stillFree(picks.value, spans.value, serverNow()).filter(
      (pick) => !chosen.some(({ start }, i) => start === pick.start && answers[i]?.booking),
    );
  });
  // A title is for the sessions it was written for.
  if (lines.some(({ ok }) => ok)) wish({ title: "" });
  say(lines.map(({ text }) => text).join(" "));
  void reloadSlots();
}

/** Run an action; what goes wrong is shown in the tray and changes nothing. */
export async function attempt(work: () => Promise<void>): Promise<void> {
  if (busy.value) return;
  busy.value = true;
  trouble.value = null;
  try {
    await work();
    sent = { wish: "", id: "" };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    trouble.value = error;
    alert(errorText(error.code, error.data));
  } finally {
    busy.value = false;
  }
}

export const book = (chosen: readonly Pick[] = picks.value, more: Partial<Wish> = {}): Promise<void> =>
  attempt(async () => {
    if (chosen.length === 0) return;
    blocked.value = "";
    const items = chosen.map((pick) => ({ ...wishOf(pick), ...more }));
    booked(chosen, await api.book(items, nameOf(JSON.stringify(items))));
  });

/** Book the next start there is, with the options of the sessions to book. */
export const bookSoon = (): Promise<void> =>
  attempt(async () => {
    const length = lengthMin.value;
    const wish = { ...carried(), length_min: length };
    const booking = await api.bookSoon(wish, nameOf(`soon ${JSON.stringify(wish)}`));
    booked([{ start: ms(booking.start), length }], [{ booking }]);
  });

async function rebook(booking: Booking): Promise<void> {
  await attempt(async () => {
    const { start } = booking;
    const [answer] = await api.book([{ start, ...wishedOf(booking) }], requestId());
    if (answer?.booking) place(answer.booking);
    if (answer?.error) throw new ApiError(answer.error);
    say(t("cancel.undone", when(ms(start))));
  });
}

/** Cancel; while nobody was matched it can be undone. */
export const cancel = (booking: Booking): Promise<void> =>
  attempt(async () => {
    const gone = await api.cancel(booking.id, requestId());
    place(gone);
    opened.value = null;
    const text = t("cancel.done", when(ms(booking.start)));
    say(text);
    if (booking.state === "waiting") offerUndo(text, () => void rebook(booking));
    void reloadSlots();
  });

/** For whom times are proposed. */
export const frame = computed<Frame>(() => ({
  zone: zone.value,
  now: minuteNow.value,
  grid: gridMin.value,
  dayStart: hours.value.start,
}));

/** A start to propose when nobody waits anywhere. */
export const proposal = computed(() => proposed(frame.value));
