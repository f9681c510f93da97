/** An address without a page. */
import { ButtonLink } from "@/view/parts/button";
import { Heading } from "@/view/parts/heading";
import { t } from "@/words/page";

export function MissingPage() {
  return (
    <main id="main" class="page stack" tabIndex={-1}>
      <Heading title={t("missing.title")} />
      <p>{t("missing.text")}</p>
      <div>
        <ButtonLink kind="primary" href="/">
          {t("missing.back")}
        </ButtonLink>
      </div>
    </main>
  );
}
