/** The address other calendars read. */
import { api } from "@/io/api";
import { Button } from "@/view/parts/button";
import { CopyField } from "@/view/parts/copy";
import { Shapes, Trouble } from "@/view/parts/trouble";
import { Section } from "@/view/settings/parts";
import { useWork } from "@/view/settings/work";
import { t } from "@/words/people";

export function Calendars() {
  const { value, error, busy, said, fetch, run } = useWork(api.feed);
  const url = value.value?.url;
  return (
    <Section title={t("settings.calendars")} id="calendars">
      <p>{t("feed.lead")}</p>
      {error.value && <Trouble error={error.value} onRetry={fetch} />}
      {!value.value && !error.value && <Shapes count={1} />}
      {value.value && !url && (
        <>
          <p class="hint">{t("feed.none")}</p>
          <div>
            <Button
              kind="primary"
              busy={busy.value}
              onPress={() => void run(api.makeFeed, t("settings.saved"))}
            >
              {t("feed.make")}
            </Button>
          </div>
        </>
      )}
      {url && (
        <>
          <CopyField label={t("feed.link")} value={url} />
          <div class="row">
            <Button busy={busy.value} onPress={() => void run(api.makeFeed, t("feed.rotated"))}>
              {t("feed.rotate")}
            </Button>
            <Button
              kind="plain"
              busy={busy.value}
              onPress={() => void run(api.dropFeed, t("feed.offed"))}
            >
              {t("feed.off")}
            </Button>
          </div>
        </>
      )}
      {said.value && <p class="saved">{said.value}</p>}
    </Section>
  );
}
