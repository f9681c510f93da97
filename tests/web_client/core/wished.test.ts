import type { Booking } from "@/core/model";
import { wishedOf } from "@/core/wished";

const booking = {
  id: "b7",
  start: "2026-11-24T09:00:00Z",
  end: "2026-11-24T09:25:00Z",
  length_min: 25,
  state: "waiting",
  title: "Thesis",
  quiet: true,
  task: "desk",
  prefer_favourites: false,
  locked: false,
  opens: "2026-11-24T08:50:00Z",
  closes: "2026-11-24T09:30:00Z",
  partner: null,
  wished_min: 50,
  also_shorter: true,
  free_to_cancel: false,
  revealed: true,
  late_cancel_from: null,
  release_until: null,
  outcome: null,
  together_min: null,
  sequence: 3,
  repeat: null,
} as Booking;

test("one more session of its kind has every wish of a booking, and the length it was booked for", () => {
  expect(wishedOf(booking)).toEqual({
    length_min: 50,
    title: "Thesis",
    quiet: true,
    task: "desk",
    prefer_favourites: false,
    also_shorter: true,
  });
});
