/** Fetching free times of the next two weeks, and choosing a length among them. */
import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { type FreeTime, instant } from "@/core/model";
import { lengthsOf } from "@/core/people";
import { DAY } from "@/core/zones";
import { api, ApiError } from "@/io/api";
import { serverNow } from "@/io/clock";
import { onChanged } from "@/io/live";
import { instance } from "@/io/store";
import { Segmented } from "@/view/parts/controls";
import { t } from "@/words/people";

/** How far ahead free times are shown, where the instance does not say. */
const AHEAD = 14 * DAY;

export interface FreeTimes {
  readonly times: Signal<readonly FreeTime[] | null>;
  readonly error: Signal<ApiError | null>;
  readonly fetch: () => void;
}

/** Of one member, or of all favourites and friends; kept fresh while they are shown. */
export function useFreeTimes(member?: string): FreeTimes {
  const times = useSignal<readonly FreeTime[] | null>(null);
  const error = useSignal<ApiError | null>(null);
  const ahead = instance.value?.rules.free_times_ms ?? AHEAD;
  const run = async () => {
    try {
      const from = serverNow();
      times.value = await api.freeTimes(instant(from), instant(from + ahead), member);
      error.value = null;
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      error.value = cause;
    }
  };
  const fetch = () => void run();
  useEffect(() => {
    fetch();
    return onChanged(["people", "booking", "pool"], fetch);
    // The member is the page's own: another one is another page.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [member]);
  return { times, error, fetch };
}

interface LengthsProps {
  readonly times: readonly FreeTime[];
  readonly value: number;
  readonly onChange: (length: number) => void;
}

/** All lengths, or one; where only one occurs there is nothing to choose. */
export function Lengths({ times, value, onChange }: LengthsProps) {
  const lengths = lengthsOf(times);
  if (lengths.length < 2) return null;
  return (
    <Segmented
      label={t("free.length")}
      value={String(lengths.includes(value) ? value : 0)}
      options={[
        { value: "0", text: t("free.length.all") },
        ...lengths.map((n) => ({
          value: String(n),
          text: n === value ? t("free.length.n", { n }) : String(n),
          name: t("free.length.long", { n }),
        })),
      ]}
      onChange={(next) => onChange(Number(next))}
    />
  );
}

export const ofLength = <T extends FreeTime>(times: readonly T[], length: number): readonly T[] => {
  const some = times.filter((time) => time.length_min === length);
  return length === 0 || some.length === 0 ? times : some;
};

