/** What a member has set about rooms in this browser. */
import { effect, signal } from "@preact/signals";

import { keep, kept, local } from "@/io/keep";

export const showTime = signal(kept(local, "room.time", true));
effect(() => keep(local, "room.time", showTime.value));
