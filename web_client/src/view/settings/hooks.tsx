/** Webhooks: addresses that are told what happens with a member's sessions. */
import { useSignal } from "@preact/signals";

import { type HookEvent, ms, type Webhook } from "@/core/model";
import { api } from "@/io/api";
import { times } from "@/io/store";
import { Button } from "@/view/parts/button";
import { Field } from "@/view/parts/controls";
import { CopyField } from "@/view/parts/copy";
import { Summary } from "@/view/parts/summary";
import { Shapes, Trouble } from "@/view/parts/trouble";
import { Boxes } from "@/view/settings/choices";
import { Section } from "@/view/settings/parts";
import { useRequest, useWork, type Work } from "@/view/settings/work";
import { t } from "@/words/people";

const EVENTS: readonly HookEvent[] = ["matched", "changed", "cancelled", "flagged"];

const AGAIN_MS = 3_000;

function lastOf({ last, disabled }: Webhook): string {
  if (disabled) return t("hooks.disabled");
  if (!last) return t("hooks.last.none");
  const at = { day: times.value.shortDay(ms(last.at)), time: times.value.time(ms(last.at)) };
  return last.ok ? t("hooks.last.ok", at) : t("hooks.last.bad", { ...at, status: last.status ?? "–" });
}

function Row({ hook, work }: { readonly hook: Webhook; readonly work: Work<readonly Webhook[]> }) {
  const { id, url } = hook;
  const test = async () => {
    const sent = await work.run(() => api.testWebhook(id), t("hooks.tested"));
    // Another process sends it: how it went is known a moment later.
    if (sent) window.setTimeout(work.fetch, AGAIN_MS);
  };
  return (
    <li class="link-row">
      <div>
        <b class="url" dir="ltr">
          {url}
        </b>
        <small>{hook.events.map((event) => t(`hooks.event.${event}`)).join(", ")}</small>
        <small>{lastOf(hook)}</small>
      </div>
      <div class="row">
        <Button
          kind="plain"
          busy={work.busy.value}
          onPress={() => void test()}
        >
          {t("hooks.test")}
          <span class="sr">{t("hooks.test.of", { url })}</span>
        </Button>
        <Button
          kind="plain"
          busy={work.busy.value}
          onPress={() => void work.run(() => api.dropWebhook(id), t("hooks.dropped"))}
        >
          {t("hooks.drop")}
          <span class="sr">{t("hooks.drop.of", { url })}</span>
        </Button>
      </div>
    </li>
  );
}

const looksLikeAddress = (text: string): boolean => /^https?:\/\/[^\s/]+/.test(text.trim());

function Make({ work }: { readonly work: Work<readonly Webhook[]> }) {
  const url = useSignal("");
  const events = useSignal<readonly HookEvent[]>(["matched", "changed", "cancelled"]);
  const secret = useSignal("");
  const tries = useSignal(0);
  const tried = tries.value > 0;
  const refused = work.error.value?.field === "url";
  const bad = !looksLikeAddress(url.value);
  const said = {
    url: (tried && bad) || refused ? t("hooks.url.bad") : undefined,
    events: tried && events.value.length === 0 ? t("hooks.events.bad") : undefined,
  };
  const faults = [
    ...(said.url ? [{ id: "hook-url", text: said.url }] : []),
    ...(said.events ? [{ id: "hook-events", text: said.events }] : []),
  ];
  const request = useRequest();
  const make = async () => {
    tries.value += 1;
    if (bad || events.value.length === 0) return;
    const where = url.value.trim();
    const done = await work.run(async () => {
      secret.value = (await api.makeWebhook(where, events.value, request.of(`${where} ${events.value.join()}`))).secret;
    }, t("hooks.fresh"));
    if (!done) return;
    request.done();
    url.value = "";
    tries.value = 0;
  };
  return (
    <>
      {secret.value && (
        <div class="fresh">
          <p>{t("hooks.fresh")}</p>
          <CopyField label={t("hooks.fresh.link")} value={secret.value} />
        </div>
      )}
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <Summary tries={tries.value} faults={faults} />
        <Field id="hook-url" label={t("hooks.url")} hint={t("hooks.url.hint")} error={said.url}>
          {(ids) => (
            <input
              {...ids}
              type="url"
              dir="ltr"
              autocomplete="off"
              value={url.value}
              onInput={(event) => (url.value = event.currentTarget.value)}
            />
          )}
        </Field>
        <Boxes
          id="hook-events"
          legend={t("hooks.events")}
          options={EVENTS.map((value) => ({ value, text: t(`hooks.event.${value}`) }))}
          chosen={events}
          error={said.events}
        />
        <div>
          <Button kind="soft" type="submit" busy={work.busy.value}>
            {t("hooks.make")}
          </Button>
        </div>
      </form>
    </>
  );
}

export function Webhooks() {
  const work = useWork<readonly Webhook[]>(api.webhooks);
  const all = work.value.value;
  const error = work.error.value;
  return (
    <Section title={t("hooks.title")} id="hooks">
      <p>{t("hooks.lead")}</p>
      {error && error.field !== "url" && <Trouble error={error} onRetry={work.fetch} />}
      <Make work={work} />
      {!all && !error && <Shapes count={2} />}
      {all?.length === 0 && <p class="hint">{t("hooks.none")}</p>}
      {all && all.length > 0 && (
        <ul class="links" aria-label={t("hooks.list")}>
          {all.map((hook) => (
            <Row key={hook.id} hook={hook} work={work} />
          ))}
        </ul>
      )}
      {work.said.value && <p class="saved">{work.said.value}</p>}
    </Section>
  );
}
