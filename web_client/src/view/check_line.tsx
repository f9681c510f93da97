/** The connection row of the check: what is being tried, what came of it, and the cure. */
import { useSignal } from "@preact/signals";
import { Copy } from "lucide-preact";

import type { Line } from "@/core/check";
import type { Detail } from "@/core/reach";
import { say } from "@/io/announce";
import { serverNow } from "@/io/clock";
import { instance } from "@/io/store";
import { Button } from "@/view/parts/button";
import { type Look, Row } from "@/view/check_rows";
import { t } from "@/words/reach";

const LOOKS: Readonly<Record<Line, Look>> = {
  looking: "waiting",
  trying: "waiting",
  longer: "waiting",
  good: "good",
  slow: "good",
  hidden: "good",
  all: "good",
  relay: "good",
  half: "look",
  nothing: "look",
  blocked: "look",
  untried: "waiting",
  unreachable: "look",
};

const STEPS = ["looking", "trying", "longer"] as const;

function Steps({ at }: { readonly at: number }) {
  return (
    <span class="meter reach-steps" aria-hidden="true">
      {STEPS.map((step, n) => (
        <i key={step} class={n <= at ? "meter-on" : ""} />
      ))}
    </span>
  );
}

function Text({ line }: { readonly line: Line }) {
  if (line !== "half" && line !== "nothing" && line !== "blocked") return <>{t(`reach.${line}`)}</>;
  return (
    <>
      <p>{t(`reach.${line}`)}</p>
      <p>{t(`reach.${line}.cure`)}</p>
    </>
  );
}

/** What was tried, for somebody else to read. It names ports and no address. */
function Details({ details }: { readonly details: readonly Detail[] }) {
  const said = useSignal<"" | "copied" | "copy.by_hand">("");
  const time = `${new Date(serverNow()).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const lines = [
    t("reach.detail.head", { site: instance.value?.name ?? "", time }),
    ...details.map(({ id, values }) => t(`reach.detail.${id}`, values)),
  ];
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(lines.join("\n"));
      said.value = "copied";
    } catch {
      // No permission, or no secure page.
      said.value = "copy.by_hand";
    }
    say(t(`reach.${said.value}`));
  };
  return (
    <details class="reach-details">
      <summary>{t("reach.details")}</summary>
      <pre dir="ltr">{lines.join("\n")}</pre>
      <Button kind="plain" class="reach-copy" onPress={() => void copy()}>
        <Copy class="icon" aria-hidden="true" /> {t(said.value === "copied" ? "reach.copied" : "reach.copy")}
      </Button>
      {said.value === "copy.by_hand" && <span class="room-hint">{t("reach.copy.by_hand")}</span>}
    </details>
  );
}

interface LineRowProps {
  readonly line: Line;
  readonly details: readonly Detail[];
  readonly onAgain: () => void;
}

const AGAIN: ReadonlySet<Line> = new Set(["half", "nothing", "blocked", "untried", "relay"]);
const DETAILED: ReadonlySet<Line> = new Set(["half", "nothing", "relay"]);

export function LineRow({ line, details, onAgain }: LineRowProps) {
  const step = STEPS.findIndex((each) => each === line);
  return (
    <Row
      look={LOOKS[line]}
      title={t("reach.title")}
      text={<Text line={line} />}
      action={
        step >= 0 ? (
          <Steps at={step} />
        ) : (
          AGAIN.has(line) && (
            <button type="button" class="button plain" aria-label={t("reach.again.name")} onClick={onAgain}>
              {t("reach.again")}
            </button>
          )
        )
      }
    >
      {DETAILED.has(line) && details.length > 0 && <Details details={details} />}
    </Row>
  );
}
