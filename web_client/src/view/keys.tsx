/** Single-key shortcuts that work on every page, and the list of all keys. */
import { signal } from "@preact/signals";

import { anywhere, goal, isBare, isFind } from "@/core/keys";
import { nextOf } from "@/core/next";
import { serverNow } from "@/io/clock";
import { go, route } from "@/io/router";
import { singleKeys } from "@/io/settings";
import { me, ownBookings } from "@/io/store";
import { takeUndo } from "@/io/undo";
import { lazy } from "@/view/parts/lazy";
import { Panel } from "@/view/parts/panel";
import * as words from "@/words/booking";
import type { BookingWord } from "@/words/booking";
import { has, type PageWord, t } from "@/words/page";

const open = signal(false);
const finding = signal(false);

const FindLayer = lazy(() => import("@/view/find").then((m) => m.FindLayer));
/** `G` was pressed and the next key says where to. */
let going = false;

const TYPED = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]";

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element && target.matches(TYPED);

/** Pages that have keys of their own: of the global ones only `?` and `Z` live there. */
const own = (): boolean => route.value.page === "room" || route.value.page === "check";

function goToNext(): void {
  const next = nextOf(ownBookings.value, serverNow());
  if (next) go(`/check/${next.booking.id}`);
}

const DO = {
  help: () => (open.value = true),
  undo: takeUndo,
  next: () => own() || goToNext(),
  go: () => (going = !own()),
} as const;

/** With a modifier, so it works in fields too and needs no setting. */
function find(event: KeyboardEvent): void {
  if (!isFind(event) || own() || !me.value?.welcomed) return;
  event.preventDefault();
  if (finding.value) finding.value = false;
  else if (!document.querySelector("dialog[open]")) finding.value = true;
}

function pressed(event: KeyboardEvent): void {
  if (!singleKeys.value || !isBare(event) || isTyping(event.target) || event.defaultPrevented) return;
  if (document.querySelector("dialog[open]") || !me.value) return;
  const to = going ? goal(event.key) : null;
  going = false;
  const action = anywhere(event.key);
  // Whoever listens after this knows that the press had its meaning.
  if (to || action) event.preventDefault();
  if (to) return go(to);
  if (action) DO[action]();
}

export function startKeys(): void {
  window.addEventListener("keydown", pressed);
  window.addEventListener("keydown", find);
}

type Line = readonly [readonly string[], PageWord | BookingWord];

const GRID: readonly Line[] = [
  [["←", "→", "↑", "↓"], "keys.arrows"],
  [["Home", "End"], "keys.home"],
  [["PgUp", "PgDn"], "keys.page"],
  [["Space", "Enter"], "keys.choose"],
  [["B"], "keys.book"],
  [["T"], "keys.now"],
  [["F"], "keys.find"],
  [["L"], "keys.waits"],
  [["1", "2", "3"], "keys.length"],
  [["D", "W"], "keys.view"],
  [["[", "]"], "keys.week"],
];
const PEOPLE: readonly Line[] = [
  [["J", "K"], "keys.rows"],
  [["/"], "keys.search"],
  [["S"], "keys.favourite"],
];
const SESSIONS: readonly Line[] = [
  [["J", "K"], "keys.session.rows"],
  [["Enter"], "keys.session.open"],
  [["E"], "keys.session.room"],
];
const CHECK: readonly Line[] = [
  [["M"], "keys.mic"],
  [["P"], "keys.chime"],
  [["Enter"], "keys.enter"],
];
const ANYWHERE: readonly Line[] = [
  [["?"], "keys.help"],
  [["Ctrl/⌘ K"], "keys.layer"],
  [["G", "C S P M Y"], "keys.go"],
  [["N"], "keys.next"],
  [["Z"], "keys.undo"],
  [["Esc"], "keys.close"],
];

function List({ lines }: { readonly lines: readonly Line[] }) {
  return (
    <dl class="keys">
      {lines.map(([keys, text]) => (
        <>
          <dt>
            {keys.map((key) => (
              <>
                <kbd>{key}</kbd>{" "}
              </>
            ))}
          </dt>
          <dd>{has(text) ? t(text) : words.t(text as BookingWord)}</dd>
        </>
      ))}
    </dl>
  );
}

export function KeysPanel() {
  if (finding.value) return <FindLayer onClose={() => (finding.value = false)} />;
  if (!open.value) return null;
  return (
    <Panel title={t("keys.title")} onClose={() => (open.value = false)}>
      <h3>{t("keys.anywhere")}</h3>
      <List lines={ANYWHERE} />
      <h3>{t("keys.grid")}</h3>
      <List lines={GRID} />
      <h3>{t("keys.people")}</h3>
      <List lines={PEOPLE} />
      <h3>{words.t("keys.sessions")}</h3>
      <List lines={SESSIONS} />
      <h3>{t("keys.check")}</h3>
      <List lines={CHECK} />
    </Panel>
  );
}
