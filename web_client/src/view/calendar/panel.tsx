/** The panels of the calendar: an own session, and who waits at a start. What is in them comes when opened. */
import { ms } from "@/core/model";
import { bookings, times } from "@/io/store";
import { looked, opened, when, whenInside } from "@/view/calendar/state";
import { lazy } from "@/view/parts/lazy";
import { Panel } from "@/view/parts/panel";
import { t } from "@/words/booking";

const BookingPanelBody = lazy(() => import("@/view/booking/panel").then((m) => m.BookingPanelBody));
const WaitsBody = lazy(() => import("@/view/booking/waits").then((m) => m.WaitsBody));

export function BookingPanel() {
  const booking = opened.value ? bookings.value.get(opened.value) : undefined;
  if (!booking || booking.state === "cancelled") return null;
  const [start, end] = [ms(booking.start), ms(booking.end)];
  return (
    <Panel
      key={booking.id}
      title={
        <>
          {when(start).day}, <bdi>{times.value.range(start, end)}</bdi>
        </>
      }
      onClose={() => (opened.value = null)}
    >
      <BookingPanelBody booking={booking} />
    </Panel>
  );
}

export function WaitsPanel() {
  const pick = looked.value;
  if (!pick) return null;
  return (
    <Panel
      key={pick.start}
      title={t("waits.title", whenInside(pick.start))}
      onClose={() => (looked.value = null)}
    >
      <WaitsBody pick={pick} />
    </Panel>
  );
}
