/** What changed in own sessions, seen until it is put away: one bar, the newest first. */
import { X } from "lucide-preact";

import { putAway, unread } from "@/io/notices";
import { go, route } from "@/io/router";
import { opened } from "@/view/calendar/state";
import { Button } from "@/view/parts/button";
import { t } from "@/words/booking";
import { t as pageText } from "@/words/page";

/** Pages on which a session opens in its panel. */
const HERE = new Set(["calendar", "sessions"]);

function show(booking: string): void {
  putAway();
  if (HERE.has(route.value.page)) opened.value = booking;
  else go(`/sessions/${booking}`);
}

export function Notices() {
  const newest = unread.value.at(-1);
  if (!newest) return null;
  const more = unread.value.length - 1;
  return (
    <section class="bar notices" aria-label={t("news.label")}>
      <p>
        {newest.text} {more > 0 && <small>{t("news.more", { n: more })}</small>}
      </p>
      <Button kind="plain" onPress={() => show(newest.booking)}>
        {t("news.open")}
      </Button>
      <Button kind="plain" label={pageText("do.close")} onPress={putAway}>
        <X class="icon" aria-hidden="true" />
      </Button>
    </section>
  );
}
