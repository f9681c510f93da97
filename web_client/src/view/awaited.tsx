/** The partner is in the room: the way there, and a word to them, in place of the bar of the next session. */
import { useEffect, useState } from "preact/hooks";

import { firstName } from "@/core/names";
import type { Next } from "@/core/next";
import { say } from "@/io/announce";
import { api, ApiError, requestId } from "@/io/api";
import { awaited } from "@/io/awaited";
import { Button, ButtonLink } from "@/view/parts/button";
import { errorText, t } from "@/words/page";

/** What the short line says one will be late by. */
const LATE_MIN = 3;

export function AwaitedBar({ next }: { readonly next: Next }) {
  const { booking } = next;
  const name = firstName(booking.partner?.name ?? "");
  const text = t("awaited.text", { name });
  const [trouble, setTrouble] = useState("");
  useEffect(() => say(text), [text]);
  const write = async (line: string): Promise<void> => {
    try {
      await api.write(booking.partner?.id ?? "", line, requestId());
      if (awaited.value) awaited.value = { ...awaited.value, answered: true };
      say(t("awaited.told", { name }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setTrouble(errorText(error.code, error.data));
    }
  };
  return (
    <section class="nextbar awaited" aria-label={t("next.title")}>
      <p>
        {text} {trouble !== "" && <small role="alert">{trouble}</small>}
        {awaited.value?.answered === true && <small>{t("awaited.told", { name })}</small>}
      </p>
      {awaited.value?.answered === false && (
        <>
          <Button kind="on-mine" class="quiet" onPress={() => void write(t("awaited.late", { n: LATE_MIN }))}>
            {t("awaited.late", { n: LATE_MIN })}
          </Button>
          <Button kind="on-mine" class="quiet" onPress={() => void write(t("awaited.cannot.line"))}>
            {t("awaited.cannot")}
          </Button>
        </>
      )}
      <ButtonLink kind="on-mine" href={`/check/${booking.id}`}>
        {t("next.enter")}
      </ButtonLink>
    </section>
  );
}
