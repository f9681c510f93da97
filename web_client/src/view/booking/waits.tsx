/** Who waits at a start: lock in with one of them, or book the time and meet whoever fits best. */
import "./booking.css";

import { Heart, Lock } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";

import type { Pick } from "@/core/choice";
import { instant, ms, type Waiter } from "@/core/model";
import { firstName } from "@/core/names";
import { MINUTE } from "@/core/zones";
import { api, ApiError } from "@/io/api";
import { alsoShorter, slots, times } from "@/io/store";
import { wish, wishes } from "@/io/wishes";
import { book, busy, looked, picks, when, whenInside } from "@/view/calendar/state";
import { forget, isWanted, lockIn, outcome, type Wanted } from "@/view/people/lock";
import { inTheWay, refusalText } from "@/view/people/refusal";
import { Button } from "@/view/parts/button";
import { Face, Name } from "@/view/parts/people";
import { Shapes, Trouble } from "@/view/parts/trouble";
import { t } from "@/words/booking";
import { isolate } from "@/words/words";

const wantedOf = (pick: Pick, { id, name, length_min }: Waiter): Wanted => ({
  member: { id, name },
  start: instant(pick.start),
  length_min,
  title: wishes.value.title.trim(),
});

/** It is done: the panel goes, the start is no longer a choice. */
function finish(pick: Pick): void {
  wish({ title: "" });
  looked.value = null;
  picks.value = picks.value.filter(({ start }) => start !== pick.start);
}

async function lock(pick: Pick, wanted: Wanted, replace: readonly string[] = []): Promise<void> {
  await lockIn(wanted, replace);
  if (outcome.value?.state === "done") finish(pick);
}

interface RefusedProps {
  readonly pick: Pick;
  readonly wanted: Wanted;
  readonly error: ApiError;
}

type Close = { readonly start: string; readonly length_min: number };

const othersOf = ({ data }: ApiError): readonly Close[] =>
  Array.isArray(data["others"]) ? (data["others"] as readonly Close[]) : [];

/** Why it was refused, and what can be done instead. */
function Refused({ pick, wanted, error }: RefusedProps) {
  const others = error.code === "taken" ? othersOf(error) : [];
  const own = inTheWay(error);
  return (
    <div class="sure">
      <p role="alert">{others.length > 0 ? t("lock.taken") : refusalText(error, wanted.member)}</p>
      <div class="row">
        {others.map((other) => (
          <Button key={other.start} onPress={() => void lock(pick, { ...wanted, ...other })}>
            <Lock class="icon small" aria-hidden="true" />
            {when(ms(other.start)).day} {when(ms(other.start)).time}
            <span class="sr">{isolate(firstName(wanted.member.name))}</span>
          </Button>
        ))}
        {own && (
          <>
            <Button onPress={() => void lock(pick, wanted, [own])}>{t("lock.replace.yes")}</Button>
            <Button kind="plain" onPress={forget}>
              {t("cancel.no")}
            </Button>
          </>
        )}
      </div>
    </div>
  );
}

function Person({ pick, waiter }: { readonly pick: Pick; readonly waiter: Waiter }) {
  const { name, favourite, lockable, length_min } = waiter;
  const wanted = wantedOf(pick, waiter);
  const min = length_min < pick.length ? length_min : 0;
  const said = { ...whenInside(pick.start), name: isolate(firstName(name)), min };
  const mine = isWanted(wanted, outcome.value) ? outcome.value : null;
  const bookThere = () => void book([pick], { prefer_favourites: true }).then(() => finish(pick));
  return (
    <li>
      <button type="button" class="waiter" onClick={bookThere}>
        <Face name={name} tone={favourite ? "lit" : "warm"} size={36} />
        <span class="cut-box">
          <b class="cut">
            <Name>{name}</Name>
          </b>
          <small>
            {favourite ? (
              <>
                <Heart class="icon small" aria-hidden="true" /> {t("waits.favourite", { min })}
              </>
            ) : (
              t(lockable ? "waits.lockable" : "waits.open", { min })
            )}
          </small>
        </span>
        <span class="sr">{t("waits.book.name", said)}</span>
      </button>
      {lockable && (
        <Button busy={mine?.state === "busy"} onPress={() => void lock(pick, wanted)}>
          <Lock class="icon small" aria-hidden="true" />
          <span aria-hidden="true">{t("waits.lock")}</span>
          <span class="sr">{t("waits.lock.name", said)}</span>
        </Button>
      )}
    </li>
  );
}

/** Favourites first, then who can be locked in, else as they came. */
const inOrder = (all: readonly Waiter[]): readonly Waiter[] =>
  [...all].sort((a, b) => Number(b.favourite) - Number(a.favourite) || Number(b.lockable) - Number(a.lockable));

function useWaiting(pick: Pick) {
  const [found, setFound] = useState<readonly Waiter[] | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  // Fetched again when the number of those who wait there changes.
  const count = slots.value.get(pick.start)?.count ?? 0;
  const shorter = alsoShorter.value;
  const load = () => {
    setError(null);
    api.waiting(instant(pick.start), pick.length, shorter).then(
      (all) => setFound(inOrder(all)),
      (cause: unknown) => {
        if (!(cause instanceof ApiError)) throw cause;
        setError(cause);
      },
    );
  };
  useEffect(load, [pick.start, pick.length, shorter, count]);
  return { found, error, load };
}

export function WaitsBody({ pick }: { readonly pick: Pick }) {
  const { found, error, load } = useWaiting(pick);
  useEffect(() => forget, [pick.start]);
  const refused = outcome.value?.state === "refused" ? outcome.value : null;
  const end = pick.start + pick.length * MINUTE;
  return (
    <>
      <p class="hint">
        <bdi>{times.value.range(pick.start, end)}</bdi>
      </p>
      {error && <Trouble error={error} onRetry={load} />}
      {!found && !error && <Shapes count={2} />}
      {found?.length === 0 && <p>{t("waits.none")}</p>}
      {found && found.length > 0 && (
        <>
          <p>{t(found.some(({ lockable }) => lockable) ? "waits.lead" : "waits.lead.open")}</p>
          <ul class="waiters">
            {found.map((waiter) => (
              <Person key={waiter.id} pick={pick} waiter={waiter} />
            ))}
          </ul>
        </>
      )}
      {refused && <Refused pick={pick} wanted={refused.wanted} error={refused.error} />}
      <Button
        wide
        kind="primary"
        busy={busy.value}
        onPress={() => void book([pick]).then(() => finish(pick))}
      >
        {t("waits.book", whenInside(pick.start))}
      </Button>
    </>
  );
}
