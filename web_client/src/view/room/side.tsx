/** The side column: tasks and chat, or the check-in at the end. On a phone it is a sheet. */
import { Check, ChevronRight, Clock3, SendHorizontal, X } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";

import type { Line, Task } from "@/core/desk";
import { firstName } from "@/core/names";
import { go } from "@/io/router";
import { socket } from "@/io/socket";
import { instance, times } from "@/io/store";
import { limitText } from "@/view/parts/amount";
import { Button } from "@/view/parts/button";
import { CheckIn } from "@/view/room/checkin";
import { FormerCheckIn } from "@/view/room/former";
import { closeLayer } from "@/view/room/layers";
import type { Visit } from "@/view/room/visit";
import { t } from "@/words/room";

/** Where the keys `T` and `C` put the cursor. */
export const FIELDS = { task: "room-task", chat: "room-chat" } as const;

interface TickProps {
  readonly task: Task;
  readonly onTick: (done: boolean) => void;
}

export function Tick({ task, onTick }: TickProps) {
  return (
    <label class="task-tick">
      <input type="checkbox" checked={task.done} onChange={(event) => onTick(event.currentTarget.checked)} />
      <span class="task-box" aria-hidden="true">
        <Check size={14} strokeWidth={3} />
      </span>
      <bdi class="task-text">{task.text}</bdi>
    </label>
  );
}

function AddTask({ visit }: { readonly visit: Visit }) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const limit = instance.value?.rules.task_max ?? 0;
  const long = [...text].length > limit;
  const none = visit.mine.value.length === 0;
  const add = (event: Event) => {
    event.preventDefault();
    if (text.trim() === "" || long) return;
    visit.notes.addTask(text.trim());
    setText("");
  };
  return (
    <form class="task-add" data-open={open || none} onSubmit={add}>
      <input
        id={FIELDS.task}
        class="room-field"
        value={text}
        aria-label={t("tasks.add.field")}
        aria-invalid={long}
        placeholder={t("tasks.add")}
        onInput={(event) => setText(event.currentTarget.value)}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(text !== "")}
      />
      {text.trim() !== "" && (
        <Button kind="soft" type="submit">
          {t("tasks.add.do")}
        </Button>
      )}
      {long && <p class="room-error">{t("tasks.too_long", { n: limit })}</p>}
    </form>
  );
}

function OwnTasks({ visit }: { readonly visit: Visit }) {
  const list = visit.mine.value;
  const now = visit.task.value;
  return (
    <section class="side-part" aria-labelledby="tasks-yours">
      <h2 id="tasks-yours" class="side-head side-head-you">
        {t("tasks.yours")}
      </h2>
      {list.length === 0 && <p class="room-hint">{t("tasks.none")}</p>}
      <ul class="task-list">
        {list.map((task) => (
          <li key={task.id} class={task.id === now?.id ? "task task-now" : "task"} data-done={task.done}>
            <Tick task={task} onTick={(done) => visit.notes.tick(task.id, done)} />
            <button
              type="button"
              class="task-drop"
              aria-label={t("tasks.drop", { task: task.text })}
              title={t("tasks.drop", { task: task.text })}
              onClick={() => visit.notes.drop(task.id)}
            >
              <X aria-hidden="true" size={16} strokeWidth={1.75} />
            </button>
          </li>
        ))}
      </ul>
      <AddTask visit={visit} />
    </section>
  );
}

function TheirTasks({ visit }: { readonly visit: Visit }) {
  const partner = visit.partner.value;
  if (partner === null) return null;
  const list = visit.theirs.value;
  const now = list.find((task) => !task.done);
  const name = firstName(partner.name);
  return (
    <section class="side-part" aria-labelledby="tasks-theirs">
      <h2 id="tasks-theirs" class="side-head side-head-them">
        {t("tasks.theirs", { name })}
      </h2>
      {list.length === 0 && <p class="room-hint">{t("tasks.theirs.none", { name })}</p>}
      <ul class="task-list">
        {list.map((task) => (
          <li key={task.id} class={task === now ? "task task-theirs task-now" : "task task-theirs"} data-done={task.done}>
            {/* No box: it is not ours to tick. */}
            <span class="task-mark" aria-hidden="true">
              {task.done ? <Check size={16} strokeWidth={2} /> : task === now && <ChevronRight size={16} strokeWidth={2} />}
            </span>
            <bdi class="task-text">{task.text}</bdi>
            {task.done && <span class="sr">{t("outcome.done")}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function ChatLine({ visit, line }: { readonly visit: Visit; readonly line: Line }) {
  const own = line.by === socket.member.value;
  const partner = visit.partner.value;
  const who = own ? t("chat.you") : partner?.member === line.by ? firstName(partner.name) : t("chat.gone");
  return (
    <li class={own ? "chat-line chat-own" : "chat-line"}>
      <p class="chat-who">
        <bdi>{who}</bdi> <time>{times.value.time(line.at_ms)}</time>
        {visit.notes.unsent.value.has(line.id) && (
          <Clock3 class="chat-waits" role="img" aria-label={t("chat.waits")} size={14} strokeWidth={1.75} />
        )}
      </p>
      <p class="chat-text" dir="auto">
        {line.text}
      </p>
    </li>
  );
}

function ChatLog({ visit, label }: { readonly visit: Visit; readonly label: string }) {
  const box = useRef<HTMLDivElement>(null);
  const lines = visit.chat.value;
  const last = lines.at(-1)?.id;
  useEffect(() => {
    const node = box.current;
    if (node) node.scrollTop = node.scrollHeight;
  }, [last]);
  return (
    // A log that overflows must be reachable by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div ref={box} class="chat-log" role="log" aria-label={label} tabIndex={0}>
      {lines.length === 0 && <p class="room-hint">{t("chat.empty")}</p>}
      <ul>
        {lines.map((line) => (
          <ChatLine key={line.id} visit={visit} line={line} />
        ))}
      </ul>
    </div>
  );
}

function Chat({ visit }: { readonly visit: Visit }) {
  const [text, setText] = useState("");
  const name = firstName(visit.partner.value?.name ?? "");
  const label = name === "" ? t("chat.label.alone") : t("chat.label", { name });
  const write = name === "" ? t("chat.write.alone") : t("chat.write", { name });
  const limit = instance.value?.rules.chat_max ?? 0;
  const long = [...text].length > limit;
  const send = () => {
    if (text.trim() === "" || long) return;
    visit.notes.say(text.trim());
    setText("");
  };
  return (
    <section class="side-part side-chat" aria-label={label}>
      <ChatLog visit={visit} label={label} />
      <form
        class="chat-form"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <textarea
          id={FIELDS.chat}
          class="room-field"
          rows={1}
          value={text}
          aria-label={write}
          aria-invalid={long}
          placeholder={write}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            send();
          }}
        />
        {text.trim() !== "" && (
          <button type="submit" class="chat-send" aria-label={t("chat.send")} title={t("chat.send")}>
            <SendHorizontal aria-hidden="true" size={20} strokeWidth={1.75} />
          </button>
        )}
      </form>
      {long && <p class="room-error">{t("chat.too_long", { n: limit })}</p>}
    </section>
  );
}

function Hello({ visit }: { readonly visit: Visit }) {
  const { partner } = visit;
  const first = partner.value?.sessions === 0;
  const late = useLate(visit);
  return (
    <section class="side-part hello" aria-labelledby="hello">
      <h2 id="hello">{t("hello.heading")}</h2>
      {late && <p>{late}</p>}
      <p>{t(visit.room.value?.carried === true ? "hello.text.again" : "hello.text")}</p>
      {first && <p class="room-hint">{t("hello.first", { name: firstName(partner.value?.name ?? "") })}</p>}
      <Button kind="primary" wide onPress={() => visit.startWorking()}>
        {t("hello.go")}
      </Button>
    </section>
  );
}

/** For the one who came in late: the fact, without blame. */
function useLate(visit: Visit): string {
  const room = visit.room.value;
  const rules = instance.value?.rules;
  const at = visit.came_ms.value;
  if (room === null || rules === undefined || at <= room.start_ms + rules.on_time_ms) return "";
  const name = firstName(room.partner?.name ?? "");
  const note = t("late.self.note", { amount: limitText(rules.late_ms) });
  return `${t("late.self", { time: times.value.time(at), name })} ${note}`;
}

/** After the end one may go at once. */
function WayOn({ visit }: { readonly visit: Visit }) {
  const leave = () => {
    visit.leave();
    go("/");
  };
  return (
    <div class="side-part side-on">
      <Button kind="primary" wide onPress={leave}>
        {t("end.calendar")}
      </Button>
    </div>
  );
}

export function Side({ visit, sheet }: { readonly visit: Visit; readonly sheet: boolean }) {
  const phase = visit.phase.value;
  const ending = phase === "wrap" || phase === "ended";
  return (
    <aside class={sheet ? "room-side room-side-open" : "room-side"} aria-label={t("side.label")}>
      <div class="side-top">
        <span aria-hidden="true">{t("side.label")}</span>
        <Button kind="plain" label={t("sheet.close")} class="side-close" onPress={closeLayer}>
          <X class="icon" aria-hidden="true" />
        </Button>
      </div>
      <div class="side-scroll">
        {phase === "hello" && <Hello visit={visit} />}
        {!ending && <FormerCheckIn visit={visit} />}
        {ending ? (
          <CheckIn visit={visit} />
        ) : (
          <>
            <OwnTasks visit={visit} />
            <TheirTasks visit={visit} />
          </>
        )}
      </div>
      {phase === "ended" && <WayOn visit={visit} />}
      <Chat visit={visit} />
    </aside>
  );
}
