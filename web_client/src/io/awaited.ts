/** What the hub says of a partner who waits in the room of a session that has begun. */
import { effect, signal } from "@preact/signals";

import { type Awaited, heardOf } from "@/core/awaited";
import { firstName } from "@/core/names";
import type { Changed } from "@/core/wire";
import { say } from "@/io/announce";
import { keep, kept, tabwise } from "@/io/keep";
import { bookings } from "@/io/store";
import { isolate } from "@/words/words";
import { t } from "@/words/page";

/** It is told once: a reload would lose it. */
const KEY = "awaited";

export const awaited = signal<Awaited | null>(kept<Awaited | null>(tabwise, KEY, null));

effect(() => keep(tabwise, KEY, awaited.value ?? undefined));

export function hearAwaited({ booking, reason, start_ms }: Changed): void {
  if (reason !== "awaited") return;
  const before = awaited.peek();
  awaited.value = heardOf(before, booking, start_ms);
  if (awaited.peek() === before) return;
  const name = firstName(bookings.peek().get(booking)?.partner?.name ?? "");
  say(name ? t("awaited.text", { name: isolate(name) }) : t("awaited.text.unknown"));
}

/** The member is in a room: nobody waits for them, and a later word counts anew. */
export function settleAwaited(): void {
  awaited.value = null;
}
