/** Which page an address shows. */

export type PageName =
  | "calendar"
  | "sessions"
  | "standing"
  | "you"
  | "signin"
  | "welcome"
  | "rules"
  | "mail"
  | "check"
  | "room"
  | "missing";

export interface Route {
  readonly page: PageName;
  /** The booking a check or a room is about; empty elsewhere. */
  readonly booking: string;
}

const TABLE: readonly (readonly [RegExp, PageName])[] = [
  [/^\/$/, "calendar"],
  [/^\/sessions$/, "sessions"],
  [/^\/you$/, "you"],
  [/^\/you\/standing$/, "standing"],
  [/^\/signin$/, "signin"],
  [/^\/welcome$/, "welcome"],
  [/^\/rules$/, "rules"],
  [/^\/dev\/mail$/, "mail"],
  [/^\/check(?:\/([\w-]+))?$/, "check"],
  [/^\/room\/([\w-]+)$/, "room"],
];

/** The route of a path; a slash at the end changes nothing. */
export function routeOf(path: string): Route {
  const clean = path.length > 1 ? path.replace(/\/+$/, "") : path;
  for (const [pattern, page] of TABLE) {
    const found = pattern.exec(clean);
    if (found) return { page, booking: found[1] ?? "" };
  }
  return { page: "missing", booking: "" };
}

/** Pages that are read without being signed in. */
const PUBLIC: ReadonlySet<PageName> = new Set(["signin", "rules", "mail", "missing"]);
export const isPublic = (page: PageName): boolean => PUBLIC.has(page);

/** Pages with one way on and one way back instead of the navigation. */
const BARE: ReadonlySet<PageName> = new Set(["signin", "welcome", "rules", "mail", "check", "room"]);
export const isBare = (page: PageName): boolean => BARE.has(page);

/** Only a path of this page may be gone to after signing in; anything else is the calendar. */
export function safeNext(next: string | null): string {
  return next && /^\/(?![/\\])[\w\-/]*$/.test(next) ? next : "/";
}
