/** Sign in: ask for a link by mail, or use the one the address carries. */
import "./doors.css";

import { useSignal } from "@preact/signals";
import { Mail as MailIcon } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";

import { carriedBy } from "@/core/held";
import type { Me } from "@/core/model";
import { safeNext } from "@/core/routes";
import { api, ApiError } from "@/io/api";
import { serverNow } from "@/io/clock";
import { bringAlong, held, wantNext } from "@/io/held";
import { keep, kept, tabwise } from "@/io/keep";
import { go } from "@/io/router";
import { instance, me, setMe } from "@/io/store";
import { Button, Link } from "@/view/parts/button";
import { Field } from "@/view/parts/controls";
import { Heading } from "@/view/parts/heading";
import { KeptTime } from "@/view/people/kept";
import { Face, Name, PairSign } from "@/view/parts/people";
import { Summary } from "@/view/parts/summary";
import { Shapes, Trouble } from "@/view/parts/trouble";
import { isolate } from "@/words/words";
import { t } from "@/words/page";

/** Where to go once signed in; the mail's link says so behind the `#`, a detour in the query. */
let nextPath = "/";

/** The token of a mail's link: behind the `#`, so that no server log ever holds it. */
function takeToken(): string {
  const link = new URLSearchParams(location.hash.slice(1));
  const token = link.get("token") ?? "";
  nextPath = safeNext(link.get("next") ?? new URLSearchParams(location.search).get("next"));
  if (token) history.replaceState(history.state, "", location.pathname + location.search);
  return token;
}

async function enter(member: Me): Promise<void> {
  setMe(member);
  if (!member.welcomed) await bringAlong(nextPath);
  wantNext(member.welcomed ? "/" : nextPath);
  go(member.welcomed ? nextPath : "/welcome", { replace: true });
}

type Step = "ask" | "sent" | "using" | "expired";

const looksLikeMail = (text: string): boolean => /^[^\s@]+@[^\s@]+$/.test(text.trim());

function useSignIn() {
  const step = useSignal<Step>("ask");
  const mail = useSignal(kept(tabwise, "mail", ""));
  const bad = useSignal("");
  const error = useSignal<ApiError | null>(null);
  const busy = useSignal(false);
  const tries = useSignal(0);
  /** Whether the link in the mail has a held time with it. */
  const holds = useSignal(false);
  const run = async (work: () => Promise<void>) => {
    if (busy.value) return;
    busy.value = true;
    error.value = null;
    try {
      await work();
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      if (cause.code === "bad_token") step.value = "expired";
      else if (cause.field === "mail") bad.value = t("signin.mail.bad");
      else error.value = cause;
    } finally {
      busy.value = false;
    }
  };
  const ask = () => {
    tries.value += 1;
    bad.value = looksLikeMail(mail.value) ? "" : t("signin.mail.bad");
    keep(tabwise, "mail", mail.value);
    if (bad.value) return;
    return void run(async () => {
      const carried = carriedBy(held(), nextPath, serverNow());
      await api.askLink(mail.value.trim(), carried);
      holds.value = carried.hold !== undefined;
      step.value = "sent";
    });
  };
  const use = (token: string) => {
    step.value = "using";
    void run(async () => await enter(await api.signIn(token))).then(() => {
      if (error.value) step.value = "ask";
    });
  };
  const as = (who: string) => void run(async () => await enter(await api.signInAs(who)));
  return { step, mail, bad, tries, error, busy, holds, ask, use, as };
}

type SignIn = ReturnType<typeof useSignIn>;

function AskForm({ state }: { readonly state: SignIn }) {
  const { step, mail, bad, tries, busy, ask } = state;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      <Summary tries={tries.value} faults={bad.value ? [{ id: "mail", text: bad.value }] : []} />
      <Field id="mail" label={t("signin.mail")} hint={t("signin.hint")} error={bad.value || undefined}>
        {(ids) => (
          <input
            {...ids}
            type="email"
            autocomplete="email"
            inputMode="email"
            value={mail.value}
            onInput={(event) => (mail.value = event.currentTarget.value)}
          />
        )}
      </Field>
      <Button
        kind={instance.value?.demo ? "soft" : "primary"}
        type="submit"
        wide
        big
        busy={busy.value}
      >
        {t(step.value === "expired" ? "signin.new" : "signin.send")}
      </Button>
    </form>
  );
}

function DemoPeople({ state }: { readonly state: SignIn }) {
  const people = instance.value?.demo ? instance.value.demo_people : [];
  if (people.length === 0) return null;
  return (
    <section class="demo-people" aria-labelledby="demo-people">
      <h2 class="label" id="demo-people">
        {t("signin.demo")}
      </h2>
      <ul>
        {people.map((name) => (
          <li key={name}>
            <Button wide kind="primary" busy={state.busy.value} onPress={() => state.as(name)}>
              <Face name={name} size={36} />
              <span class="sr">{t("signin.demo.as", { name: isolate(name) })}</span>
              <span aria-hidden="true">
                <Name>{name}</Name>
              </span>
            </Button>
          </li>
        ))}
      </ul>
      <p class="hint">{t("signin.demo.text")}</p>
    </section>
  );
}

function Sent({ state }: { readonly state: SignIn }) {
  return (
    <>
      <Heading title={t("signin.sent.title")} />
      <p>{t("signin.sent.text", { mail: isolate(state.mail.value.trim()) })}</p>
      {state.holds.value && <KeptTime mailed />}
      {instance.value?.mail_page && (
        <Link class="button primary wide" href="/dev/mail">
          <MailIcon class="icon" aria-hidden="true" />
          {t("signin.mailpage")}
        </Link>
      )}
      <div>
        <Button kind="plain" onPress={() => (state.step.value = "ask")}>
          {t("signin.again")}
        </Button>
      </div>
    </>
  );
}

function Ask({ state, expired }: { readonly state: SignIn; readonly expired: boolean }) {
  return (
    <>
      {expired ? (
        <>
          <Heading title={t("signin.expired.title")} />
          <p>{t("signin.expired.text")}</p>
        </>
      ) : (
        <>
          <Heading title={t("signin.title")} hidden />
          <p class="motto">{t("app.motto")}</p>
        </>
      )}
      <KeptTime />
      {state.error.value && <Trouble error={state.error.value} />}
      {!expired && <DemoPeople state={state} />}
      <AskForm state={state} />
    </>
  );
}

export default function SignInPage() {
  const state = useSignIn();
  const [taken] = useState(takeToken);
  useEffect(() => {
    if (taken) state.use(taken);
    else if (me.value) go(me.value.welcomed ? nextPath : "/welcome", { replace: true });
    // Once: the token is spent by being used.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  const step = state.step.value;
  return (
    <main id="main" class="column door" tabIndex={-1}>
      <span class="brand">
        <PairSign size={36} /> {t("app.name")}
      </span>
      {step === "sent" && <Sent state={state} />}
      {step === "using" && (
        <>
          <Heading title={t("signin.using")} />
          <Shapes count={2} />
        </>
      )}
      {(step === "ask" || step === "expired") && <Ask state={state} expired={step === "expired"} />}
      <p class="foot">
        <Link class="link" href="/rules">
          {t("signin.rules")}
        </Link>
        {instance.value?.mail_page && step !== "sent" && (
          <Link class="link" href="/dev/mail">
            {t("signin.mailpage")}
          </Link>
        )}
      </p>
    </main>
  );
}
