/** The mail of a computer that has no mail: only an instance bound to this machine serves it. */
import "./doors.css";

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { type Mail, ms } from "@/core/model";
import { now } from "@/io/clock";
import { dayWord } from "@/io/live";
import { api, ApiError } from "@/io/api";
import { go } from "@/io/router";
import { times } from "@/io/store";
import { ButtonLink } from "@/view/parts/button";
import { Heading } from "@/view/parts/heading";
import { Trouble } from "@/view/parts/trouble";
import { isolate } from "@/words/words";
import { t } from "@/words/page";

/** While the page is open, new mail shows within a second. */
const POLL_MS = 1_000;

const ADDRESS = /https?:\/\/[^\s<>"]+/g;

interface Piece {
  readonly text: string;
  readonly url: boolean;
}

/** The text of a mail with its addresses told apart. */
function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const found of text.matchAll(ADDRESS)) {
    pieces.push({ text: text.slice(from, found.index), url: false }, { text: found[0], url: true });
    from = found.index + found[0].length;
  }
  return [...pieces, { text: text.slice(from), url: false }];
}

/** Links of this page stay in it, their token too; others open as the browser likes. */
function Address({ url }: { readonly url: string }) {
  const to = URL.canParse(url) ? new URL(url) : null;
  const ours = to?.origin === location.origin;
  return (
    <a
      class="link"
      href={url}
      rel="noreferrer"
      onClick={(event) => {
        if (!ours || event.button !== 0 || event.metaKey || event.ctrlKey) return;
        event.preventDefault();
        go(to.pathname + to.search + to.hash);
      }}
    >
      {url}
    </a>
  );
}

function Message({ mail }: { readonly mail: Mail }) {
  return (
    <article aria-labelledby="subject">
      <h2 id="subject" dir="auto">
        {mail.subject}
      </h2>
      <p class="hint">{t("mail.to", { mail: isolate(mail.to) })}</p>
      <pre dir="auto">
        {piecesOf(mail.text).map(({ text, url }, i) =>
          url ? <Address key={i} url={text} /> : <span key={i}>{text}</span>,
        )}
      </pre>
      {mail.calendar && (
        <details>
          <summary>{t("mail.calendar")}</summary>
          <pre dir="auto">{mail.calendar}</pre>
        </details>
      )}
    </article>
  );
}

/** Fetch while the page is open and seen. */
function useMails() {
  const mails = useSignal<readonly Mail[] | null>(null);
  const error = useSignal<ApiError | null>(null);
  useEffect(() => {
    let timer = 0;
    let stopped = false;
    const fetchOnce = async () => {
      try {
        if (!document.hidden) mails.value = await api.mails();
        error.value = null;
      } catch (cause) {
        if (!(cause instanceof ApiError)) throw cause;
        error.value = cause;
      }
      const gone = error.value?.status === 404;
      if (!stopped && !gone) timer = window.setTimeout(() => void fetchOnce(), POLL_MS);
    };
    void fetchOnce();
    return () => {
      stopped = true;
      window.clearTimeout(timer);
    };
  }, [mails, error]);
  return { mails, error };
}

export default function MailPage() {
  const { mails, error } = useMails();
  const chosen = useSignal("");
  const all = mails.value ?? [];
  const shown = all.find(({ id }) => id === chosen.value) ?? all[0];
  return (
    <>
      <header class="mail-bar">
        <Heading title={t("mail.title")} />
      </header>
      <main id="main" class="mails" tabIndex={-1}>
        {error.value && <Trouble error={error.value} />}
        {mails.value?.length === 0 && (
          <div class="page stack">
            <p>{t("mail.none")}</p>
            <div>
              <ButtonLink kind="primary" href="/signin">
                {t("mail.ask")}
              </ButtonLink>
            </div>
          </div>
        )}
        {shown && (
          <>
            <ul aria-label={t("mail.list")}>
              {all.map((mail) => (
                <li key={mail.id}>
                  <button
                    type="button"
                    aria-pressed={mail === shown}
                    onClick={() => (chosen.value = mail.id)}
                  >
                    <b class="cut" dir="auto">
                      {mail.subject}
                    </b>
                    <small class="cut">
                      <bdi>{mail.to}</bdi> · {dayWord(times.value, ms(mail.at), now.value)}{" "}
                      {times.value.second(ms(mail.at))}
                    </small>
                  </button>
                </li>
              ))}
            </ul>
            <Message key={shown.id} mail={shown} />
          </>
        )}
      </main>
    </>
  );
}
