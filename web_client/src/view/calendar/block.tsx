/** What is drawn in the place of a start: an own session, a chosen one, or who waits there. */
import { Check, Heart, Lock } from "lucide-preact";

import type { Pick } from "@/core/choice";
import { endOf } from "@/core/choice";
import { type Booking, ms, type Slot } from "@/core/model";
import { firstName } from "@/core/names";
import type { Times } from "@/core/times";
import { lengthMin } from "@/io/store";
import { favourOf } from "@/view/calendar/state";
import { Face, Name } from "@/view/parts/people";
import * as words from "@/words/booking";
import { t } from "@/words/page";
import { isolate } from "@/words/words";

/** Lines that fit: a session of less than so many minutes has one. */
const ONE_LINE = 37.5;

interface BlockProps {
  readonly booking: Booking;
  readonly rows: number;
  /** Minutes a row stands for. */
  readonly grid: number;
  readonly times: Times;
}

const LOOK = { waiting: "waiting", matched: "matched", done: "done", cancelled: "done" } as const;

function whenOf({ booking, rows, grid, times }: BlockProps): string {
  const start = ms(booking.start);
  const short = rows * grid < ONE_LINE || times.twelve;
  return short ? times.short(start) : times.range(start, ms(booking.end));
}

/** What stands in the place of a name. */
export function aloneText({ state }: Booking, short = false): string {
  if (state === "done") return short ? "" : t("sessions.alone");
  if (state === "matched") return words.t("own.hidden.short");
  return t(short ? "block.looking" : "block.finding");
}

function Who({ booking }: { readonly booking: Booking }) {
  const { partner, locked, state } = booking;
  if (!partner) return <b class="block-name">{aloneText(booking)}</b>;
  return (
    <span class="block-who">
      {state === "matched" && <Face name={partner.name} size={20} tone="lit" />}
      <b class="cut">
        <Name>{firstName(partner.name)}</Name>
      </b>
      {locked && <Lock class="icon small" aria-hidden="true" />}
    </span>
  );
}

function Line({ booking }: { readonly booking: Booking }) {
  const { partner, locked } = booking;
  return (
    <>
      <span class="cut">
        {partner ? <Name>{firstName(partner.name)}</Name> : aloneText(booking, true)}
      </span>
      {locked && <Lock class="icon small" aria-hidden="true" />}
    </>
  );
}

/** An own session in the week; readers hear the cell's name instead. */
export function Block(props: BlockProps) {
  const { booking, rows, grid } = props;
  const single = rows * grid < ONE_LINE;
  return (
    <span
      class={`block ${LOOK[booking.state]} ${single ? "single" : ""} ${booking.locked ? "locked" : ""}`}
      style={{ "--rows": String(rows) }}
      aria-hidden="true"
    >
      <bdi class="block-time">{whenOf(props)}</bdi>
      {single ? <Line booking={booking} /> : <Who booking={booking} />}
      {!single && booking.title && <bdi class="block-title cut">{booking.title}</bdi>}
    </span>
  );
}

/** A chosen session, not booked yet. */
export function Chosen({ pick, rows, times }: { pick: Pick; rows: number; times: Times }) {
  return (
    <span class="block chosen" style={{ "--rows": String(rows) }} aria-hidden="true">
      <bdi class="block-time">
        {times.twelve ? times.short(pick.start) : times.range(pick.start, endOf(pick))}
      </bdi>
      <Check class="icon small" aria-hidden="true" />
    </span>
  );
}

/** How long a session with who is shown there would be, where that is less than chosen; else 0. */
export function shorterAt(slot: Slot): number {
  const length = favourOf(slot)?.length_min ?? slot.length_min;
  return length < lengthMin.value ? length : 0;
}

/** "Kofi", or "3 waiting"; a favourite is named, whoever else waits. */
function whoWaits(slot: Slot): string {
  const [only] = slot.people;
  const favourite = favourOf(slot);
  if (favourite) return firstName(favourite.name);
  return slot.count === 1 && only ? firstName(only.name) : t("chip.n", { n: slot.count });
}

/** The same, and how long it would be where that is less than chosen: "Kofi, 25 min". */
export function waitingText(slot: Slot): string {
  const n = shorterAt(slot);
  return n === 0 ? whoWaits(slot) : words.t("chip.shorter", { who: isolate(whoWaits(slot)), n });
}

interface Where extends Readonly<Record<string, string>> {
  readonly day: string;
  readonly range: string;
}

/** A start that can be chosen and who waits there, for readers. */
export function nameOfFree(slot: Slot | undefined, where: Where): string {
  if (!slot) return t("cell.free", { ...where, n: 0, min: 0 });
  const min = shorterAt(slot);
  const favourite = favourOf(slot);
  const named = favourite ?? (slot.count === 1 ? slot.people[0] : undefined);
  if (!named) return t("cell.free", { ...where, n: slot.count, min });
  const name = isolate(firstName(named.name));
  return favourite
    ? words.t("cell.free.favourite", { ...where, name, n: slot.count - 1, min })
    : t("cell.free.one", { ...where, name, min });
}

/** A lit window: somebody waits. A favourite's is lit in full. */
export function Chip({ slot }: { readonly slot: Slot }) {
  const favourite = favourOf(slot) !== undefined;
  const shorter = shorterAt(slot);
  return (
    <span class={favourite ? "chip favourite" : "chip"} aria-hidden="true">
      {favourite ? <Heart class="icon small" aria-hidden="true" /> : <i class="dot" />}
      <bdi class="cut long">{whoWaits(slot)}</bdi>
      {shorter > 0 && <span class="shorter">{words.t("chip.min", { n: shorter })}</span>}
      {favourite && slot.count > 1 && <span class="others">+{slot.count - 1}</span>}
      <span class="number">{slot.count}</span>
    </span>
  );
}
