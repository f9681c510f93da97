/** The connection row of the check: what is being tried, what came of it, and the cure. */
import { useSignal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
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
  silent: "look",
  blocked: "look",
  untried: "waiting",
  unreachable: "look",
};

const STEPS = ["looking", "trying", "longer"] as const;

/** How far the try has come; the last bar is the answer's, and by then this is gone. */
function Steps({ at }: { readonly at: number }) {
  return (
    <span class="meter reach-steps" aria-hidden="true">
      {Array.from({ length: STEPS.length + 1 }, (_, n) => (
        <i key={n} class={n <= at ? "meter-on" : ""} />
      ))}
    </span>
  );
}

interface FoundProps {
  readonly line: Line;
  readonly details: readonly Detail[];
}

/** What there is to say of it, and of what does not work one sentence on what to do. */
function Text({ line, details }: FoundProps) {
  const port = details[0]?.values["port"] ?? "";
  if (line !== "half" && line !== "nothing" && line !== "silent" && line !== "blocked") return <>{t(`reach.${line}`)}</>;
  return (
    <>
      <p>{t(`reach.${line}`, { port })}</p>
      <p>{t(`reach.${line}.cure`)}</p>
    </>
  );
}

/** What was tried, for somebody else to read. It names ports and no address. */
function Details({ line, details }: FoundProps) {
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
      {(line === "half" || line === "nothing" || line === "silent") && <p>{t(`reach.${line}.more`)}</p>}
      <pre dir="ltr">{lines.join("\n")}</pre>
      <Button kind="plain" class="reach-copy" onPress={() => void copy()}>
        <Copy class="icon" aria-hidden="true" /> {t(said.value === "copied" ? "reach.copied" : "reach.copy")}
      </Button>
      {said.value === "copy.by_hand" && <span class="room-hint">{t("reach.copy.by_hand")}</span>}
    </details>
  );
}

interface LineRowProps extends FoundProps {
  readonly onAgain: () => void;
}

const AGAIN: ReadonlySet<Line> = new Set(["half", "nothing", "silent", "blocked", "untried", "relay"]);
const DETAILED: ReadonlySet<Line> = new Set(["half", "nothing", "silent", "relay"]);

/** Once pressed, the button stays until there is an answer: it has the focus. */
function useAgain(trying: boolean, onAgain: () => void) {
  const [pressed, setPressed] = useState(false);
  useEffect(() => {
    if (!trying) setPressed(false);
  }, [trying]);
  const press = () => {
    setPressed(true);
    onAgain();
  };
  return [pressed && trying, press] as const;
}

export function LineRow({ line, details, onAgain }: LineRowProps) {
  const step = STEPS.findIndex((each) => each === line);
  const trying = step >= 0;
  const [stays, press] = useAgain(trying, onAgain);
  const again = stays || AGAIN.has(line);
  return (
    <Row
      look={LOOKS[line]}
      title={t("reach.title")}
      text={<Text line={line} details={details} />}
      action={
        (trying || again) && (
          <>
            {trying && <Steps at={step} />}
            {again && (
              <Button kind="plain" busy={trying} name={t("reach.again.name")} onPress={press}>
                {t("reach.again")}
              </Button>
            )}
          </>
        )
      }
    >
      {DETAILED.has(line) && details.length > 0 && <Details line={line} details={details} />}
    </Row>
  );
}
