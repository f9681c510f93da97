/** What came of a past session, in words. */
import type { Booking, Flag } from "@/core/model";
import { firstName } from "@/core/names";
import { cameOf } from "@/core/past";
import { MINUTE } from "@/core/zones";
import { t } from "@/words/booking";
import { isolate } from "@/words/words";

/** "46 minutes alongside", or what was noted. */
export function cameText(booking: Booking, noted: readonly Flag[]): string {
  const came = cameOf(booking, noted);
  const flag = noted.find(({ fault }) => fault === came);
  const late = Math.floor((flag?.measured_ms ?? 0) / MINUTE);
  if (came === "late" && late > 0) return t("came.late.n", { n: late });
  const name = isolate(firstName(booking.partner?.name ?? ""));
  return t(`came.${came}`, { n: booking.together_min ?? booking.length_min, name });
}
