/** Tokens with which programs act for a member. */
import { useSignal } from "@preact/signals";

import { ms, type Scope, type Token } from "@/core/model";
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
import { isolate } from "@/words/words";
import { t } from "@/words/people";

const SCOPES: readonly Scope[] = ["read", "book", "people", "messages"];
/** The longest name taken; the server has the last word. */
const NAME_MAX = 60;

const day = (at: string): string => times.value.shortDay(ms(at));

function Row({ token, work }: { readonly token: Token; readonly work: Work<readonly Token[]> }) {
  const name = isolate(token.name);
  const scopes = token.scopes.map((scope) => t(`tokens.scope.${scope}`)).join(", ");
  return (
    <li class="link-row">
      <div>
        <b dir="auto">{token.name}</b>
        <small>{scopes}</small>
        <small class="about">
          <span>{t("tokens.made", { day: day(token.created) })}</span>
          <span>
            {token.last_used ? t("tokens.used", { day: day(token.last_used) }) : t("tokens.unused")}
          </span>
        </small>
      </div>
      <Button
        kind="plain"
        busy={work.busy.value}
        onPress={() => void work.run(() => api.dropToken(token.id), t("tokens.dropped", { name }))}
      >
        {t("tokens.drop")}
        <span class="sr">{t("tokens.drop.of", { name })}</span>
      </Button>
    </li>
  );
}

function Make({ work }: { readonly work: Work<readonly Token[]> }) {
  const name = useSignal("");
  const scopes = useSignal<readonly Scope[]>(["read"]);
  const secret = useSignal("");
  const tries = useSignal(0);
  const tried = tries.value > 0;
  const long = name.value.trim() === "" || [...name.value.trim()].length > NAME_MAX;
  const said = {
    name: tried && long ? t("tokens.name.bad", { n: NAME_MAX }) : undefined,
    scopes: tried && scopes.value.length === 0 ? t("tokens.scopes.bad") : undefined,
  };
  const faults = [
    ...(said.name ? [{ id: "token-name", text: said.name }] : []),
    ...(said.scopes ? [{ id: "token-scopes", text: said.scopes }] : []),
  ];
  const request = useRequest();
  const make = async () => {
    tries.value += 1;
    if (long || scopes.value.length === 0) return;
    const called = name.value.trim();
    const done = await work.run(async () => {
      secret.value = (await api.makeToken(called, scopes.value, request.of(`${called} ${scopes.value.join()}`))).token;
    }, t("tokens.fresh"));
    if (!done) return;
    request.done();
    name.value = "";
    tries.value = 0;
  };
  return (
    <>
      {secret.value && (
        <div class="fresh">
          <p>{t("tokens.fresh")}</p>
          <CopyField label={t("tokens.fresh.link")} value={secret.value} />
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
        <Field id="token-name" label={t("tokens.name")} hint={t("tokens.name.hint")} error={said.name}>
          {(ids) => (
            <input
              {...ids}
              type="text"
              dir="auto"
              autocomplete="off"
              value={name.value}
              onInput={(event) => (name.value = event.currentTarget.value)}
            />
          )}
        </Field>
        <Boxes
          id="token-scopes"
          legend={t("tokens.scopes")}
          options={SCOPES.map((value) => ({ value, text: t(`tokens.scope.${value}`) }))}
          chosen={scopes}
          error={said.scopes}
        />
        <div>
          <Button kind="soft" type="submit" busy={work.busy.value}>
            {t("tokens.make")}
          </Button>
        </div>
      </form>
    </>
  );
}

export function Tokens() {
  const work = useWork<readonly Token[]>(api.tokens);
  const all = work.value.value;
  return (
    <Section title={t("tokens.title")} id="tokens">
      <p>{t("tokens.lead")}</p>
      {work.error.value && <Trouble error={work.error.value} onRetry={work.fetch} />}
      <Make work={work} />
      {!all && !work.error.value && <Shapes count={2} />}
      {all?.length === 0 && <p class="hint">{t("tokens.none")}</p>}
      {all && all.length > 0 && (
        <ul class="links" aria-label={t("tokens.list")}>
          {all.map((token) => (
            <Row key={token.id} token={token} work={work} />
          ))}
        </ul>
      )}
      {work.said.value && <p class="saved">{work.said.value}</p>}
    </Section>
  );
}
