/** One thread: with whom and for how long, its lines, and the field to write in. */
import { ChevronLeft, Clock3, SendHorizontal } from "lucide-preact";
import { useEffect, useRef } from "preact/hooks";

import { type Line, ms, type Thread } from "@/core/model";
import { firstName } from "@/core/names";
import { isOpen, rows, type Unsent } from "@/core/threads";
import { api, ApiError } from "@/io/api";
import { now } from "@/io/clock";
import { people, placePerson } from "@/io/community";
import { onChanged } from "@/io/live";
import { go } from "@/io/router";
import { comingWith, instance, me, times, zone } from "@/io/store";
import {
  draft,
  draftTo,
  drop,
  fresh,
  lastSeen,
  loadThread,
  look,
  threadOf,
  trouble,
  tryAgain,
  unsentTo,
  write,
} from "@/view/messages/state";
import { inside, long } from "@/view/people/words";
import { Button, Link } from "@/view/parts/button";
import { Heading } from "@/view/parts/heading";
import { Face, Name } from "@/view/parts/people";
import { Shapes, Trouble } from "@/view/parts/trouble";
import { isolate } from "@/words/words";
import { errorText } from "@/words/page";
import { t } from "@/words/people";

const FIELD = "message";

/** The coming session of the two, else the last one; and how long they may write. */
function about(thread: Thread): string {
  const { id } = thread.member;
  const [coming] = comingWith(id);
  const last = people.value?.get(id)?.last;
  const met = coming
    ? t("messages.coming", inside(ms(coming.start)))
    : last
      ? t("messages.met", inside(ms(last)))
      : "";
  if (!isOpen(thread, now.value)) return met;
  const until = thread.open_until
    ? t("messages.open.until", { day: times.value.shortDay(ms(thread.open_until)) })
    : t("messages.open.friends");
  return met ? `${met} · ${until}` : until;
}

function Head({ thread }: { readonly thread: Thread }) {
  const { member } = thread;
  const name = isolate(member.name);
  return (
    <header class="thread-head">
      <Link class="button plain icon-only thread-back" href="/messages" aria-label={t("messages.back")}>
        <ChevronLeft class="icon turns" aria-hidden="true" />
      </Link>
      <Face name={member.name} tone="warm" />
      <div class="thread-who">
        <Heading title={member.name} class="cut">
          <Link class="thread-name" href={`/people/${member.id}`} title={t("messages.profile", { name })}>
            <Name>{member.name}</Name>
          </Link>
        </Heading>
        <small>{about(thread)}</small>
      </div>
    </header>
  );
}

function Said({ line, name }: { readonly line: Line; readonly name: string }) {
  const own = line.by === me.value?.id;
  return (
    <li class={own ? "line own" : "line"}>
      <p class="line-who">
        <bdi>{own ? t("messages.by.you") : name}</bdi> <time>{times.value.time(ms(line.at))}</time>
      </p>
      <p class="line-text" dir="auto">
        {line.text}
      </p>
    </li>
  );
}

/** A line of one's own that is not there yet. */
function Waiting({ id, line }: { readonly id: string; readonly line: Unsent }) {
  return (
    <li class="line own unsent">
      <p class="line-text" dir="auto">
        {line.text}
      </p>
      {line.code === "" ? (
        <p class="line-who">
          <Clock3 class="icon small" aria-hidden="true" /> {t("messages.sending")}
        </p>
      ) : (
        <div class="line-failed">
          <p>{t("messages.unsent", { why: errorText(line.code) })}</p>
          {line.code !== "no_contact" && (
            <Button onPress={() => tryAgain(id, line)}>{t("messages.again")}</Button>
          )}
          <Button
            kind="plain"
            onPress={() => {
              drop(id, line);
              if (!draftTo(id)) draft(id, line.text);
              document.getElementById(FIELD)?.focus();
            }}
          >
            {t("messages.drop")}
          </Button>
        </div>
      )}
    </li>
  );
}

/** New lines are scrolled to where one was at the end already, or wrote oneself. */
function useEnd(count: number, own: number) {
  const box = useRef<HTMLDivElement>(null);
  const before = useRef({ own: 0, first: true });
  useEffect(() => {
    const node = box.current;
    if (!node) return;
    const near = node.scrollHeight - node.scrollTop - node.clientHeight < 160;
    const { own: wrote, first } = before.current;
    if (first || near || own > wrote) node.scrollTop = node.scrollHeight;
    before.current = { own, first: false };
  }, [count, own]);
  return box;
}

function Log({ id, thread }: { readonly id: string; readonly thread: Thread }) {
  const name = firstName(thread.member.name);
  const waiting = unsentTo(id);
  const mine = thread.lines.filter(({ by }) => by === me.value?.id).length + waiting.length;
  const box = useEnd(thread.lines.length + waiting.length, mine);
  const mark = fresh.value?.id === id ? fresh.value.line : null;
  return (
    // A log that overflows must be reachable by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div ref={box} class="log" role="log" aria-label={t("messages.log", { name: isolate(name) })} tabIndex={0}>
      {thread.lines.length === 0 && waiting.length === 0 && <p class="hint">{t("messages.first")}</p>}
      <ul>
        {rows(thread.lines, zone.value, mark).map((row) =>
          row.kind === "line" ? (
            <Said key={row.line.id} line={row.line} name={name} />
          ) : row.kind === "day" ? (
            <li key={row.day} class="line-day">
              {long(row.at).day}
            </li>
          ) : (
            <li key="new" class="line-new">
              {t("messages.new")}
            </li>
          ),
        )}
        {waiting.map((line) => (
          <Waiting key={line.id} id={id} line={line} />
        ))}
      </ul>
    </div>
  );
}

const QUICK = ["messages.quick.way", "messages.quick.late", "messages.quick.thanks"] as const;

/** Grows with its text up to a few lines; the browser does it where it can. */
function Write({ id, name }: { readonly id: string; readonly name: string }) {
  const text = draftTo(id);
  const limit = instance.value?.rules.chat_max ?? 0;
  const long = limit > 0 && [...text].length > limit;
  const label = t("messages.field", { name: isolate(name) });
  const send = () => {
    if (text.trim() === "" || long) return;
    write(id, text.trim());
    draft(id, "");
  };
  return (
    <div class="write">
      <ul class="quick" aria-label={t("messages.quick")}>
        {QUICK.map((word) => (
          <li key={word}>
            <button type="button" class="quick-line" onClick={() => write(id, t(word))}>
              {t(word)}
            </button>
          </li>
        ))}
      </ul>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <textarea
          id={FIELD}
          rows={1}
          dir="auto"
          value={text}
          aria-label={label}
          aria-invalid={long}
          aria-describedby={long ? `${FIELD}-long` : undefined}
          placeholder={label}
          onInput={(event) => draft(id, event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "ArrowUp" && text === "") {
              const other = lastSeen(id);
              if (other) go(`/messages/${other}`);
            }
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            send();
          }}
        />
        <Button kind="primary" type="submit" label={t("messages.send")}>
          <SendHorizontal class="icon turns" aria-hidden="true" />
        </Button>
      </form>
      {long && (
        <p class="error-text" id={`${FIELD}-long`}>
          {t("messages.long", { n: limit })}
        </p>
      )}
    </div>
  );
}

/** Who it is, for the session the two had; the thread shows without it. */
async function loadAbout(id: string): Promise<void> {
  try {
    placePerson(await api.person(id));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

function seen(id: string): void {
  if (!document.hidden) void loadThread(id);
}

export function OpenThread({ id, called }: { readonly id: string; readonly called: string }) {
  useEffect(() => {
    look(id);
    fresh.value = null;
    void loadThread(id);
    if (!people.peek()?.has(id)) void loadAbout(id);
    const shown = () => seen(id);
    document.addEventListener("visibilitychange", shown);
    const stop = onChanged(["messages", "people"], () => loadThread(id));
    return () => {
      stop();
      document.removeEventListener("visibilitychange", shown);
    };
  }, [id]);
  const thread = threadOf(id);
  const error = trouble.value?.id === id ? trouble.value.error : null;
  if (!thread) {
    return (
      <section class="thread">
        <header class="thread-head">
          <Link class="button plain icon-only thread-back" href="/messages" aria-label={t("messages.back")}>
            <ChevronLeft class="icon turns" aria-hidden="true" />
          </Link>
          <Heading title={called || t("messages.title")} />
        </header>
        {error ? <Trouble error={error} onRetry={() => void loadThread(id)} /> : <Shapes count={4} />}
      </section>
    );
  }
  const name = firstName(thread.member.name);
  return (
    <section class="thread">
      <Head thread={thread} />
      {error && <Trouble error={error} onRetry={() => void loadThread(id)} />}
      <Log id={id} thread={thread} />
      {isOpen(thread, now.value) ? (
        <Write id={id} name={name} />
      ) : (
        <p class="closed">{t("messages.closed")}</p>
      )}
    </section>
  );
}
