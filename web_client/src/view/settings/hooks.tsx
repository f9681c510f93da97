/** Webhooks: addresses that are told what happens with a member's sessions. */
import { type HookEvent, ms, type Webhook } from "@/core/model";
import { api } from "@/io/api";
import { times } from "@/io/store";
import { Button } from "@/view/parts/button";
import { Trouble } from "@/view/parts/trouble";
import { Section } from "@/view/settings/parts";
import { type Kind, Made, Make } from "@/view/settings/secret";
import { useWork, type Work } from "@/view/settings/work";
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

const KIND: Kind<HookEvent> = {
  id: "hook",
  input: { type: "url", dir: "ltr" },
  choices: EVENTS,
  first: ["matched", "changed", "cancelled"],
  isBad: (url) => !looksLikeAddress(url),
  make: async (url, events, request) => (await api.makeWebhook(url, events, request)).secret,
  words: {
    label: t("hooks.url"),
    hint: t("hooks.url.hint"),
    bad: t("hooks.url.bad"),
    legend: t("hooks.events"),
    choice: (event) => t(`hooks.event.${event}`),
    none: t("hooks.events.bad"),
    make: t("hooks.make"),
    fresh: t("hooks.fresh"),
    secret: t("hooks.fresh.link"),
  },
};

export function Webhooks() {
  const work = useWork<readonly Webhook[]>(api.webhooks);
  const error = work.error.value;
  const refused = error?.field === "url";
  return (
    <Section title={t("hooks.title")} id="hooks">
      <p>{t("hooks.lead")}</p>
      {error && !refused && <Trouble error={error} onRetry={work.fetch} />}
      <Make kind={KIND} work={work} refused={refused} />
      <Made work={work} label={t("hooks.list")} none={t("hooks.none")}>
        {(hook) => <Row key={hook.id} hook={hook} work={work} />}
      </Made>
    </Section>
  );
}
