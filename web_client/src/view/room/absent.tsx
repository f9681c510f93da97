/** The partner's tile while nobody sits there: what is known, and what one may do. */
import { signal } from "@preact/signals";

import { firstName } from "@/core/names";
import { type Company } from "@/core/session";
import { now } from "@/io/clock";
import { times } from "@/io/store";
import { Initials } from "@/view/room/signs";
import type { Visit } from "@/view/room/visit";
import { t } from "@/words/room";

/** The member chose to wait, so the offer is not repeated. */
const waiting = signal("");

interface Words {
  readonly heading: string;
  readonly text: string;
  /** The two ways on: staying, and leaving freely. */
  readonly offer: "wait" | "stay" | null;
}

function wordsFor(visit: Visit, how: Company): Words {
  const { room, late } = visit.state.value;
  const time = (at: number) => times.value.time(at);
  const name = firstName(room?.partner?.name ?? "");
  if (room === null) return { heading: "", text: "", offer: null };
  const begun = now.value >= room.start_ms;
  const wentAway = how === "gone" && begun && late === null;
  if (how === "left" || wentAway) return { heading: t("left.heading", { name }), text: t("left.partner"), offer: null };
  if (how === "none") {
    return begun
      ? { heading: t("late.none"), text: "", offer: "stay" }
      : { heading: t("late.before.none"), text: t("late.before.none.text", { time: time(room.start_ms) }), offer: null };
  }
  if (!begun) {
    return { heading: t("late.before", { name }), text: t("late.before.text", { time: time(room.opens_ms) }), offer: null };
  }
  const heading = t("late.partner", { name });
  if (late === null) return { heading, text: t("late.text", { time: time(room.start_ms) }), offer: null };
  if (late.no_show) return { heading, text: t("late.no_show", { name, time: time(late.next_ms) }), offer: "stay" };
  if (waiting.value === room.pair) return { heading, text: t("late.waiting"), offer: null };
  return { heading, text: t("late.offer", { time: time(now.value) }), offer: "wait" };
}

/** The partner's last line, which may say why. */
function LastLine({ visit }: { readonly visit: Visit }) {
  const partner = visit.partner.value;
  const line = visit.chat.value.findLast((each) => each.by === partner?.member);
  if (!partner || !line) return null;
  return (
    <p class="tile-card-small">
      {t("late.wrote", { name: firstName(partner.name), time: times.value.time(line.at_ms), text: line.text })}
    </p>
  );
}

export function Absent({ visit, how }: { readonly visit: Visit; readonly how: Company }) {
  const { heading, text, offer } = wordsFor(visit, how);
  const pair = visit.room.value?.pair ?? "";
  return (
    <div class="tile-card">
      {visit.partner.value && <Initials name={visit.partner.value.name} />}
      <p class="tile-card-heading">{heading}</p>
      {text && <p class="tile-card-text">{text}</p>}
      {offer && (
        <div class="tile-card-do">
          {offer === "wait" && (
            <button type="button" class="button primary" onClick={() => (waiting.value = pair)}>
              {t("late.wait")}
            </button>
          )}
          <button type="button" class="button soft" onClick={() => visit.leave()}>
            {t("late.leave")}
          </button>
        </div>
      )}
      <LastLine visit={visit} />
    </div>
  );
}
