/** You: name and zone, privacy, look, the way to all settings, and out. Each change is kept at once. */
import "./you.css";

import "@/styles/settings.css";

import { useSignal } from "@preact/signals";
import { ChevronRight } from "lucide-preact";
import { useRef } from "preact/hooks";

import { say } from "@/io/announce";
import { api, ApiError } from "@/io/api";
import { go } from "@/io/router";
import { singleKeys, type Theme, theme } from "@/io/settings";
import { me, setMe, times } from "@/io/store";
import { Button, Link } from "@/view/parts/button";
import { Field, Segmented, Switch } from "@/view/parts/controls";
import { Heading } from "@/view/parts/heading";
import { Face, Name } from "@/view/parts/people";
import { Trouble } from "@/view/parts/trouble";
import { ZoneSelect } from "@/view/parts/zones";
import { type Change, CHAPTERS, Saved, Section, useChange, Wrong } from "@/view/settings/parts";
import { t } from "@/words/page";
import { t as words } from "@/words/people";

function NameField({ state }: { readonly state: Change }) {
  const name = useSignal(me.value?.name ?? "");
  const field = useRef<HTMLInputElement>(null);
  const save = () => {
    const text = name.value.trim();
    if (text && text !== me.value?.name) void state.change("name", { name: text });
  };
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Field id="name" label={t("you.name")} hint={<Saved state={state} part="name" />}>
        {(ids) => (
          <input
            {...ids}
            ref={field}
            type="text"
            dir="auto"
            autocomplete="name"
            value={name.value}
            onInput={(event) => (name.value = event.currentTarget.value)}
          />
        )}
      </Field>
      {name.value.trim() !== me.value?.name && (
        <div>
          <Button type="submit">{t("do.save")}</Button>
        </div>
      )}
      <Wrong state={state} part="name" />
    </form>
  );
}

const HOURS = Array.from({ length: 25 }, (_, hour) => hour);

interface HourProps {
  readonly id: string;
  readonly label: string;
  readonly value: number;
  readonly from: number;
  readonly to: number;
  readonly onChange: (hour: number) => void;
}

function Hour({ id, label, value, from, to, onChange }: HourProps) {
  return (
    <Field id={id} label={label}>
      {(ids) => (
        <select {...ids} value={String(value)} onChange={(e) => onChange(Number(e.currentTarget.value))}>
          {HOURS.slice(from, to + 1).map((hour) => (
            <option key={hour} value={String(hour)}>
              {times.value.hour(hour * 60)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function DayHours({ state }: { readonly state: Change }) {
  const { day_start_hour: start = 8, day_end_hour: end = 22 } = me.value ?? {};
  return (
    <fieldset class="hours">
      <legend>
        {t("you.day")} <Saved state={state} part="day" />
      </legend>
      <div class="two">
        <Hour
          id="day-from"
          label={t("you.day.from")}
          value={start}
          from={0}
          to={end - 1}
          onChange={(hour) => void state.change("day", { day_start_hour: hour })}
        />
        <Hour
          id="day-to"
          label={t("you.day.to")}
          value={end}
          from={start + 1}
          to={24}
          onChange={(hour) => void state.change("day", { day_end_hour: hour })}
        />
      </div>
      <Wrong state={state} part="day" />
    </fieldset>
  );
}

const THEMES: readonly Theme[] = ["system", "light", "dark"];

function Look() {
  return (
    <Section title={t("you.look")} id="look">
      <div class="switch-row">
        <span>{t("you.theme")}</span>
        <Segmented
          label={t("you.theme")}
          value={theme.value}
          options={THEMES.map((value) => ({ value, text: t(`theme.${value}`) }))}
          onChange={(value) => (theme.value = value)}
        />
      </div>
      <Switch
        text={t("you.keys")}
        hint={t("you.keys.hint")}
        on={singleKeys.value}
        onChange={(on) => (singleKeys.value = on)}
      />
    </Section>
  );
}

function Leave() {
  const error = useSignal<ApiError | null>(null);
  const leave = async (everywhere: boolean) => {
    error.value = null;
    try {
      await (everywhere ? api.signOutEverywhere() : api.signOut());
      setMe(null);
      go("/signin");
      if (everywhere) say(t("you.leave.all.done"));
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      error.value = cause;
    }
  };
  return (
    <div class="stack">
      {error.value && <Trouble error={error.value} />}
      <div class="row">
        <Button onPress={() => void leave(false)}>{t("you.leave")}</Button>
        <Button kind="plain" onPress={() => void leave(true)}>
          {t("you.leave.all")}
        </Button>
        <Link class="link" href="/rules">
          {t("signin.rules")}
        </Link>
      </div>
    </div>
  );
}

/** Settings that have a page of their own. */
function Chapters() {
  return (
    <section class="settings" aria-labelledby="chapters">
      <h2 class="label" id="chapters">
        {words("settings.title")}
      </h2>
      <ul class="card chapters">
        {CHAPTERS.map((chapter) => (
          <li key={chapter}>
            <Link class="chapter" href={`/you/settings/${chapter}`}>
              <span>
                <b>{words(`settings.${chapter}`)}</b>
                <small>{words(`settings.${chapter}.hint`)}</small>
              </span>
              <ChevronRight class="icon turns" aria-hidden="true" />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

export default function YouPage() {
  const state = useChange();
  const member = me.value;
  if (!member) return null;
  return (
    <main id="main" class="page you" tabIndex={-1}>
      <header class="who">
        <Face name={member.name} size={64} />
        <div>
          <Heading title={t("you.title")}>
            <Name>{member.name}</Name>
          </Heading>
          <p>
            <bdi>{member.mail}</bdi> · {t("you.sessions", { n: member.sessions_kept })}
          </p>
        </div>
      </header>
      <p>
        <Link class="link" href="/you/standing">
          {t("you.standing")}
        </Link>
      </p>
      <Section title={t("you.profile")} id="profile">
        <NameField state={state} />
        <Field id="zone" label={t("you.zone")} hint={<Saved state={state} part="zone" />}>
          {(ids) => (
            <ZoneSelect
              {...ids}
              value={member.zone}
              onChange={(zone) => void state.change("zone", { zone })}
            />
          )}
        </Field>
        <Wrong state={state} part="zone" />
        <DayHours state={state} />
      </Section>
      <Chapters />
      <Section title={t("you.privacy")} id="privacy">
        <Switch
          text={t("you.address")}
          hint={t("you.address.hint")}
          on={member.hide_address}
          onChange={(on) => void state.change("address", { hide_address: on })}
          note={<Saved state={state} part="address" />}
        />
        <Wrong state={state} part="address" />
        <Switch
          text={t("you.private")}
          hint={t("you.private.hint")}
          on={member.private_calls}
          onChange={(on) => void state.change("private", { private_calls: on })}
          note={<Saved state={state} part="private" />}
        />
        <Wrong state={state} part="private" />
      </Section>
      <Look />
      <Leave />
    </main>
  );
}
