/** What a session was wished to be like, so that one more of its kind can be booked. */
import type { Booking, SoonWish } from "@/core/model";

/**
 * Every wish of a booking; its own length, though a match may have made the session shorter. A wish that is
 * not named here does not compile.
 */
export const wishedOf = ({
  length_min,
  wished_min,
  title,
  quiet,
  task,
  prefer_favourites,
  also_shorter,
}: Booking): Required<SoonWish> => ({
  length_min: wished_min || length_min,
  title,
  quiet,
  task,
  prefer_favourites,
  also_shorter,
});
