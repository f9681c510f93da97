/** Threads of messages: how their lines stand under each other, and which of them are still unsent. */
import { type Line, ms, type Thread } from "@/core/model";
import { type Day, dayAt, HOUR } from "@/core/zones";

/** A line on its way, or one that did not arrive. */
export interface Unsent {
  /** Name of the wish, so that sending it twice writes it once. */
  readonly id: string;
  readonly text: string;
  /** Why it did not arrive; empty while it is on its way. */
  readonly code: string;
}

export type Row =
  | { readonly kind: "day"; readonly day: Day; readonly at: number }
  | { readonly kind: "new" }
  | { readonly kind: "line"; readonly line: Line };

/** The first line that was not read: of the others' lines the last `unread`. */
export function firstUnread(lines: readonly Line[], unread: number, me: string): string | null {
  const theirs = lines.filter(({ by }) => by !== me);
  return unread > 0 ? (theirs.at(-Math.min(unread, theirs.length))?.id ?? null) : null;
}

/** Lines with a heading for each day and a mark above the first unread one. */
export function rows(lines: readonly Line[], zone: string, fresh: string | null): readonly Row[] {
  let last: Day | null = null;
  return lines.flatMap((line): Row[] => {
    const day = dayAt(zone, ms(line.at));
    const heading: Row[] = day === last ? [] : [{ kind: "day", day, at: ms(line.at) }];
    last = day;
    const mark: Row[] = line.id === fresh ? [{ kind: "new" }] : [];
    return [...heading, ...mark, { kind: "line", line }];
  });
}

/** Whether both may write now. */
export const isOpen = ({ open, open_until }: Thread, now: number): boolean =>
  open && (open_until === null || ms(open_until) > now);

export const unreadIn = (threads: readonly Thread[]): number =>
  threads.reduce((sum, { unread }) => sum + unread, 0);

const lastAt = ({ lines }: Thread): number => {
  const last = lines.at(-1);
  return last ? ms(last.at) : 0;
};

/** The newest first. */
export const newestFirst = (threads: readonly Thread[]): readonly Thread[] =>
  [...threads].sort((a, b) => lastAt(b) - lastAt(a));

export interface Said {
  readonly by: string;
  readonly at_ms: number;
  readonly text: string;
}

/** What a partner said last: a line in the room, or the message they wrote shortly before the session. */
export function lastSaid(
  chat: readonly Said[],
  threads: readonly Thread[],
  partner: string,
  start_ms: number,
): Said | undefined {
  const line = chat.findLast(({ by }) => by === partner);
  const message = threads.find(({ member }) => member.id === partner)?.lines.at(-1);
  const written = message && { by: message.by, at_ms: ms(message.at), text: message.text };
  if (!written || written.by !== partner || written.at_ms < start_ms - HOUR) return line;
  return line && line.at_ms >= written.at_ms ? line : written;
}
