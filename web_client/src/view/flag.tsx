/** One flag as facts: what was seen on two lanes, the rule, what it does, who sees it. */
import "./you.css";

import { type Bar, type Lanes, lanesOf, presence, shareOf } from "@/core/lanes";
import { type Flag, ms } from "@/core/model";
import { firstName } from "@/core/names";
import { MINUTE } from "@/core/zones";
import { bookings, instance, times } from "@/io/store";
import { limitText, measuredText } from "@/view/parts/amount";
import { Name } from "@/view/parts/people";
import { t } from "@/words/rules";

const BAR_CLASS = { here: "here", cut: "cut-off", break: "break", unseen: "unseen", fault: "fault" } as const;

interface LaneProps {
  readonly lanes: Lanes;
  readonly who: "you" | "partner";
}

function Lane({ lanes, who }: LaneProps) {
  return (
    <span class={`lane ${who}`} aria-hidden="true">
      {lanes[who].map((bar) => (
        <i
          key={bar.from}
          class={BAR_CLASS[bar.kind]}
          style={{
            "--from": String(shareOf(lanes, bar.from)),
            "--to": String(shareOf(lanes, bar.to)),
          }}
        />
      ))}
      {lanes.mark !== null && (
        <i class="mark" style={{ "--from": String(shareOf(lanes, lanes.mark)), "--to": "0" }} />
      )}
    </span>
  );
}

function seenText(bars: readonly Bar[]) {
  const seen = presence(bars);
  return seen ? <bdi>{times.value.range(seen.from, seen.to)}</bdi> : t("flag.bar.none");
}

/** A time of day; with seconds where the minute alone would hide what the rule is about. */
const moment = (at: number, beside = 0): string =>
  at % MINUTE !== 0 && (beside === 0 || Math.floor(at / MINUTE) === Math.floor(beside / MINUTE))
    ? times.value.second(at)
    : times.value.time(at);

/** Closer than this share of the scale, two times would be written over each other. */
const APART = 0.2;

function Scale({ lanes, fault }: { readonly lanes: Lanes; readonly fault: Flag["fault"] }) {
  const { start, end, mark } = lanes;
  const id = `flag.line.${fault}` as "flag.line.late";
  const at = (when: number) => ({ "--at": String(shareOf(lanes, when)) });
  const nearEnd = mark !== null && shareOf(lanes, end) - shareOf(lanes, mark) < APART;
  const nearStart = mark !== null && shareOf(lanes, mark) - shareOf(lanes, start) < APART;
  const known = fault === "late" || fault === "no_show" || fault === "early_leave";
  return (
    <span class="scale" aria-hidden="true">
      <span class={nearStart ? "start-text" : ""} style={at(start)}>
        {times.value.time(start)}
      </span>
      {mark !== null && known && (
        <span class={nearEnd ? "mark-text before" : "mark-text"} style={at(mark)}>
          {t(id, { time: moment(mark) })}
        </span>
      )}
      {!nearEnd && (
        <span class="end-text" style={at(end)}>
          {times.value.time(end)}
        </span>
      )}
    </span>
  );
}

/** The same for readers, and for whoever likes numbers better. */
function AsTable({ lanes, partner }: { readonly lanes: Lanes; readonly partner: string }) {
  const rows = (["you", "partner"] as const).flatMap((who) =>
    lanes[who].map((bar) => ({ who: who === "you" ? t("flag.you") : partner, ...bar })),
  );
  return (
    <details>
      <summary>{t("flag.table")}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("flag.table.who")}</th>
            <th scope="col">{t("flag.table.what")}</th>
            <th scope="col">{t("flag.table.from")}</th>
            <th scope="col">{t("flag.table.to")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ who, kind, from, to }) => (
            <tr key={`${who} ${from}`}>
              <td>
                <bdi>{who}</bdi>
              </td>
              <td>{t(`flag.bar.${kind}`)}</td>
              <td>{times.value.second(from)}</td>
              <td>{times.value.second(to)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

export function FlagCard({ flag }: { readonly flag: Flag }) {
  const rules = instance.value?.rules;
  if (!rules) return null;
  const lanes = lanesOf(flag, rules);
  const name = bookings.value.get(flag.booking)?.partner?.name ?? "";
  const partner = name ? firstName(name) : t("flag.partner");
  const at = ms(flag.at);
  const words = {
    time: moment(at, lanes.start),
    second: times.value.second(at),
    amount: measuredText(flag.measured_ms),
    limit: limitText(flag.limit_ms),
  };
  const seen = flag.timeline.length > 0;
  return (
    <article class="card flag" id={`flag-${flag.booking}`} tabIndex={-1}>
      <div>
        <h2>{t(`flag.${flag.fault}`, words)}</h2>
        <p class="flag-when">
          {times.value.day(lanes.start)}, <bdi>{times.value.range(lanes.start, lanes.end)}</bdi>
          {name && (
            <>
              {" · "}
              <Name>{name}</Name>
            </>
          )}{" "}
          · {t(`flag.mark.${flag.fault}`)}
        </p>
      </div>
      {seen && (
        <div class="lanes">
          <span>{t("flag.you")}</span>
          <Lane lanes={lanes} who="you" />
          <span>{seenText(lanes.you)}</span>
          <span class="cut">
            <Name>{partner}</Name>
          </span>
          <Lane lanes={lanes} who="partner" />
          <span>{seenText(lanes.partner)}</span>
          <span />
          <Scale lanes={lanes} fault={flag.fault} />
          <span />
        </div>
      )}
      <dl class="facts">
        <dt>{t("flag.saw")}</dt>
        <dd>{t(`flag.saw.${flag.fault}`, words)}</dd>
        {flag.announced && <dd>{name ? t("flag.announced", { name: firstName(name) }) : t("flag.announced.unknown")}</dd>}
        <dt>{t("flag.rule")}</dt>
        <dd>{t(`flag.rule.${flag.fault}`, words)}</dd>
        <dt>{t("flag.does")}</dt>
        <dd>{t("flag.does.text")}</dd>
        <dt>{t("flag.sees")}</dt>
        <dd>{t("flag.sees.text")}</dd>
      </dl>
      {seen && <AsTable lanes={lanes} partner={partner} />}
    </article>
  );
}
