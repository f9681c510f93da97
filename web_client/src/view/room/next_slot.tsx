/** Nobody is free: the next session is one press away, and this one may be left or not. */
import { signal } from "@preact/signals";

import { ms } from "@/core/model";
import { say } from "@/io/announce";
import { api, ApiError, requestId } from "@/io/api";
import { now } from "@/io/clock";
import { dayWord } from "@/io/live";
import { bookings, place, times } from "@/io/store";
import { Button } from "@/view/parts/button";
import { Trouble } from "@/view/parts/trouble";
import type { Visit } from "@/view/room/visit";
import { t } from "@/words/room";

/** What was booked from which session, so that another press books no second one. */
const booked = signal<{ readonly from: string; readonly to: string } | null>(null);
const trouble = signal<ApiError | null>(null);
const busy = signal(false);

async function book(visit: Visit): Promise<void> {
  const room = visit.room.value;
  if (room === null) return;
  busy.value = true;
  try {
    const length_min = Math.round((room.end_ms - room.start_ms) / 60_000);
    const next = await api.bookSoon(bookings.value.get(visit.booking)?.wished_min || length_min, requestId());
    place(next);
    booked.value = { from: visit.booking, to: next.id };
    trouble.value = null;
    say(bookedText(visit));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    trouble.value = error;
  } finally {
    busy.value = false;
  }
}

/** What a press booked from this session; empty before. */
export function bookedText(visit: Visit): string {
  const next = booked.value?.from === visit.booking ? bookings.value.get(booked.value.to) : undefined;
  if (next === undefined) return "";
  const start = ms(next.start);
  return t("change.next.booked", { day: dayWord(times.value, start, now.value, "inside"), time: times.value.time(start) });
}

export function NextSlot({ visit }: { readonly visit: Visit }) {
  if (bookedText(visit) !== "") return null;
  return (
    <>
      <Button busy={busy.value} onPress={() => void book(visit)}>
        {t("change.next")}
      </Button>
      {trouble.value && <Trouble error={trouble.value} />}
    </>
  );
}
