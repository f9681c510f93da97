/** Why a lock-in was refused, in a sentence with its times and names. */
import type { Named } from "@/core/model";
import { cancelIsLate } from "@/core/next";
import { MINUTE } from "@/core/zones";
import type { ApiError } from "@/io/api";
import { serverNow } from "@/io/clock";
import { bookings, instance, times } from "@/io/store";
import { called } from "@/view/people/acts";
import { inside } from "@/view/people/words";
import { errorText } from "@/words/page";
import { t } from "@/words/people";

const numberIn = (error: ApiError, key: string): number =>
  typeof error.data[key] === "number" ? error.data[key] : 0;

/** The own booking in the way, if the server named it. */
export const inTheWay = ({ code, data }: ApiError): string =>
  code === "overlap" && typeof data["booking"] === "string" ? data["booking"] : "";

function overlapText(error: ApiError): string {
  const [start, end] = [numberIn(error, "start_ms"), numberIn(error, "end_ms")];
  if (!start || !end) return errorText(error.code, error.data);
  const range = { a: times.value.time(start), b: times.value.time(end) };
  const own = bookings.value.get(inTheWay(error));
  const text = own?.partner
    ? t("lock.overlap.with", { ...range, name: called(own.partner) })
    : t("lock.overlap", range);
  const limit = instance.value?.rules.late_cancel_ms ?? 0;
  const noted = own && cancelIsLate(own, serverNow(), limit);
  return noted ? `${text} ${t("lock.overlap.late", { n: limit / MINUTE })}` : text;
}

function suspendedText(error: ApiError): string {
  const until = numberIn(error, "until_ms");
  return until ? t("lock.suspended", inside(until)) : t("lock.suspended.open");
}

const TEXT: Readonly<Record<string, (error: ApiError, member: Named) => string>> = {
  not_available: (_, member) => t("lock.not_available", { name: called(member) }),
  not_found: (_, member) => t("lock.not_available", { name: called(member) }),
  taken: () => t("lock.taken"),
  overlap: overlapText,
  suspended: suspendedText,
  too_late: () => t("lock.too_late"),
};

export const refusalText = (error: ApiError, member: Named): string =>
  TEXT[error.code]?.(error, member) ?? errorText(error.code, error.data);
