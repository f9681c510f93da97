/** What the hub says of a partner who waits in the room of a session that has begun. */
import { signal } from "@preact/signals";

import { type Awaited, heardOf } from "@/core/awaited";
import type { Changed } from "@/core/wire";

export const awaited = signal<Awaited | null>(null);

export function hearAwaited({ booking, reason, start_ms }: Changed): void {
  if (reason === "awaited") awaited.value = heardOf(awaited.value, booking, start_ms);
}
