/** Single-key shortcuts that work on every page, and the list of all keys. */
import { signal } from "@preact/signals";

import { anywhere, goal, isBare } from "@/core/keys";
import { nextOf } from "@/core/next";
import { serverNow } from "@/io/clock";
import { go, route } from "@/io/router";
import { singleKeys } from "@/io/settings";
import { me, ownBookings } from "@/io/store";
import { takeUndo } from "@/io/undo";
import { Panel } from "@/view/parts/panel";
import { type PageWord, t } from "@/words/page";

const open = signal(false);
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

function pressed(event: KeyboardEvent): void {
  if (!singleKeys.value || !isBare(event) || isTyping(event.target) || event.defaultPrevented) return;
  if (document.querySelector("dialog[open]") || !me.value) return;
  const to = going ? goal(event.key) : null;
  going = false;
  if (to) return go(to);
  const action = anywhere(event.key);
  if (action) DO[action]();
}

export function startKeys(): void {
  window.addEventListener("keydown", pressed);
}

type Line = readonly [readonly string[], PageWord];

const GRID: readonly Line[] = [
  [["←", "→", "↑", "↓"], "keys.arrows"],
  [["Home", "End"], "keys.home"],
  [["PgUp", "PgDn"], "keys.page"],
  [["Space", "Enter"], "keys.choose"],
  [["B"], "keys.book"],
  [["T"], "keys.now"],
  [["F"], "keys.find"],
  [["1", "2", "3"], "keys.length"],
  [["D", "W"], "keys.view"],
  [["[", "]"], "keys.week"],
];
const CHECK: readonly Line[] = [
  [["M"], "keys.mic"],
  [["P"], "keys.chime"],
  [["Enter"], "keys.enter"],
];
const ANYWHERE: readonly Line[] = [
  [["?"], "keys.help"],
  [["G", "C S Y"], "keys.go"],
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
          <dd>{t(text)}</dd>
        </>
      ))}
    </dl>
  );
}

export function KeysPanel() {
  if (!open.value) return null;
  return (
    <Panel title={t("keys.title")} onClose={() => (open.value = false)}>
      <h3>{t("keys.anywhere")}</h3>
      <List lines={ANYWHERE} />
      <h3>{t("keys.grid")}</h3>
      <List lines={GRID} />
      <h3>{t("keys.check")}</h3>
      <List lines={CHECK} />
    </Panel>
  );
}
