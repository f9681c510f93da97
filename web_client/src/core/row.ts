/** Sessions in a row: each begins so soon after the one before that there is no time for a pause. */
import { type Booking, ms } from "@/core/model";
import { MINUTE } from "@/core/zones";

/** From so many on a break is worth a word. */
export const MANY = 5;
/** Between two of a row lies no more than this. */
const PAUSE = 15 * MINUTE;

const counts = ({ state }: Booking): boolean => state === "matched" || state === "done";

/** How many a session makes with those right before it, itself included. */
export function rowWith(bookings: readonly Booking[], last: Booking): number {
  const before = bookings
    .filter((one) => counts(one) && ms(one.end) <= ms(last.start))
    .sort((a, b) => ms(b.end) - ms(a.end));
  let [n, start] = [1, ms(last.start)];
  for (const one of before) {
    if (start - ms(one.end) > PAUSE) break;
    n += 1;
    start = ms(one.start);
  }
  return n;
}
