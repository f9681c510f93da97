/** From where on a line is bad: for the sign, for what is said of the call, and for what is sent at most. */

/** Of a hundred packets, this many lost make a picture fall apart. */
export const LOSS_BAD = 0.08;
/** Two people begin to speak into each other's words. */
export const ROUND_TRIP_BAD_MS = 600;
/** What the way out has to carry for a small picture beside the sound. */
export const ROOM_BAD_KBPS = 200;
