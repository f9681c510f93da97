/** What was noted about a member: every flag with its evidence. */
import "./you.css";

import { useEffect } from "preact/hooks";

import { serverNow } from "@/io/clock";
import { DAY } from "@/core/zones";
import { flags, loadBookings, loadFlags, troubles } from "@/io/store";
import { FlagCard } from "@/view/flag";
import { Heading } from "@/view/parts/heading";
import { Shapes, Trouble } from "@/view/parts/trouble";
import { t } from "@/words/page";

/** How far back sessions are fetched, for the names in flags. */
const BACK = 90 * DAY;

export default function StandingPage() {
  useEffect(() => {
    void loadFlags();
    void loadBookings({ from: serverNow() - BACK, to: serverNow() });
  }, []);
  const error = troubles.value["flags"];
  const all = flags.value;
  return (
    <main id="main" class="page you" tabIndex={-1}>
      <div>
        <Heading title={t("flags.title")} />
        <p class="hint">{t("flags.intro")}</p>
      </div>
      {error && <Trouble error={error} onRetry={() => void loadFlags()} />}
      {!all && !error && <Shapes count={3} />}
      {all?.length === 0 && <p class="card">{t("flags.none")}</p>}
      {all?.map((flag) => (
        <FlagCard key={`${flag.pair} ${flag.fault} ${flag.at}`} flag={flag} />
      ))}
    </main>
  );
}
