/** Cancelling: what follows from it is said before, and done at once where nothing does. */
import { useId } from "preact/hooks";

import { type Booking, ms } from "@/core/model";
import { firstName } from "@/core/names";
import { cancelIsLate, isAsked, lateFrom } from "@/core/next";
import { serverNow } from "@/io/clock";
import { instance, times } from "@/io/store";
import { busy, cancel } from "@/view/calendar/state";
import { limitText } from "@/view/parts/amount";
import { Button, ButtonLink } from "@/view/parts/button";
import { t } from "@/words/booking";
import { isolate } from "@/words/words";

const limitOf = (): number => instance.value?.rules.late_cancel_ms ?? 0;

/** What cancelling now would do. */
export function consequence(booking: Booking): string {
  const { partner, start } = booking;
  const limit = limitOf();
  const late = cancelIsLate(booking, serverNow(), limit);
  const amount = limitText(limit);
  if (!partner && booking.state === "waiting") return late ? t("cancel.late.alone", { amount }) : t("cancel.free.alone");
  const name = partner ? isolate(firstName(partner.name)) : t("cancel.partner");
  const time = times.value.time(ms(start));
  if (late) return t("cancel.late", { name, time, amount });
  if (isAsked(booking, serverNow())) return t("cancel.left");
  const from = lateFrom(booking, limit);
  if (from !== null && ms(start) - from < limit - 1) return t("cancel.regret");
  return t("cancel.free", { name });
}

/** Until when it is free, in small print, while that time is ahead and near enough to matter. */
export function freeUntil(booking: Booking): string {
  const from = lateFrom(booking, limitOf());
  return from !== null && serverNow() < from ? t("cancel.free.until", { time: times.value.time(from) }) : "";
}

interface SureProps {
  readonly booking: Booking;
  readonly onNo: () => void;
  readonly onDone?: () => void;
  /** What is done instead of cancelling this session alone. */
  readonly onYes?: () => Promise<void>;
  /** What is asked and answered then. */
  readonly words?: { readonly ask: string; readonly yes: string };
}

export function Sure({ booking, onNo, onDone, onYes = () => cancel(booking), words }: SureProps) {
  const heading = useId();
  const late = cancelIsLate(booking, serverNow(), limitOf());
  const { partner } = booking;
  return (
    <div class="sure" role="group" aria-labelledby={heading}>
      <h3 id={heading}>{words?.ask ?? t("cancel.heading")}</h3>
      <p role="alert">{consequence(booking)}</p>
      <div class="row">
        {late && partner && (
          <ButtonLink kind="primary" href={`/messages/${partner.id}`}>
            {t("cancel.write")}
          </ButtonLink>
        )}
        <Button kind="soft" onPress={() => void onYes().then(onDone)} busy={busy.value}>
          {words?.yes ?? t("cancel.yes")}
        </Button>
        <Button kind="plain" onPress={onNo}>
          {t("cancel.no")}
        </Button>
      </div>
    </div>
  );
}
