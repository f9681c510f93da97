/** A time of an invite that is kept while its taker signs in and is welcomed. */
import { type HeldTime, ms, type Time } from "@/core/model";

export interface Held extends Time {
  /** The invite's token: the same page finishes it. */
  readonly token: string;
  /** What the server knows the hold by; empty where it knows by who is signed in. */
  readonly hold: string;
  readonly until: string;
  /** Name of the wish: finishing twice takes the time once. */
  readonly request: string;
  /** It came along with a mail, and was taken by a press on this page. */
  readonly pressed?: true;
}

/** Whether it is this invite's, and still held. */
export const isDue = (held: Held | null, token: string, now: number): held is Held =>
  held !== null && held.token === token && now < ms(held.until);

/**
 * Whether the page may finish by itself: the time was pressed in this browser. What came along with a mail was
 * chosen by whoever asked for that mail, and anybody may ask for one to anybody's address.
 */
export const mayFinish = (held: Held | null, token: string, now: number): held is Held =>
  isDue(held, token, now) && (held.hold !== "" || held.pressed === true);

/** A time that was chosen in another browser and came along with the link in the mail. */
export const given = (token: string, { start, length_min, until }: HeldTime, request: string): Held => ({
  token,
  start,
  length_min,
  until,
  hold: "",
  request,
});

/** What the request for a sign-in link carries: the page to open then, and the key of the time held there. */
export interface Carried {
  readonly next: string;
  readonly hold?: string;
}

export function carriedBy(held: Held | null, next: string, now: number): Carried {
  if (!held || now >= ms(held.until)) return { next };
  const own = `/i/${held.token}`;
  if (next !== "/" && next !== own) return { next };
  return held.hold ? { next: own, hold: held.hold } : { next: own };
}

/** Where to go once welcomed: back to a held time, to an invite one came by, or nowhere in particular. */
export function wayBack(held: Held | null, next: string, now: number): string | null {
  if (held && now < ms(held.until)) return `/i/${held.token}`;
  return next.startsWith("/i/") ? next : null;
}
