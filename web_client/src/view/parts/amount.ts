/** Lengths of time in words. */
import { type Amount, amountOf, measured } from "@/core/limits";
import { t } from "@/words/rules";

const word = ({ unit, n }: Amount): string => t(`rules.${unit}`, { n });
const list = new Intl.ListFormat("en", { type: "unit", style: "long" });

/** A rule's length: "2 minutes", "90 seconds". */
export const limitText = (length_ms: number): string => word(amountOf(length_ms));

/** A measured length: "3 minutes, 12 seconds". */
export const measuredText = (length_ms: number): string => list.format(measured(length_ms).map(word));
