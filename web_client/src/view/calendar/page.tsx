/** The calendar: home. A week to choose from, a board on small pages, and what comes next beside it. */
import "./calendar.css";

import { useSignal } from "@preact/signals";
import { ChevronLeft, ChevronRight, SlidersHorizontal } from "lucide-preact";
import { useEffect } from "preact/hooks";

import { ms } from "@/core/model";
import { DAY, dayAt, MINUTE, startOfDay } from "@/core/zones";
import { view } from "@/io/settings";
import {
  alsoShorter,
  forgetSlots,
  instance,
  lengthMin,
  ownBookings,
  times,
  troubles,
  zone,
} from "@/io/store";
import { wishLength } from "@/io/wishes";
import { NextCard, Options, OptionsSummary, optionsText, SoonButton, There } from "@/view/calendar/aside";
import { AHEAD_MIN, Board } from "@/view/calendar/board";
import { BookingPanel, WaitsPanel } from "@/view/calendar/panel";
import {
  day,
  days,
  fetchAhead,
  fetchShown,
  fine,
  minuteNow,
  mode,
  picks,
  showDay,
  showToday,
  small,
  today,
  turn,
  when,
} from "@/view/calendar/state";
import { Tray } from "@/view/calendar/tray";
import { ClockNote, WeekGrid } from "@/view/calendar/week";
import { NextBar } from "@/view/bars";
import { InvitationsNotice } from "@/view/people/notice";
import { Button } from "@/view/parts/button";
import { Segmented } from "@/view/parts/controls";
import { Heading } from "@/view/parts/heading";
import { Panel } from "@/view/parts/panel";
import { Trouble } from "@/view/parts/trouble";
import { t } from "@/words/page";

/** Where there is no side column, a bar tells of the next session from so far ahead. */
const BAR_AHEAD = 60 * MINUTE;

const noon = (of: string): number => startOfDay(zone.value, of) + DAY / 2;

/** What the shown days are called. */
function headline(): string {
  const shown = days.value;
  if (mode.value === "week") return times.value.days(noon(shown[0] ?? ""), noon(shown.at(-1) ?? ""));
  if (mode.value === "minutes") return t("demo.board", { n: AHEAD_MIN });
  return when(noon(day.value)).day;
}

function Lengths() {
  const offered = instance.value?.rules.lengths_min ?? [];
  if (offered.length < 2) return null;
  return (
    <Segmented
      label={t("calendar.length")}
      value={String(lengthMin.value)}
      options={offered.map((n) => ({
        value: String(n),
        text: n === lengthMin.value ? t("calendar.length.n", { n }) : String(n),
        name: t("calendar.length.long", { n }),
      }))}
      onChange={(value) => wishLength(Number(value))}
    />
  );
}

function Turning() {
  const inWeek = mode.value === "week";
  const step = inWeek ? 7 : 1;
  const unit = inWeek ? "week" : "day";
  return (
    <div class="turning">
      <Button kind="plain" label={t(`calendar.${unit}.before`)} onPress={() => turn(-step)}>
        <ChevronLeft class="icon turns" aria-hidden="true" />
      </Button>
      <Button kind="plain" label={t(`calendar.${unit}.after`)} onPress={() => turn(step)}>
        <ChevronRight class="icon turns" aria-hidden="true" />
      </Button>
    </div>
  );
}

/** The days of the week, with a dot for own sessions: full when somebody is matched. */
function DayStrip() {
  return (
    <ul class="strip" aria-label={t("calendar.days")}>
      {days.value.map((of) => {
        const own = ownBookings.value.filter((b) => dayAt(zone.value, ms(b.start)) === of);
        const matched = own.some(({ partner }) => partner !== null);
        return (
          <li key={of}>
            <button
              type="button"
              class="strip-day"
              aria-pressed={of === day.value}
              onClick={() => showDay(of)}
            >
              <span class="sr">{times.value.day(noon(of))}</span>
              <span aria-hidden="true">{times.value.weekday(noon(of))}</span>
              <b aria-hidden="true">{times.value.date(noon(of))}</b>
              <i class={own.length === 0 ? "" : matched ? "full" : "hollow"} />
            </button>
          </li>
        );
      })}
    </ul>
  );
}

function Head({ onOptions }: { readonly onOptions: () => void }) {
  const inWeek = mode.value === "week";
  const away = inWeek ? !days.value.includes(today.value) : day.value !== today.value;
  return (
    <header class={`calendar-head ${mode.value}`}>
      <div class="calendar-name">
        <Heading title={t("calendar.title")}>{headline()}</Heading>
        {!fine.value && (
          <>
            {(inWeek || away) && (
              <Button onPress={showToday} class="to-today">
                {t("calendar.today")}
              </Button>
            )}
            <Turning />
          </>
        )}
      </div>
      {mode.value === "day" && <DayStrip />}
      <div class="calendar-tools">
        <Lengths />
        {!fine.value && (
          <span class="view-switch">
            <Segmented
              label={t("calendar.view")}
              value={view.value}
              options={[
                { value: "week", text: t("calendar.view.week") },
                { value: "day", text: t("calendar.view.day") },
              ]}
              onChange={(next) => (view.value = next)}
            />
          </span>
        )}
        <span class="options-button">
          <Button onPress={onOptions} opensDialog>
            <SlidersHorizontal class="icon" aria-hidden="true" />
            <span aria-hidden="true">{t("calendar.options")}</span>
            <OptionsSummary />
            <span class="sr">{optionsText()}</span>
          </Button>
        </span>
      </div>
    </header>
  );
}

/** On a demo: what this is, in a sentence. */
function DemoHint() {
  const rules = instance.value?.rules;
  if (!fine.value || !rules || !instance.value?.demo) return null;
  return (
    <div class="demo-hint">
      <p class="hint">{t("demo.hint", { n: rules.lengths_min[0] ?? 0 })}</p>
    </div>
  );
}

export function CalendarPage() {
  const options = useSignal(false);
  const first = days.value[0];
  const minutes = lengthMin.value;
  const shorter = alsoShorter.value;
  useEffect(() => fetchAhead(), []);
  useEffect(() => {
    forgetSlots();
  }, [minutes, shorter]);
  // The minutes' board moves on with the time: what it shows is fetched again each quarter.
  const quarter = fine.value ? Math.floor(minuteNow.value / (15 * MINUTE)) : 0;
  useEffect(() => fetchShown(), [first, minutes, shorter, quarter]);
  const error = troubles.value["bookings"] ?? troubles.value["slots"];
  const retry = () => {
    fetchAhead();
    fetchShown();
  };
  return (
    <div class={`calendar ${mode.value} ${picks.value.length ? "choosing" : ""}`}>
      {!fine.value && mode.value === "week" && (
        <Button class="skip" kind="plain" onPress={() => (view.value = "day")}>
          {t("skip.day")}
        </Button>
      )}
      <main id="main" tabIndex={-1}>
        <Head onOptions={() => (options.value = true)} />
        <NextBar ahead={BAR_AHEAD} />
        {error && (
          <div class="calendar-trouble">
            <Trouble error={error} onRetry={retry} />
          </div>
        )}
        <ClockNote />
        <DemoHint />
        {fine.value && (
          <div class="soon">
            <SoonButton />
          </div>
        )}
        {small.value && !fine.value && (
          <div class="gathering">
            <There />
          </div>
        )}
        {mode.value === "week" ? <WeekGrid /> : <Board />}
        <Tray />
      </main>
      <aside class="side">
        <NextCard />
        <InvitationsNotice />
        {small.value ? <SoonButton /> : <There />}
        <Options />
      </aside>
      {options.value && (
        <Panel title={t("calendar.options")} onClose={() => (options.value = false)}>
          {!small.value && <There />}
          <Options />
        </Panel>
      )}
      <BookingPanel />
      <WaitsPanel />
    </div>
  );
}

