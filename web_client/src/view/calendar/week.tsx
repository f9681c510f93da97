/**
 * The week: a grid with one tab stop, moved about in by keys (see `core/keys.ts`).
 *
 * Which cell is the tab stop is kept outside of what is rendered, so that moving costs nothing.
 */
import { useComputed } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";

import { type GridKey, gridKey } from "@/core/keys";
import { type Booking, ms, type Slot } from "@/core/model";
import {
  type Column,
  instantAt,
  moved,
  nextWaiting,
  type Row,
  rowAt,
  rowsOver,
  type Shown,
  shownRows,
  type Spot,
  spotOf,
  type Week,
} from "@/core/week";
import { changeOn, MINUTE, offsetName, townOf } from "@/core/zones";
import { singleKeys, view } from "@/io/settings";
import { instance, lengthMin, ownBookings, slots, times, zone } from "@/io/store";
import { wishLength } from "@/io/wishes";
import { Block, Chip, Chosen, nameOfFree } from "@/view/calendar/block";
import {
  book,
  days,
  hours,
  look,
  minuteNow,
  opened,
  picks,
  pressStart,
  showToday,
  spans,
  today,
  turn,
  week,
} from "@/view/calendar/state";
import { unfolded } from "@/view/calendar/folds";
import { isolate } from "@/words/words";
import * as words from "@/words/booking";
import { t } from "@/words/page";

/** A row that opens an hour; with a grid of hours all do, wherever the zone lets them begin. */
const isHour = ({ minute }: Row, grid: number): boolean => minute % 60 === 0 || grid >= 60;

/** How high an hour is drawn: coarser grids need less room. */
const HOUR_PX: Readonly<Record<number, number>> = { 60: 80 };
const USUAL_HOUR_PX = 96;
const rowHeight = (grid: number): number => ((HOUR_PX[grid] ?? USUAL_HOUR_PX) * grid) / 60;

/** Everything a cell's looks and name depend on, gathered once a rendering. */
interface Scene {
  readonly week: Week;
  readonly shown: Shown;
  readonly now: number;
  readonly byStart: ReadonlyMap<number, Booking>;
  readonly slots: ReadonlyMap<number, Slot>;
  readonly long: number;
  readonly names: (at: number) => { day: string; time: string; range: string };
}

const covering = (at: number) => spans.value.find((s) => s.start < at && at < s.end);

function ownName(booking: Booking, where: { day: string; range: string }): string {
  const { partner, state, locked } = booking;
  if (state === "done") return t("cell.done", where);
  if (!partner && state === "matched") return words.t("cell.hidden", where);
  if (!partner) return t("cell.waiting", where);
  return t(locked ? "cell.locked" : "cell.own", { ...where, name: isolate(partner.name) });
}

function nameOf(scene: Scene, at: number): string {
  const where = scene.names(at);
  const own = scene.byStart.get(at);
  if (own) {
    return ownName(own, { ...where, range: times.value.range(at, ms(own.end)) });
  }
  if (covering(at)) return t("cell.inside", where);
  if (at <= scene.now) return t("cell.past", where);
  return nameOfFree(scene.slots.get(at), where);
}

/** What is drawn in a cell; readers hear the cell's name instead. */
function contents(scene: Scene, column: Column, at: number) {
  const { week, byStart } = scene;
  const own = byStart.get(at);
  if (own) return <Block booking={own} rows={rowsOver(week, column, at, ms(own.end))} grid={week.grid} times={times.value} />;
  const pick = picks.value.find(({ start }) => start === at);
  if (pick) {
    const rows = rowsOver(week, column, at, at + pick.length * MINUTE);
    return <Chosen pick={pick} rows={rows} times={times.value} />;
  }
  const slot = at > scene.now && !covering(at) ? scene.slots.get(at) : undefined;
  return slot && slot.count > 0 ? <Chip slot={slot} /> : null;
}

interface CellProps {
  readonly scene: Scene;
  readonly column: Column;
  readonly spot: Spot;
  readonly stop: boolean;
}

function Cell({ scene, column, spot, stop }: CellProps) {
  const at = column.cells[spot.row] ?? null;
  const place = `${spot.column}.${spot.row}`;
  if (at === null) {
    const { minute } = scene.week.rows[spot.row] ?? { minute: 0 };
    const name = t("cell.none", {
      day: times.value.day(column.from),
      time: times.value.hour(minute),
    });
    return <div role="gridcell" class="cell none" tabIndex={-1} data-spot={place} aria-label={name} />;
  }
  const free = at > scene.now && !scene.byStart.has(at) && !covering(at);
  const inside = contents(scene, column, at);
  const name = nameOf(scene, at);
  return (
    <div
      role="gridcell"
      class="cell"
      tabIndex={stop ? 0 : -1}
      data-spot={place}
      data-free={free ? "" : undefined}
      data-range={free ? scene.names(at).range : undefined}
      aria-label={inside ? undefined : name}
      aria-selected={free ? picks.value.some(({ start }) => start === at) : undefined}
      aria-haspopup={scene.byStart.has(at) ? "dialog" : undefined}
    >
      {inside && <span class="sr">{name}</span>}
      {inside}
    </div>
  );
}

function Heads({ scene }: { readonly scene: Scene }) {
  const noon = 12 * 60 * MINUTE;
  return (
    <div role="row" class="week-row heads" aria-rowindex={1}>
      <div role="columnheader" class="zone">
        <bdi>{townOf(zone.value)}</bdi>
        <span>{offsetName(zone.value, scene.now)}</span>
      </div>
      {scene.week.columns.map(({ day, from }) => {
        const isToday = day === today.value;
        return (
          <div
            key={day}
            role="columnheader"
            class={isToday ? "head today" : "head"}
            aria-current={isToday ? "date" : undefined}
          >
            <span>{isToday ? t("calendar.today") : times.value.weekday(from + noon)}</span>
            <b>{times.value.date(from + noon)}</b>
          </div>
        );
      })}
    </div>
  );
}

function hourText(row: Row, scene: Scene): string {
  if (!isHour(row, scene.week.grid)) return "";
  const doubled = scene.week.rows.some((r) => r.again && Math.floor(r.minute / 60) * 60 === row.minute);
  if (!doubled) return times.value.hour(row.minute);
  const index = scene.week.rows.indexOf(row);
  const column = scene.week.columns.find((c) => changeOn(scene.week.zone, c.day));
  const at = column?.cells[index];
  return `${times.value.hour(row.minute)}\n${at ? times.value.zoneName(at) : ""}`;
}

interface RowProps {
  readonly scene: Scene;
  readonly index: number;
  readonly stop: Spot;
  readonly nowRow: number;
}

/** How near the now-line an hour's label would touch its time. */
const NEAR_PX = 18;

function GridRow({ scene, index, stop, nowRow }: RowProps) {
  const row = scene.week.rows[index];
  if (!row) return null;
  const edge = isHour(row, scene.week.grid) ? "hour" : row.minute % 30 === 0 ? "half" : "";
  const hidden = Math.abs(index - nowRow) * rowHeight(scene.week.grid) < NEAR_PX;
  return (
    <div role="row" class={`week-row ${edge}`} aria-rowindex={index + 2}>
      <div role="rowheader" class="hour-name">
        <i class="sr">{times.value.hour(row.minute)}</i>
        {!hidden && <span aria-hidden="true">{hourText(row, scene)}</span>}
      </div>
      {scene.week.columns.map((column, i) => (
        <Cell
          key={column.day}
          scene={scene}
          column={column}
          spot={{ column: i, row: index }}
          stop={stop.column === i && stop.row === index}
        />
      ))}
    </div>
  );
}

/** How many wait in the folded rows. */
function waitingIn(scene: Scene, from: number, to: number): number {
  return scene.week.columns
    .flatMap(({ cells }) => cells.slice(from, to))
    .reduce<number>((sum, at) => sum + ((at && scene.slots.get(at)?.count) || 0), 0);
}

interface FoldProps {
  readonly scene: Scene;
  readonly side: "before" | "after";
}

function Fold({ scene, side }: FoldProps) {
  const { shown, week: laid } = scene;
  const [from, to] = side === "before" ? [0, shown.from] : [shown.to, laid.rows.length];
  const isOpen = unfolded.value[side];
  if (from === to && !isOpen) return null;
  const edge = side === "before" ? hours.value.start : hours.value.end;
  const time = times.value.hour(edge * 60);
  const toggle = () => (unfolded.value = { ...unfolded.value, [side]: !isOpen });
  const midnight = times.value.hour(0);
  const text = isOpen
    ? t("fold.hide", side === "before" ? { from: midnight, to: time } : { from: time, to: midnight })
    : t("fold.show", { n: waitingIn(scene, from, to) });
  return (
    <div role="row" class="fold-row">
      <div role="gridcell" aria-colspan={8} class="fold">
        {!isOpen && <span>{t(`fold.${side}`, { time })}</span>}
        <button type="button" class="link" aria-expanded={isOpen} onClick={toggle}>
          {text}
        </button>
      </div>
    </div>
  );
}

/** The time of now: a line in today's column, its time in the gutter; past time is darker. */
function NowLine({ scene }: { readonly scene: Scene }) {
  const { week: laid, shown, now } = scene;
  const index = laid.columns.findIndex((c) => c.from <= now && now < c.to);
  const column = laid.columns[index];
  const past = laid.columns.map((c) => {
    const row = c.to <= now ? shown.to : c.from > now ? shown.from : rowAt(laid, c, now);
    return Math.min(shown.to, Math.max(shown.from, row)) - shown.from;
  });
  const row = column ? rowAt(laid, column, now) : -1;
  const seen = row >= shown.from && row <= shown.to;
  return (
    <>
      <div class="under" aria-hidden="true">
        {past.map((rows, i) => (
          <i key={i} class="gone" style={{ "--column": String(i), "--rows": String(rows) }} />
        ))}
      </div>
      {seen && (
        <div
          class="now"
          aria-hidden="true"
          style={{ "--column": String(index), "--rows": String(row - shown.from) }}
        >
          <span>{times.value.short(now)}</span>
          <i />
        </div>
      )}
    </>
  );
}

/** A line above the week in which the clocks change. */
export function ClockNote() {
  const laid = week.value;
  for (const { day } of laid.columns) {
    const change = changeOn(laid.zone, day);
    if (!change) continue;
    const at = change.at - (change.minutes < 0 ? 60 * MINUTE : 1);
    const time = times.value.time(at + (change.minutes < 0 ? 0 : 1));
    return (
      <p class="clock-note">
        {times.value.day(change.at)}: {t(change.minutes < 0 ? "clock.doubles" : "clock.skips", { time })}
      </p>
    );
  }
  return null;
}

function useScene(): Scene {
  const laid = week.value;
  const minutes = lengthMin.value;
  const shownTimes = times.value;
  const names = useMemo(() => {
    const known = new Map<number, { day: string; time: string; range: string }>();
    return (at: number) => {
      const name = known.get(at) ?? {
        day: shownTimes.day(at),
        time: shownTimes.time(at),
        range: shownTimes.range(at, at + minutes * MINUTE),
      };
      known.set(at, name);
      return name;
    };
  }, [minutes, shownTimes]);
  const byStart = useComputed(() => new Map(ownBookings.value.map((b) => [ms(b.start), b])));
  const { before, after } = unfolded.value;
  const wanted = { start: before ? 0 : hours.value.start, end: after ? 24 : hours.value.end };
  return {
    week: laid,
    shown: shownRows(laid, wanted, ownBookings.value.map((b) => ({ start: ms(b.start), end: ms(b.end) }))),
    now: minuteNow.value,
    byStart: byStart.value,
    slots: slots.value,
    long: minutes / laid.grid,
    names,
  };
}

/** Where the tab stop is at first: now, else the first start of the day. */
function firstStop(scene: Scene): Spot {
  const spot = spotOf(scene.week, scene.now + scene.week.grid * MINUTE);
  return spot ? moved(scene.week, scene.shown, spot, 0, 0) : { column: 0, row: scene.shown.from };
}

const cellOf = (grid: HTMLElement | null, { column, row }: Spot) =>
  grid?.querySelector<HTMLElement>(`[data-spot="${column}.${row}"]`) ?? null;

function spotIn(target: EventTarget | null): Spot | null {
  const cell = target instanceof Element ? target.closest<HTMLElement>("[data-spot]") : null;
  const [column, row] = (cell?.dataset["spot"] ?? "").split(".").map(Number);
  return column === undefined || row === undefined || Number.isNaN(row) ? null : { column, row };
}

export function WeekGrid() {
  const scene = useScene();
  const grid = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const stop = useRef<Spot>(firstStop(scene));
  const refocus = useRef(false);
  const first = days.value[0];
  stop.current = moved(scene.week, scene.shown, stop.current, 0, 0);

  const focusOn = (spot: Spot) => {
    const old = cellOf(grid.current, stop.current);
    const next = cellOf(grid.current, spot);
    if (!next) return;
    if (old) old.tabIndex = -1;
    next.tabIndex = 0;
    stop.current = spot;
    next.focus();
  };

  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const column = scene.week.columns.find((c) => c.from <= scene.now && scene.now < c.to);
    const row = column ? rowAt(scene.week, column, scene.now) - scene.shown.from : 0;
    const height = grid.current?.querySelector(".week-row:not(.heads)")?.clientHeight ?? 24;
    box.scrollTop = Math.max(0, row * height - box.clientHeight / 4);
    // Only when another week is shown: the member's own scrolling stays.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [first]);

  useEffect(() => {
    if (!refocus.current) return;
    refocus.current = false;
    cellOf(grid.current, stop.current)?.focus();
  }, [first]);

  const act = (spot: Spot) => {
    const at = instantAt(scene.week, spot);
    if (at === null) return;
    const own = scene.byStart.get(at);
    const inside = own?.id ?? covering(at)?.id;
    if (inside) opened.value = inside;
    else pressStart(at);
  };

  const toWeek = (count: number) => {
    refocus.current = true;
    turn(7 * count);
  };

  const find = () => {
    const from = instantAt(scene.week, stop.current) ?? scene.now;
    const inside = [...slots.value.keys()].filter((at) => at > scene.now && !covering(at));
    const at = nextWaiting(inside, from);
    const spot = at === null ? null : spotOf(scene.week, at);
    if (spot) focusOn(moved(scene.week, scene.shown, spot, 0, 0));
  };

  const toNow = () => {
    if (first !== undefined && !days.value.includes(today.value)) {
      refocus.current = true;
      showToday();
    }
    focusOn(firstStop(scene));
  };

  const ACTS = {
    press: () => act(stop.current),
    book: () => void book(),
    now: toNow,
    find,
    waits: () => {
      const at = instantAt(scene.week, stop.current);
      if (at !== null && at > scene.now && !covering(at) && !scene.byStart.has(at)) look(at);
    },
    day: () => (view.value = "day"),
    week: () => (view.value = "week"),
  } as const;

  const run = (key: GridKey) => {
    const perHour = 60 / scene.week.grid;
    if ("week" in key) return toWeek(key.week);
    if ("act" in key) return ACTS[key.act]();
    if ("length" in key) {
      const minutes = instance.value?.rules.lengths_min[key.length];
      if (minutes) wishLength(minutes);
      return undefined;
    }
    if (key.move === "edge") {
      return focusOn({ ...stop.current, column: key.to === "first" ? 0 : scene.week.columns.length - 1 });
    }
    const step = key.move === "hour" ? perHour : 1;
    return focusOn(moved(scene.week, scene.shown, stop.current, key.rows * step, key.columns));
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !spotIn(event.target)) return;
    const rtl = document.documentElement.dir === "rtl";
    const key = gridKey(event.key, event.shiftKey, singleKeys.value, rtl);
    if (!key) return;
    event.preventDefault();
    run(key);
  };

  const onFocusIn = (event: FocusEvent) => {
    const spot = spotIn(event.target);
    if (!spot || (spot.column === stop.current.column && spot.row === stop.current.row)) return;
    const old = cellOf(grid.current, stop.current);
    if (old) old.tabIndex = -1;
    stop.current = spot;
  };

  const nowColumn = scene.week.columns.find((c) => c.from <= scene.now && scene.now < c.to);
  const nowRow = nowColumn ? rowAt(scene.week, nowColumn, scene.now) : -10;
  const rows = Array.from({ length: scene.shown.to - scene.shown.from }, (_, i) => scene.shown.from + i);
  const { rows: all, columns } = scene.week;
  return (
    <div class="week-scroll" ref={scroller}>
      <div
        ref={grid}
        class="week"
        role="grid"
        tabIndex={-1}
        aria-label={t("calendar.grid", {
          days: times.value.days(columns[0]?.from ?? 0, (columns.at(-1)?.to ?? 1) - 1),
        })}
        aria-multiselectable="true"
        aria-rowcount={all.length + 1}
        aria-colcount={8}
        style={{ "--long": String(scene.long), "--row": `${rowHeight(scene.week.grid)}px` }}
        onKeyDown={onKeyDown}
        onFocusIn={onFocusIn}
        onClick={(event) => {
          const spot = spotIn(event.target);
          if (spot) act(spot);
        }}
      >
        <Heads scene={scene} />
        <Fold scene={scene} side="before" />
        <div class="week-body" role="rowgroup">
          <NowLine scene={scene} />
          {rows.map((index) => (
            <GridRow key={index} scene={scene} index={index} stop={stop.current} nowRow={nowRow} />
          ))}
        </div>
        <Fold scene={scene} side="after" />
      </div>
    </div>
  );
}
