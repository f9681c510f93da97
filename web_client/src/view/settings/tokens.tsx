/** Tokens with which programs act for a member. */
import { ms, type Scope, type Token } from "@/core/model";
import { api } from "@/io/api";
import { times } from "@/io/store";
import { Button } from "@/view/parts/button";
import { Trouble } from "@/view/parts/trouble";
import { Section } from "@/view/settings/parts";
import { type Kind, Made, Make } from "@/view/settings/secret";
import { useWork, type Work } from "@/view/settings/work";
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

const KIND: Kind<Scope> = {
  id: "token",
  input: { type: "text", dir: "auto" },
  choices: SCOPES,
  first: ["read"],
  isBad: (name) => name.trim() === "" || [...name.trim()].length > NAME_MAX,
  make: async (name, scopes, request) => (await api.makeToken(name, scopes, request)).token,
  words: {
    label: t("tokens.name"),
    hint: t("tokens.name.hint"),
    bad: t("tokens.name.bad", { n: NAME_MAX }),
    legend: t("tokens.scopes"),
    choice: (scope) => t(`tokens.scope.${scope}`),
    none: t("tokens.scopes.bad"),
    make: t("tokens.make"),
    fresh: t("tokens.fresh"),
    secret: t("tokens.fresh.link"),
  },
};

export function Tokens() {
  const work = useWork<readonly Token[]>(api.tokens);
  return (
    <Section title={t("tokens.title")} id="tokens">
      <p>{t("tokens.lead")}</p>
      {work.error.value && <Trouble error={work.error.value} onRetry={work.fetch} />}
      <Make kind={KIND} work={work} />
      <Made work={work} label={t("tokens.list")} none={t("tokens.none")}>
        {(token) => <Row key={token.id} token={token} work={work} />}
      </Made>
    </Section>
  );
}
