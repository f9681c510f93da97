/** A time of an invite that is kept while its taker signs in and is welcomed. */
import { ms, type Time } from "@/core/model";

export interface Held extends Time {
  /** The invite's token: the same page finishes it. */
  readonly token: string;
  /** What the server knows the hold by. */
  readonly hold: string;
  readonly until: string;
  /** Name of the wish: finishing twice takes the time once. */
  readonly request: string;
}

/** Whether this page may finish by itself: its own invite, and still held. */
export const isDue = (held: Held | null, token: string, now: number): held is Held =>
  held !== null && held.token === token && now < ms(held.until);

/** Where to go once welcomed: back to a held time, to an invite one came by, or nowhere in particular. */
export function wayBack(held: Held | null, next: string, now: number): string | null {
  if (held && now < ms(held.until)) return `/i/${held.token}`;
  return next.startsWith("/i/") ? next : null;
}
