/** Messages: the threads, and the one that is open. A phone shows one of the two. */
import "@/styles/messages.css";

import { useComputed } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { Thread } from "@/core/model";
import { firstName } from "@/core/names";
import { isToday } from "@/core/times";
import { now } from "@/io/clock";
import { loadThreads } from "@/io/community";
import { onChanged } from "@/io/live";
import { me, troubles, zone } from "@/io/store";
import { lastAt, list } from "@/view/messages/state";
import { OpenThread } from "@/view/messages/thread";
import { Say, short } from "@/view/people/words";
import { ButtonLink, Link } from "@/view/parts/button";
import { Heading } from "@/view/parts/heading";
import { Face, Name } from "@/view/parts/people";
import { Shapes, Trouble } from "@/view/parts/trouble";
import { t } from "@/words/people";

function LastLine({ thread }: { readonly thread: Thread }) {
  const last = thread.lines.at(-1);
  if (!last) return null;
  const text = <bdi>{last.text}</bdi>;
  return (
    <small class="cut">{last.by === me.value?.id ? <Say id="messages.you" values={{ text }} /> : text}</small>
  );
}

function Row({ thread, here }: { readonly thread: Thread; readonly here: boolean }) {
  const { member, unread } = thread;
  const at = lastAt(thread);
  const when = at > 0 ? short(at) : null;
  return (
    <li>
      <Link
        class={unread > 0 ? "thread-row fresh" : "thread-row"}
        href={`/messages/${member.id}`}
        aria-current={here ? "page" : undefined}
      >
        <Face name={member.name} tone="warm" size={44} />
        <span class="thread-who">
          <b class="cut">
            <Name>{member.name}</Name>
          </b>
          <LastLine thread={thread} />
        </span>
        <span class="thread-when">
          {when && <time>{isToday(zone.value, at, now.value) ? when.time : when.day}</time>}
          {unread > 0 && (
            <span class="badge-inline">
              <span aria-hidden="true">{unread}</span>
              <span class="sr">{t("messages.unread", { n: unread })}</span>
            </span>
          )}
        </span>
      </Link>
    </li>
  );
}

function Threads({ open }: { readonly open: string }) {
  const all = list.value;
  const error = troubles.value["threads"];
  if (error && !all) return <Trouble error={error} onRetry={() => void loadThreads()} />;
  if (!all) return <Shapes count={4} />;
  return (
    <>
      {error && <Trouble error={error} onRetry={() => void loadThreads()} />}
      {all.length === 0 && (
        <div class="stack">
          <p>{t("messages.none")}</p>
          <div>
            <ButtonLink kind="primary" href="/people">
              {t("messages.people")}
            </ButtonLink>
          </div>
        </div>
      )}
      <ul class="thread-list">
        {all.map((thread) => (
          <Row key={thread.member.id} thread={thread} here={thread.member.id === open} />
        ))}
      </ul>
    </>
  );
}

export default function MessagesPage({ about: id }: { readonly about: string }) {
  const some = useComputed(() => (list.value?.length ?? 0) > 0).value;
  useEffect(() => {
    void loadThreads();
    return onChanged(["people"], loadThreads);
  }, []);
  const name = list.value?.find(({ member }) => member.id === id)?.member.name ?? "";
  return (
    <main id="main" class={id ? "messages one" : "messages"} tabIndex={-1}>
      <section class="threads" aria-label={t("messages.list")}>
        {id ? (
          <h2 class="threads-title">{t("messages.title")}</h2>
        ) : (
          <Heading title={t("messages.title")} />
        )}
        <Threads open={id} />
      </section>
      {id ? (
        <OpenThread key={id} id={id} called={firstName(name)} />
      ) : (
        some && <p class="hint choose-thread">{t("messages.choose")}</p>
      )}
    </main>
  );
}
