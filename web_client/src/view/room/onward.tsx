/** The next session is with the same partner: the two stay where they are. */
import { type Booking, ms } from "@/core/model";
import { firstName } from "@/core/names";
import { times } from "@/io/store";
import { Button } from "@/view/parts/button";
import type { Sitting } from "@/view/room/sitting";
import { t } from "@/words/room";

/** Two whose next session begins so soon after this one go on in one room. */
const GAP_MS = 15 * 60_000;

export function staysHere(visit: Sitting, next: Booking): boolean {
  const room = visit.room.value;
  return room?.partner?.member === next.partner?.id && room !== null && ms(next.start) - room.end_ms <= GAP_MS;
}

export function GoOn({ visit, next }: { readonly visit: Sitting; readonly next: Booking }) {
  const room = visit.room.value;
  const name = firstName(next.partner?.name ?? "");
  const asked = room?.you.goes_on === true;
  return (
    <div class="end-next">
      <p>{t("onward.next", { time: times.value.time(ms(next.start)), name })}</p>
      {visit.goOn && room?.them.goes_on === true && !asked && <p class="room-hint">{t("onward.theirs", { name })}</p>}
      {visit.goOn && (
        <Button busy={asked} onPress={visit.goOn}>
          {asked ? t("onward.asked", { name }) : t("onward.go")}
        </Button>
      )}
    </div>
  );
}
