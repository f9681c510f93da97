/** Behind an invite's link, for anybody: pick a time, sign up on the way, and be locked in. */
import "@/view/doors.css";
import "@/styles/people.css";

import { type Signal, useSignal } from "@preact/signals";
import { Check } from "lucide-preact";
import { useEffect } from "preact/hooks";

import { type Held, isDue, mayFinish } from "@/core/held";
import { type Booking, ms, type OpenInvite, type Time } from "@/core/model";
import { firstName } from "@/core/names";
import { byDay, lengthsOf, sameTime, timesIn } from "@/core/people";
import { MINUTE, townOf } from "@/core/zones";
import { alert, say } from "@/io/announce";
import { api, ApiError, requestId } from "@/io/api";
import { now, serverNow } from "@/io/clock";
import { bring, held, hold, holdKey, letGo } from "@/io/held";
import { go } from "@/io/router";
import { instance, lengthMin, me, place, times as clock, zone } from "@/io/store";
import { KeptTime } from "@/view/people/kept";
import { refusalText } from "@/view/people/refusal";
import { dayOf, endOf, inside, long, rangeOf, Say, shortDay, wholeDay } from "@/view/people/words";
import { Button, ButtonLink } from "@/view/parts/button";
import { Segmented } from "@/view/parts/controls";
import { Heading } from "@/view/parts/heading";
import { Face, Name, PairSign } from "@/view/parts/people";
import { Shapes, Trouble } from "@/view/parts/trouble";
import { FiveRules } from "@/view/rules";
import { isolate } from "@/words/words";
import { t as common } from "@/words/page";
import { t } from "@/words/people";

type State =
  | { readonly step: "loading" }
  | { readonly step: "finishing"; readonly time: Time }
  | { readonly step: "asked"; readonly held: Held }
  | { readonly step: "choose" }
  | { readonly step: "done"; readonly booking: Booking }
  | { readonly step: "gone" }
  | { readonly step: "trouble"; readonly error: ApiError };

/** A refusal that ends the page: the invite is closed, whatever the reason. */
const isGone = (error: ApiError): boolean => error.status === 404 || error.status === 410;

function useInvite(token: string) {
  const state = useSignal<State>({ step: "loading" });
  const open = useSignal<OpenInvite | null>(null);
  const chosen = useSignal<Time | null>(null);
  /** Why the last try was refused, and times to take instead. */
  const refused = useSignal<{ readonly text: string; readonly others: readonly Time[] } | null>(null);
  const busy = useSignal(false);

  const load = async () => {
    const asked = open.value !== null;
    if (!asked) state.value = { step: "loading" };
    try {
      open.value = await api.openInvite(token);
      state.value = { step: "choose" };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      state.value = isGone(error) ? { step: "gone" } : { step: "trouble", error };
    }
  };

  const refuse = async (error: ApiError) => {
    const name = open.value?.by.name ?? "";
    await load();
    if (state.value.step !== "choose") return;
    const gone = error.code === "taken" || error.code === "not_available";
    const near = timesIn(error.data);
    const others = gone ? (near.length > 0 ? near : (open.value?.times ?? [])).slice(0, NEXT) : [];
    const text = gone ? t("invite.taken") : refusalText(error, { id: "", name });
    refused.value = { text, others };
    chosen.value = null;
    alert(text);
  };

  /** Signed in and welcomed: take it. */
  const take = async (time: Time, kept: Held | null) => {
    busy.value = true;
    refused.value = null;
    try {
      const booking = await api.takeInvite(token, time, kept?.hold, kept?.request ?? requestId());
      letGo();
      place(booking);
      state.value = { step: "done", booking };
      say(t("invite.done", { name: isolate(firstName(booking.partner?.name ?? "")) }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const may = error.status === 0 || error.status >= 500;
      if (!may) letGo();
      if (isGone(error)) state.value = { step: "gone" };
      else if (may) state.value = { step: "trouble", error };
      else await refuse(error);
    } finally {
      busy.value = false;
    }
  };

  /** Not signed in yet: keep the time for whoever presses it, and go on to sign-in. */
  const keepFor = async (time: Time) => {
    busy.value = true;
    refused.value = null;
    try {
      const kept = await api.holdInvite(token, time, holdKey(token, time));
      hold({ ...kept, token, start: time.start, length_min: time.length_min, request: requestId() });
      goOn(token);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (isGone(error)) state.value = { step: "gone" };
      else await refuse(error);
    } finally {
      busy.value = false;
    }
  };

  const press = (time: Time) => void (me.value?.welcomed ? take(time, null) : keepFor(time));

  const finish = (kept: Held) => {
    state.value = { step: "finishing", time: kept };
    void take(kept, kept);
  };

  /** Yes to the time that came along with the mail: kept, so that a lost answer asks for no second press. */
  const accept = (brought: Held) => {
    const pressed = { ...brought, pressed: true as const };
    hold(pressed);
    finish(pressed);
  };

  /** Another one, then: it stays held until the hold ends, and is among the times. */
  const chooseAnother = () => {
    letGo();
    state.value = { step: "choose" };
  };

  const begin = async () => {
    const kept = held();
    if (me.value?.welcomed && mayFinish(kept, token, serverNow())) return finish(kept);
    await load();
    if (state.value.step !== "choose") return;
    const time = open.value?.held;
    if (time) {
      const brought = bring(token, time);
      if (me.value?.welcomed) state.value = { step: "asked", held: brought };
    } else if (kept?.token === token && kept.hold === "") letGo(); // taken, or let go of, elsewhere
  };
  return { token, state, open, chosen, refused, busy, press, accept, chooseAnother, begin };
}

type Inviting = ReturnType<typeof useInvite>;

/** On to signing in, and back here by itself. */
const goOn = (token: string): void =>
  go(me.value ? "/welcome" : `/signin?next=${encodeURIComponent(`/i/${token}`)}`);

/** Back on this page before signing up was done: the time is still held, and no longer among the others. */
function StillHeld({ token }: { readonly token: string }) {
  if (me.value?.welcomed || !isDue(held(), token, now.value)) return null;
  return (
    <div class="card still-held">
      <KeptTime />
      <Button kind="soft" onPress={() => goOn(token)}>
        {common("do.on")}
      </Button>
    </div>
  );
}

/** How many times are named after one was taken. */
const NEXT = 3;
/** How many days are shown before "Show all times". */
const DAYS = 5;

interface TimesProps {
  readonly times: readonly Time[];
  readonly chosen: Signal<Time | null>;
}

/** One of all times: the days under each other, radio buttons, so that arrows go through them. */
function Times({ times, chosen }: TimesProps) {
  const all = useSignal(false);
  const days = byDay(times, zone.value);
  return (
    <fieldset class="invite-times">
      <legend class="sr">{t("invite.times")}</legend>
      {days.slice(0, all.value ? undefined : DAYS).map(([day, some]) => (
        <div class="invite-day" key={day}>
          <h2>{dayOf(ms(some[0]?.start ?? ""))}</h2>
          <div class="invite-row">
            {some.map((time) => (
              <label key={time.start}>
                <input
                  type="radio"
                  name="time"
                  checked={chosen.value !== null && sameTime(chosen.value, time)}
                  aria-label={t("free.at", long(ms(time.start)))}
                  onChange={() => (chosen.value = time)}
                />
                <span>{clock.value.time(ms(time.start))}</span>
              </label>
            ))}
          </div>
        </div>
      ))}
      {days.length > DAYS && !all.value && (
        <div>
          <Button kind="plain" onPress={() => (all.value = true)}>
            {t("invite.more")}
          </Button>
        </div>
      )}
    </fieldset>
  );
}

function Refused({ invite }: { readonly invite: Inviting }) {
  const said = invite.refused.value;
  if (!said) return null;
  return (
    <div class="trouble">
      <p>{said.text}</p>
      {said.others.length > 0 && (
        <ul class="chips">
          {said.others.map((time) => (
            <li key={`${time.start} ${time.length_min}`}>
              <Button busy={invite.busy.value} onPress={() => invite.press(time)}>
                {t("free.at", { day: shortDay(ms(time.start)), time: clock.value.time(ms(time.start)) })}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Take({ invite }: { readonly invite: Inviting }) {
  const tried = useSignal(false);
  const time = invite.chosen.value;
  const hold_ms = instance.value?.rules.hold_ms ?? 0;
  const at = time && { day: wholeDay(ms(time.start)), time: clock.value.time(ms(time.start)) };
  return (
    <div class="invite-take">
      {tried.value && !time && (
        <p class="error-text" role="alert">
          {t("invite.choose")}
        </p>
      )}
      <Button
        kind="primary"
        wide
        big
        busy={invite.busy.value}
        onPress={() => {
          tried.value = time === null;
          if (time) invite.press(time);
        }}
      >
        {at ? t("invite.take", at) : t("people.choose")}
      </Button>
      {time && <p class="hint">{t("invite.session", { n: time.length_min, range: rangeOf(time) })}</p>}
      {!me.value?.welcomed && hold_ms > 0 && (
        <p class="hint">{t("invite.held", { n: Math.round(hold_ms / MINUTE) })}</p>
      )}
    </div>
  );
}

function Host({ name }: { readonly name: string }) {
  return (
    <header class="invite-head">
      <Face name={name} tone="warm" size={56} />
      <Heading title={t("invite.title", { name: isolate(firstName(name)) })}>
        <Say id="invite.title" values={{ name: <Name>{firstName(name)}</Name> }} />
      </Heading>
    </header>
  );
}

function Choose({ invite, open }: { readonly invite: Inviting; readonly open: OpenInvite }) {
  const coming = open.times.filter(({ start }) => ms(start) > now.value);
  const lengths = lengthsOf(coming);
  const wanted = useSignal(lengthMin.value);
  const length = lengths.includes(wanted.value) ? wanted.value : (lengths[0] ?? 0);
  const name = <Name>{firstName(open.by.name)}</Name>;
  return (
    <>
      <Host name={open.by.name} />
      {coming.length === 0 ? (
        <p>
          <Say id="invite.none" values={{ name, day: clock.value.day(ms(open.expires)) }} />
        </p>
      ) : (
        <>
          <p class="motto">{t("invite.lead", { zone: townOf(zone.value) })}</p>
          <StillHeld token={invite.token} />
          {lengths.length > 1 && (
            <div>
              <Segmented
                label={t("free.length")}
                value={String(length)}
                options={lengths.map((n) => ({
                  value: String(n),
                  text: t("free.length.n", { n }),
                  name: t("free.length.long", { n }),
                }))}
                onChange={(next) => {
                  wanted.value = Number(next);
                  invite.chosen.value = null;
                }}
              />
            </div>
          )}
          <Refused invite={invite} />
          <Times
            times={coming.filter(({ length_min }) => length_min === length)}
            chosen={invite.chosen}
          />
          <Take invite={invite} />
        </>
      )}
      {!me.value?.welcomed && <Rules />}
    </>
  );
}

/** What whoever signs up will agree to. */
function Rules() {
  return (
    <section class="invite-rules" aria-labelledby="rules">
      <h2 id="rules">{t("invite.rules")}</h2>
      <FiveRules />
    </section>
  );
}

/** A time came along with the mail: whose, and when, and one press. */
function Asked({ invite, kept }: { readonly invite: Inviting; readonly kept: Held }) {
  const at = ms(kept.start);
  return (
    <>
      <Host name={invite.open.value?.by.name ?? ""} />
      <KeptTime />
      <p class="hint">{t("invite.session", { n: kept.length_min, range: rangeOf(kept) })}</p>
      <p>{t("invite.asked")}</p>
      <div class="row">
        <Button kind="primary" big busy={invite.busy.value} onPress={() => invite.accept(kept)}>
          {t("invite.take", { day: wholeDay(at), time: clock.value.time(at) })}
        </Button>
        <Button kind="plain" onPress={invite.chooseAnother}>
          {t("invite.another")}
        </Button>
      </div>
    </>
  );
}

function Done({ booking }: { readonly booking: Booking }) {
  const name = firstName(booking.partner?.name ?? "");
  const at = ms(booking.start);
  return (
    <>
      <span class="invite-done" aria-hidden="true">
        <Check class="icon" />
      </span>
      <Heading title={t("invite.done", { name: isolate(name) })}>
        <Say id="invite.done" values={{ name: <Name>{name}</Name> }} />
      </Heading>
      <p class="motto">
        {long(at).day}, <bdi>{clock.value.range(at, endOf(booking))}</bdi>
      </p>
      <p>{t("invite.done.text", { time: clock.value.time(ms(booking.opens)) })}</p>
      <div>
        <ButtonLink kind="primary" big href="/">
          {t("invite.calendar")}
        </ButtonLink>
      </div>
    </>
  );
}

function Gone() {
  return (
    <>
      <Heading title={t("invite.gone")} />
      <p>{t("invite.gone.text")}</p>
      <div>
        <ButtonLink kind="primary" href={me.value ? "/" : "/signin"}>
          {t("invite.home")}
        </ButtonLink>
      </div>
    </>
  );
}

function Step({ invite }: { readonly invite: Inviting }) {
  const state = invite.state.value;
  const open = invite.open.value;
  if (state.step === "done") return <Done booking={state.booking} />;
  if (state.step === "gone") return <Gone />;
  if (state.step === "trouble") return <Trouble error={state.error} onRetry={() => void invite.begin()} />;
  if (state.step === "asked") return <Asked invite={invite} kept={state.held} />;
  if (state.step === "finishing") {
    return (
      <>
        <Heading title={t("invite.finishing", inside(ms(state.time.start)))} />
        <Shapes count={2} />
      </>
    );
  }
  return state.step === "choose" && open ? <Choose invite={invite} open={open} /> : <Shapes count={4} />;
}

export default function InvitePage({ about: token }: { readonly about: string }) {
  const invite = useInvite(token);
  const known = me.value !== undefined;
  useEffect(() => {
    // Who is here decides whether a held time can be taken now.
    if (known) void invite.begin();
    // Once: another invite is another page.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [known]);
  return (
    <main id="main" class="column wide door invite" tabIndex={-1}>
      <span class="brand">
        <PairSign size={30} /> {common("app.name")}
      </span>
      <Step invite={invite} />
    </main>
  );
}
