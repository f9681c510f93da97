/** Nobody is free: the next session is one press away, and this one may be left or not. */
import { signal } from "@preact/signals";

import { ms, type SoonWish } from "@/core/model";
import type { Room } from "@/core/wire";
import { wishedOf } from "@/core/wished";
import { MINUTE } from "@/core/zones";
import { say } from "@/io/announce";
import { api, ApiError, requestId } from "@/io/api";
import { now } from "@/io/clock";
import { dayWord } from "@/io/live";
import { bookings, place, times } from "@/io/store";
import { carried } from "@/io/wishes";
import { Button } from "@/view/parts/button";
import { Trouble } from "@/view/parts/trouble";
import type { Visit } from "@/view/room/visit";
import { t } from "@/words/room";

/** What was booked from which session, so that another press books no second one. */
const booked = signal<{ readonly from: string; readonly to: string } | null>(null);
const trouble = signal<ApiError | null>(null);
const busy = signal(false);

/** Like this session; while its booking is not known, as long as it is and with the remembered options. */
function wishOf(booking: string, { start_ms, end_ms }: Room): SoonWish {
  const known = bookings.value.get(booking);
  if (known) return wishedOf(known);
  return { ...carried(), length_min: Math.round((end_ms - start_ms) / MINUTE) };
}

async function book(visit: Visit): Promise<void> {
  const room = visit.room.value;
  if (room === null) return;
  busy.value = true;
  try {
    const next = await api.bookSoon(wishOf(visit.booking, room), requestId());
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
