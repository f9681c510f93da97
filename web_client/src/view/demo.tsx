/** The bar of a demo: move the instance's clock on. */
import { useComputed } from "@preact/signals";
import { useState } from "preact/hooks";

import { ms } from "@/core/model";
import { nextOf } from "@/core/next";
import { MINUTE } from "@/core/zones";
import { api, ApiError } from "@/io/api";
import { heardTime, now, serverNow } from "@/io/clock";
import { refreshAll } from "@/io/live";
import { ownBookings } from "@/io/store";
import { Button } from "@/view/parts/button";
import { errorText, t } from "@/words/page";

/** How long before the start and the end the demo's clock is put. */
const BEFORE_START = 10_000;
const BEFORE_END = MINUTE + 2_000;

async function skipTo(at: number): Promise<string> {
  const sent = performance.now();
  const seconds = Math.round((at - serverNow()) / 1000);
  if (seconds <= 0) return "";
  try {
    const { server_time } = await api.skip(seconds);
    heardTime(ms(server_time), sent);
    refreshAll();
    return "";
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return errorText(error.code, error.data);
  }
}

/** On a demo: move the instance's clock to what is worth seeing of the next session. */
export function DemoTimes() {
  const [said, setSaid] = useState("");
  const next = useComputed(() => nextOf(ownBookings.value, now.value));
  if (!next.value) return null;
  const { start, end } = next.value;
  const skip = (at: number) => void skipTo(at).then(setSaid);
  const toStart = now.value < start - BEFORE_START;
  const toEnd = now.value >= start && now.value < end - BEFORE_END;
  if (!toStart && !toEnd && !said) return null;
  return (
    <aside class="bar demo" aria-label={t("demo.label")}>
      <b>{t("demo.label")}</b>
      {toStart && (
        <Button kind="plain" onPress={() => skip(start - BEFORE_START)}>
          {t("demo.start")}
        </Button>
      )}
      {toEnd && (
        <Button kind="plain" onPress={() => skip(end - BEFORE_END)}>
          {t("demo.end")}
        </Button>
      )}
      {said && <span role="alert">{said}</span>}
    </aside>
  );
}
