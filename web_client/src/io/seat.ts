/** The room this tab sits in, so that a reload goes straight back to its seat. */
import { keep, kept, tabwise } from "@/io/keep";

export const seated = {
  is: (booking: string): boolean => kept(tabwise, "seat", "") === booking,
  set: (booking: string): void => keep(tabwise, "seat", booking === "" ? undefined : booking),
};
