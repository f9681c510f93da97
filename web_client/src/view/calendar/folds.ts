/** Which folded hours are open. */
import { signal } from "@preact/signals";

export const unfolded = signal({ before: false, after: false });
/** Whether the board shows the hours of today that have passed. */
export const pastShown = signal(false);
/** How many half hours beyond the first the minutes' board shows. */
export const laterShown = signal(0);
