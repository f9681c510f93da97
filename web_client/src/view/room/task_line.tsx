/** The task of the moment: under each face on a wide page, in a strip above the controls on a phone. */
import { ChevronRight, MessageSquare } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";

import { current } from "@/core/desk";
import { firstName } from "@/core/names";
import { layer, toggleLayer } from "@/view/room/layers";
import { Tick } from "@/view/room/side";
import type { Visit } from "@/view/room/visit";
import { socket } from "@/io/socket";
import { t } from "@/words/room";

export function TaskLines({ visit }: { readonly visit: Visit }) {
  const own = visit.task.value;
  const partner = visit.partner.value;
  const theirs = current(visit.theirs.value);
  return (
    <div class="task-lines">
      <div class="task-line">
        {partner && theirs && (
          <>
            <span class="task-mark" aria-hidden="true">
              <ChevronRight size={18} strokeWidth={2} />
            </span>
            <p>
              <bdi class="task-line-text">{theirs.text}</bdi>
              <span class="task-line-note">{t("task.now.them", { name: firstName(partner.name) })}</span>
            </p>
          </>
        )}
      </div>
      <div class="task-line">
        {own && (
          <div class="task-line-own">
            <Tick task={own} onTick={(done) => visit.notes.tick(own.id, done)} />
            <span class="task-line-note">{t("task.now.you")}</span>
          </div>
        )}
      </div>
    </div>
  );
}

/** How many lines came since tasks and chat were last open. */
function useUnread(visit: Visit): number {
  const lines = visit.chat.value.filter((line) => line.by !== socket.member.value).length;
  const [seen, setSeen] = useState(lines);
  const open = layer.value === "sheet";
  useEffect(() => {
    if (open) setSeen(lines);
  }, [open, lines]);
  return Math.max(0, lines - seen);
}

export function TaskStrip({ visit }: { readonly visit: Visit }) {
  const own = visit.task.value;
  const list = visit.mine.value;
  const unread = useUnread(visit);
  const done = list.filter((task) => task.done).length;
  const phase = visit.phase.value;
  const ending = phase === "wrap" || phase === "ended" || (phase === "before" && visit.former.value !== null);
  const label = unread > 0 ? t("sheet.open.n", { n: unread }) : t("sheet.open");
  return (
    <section class="task-strip" aria-label={t("tasks.yours")}>
      {ending ? (
        <button type="button" class="task-strip-text task-strip-end" data-layer="sheet" onClick={() => toggleLayer("sheet")}>
          {t("end.ask")}
        </button>
      ) : phase === "hello" ? (
        <button type="button" class="task-strip-text task-strip-end" onClick={() => visit.startWorking()}>
          {t("hello.go")}
        </button>
      ) : (
        <div class="task-strip-text">
          {own ? <Tick task={own} onTick={(ticked) => visit.notes.tick(own.id, ticked)} /> : <span>{t("task.none.you")}</span>}
          {list.length > 0 && <span class="task-line-note">{t("task.done.n", { done, n: list.length })}</span>}
        </div>
      )}
      <button
        type="button"
        class="task-strip-open"
        data-layer="sheet"
        aria-label={label}
        aria-expanded={layer.value === "sheet"}
        onClick={() => toggleLayer("sheet")}
      >
        <MessageSquare aria-hidden="true" size={20} strokeWidth={1.75} />
        {unread > 0 && <span>{unread}</span>}
      </button>
    </section>
  );
}
