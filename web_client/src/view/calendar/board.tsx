/**
 * The departure board of a day: starts to press, an own session in the place of those it covers.
 *
 * The phone's calendar, the day view of a wide page, and on a demo the coming minutes.
 */
import { Heart, Lock } from "lucide-preact";
import type { ComponentChildren } from "preact";

import { type BoardRow, boardRows, type Piece, rowEdge, shapeOf } from "@/core/board";
import { endOf } from "@/core/choice";
import { type Booking, ms } from "@/core/model";
import { firstName, shortName } from "@/core/names";
import { hourOn } from "@/core/times";
import { firstStart } from "@/core/week";
import { addDays, changeOn, instantsOf, MINUTE, startOfDay, wallAt } from "@/core/zones";
import { singleKeys } from "@/io/settings";
import { bookings, lengthMin, ownBookings, slots, times, zone } from "@/io/store";
import { aloneText, nameOfFree, waitingText } from "@/view/calendar/block";
import { laterShown, pastShown, unfolded } from "@/view/calendar/folds";
import {
  book,
  day,
  favourOf,
  fine,
  gridMin,
  hours,
  look,
  minuteNow,
  mode,
  opened,
  picks,
  pressStart,
  spans,
} from "@/view/calendar/state";
import { Face, Name } from "@/view/parts/people";
import { isolate } from "@/words/words";
import * as words from "@/words/booking";
import { t } from "@/words/page";

/** On a demo: so many minutes are shown at first, and with each "later". */
export const AHEAD_MIN = 30;

interface Window {
  readonly from: number;
  readonly to: number;
}

function minutesWindow(origin: number): Window {
  const from = rowEdge(shapeOf(gridMin.value), origin, minuteNow.value);
  return { from, to: from + (AHEAD_MIN + 5 + AHEAD_MIN * laterShown.value) * MINUTE };
}

/** From the member's hour to theirs, stretched to hold all own sessions of the day. */
function dayWindow(from: number, to: number): Window {
  const own = ownBookings.value.filter((b) => ms(b.start) < to && ms(b.end) > from);
  const { start, end } = hours.value;
  const round = end <= start;
  const shape = shapeOf(gridMin.value);
  const edge = (hour: number) => rowEdge(shape, from, hourOn(zone.value, day.value, hour) + shape.row * MINUTE - 1);
  const first = unfolded.value.before || round ? from : edge(start);
  const last = unfolded.value.after || round || end >= 24 ? to : edge(end);
  const early = Math.min(first, ...own.map((b) => Math.max(from, rowEdge(shape, from, ms(b.start)))));
  const late = Math.max(last, ...own.map((b) => Math.min(to, rowEdge(shape, from, ms(b.end) - 1) + shape.row * MINUTE)));
  return { from: early, to: late };
}

function nameOfStart(at: number): string {
  const where = {
    day: times.value.day(at),
    time: times.value.time(at),
    range: times.value.range(at, at + lengthMin.value * MINUTE),
  };
  if (at <= minuteNow.value) return t("cell.past", where);
  return nameOfFree(slots.value.get(at), where);
}

/** ":15" by the wall, which differs from UTC where zones do by a part of an hour. */
const shortTime = (at: number): string =>
  `:${String(wallAt(zone.value, at).minute % 60).padStart(2, "0")}`;

function Start({ at }: { readonly at: number }) {
  const past = at <= minuteNow.value;
  const slot = past ? undefined : slots.value.get(at);
  const chosen = picks.value.some(({ start }) => start === at);
  const inside = !chosen && picks.value.some((p) => p.start < at && at < endOf(p));
  const favourite = slot !== undefined && favourOf(slot) !== undefined;
  const lit = slot?.count ? (favourite ? "lit favourite" : "lit") : "";
  const shown = chosen ? "chosen" : past ? "past" : inside ? "inside" : lit;
  return (
    <button
      type="button"
      class={`start ${shown}`}
      data-at={at}
      aria-pressed={past ? undefined : chosen}
      onClick={() => pressStart(at)}
    >
      <span class="sr">{nameOfStart(at)}</span>
      <span aria-hidden="true">{shortTime(at)}</span>
      {chosen && <small aria-hidden="true">{t("block.chosen")}</small>}
      {!chosen && slot && slot.count > 0 && (
        <small class="who-waits" aria-hidden="true">
          {favourite ? <Heart class="icon small" /> : <i class="dot" />}
          <span class="cut long">{waitingText(slot)}</span>
          <span class="number">{slot.count}</span>
        </small>
      )}
    </button>
  );
}

function nameOfOwn(booking: Booking): string {
  const start = ms(booking.start);
  const where = { day: times.value.day(start), range: times.value.range(start, ms(booking.end)) };
  if (booking.state === "done") return t("cell.done", where);
  if (!booking.partner) return booking.state === "matched" ? words.t("cell.hidden", where) : t("cell.waiting", where);
  const name = isolate(booking.partner.name);
  return t(booking.locked ? "cell.locked" : "cell.own", { ...where, name });
}

interface NarrowProps {
  readonly booking: Booking;
  readonly time: string;
  readonly who: ComponentChildren;
}

/** An own session in the place of a single start. */
function Narrow({ booking, time, who }: NarrowProps) {
  return (
    <button
      type="button"
      class={`start own narrow ${booking.state}`}
      style={{ "--cells": "1" }}
      aria-haspopup="dialog"
      onClick={() => (opened.value = booking.id)}
    >
      <span class="sr">{nameOfOwn(booking)}</span>
      <b aria-hidden="true">
        {time} {booking.locked && <Lock class="icon small" />}
      </b>
      <small class="cut" aria-hidden="true">
        {who}
      </small>
    </button>
  );
}

interface OwnProps {
  readonly booking: Booking;
  readonly cells: number;
  readonly across: number;
}

function Own({ booking, cells, across }: OwnProps) {
  const { partner, state, locked, title } = booking;
  const start = ms(booking.start);
  const whole = cells === across;
  const who = partner ? (
    <Name>{whole ? shortName(partner.name) : firstName(partner.name)}</Name>
  ) : (
    aloneText(booking, cells === 1 && !whole)
  );
  const when = whole ? times.value.range(start, ms(booking.end)) : shortTime(start);
  if (cells === 1 && !whole) return <Narrow booking={booking} time={shortTime(start)} who={who} />;
  const until = t("block.until", { time: times.value.time(ms(booking.end)) });
  return (
    <button
      type="button"
      class={`start own ${state} ${whole ? "" : "part"}`}
      style={{ "--cells": String(cells) }}
      aria-haspopup="dialog"
      onClick={() => (opened.value = booking.id)}
    >
      <span class="sr">{nameOfOwn(booking)}</span>
      {partner && <Face name={partner.name} size={32} tone={state === "matched" ? "lit" : "warm"} />}
      <span class="own-text" aria-hidden="true">
        <b class="cut">
          <bdi>{when}</bdi> {whole && "· "}
          {who}
        </b>
        <small class="cut">{title && whole ? <bdi>{title}</bdi> : until}</small>
      </span>
      {locked && <Lock class="icon" aria-hidden="true" />}
    </button>
  );
}

/** The rest of an own session in a later row: nothing new to press. */
function Rest({ booking, cells }: { readonly booking: Booking; readonly cells: number }) {
  const time = times.value.time(ms(booking.end));
  const { partner } = booking;
  const text =
    partner && cells > 1
      ? t("block.with.until", { name: isolate(firstName(partner.name)), time })
      : t("block.until", { time });
  return (
    <span class="start rest" style={{ "--cells": String(cells) }} aria-hidden="true">
      <small>{text}</small>
    </span>
  );
}

function Part({ piece, across }: { readonly piece: Piece; readonly across: number }) {
  if (piece.kind === "start") return <Start at={piece.at} />;
  const booking = bookings.value.get(piece.id);
  if (!booking) return null;
  return piece.kind === "own" ? (
    <Own booking={booking} cells={piece.cells} across={across} />
  ) : (
    <Rest booking={booking} cells={piece.cells} />
  );
}

interface RowProps {
  readonly row: BoardRow;
  readonly across: number;
  /** The clock shows this hour twice today. */
  readonly doubled: boolean;
}

function Row({ row, across, doubled }: RowProps) {
  return (
    <li class="board-row">
      <span class="board-hour" aria-hidden="true">
        {times.value.short(row.from)}
        {doubled && <small>{times.value.zoneName(row.from)}</small>}
      </span>
      <div class="board-starts" style={{ "--across": String(across) }}>
        {row.pieces.map((piece) => (
          <Part key={piece.at} piece={piece} across={across} />
        ))}
      </div>
    </li>
  );
}

/** A thin note in the place of an hour that does not come. */
function Skipped({ at }: { readonly at: number }) {
  const before = wallAt(zone.value, at - 1).minute + 1;
  return <li class="board-skip">{words.t("clock.skipped", { time: times.value.hour(before) })}</li>;
}

/** The first row after the clocks have gone forward. */
function skippedBefore(rows: readonly BoardRow[]): number | null {
  const change = changeOn(zone.value, day.value);
  if (!change || change.minutes < 0) return null;
  return rows.find((row) => row.from >= change.at)?.from ?? null;
}

const isDoubled = (at: number): boolean => {
  const { day: of, minute } = wallAt(zone.value, at);
  return instantsOf(zone.value, of, minute).length > 1;
};

function NowRow() {
  return (
    <li class="board-now" aria-hidden="true">
      <span>{times.value.short(minuteNow.value)}</span>
      <i />
    </li>
  );
}

interface FoldProps {
  readonly text: string;
  readonly action: string;
  readonly onPress: () => void;
}

function Fold({ text, action, onPress }: FoldProps) {
  return (
    <li class="board-fold">
      <span>{text}</span>
      <button type="button" class="link" onClick={onPress}>
        {action}
      </button>
    </li>
  );
}

/** Who waits between two instants, for a fold's "Show". */
const waitingBetween = (from: number, to: number): number =>
  [...slots.value].reduce((n, [at, slot]) => n + (at >= from && at < to ? slot.count : 0), 0);

/** Who waits at the start that has the focus. */
function lookAt(target: EventTarget | null): void {
  const at = target instanceof HTMLElement ? Number(target.dataset["at"] ?? NaN) : NaN;
  if (at > minuteNow.value) look(at);
}

/** Arrow keys move between the starts of the board; Tab does too. */
function moveFocus(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key.toLowerCase() === "b" && singleKeys.value) return void book();
  if (event.key.toLowerCase() === "l" && singleKeys.value) return lookAt(event.target);
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>("button.start")];
  const from = all.find((button) => button === event.target);
  const next = from && neighbour(all, from, event.key);
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function neighbour(all: readonly HTMLElement[], from: HTMLElement, key: string): HTMLElement | undefined {
  const index = all.indexOf(from);
  const ahead = document.documentElement.dir === "rtl" ? -1 : 1;
  if (key === "ArrowRight") return all[index + ahead];
  if (key === "ArrowLeft") return all[index - ahead];
  if (key !== "ArrowDown" && key !== "ArrowUp") return undefined;
  const here = from.getBoundingClientRect();
  const way = key === "ArrowDown" ? 1 : -1;
  const beyond = all.filter((b) => (b.getBoundingClientRect().top - here.top) * way > 4);
  const far = (b: HTMLElement) => {
    const box = b.getBoundingClientRect();
    return Math.abs(box.top - here.top) * 10 + Math.abs(box.left - here.left);
  };
  return beyond.sort((a, b) => far(a) - far(b))[0];
}

function useBoard() {
  const shape = shapeOf(gridMin.value);
  const from = firstStart(startOfDay(zone.value, day.value), gridMin.value);
  const to = firstStart(startOfDay(zone.value, addDays(day.value, 1)), gridMin.value);
  const minutes = mode.value === "minutes";
  const window = minutes ? minutesWindow(from) : dayWindow(from, to);
  const now = minuteNow.value;
  const isToday = from <= now && now < to;
  const all = [...spans.value, ...doneSpans()];
  // The first row is the one of the next start, or of the session that is on.
  const running = all.find((span) => span.start <= now && now < span.end);
  const next = running ? now : Math.floor(now / (shape.step * MINUTE) + 1) * shape.step * MINUTE;
  const edge = rowEdge(shape, window.from, next);
  const hidePast = isToday && !pastShown.value && edge > window.from && edge < window.to;
  const rows = boardRows(shape, hidePast ? edge : window.from, window.to, all);
  return { shape, rows, from, to, window, now, isToday, hidePast, minutes };
}

const doneSpans = () =>
  ownBookings.value
    .filter(({ state }) => state === "done")
    .map((b) => ({ id: b.id, start: ms(b.start), end: ms(b.end) }));

export function Board() {
  const { shape, rows, from, to, window, now, isToday, hidePast, minutes } = useBoard();
  const across = shape.row / shape.step;
  const { before, after } = unfolded.value;
  const skip = minutes ? null : skippedBefore(rows);
  const nowBefore = rows.find((row) => row.from + shape.row * MINUTE > now);
  return (
    // The keys are a quicker way between buttons that Tab reaches as well.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <ol
      class={fine.value ? "board fine" : "board"}
      id="day"
      tabIndex={-1}
      aria-label={t("calendar.board", { day: times.value.day(from + 12 * 60 * MINUTE) })}
      onKeyDown={moveFocus}
    >
      {!minutes && !hidePast && !before && window.from > from && (
        <Fold
          text={t("fold.before", { time: times.value.time(window.from) })}
          action={t("fold.show", { n: waitingBetween(from, window.from) })}
          onPress={() => (unfolded.value = { before: true, after })}
        />
      )}
      {hidePast && (
        <Fold
          text={t("fold.past", { time: times.value.time(now) })}
          action={t("fold.show", { n: 0 })}
          onPress={() => (pastShown.value = true)}
        />
      )}
      {rows.map((row) => (
        <>
          {isToday && row === nowBefore && <NowRow />}
          {skip === row.from && <Skipped at={row.from} />}
          <Row key={row.from} row={row} across={across} doubled={isDoubled(row.from)} />
        </>
      ))}
      {!minutes && !after && window.to < to && (
        <Fold
          text={t("fold.after", { time: times.value.time(window.to) })}
          action={t("fold.show", { n: waitingBetween(window.to, to) })}
          onPress={() => (unfolded.value = { before, after: true })}
        />
      )}
      {minutes && (
        <li class="board-fold">
          <button type="button" class="link" onClick={() => (laterShown.value += 1)}>
            {t("demo.later")}
          </button>
        </li>
      )}
    </ol>
  );
}
