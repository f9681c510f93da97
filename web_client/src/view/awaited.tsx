/** A word to the partner who waits in the room: late, or not coming, and what that leads to. */
import { signal } from "@preact/signals";

import { answeredBy, type Answered, lateMin } from "@/core/awaited";
import { firstName } from "@/core/names";
import type { Next } from "@/core/next";
import { alert, say } from "@/io/announce";
import { api, ApiError, requestId } from "@/io/api";
import { awaited } from "@/io/awaited";
import { now, serverNow } from "@/io/clock";
import { instance, times } from "@/io/store";
import { Button, type Kind } from "@/view/parts/button";
import { errorText, t } from "@/words/page";
import { isolate } from "@/words/words";

/** Of the bar and of the card beside the calendar alike. */
const busy = signal(false);
const trouble = signal("");

/** The same line pressed again carries the same name, so that it is written once. */
let sent = { wish: "", id: "" };
function nameOf(wish: string): string {
  if (sent.wish !== wish) sent = { wish, id: requestId() };
  return sent.id;
}

const missedMs = (): number => instance.value?.rules.no_show_ms ?? 0;
const nameIn = ({ booking }: Next): string => isolate(firstName(booking.partner?.name ?? ""));

function toldText(next: Next, answered: Answered): string {
  const name = nameIn(next);
  if (answered === "told") return t("awaited.told", { name });
  return t("awaited.warned", { name, time: times.value.time(next.start + missedMs()) });
}

async function write(next: Next, line: string, answered: Answered): Promise<void> {
  const { id, partner } = next.booking;
  busy.value = true;
  trouble.value = "";
  try {
    await api.write(partner?.id ?? "", line, nameOf(`${id} ${line}`));
    if (awaited.value?.booking === id) awaited.value = { ...awaited.value, answered };
    say(toldText(next, answered));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    trouble.value = errorText(error.code, error.data);
    alert(trouble.value);
  } finally {
    busy.value = false;
  }
}

function writeLate(next: Next): void {
  const n = lateMin(next.start, serverNow());
  void write(next, t("awaited.late", { n }), answeredBy(n, missedMs()));
}

interface Props {
  readonly next: Next;
  readonly kind: Kind;
}

export function Answers({ next, kind }: Props) {
  const answered = awaited.value?.answered ?? "";
  if (answered !== "") return <p class="answers">{toldText(next, answered)}</p>;
  return (
    <div class="answers">
      {trouble.value && <p>{trouble.value}</p>}
      <Button kind={kind} class="quiet" busy={busy.value} onPress={() => writeLate(next)}>
        {t("awaited.late", { n: lateMin(next.start, now.value) })}
      </Button>
      <Button
        kind={kind}
        class="quiet"
        busy={busy.value}
        onPress={() => void write(next, t("awaited.cannot.line"), answeredBy(null, missedMs()))}
      >
        {t("awaited.cannot")}
      </Button>
    </div>
  );
}
