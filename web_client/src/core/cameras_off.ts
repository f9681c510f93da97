/** Both cameras off: what a change of the two wishes means to a member. */

export interface Wishes {
  readonly mine: boolean;
  readonly theirs: boolean;
}

/** The two `agreed`, or the partner `declined` what this member asked. */
export type OffNews = "" | "agreed" | "declined";

/** `wanted`: the member did not take the own wish back, and the partner is there still. */
export function offNews(before: Wishes, after: Wishes, wanted: boolean): OffNews {
  if (after.mine && after.theirs) return before.mine && before.theirs ? "" : "agreed";
  const asked = before.mine && !before.theirs;
  return asked && !after.mine && wanted ? "declined" : "";
}
