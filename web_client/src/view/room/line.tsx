/** "What is wrong?": what is seen of the call, what to try, and figures for whoever runs this place. */
import { useState } from "preact/hooks";

import { firstName } from "@/core/names";
import type { Help } from "@/core/quality";
import { now } from "@/io/clock";
import { socket } from "@/io/socket";
import { Button } from "@/view/parts/button";
import { Switch } from "@/view/parts/controls";
import { closeLayer, Panel } from "@/view/room/layers";
import { setLowData, setSoundOnly } from "@/view/room/settings";
import type { Visit } from "@/view/room/visit";
import { has, t } from "@/words/room";

interface Shown {
  readonly visit: Visit;
}

/** What may be done about it here and now; the rest is advice. */
function Act({ visit, help }: Shown & { readonly help: Help }) {
  const { lowData, soundOnly } = visit.call.choices.value;
  const name = firstName(visit.partner.value?.name ?? "");
  const text = t(`line.help.${help}`, { name });
  if (help === "low_data") return <Switch text={text} on={lowData} onChange={(on) => setLowData(visit, on)} />;
  if (help === "sound_only") return <Switch text={text} on={soundOnly} onChange={(on) => setSoundOnly(visit, on)} />;
  if (help !== "reconnect") return <p>{text}</p>;
  return (
    <>
      <p>{text}</p>
      <Button
        onPress={() => {
          closeLayer();
          void visit.comeIn();
        }}
      >
        {t("line.do.reconnect")}
      </Button>
    </>
  );
}

function Advice({ visit }: Shown) {
  // Looked at anew with each second.
  void now.value;
  const { what, help } = visit.call.diagnose();
  const name = firstName(visit.partner.value?.name ?? "");
  return (
    <>
      <p class="line-what" role="status">
        {t(`line.${what}`, { name })}
      </p>
      {help.length > 0 && (
        <>
          <h3>{t("line.try")}</h3>
          <ul class="line-help">
            {help.map((each) => (
              <li key={each}>
                <Act visit={visit} help={each} />
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

const nameOf = (figure: string): string => {
  const word = `figure.${figure}`;
  return has(word) ? t(word) : figure;
};

/** Exactly what is sent, shown before; nothing leaves without the press below it. */
function Figures({ visit }: Shown) {
  const [shown, setShown] = useState<ReturnType<typeof visit.call.figuresToSend> | null>(null);
  const [said, setSaid] = useState<"" | "sent" | "failed">("");
  if (shown === null) {
    return <Button onPress={() => setShown(visit.call.figuresToSend())}>{t("line.figures.show")}</Button>;
  }
  const rows = Object.entries(shown.figures);
  if (rows.length === 0) return <p>{t("line.figures.none")}</p>;
  const send = () => setSaid(socket.send({ t: "figures", ...shown }) ? "sent" : "failed");
  return (
    <>
      <dl class="line-figures">
        {rows.map(([figure, value]) => (
          <div key={figure}>
            <dt>{nameOf(figure)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {said !== "sent" && (
        <Button wide onPress={send}>
          {t("line.figures.send")}
        </Button>
      )}
      <p role="status" class="line-said">
        {said !== "" && t(`line.figures.${said}`)}
      </p>
    </>
  );
}

export function LinePanel({ visit }: Shown) {
  return (
    <Panel name="line" heading={t("line.heading")}>
      <div class="more-scroll">
        <Advice visit={visit} />
        <h3>{t("line.figures")}</h3>
        <p class="room-hint">{t("line.figures.text")}</p>
        <Figures visit={visit} />
      </div>
      <Button wide onPress={closeLayer}>
        {t("more.close")}
      </Button>
    </Panel>
  );
}

/** Four words that two people read to each other. */
export function CodePanel({ visit }: Shown) {
  const words = visit.call.safetyCode.value;
  const carried = visit.call.carried.value;
  const name = firstName(visit.partner.value?.name ?? "");
  return (
    <Panel name="code" heading={t("code.heading")}>
      {words === null ? (
        <p>{t(carried === "relay" ? "code.relay" : "code.none")}</p>
      ) : (
        <>
          <ol class="code-words">
            {words.map((word, at) => (
              // A word may come twice.
              <li key={at}>{word}</li>
            ))}
          </ol>
          <p>{t("code.text", { name })}</p>
          <p class="room-hint">{t("code.differ")}</p>
        </>
      )}
      <Button wide onPress={closeLayer}>
        {t("more.close")}
      </Button>
    </Panel>
  );
}
