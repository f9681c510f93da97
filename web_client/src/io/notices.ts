/** What changed in own sessions while the page was open: said once, seen until it was read. */
import { signal } from "@preact/signals";

import { keep, kept, tabwise } from "@/io/keep";

export interface Notice {
  readonly booking: string;
  readonly text: string;
  /** Who went, if somebody did. */
  readonly former: string;
}

const KEPT = 20;

/** By booking, the newest last; a reload of the page keeps them. */
export const history = signal<readonly Notice[]>(kept(tabwise, "notices", []));
/** Not put away yet. */
export const unread = signal<readonly Notice[]>([]);

export function notify(...added: readonly Notice[]): void {
  const about = new Set(added.map(({ booking }) => booking));
  history.value = [...history.value, ...added].slice(-KEPT);
  unread.value = [...unread.value.filter(({ booking }) => !about.has(booking)), ...added];
  keep(tabwise, "notices", history.value);
}

export function putAway(): void {
  unread.value = [];
}

/** What was last said of a booking. */
export const noticeOf = (booking: string): Notice | undefined =>
  history.value.findLast((notice) => notice.booking === booking);
