/** Small signs of the room: the pair sign, the timer, initials. */
import { initials } from "@/core/names";
import { type Timer } from "@/core/session";
import { t } from "@/words/room";

/** The logo's bars: cool is you; the warm one is filled while the partner is there. */
export function PairSign({ both }: { readonly both: boolean }) {
  return (
    <svg class="room-sign" viewBox="0 0 18 18" role="img" aria-label={t(both ? "sign.both" : "sign.you")}>
      <rect class="pair-you" x="1" y="1" width="6" height="16" rx="3" />
      <rect class={both ? "pair-them" : "pair-nobody"} x="10.5" y="1" width="6" height="16" rx="3" />
    </svg>
  );
}

export function Initials({ name }: { readonly name: string }) {
  return (
    <span class="room-initials" aria-hidden="true">
      {initials(name)}
    </span>
  );
}

/** "26" and "min left", or "0:42" and "left" in the last minute. */
export function timerWords({ towards, minutes, seconds }: Timer): readonly [value: string, unit: string] {
  if (seconds === null || towards === "close") return [String(minutes), t(`timer.${towards}`)];
  return [`0:${String(seconds).padStart(2, "0")}`, t(`timer.${towards}.s`)];
}

/** The same as one short word for the window's title. */
export function timerShort({ minutes, seconds }: Timer): string {
  return seconds === null ? t("left.min", { n: minutes }) : t("left.s", { n: seconds });
}
