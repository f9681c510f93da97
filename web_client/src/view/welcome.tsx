/** After the first sign-in: who you are, the five rules, the first session. Each step is kept. */
import "./doors.css";
import "./calendar/calendar.css";

import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { wayBack } from "@/core/held";
import type { MePatch, Slot } from "@/core/model";
import { firstTimes } from "@/core/proposal";
import { MINUTE } from "@/core/zones";
import { timesOf } from "@/core/times";
import { alert } from "@/io/announce";
import { api, ApiError } from "@/io/api";
import { now, serverNow } from "@/io/clock";
import { held, wantedNext, wantNext } from "@/io/held";
import { keep, kept, tabwise } from "@/io/keep";
import { go } from "@/io/router";
import { deviceZone, instance, lengthMin, loadSlots, locale, me, setMe } from "@/io/store";
import { waitingText } from "@/view/calendar/block";
import { book, busy, fine, frame, open, results, trouble, when } from "@/view/calendar/state";
import { Button } from "@/view/parts/button";
import { Field } from "@/view/parts/controls";
import { Heading } from "@/view/parts/heading";
import { KeptTime } from "@/view/people/kept";
import { PairSign } from "@/view/parts/people";
import { Summary } from "@/view/parts/summary";
import { Trouble } from "@/view/parts/trouble";
import { ZoneSelect } from "@/view/parts/zones";
import { FiveRules } from "@/view/rules";
import { errorText, t } from "@/words/page";

/** The longest name taken; the server has the last word. */
const NAME_MAX = 60;

type Step = 1 | 2 | 3;
const STEPS: readonly Step[] = [1, 2, 3];

interface StepProps {
  readonly step: Signal<Step>;
}

/** Save a part of the profile; what goes wrong is told beside the field it names. */
function useSave() {
  const error = useSignal<ApiError | null>(null);
  const saving = useSignal(false);
  const save = async (patch: MePatch): Promise<boolean> => {
    if (saving.value) return false;
    saving.value = true;
    error.value = null;
    try {
      setMe(await api.changeMe(patch));
      return true;
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      error.value = cause;
      alert(errorText(cause.code, cause.data));
      return false;
    } finally {
      saving.value = false;
    }
  };
  return { error, saving, save };
}

function Steps({ step }: StepProps) {
  return (
    <div>
      <p class="hint">{t("welcome.step", { n: step.value, all: STEPS.length })}</p>
      <div class="steps" aria-hidden="true">
        {STEPS.map((n) => (
          <i key={n} class={n <= step.value ? "done" : ""} />
        ))}
      </div>
    </div>
  );
}

function About({ step }: StepProps) {
  const name = useSignal(me.value?.name || kept(tabwise, "name", ""));
  const zone = useSignal(me.value?.zone || deviceZone);
  const adult = useSignal(kept(tabwise, "adult", false));
  const wrong = useSignal<{ name?: string; adult?: string }>({});
  const tries = useSignal(0);
  const { error, saving, save } = useSave();
  const age = instance.value?.rules.minimum_age ?? 0;
  const submit = async () => {
    const text = name.value.trim();
    keep(tabwise, "name", text);
    keep(tabwise, "adult", adult.value);
    wrong.value = {
      ...(text && text.length <= NAME_MAX ? {} : { name: t("welcome.name.bad", { n: NAME_MAX }) }),
      ...(adult.value ? {} : { adult: t("welcome.age.bad", { n: age }) }),
    };
    tries.value += 1;
    if (wrong.value.name || wrong.value.adult) return;
    if (await save({ name: text, zone: zone.value, adult: true })) step.value = 2;
  };
  const named = error.value?.field === "name" ? errorText(error.value.code) : undefined;
  const said = { name: wrong.value.name ?? named, adult: wrong.value.adult };
  const faults = (["name", "adult"] as const).flatMap((id) => (said[id] ? [{ id, text: said[id] }] : []));
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Heading key="1" title={t("welcome.you")} />
      {error.value && !named && <Trouble error={error.value} />}
      <Summary tries={tries.value} faults={faults} />
      <Field
        id="name"
        label={t("welcome.name")}
        hint={t("welcome.name.hint")}
        error={said.name}
      >
        {(ids) => (
          <input
            {...ids}
            type="text"
            dir="auto"
            autocomplete="name"
            value={name.value}
            onInput={(event) => (name.value = event.currentTarget.value)}
          />
        )}
      </Field>
      <Field
        id="zone"
        label={t("welcome.zone")}
        hint={t("welcome.zone.hint", { time: timesOf(locale, zone.value).time(now.value) })}
      >
        {(ids) => <ZoneSelect {...ids} value={zone.value} onChange={(next) => (zone.value = next)} />}
      </Field>
      <div>
        <label class="check-row" for="adult">
          <input
            id="adult"
            type="checkbox"
            checked={adult.value}
            aria-invalid={wrong.value.adult ? "true" : undefined}
            aria-describedby={wrong.value.adult ? "adult-error" : undefined}
            onChange={(event) => (adult.value = event.currentTarget.checked)}
          />
          {t("welcome.age", { n: age })}
        </label>
        {wrong.value.adult && (
          <p class="error-text" id="adult-error">
            {wrong.value.adult}
          </p>
        )}
      </div>
      <Button kind="primary" type="submit" wide big busy={saving.value}>
        {t("do.on")}
      </Button>
    </form>
  );
}

function Agree({ step }: StepProps) {
  const { error, saving, save } = useSave();
  const version = instance.value?.rules.version ?? 1;
  const agree = async () => {
    if (!(await save({ rules_accepted: version }))) return;
    // Whoever came by an invite has their first session there.
    const back = wayBack(held(), wantedNext(), serverNow());
    wantNext("/");
    if (back) go(back, { replace: true });
    else step.value = 3;
  };
  return (
    <>
      <Heading key="2" title={t("welcome.rules")} />
      <FiveRules />
      {error.value && <Trouble error={error.value} />}
      <div class="row">
        <Button kind="primary" big busy={saving.value} onPress={() => void agree()}>
          {t("welcome.agree")}
        </Button>
        <Button kind="plain" onPress={() => (step.value = 1)}>
          {t("do.back")}
        </Button>
      </div>
    </>
  );
}

function WhoWaits({ slot }: { readonly slot: Slot | undefined }) {
  if (!slot) return <>{t("welcome.first.free")}</>;
  return (
    <>
      <i class="dot" />
      <bdi>{waitingText(slot)}</bdi>
    </>
  );
}

function First() {
  const length = lengthMin.value;
  const waiting = new Map(open.value);
  const offered = firstTimes([...waiting.keys()], frame.value);
  useEffect(() => {
    const ahead = (fine.value ? 2 : 48) * 60 * MINUTE;
    void loadSlots({ from: serverNow(), to: serverNow() + ahead });
  }, []);
  const take = async (start: number) => {
    await book([{ start, length }]);
    if (results.value.some(({ ok }) => ok)) go("/", { replace: true });
  };
  return (
    <>
      <Heading key="3" title={t("welcome.first")} />
      <p>{t("welcome.first.text")}</p>
      {trouble.value && <Trouble error={trouble.value} />}
      <ul class="firsts">
        {offered.map((at, i) => (
          <li key={at} class="card">
            <div class="cut-box">
              <b>{t("calendar.at", when(at))}</b>
              <small>
                <WhoWaits slot={waiting.get(at)} />
              </small>
            </div>
            <Button
              kind={i === 0 ? "primary" : "soft"}
              onPress={() => void take(at)}
              busy={busy.value}
            >
              {t("do.book")}
              <span class="sr">{t("calendar.at", when(at))}</span>
            </Button>
          </li>
        ))}
      </ul>
      <div>
        <Button kind="plain" onPress={() => go("/", { replace: true })}>
          {t("welcome.calendar")}
        </Button>
      </div>
    </>
  );
}

export default function WelcomePage() {
  const member = me.value;
  const begin: Step = member?.welcomed ? 3 : member?.name && member.zone ? 2 : 1;
  const step = useSignal<Step>(begin);
  return (
    <main id="main" class={step.value === 2 ? "column wide door" : "column door"} tabIndex={-1}>
      <span class="brand">
        <PairSign size={30} /> {t("app.name")}
      </span>
      <Steps step={step} />
      <KeptTime />
      {step.value === 1 && <About step={step} />}
      {step.value === 2 && <Agree step={step} />}
      {step.value === 3 && <First />}
    </main>
  );
}
