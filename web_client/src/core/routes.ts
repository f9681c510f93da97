/** Which page an address shows. */

export type PageName =
  | "calendar"
  | "sessions"
  | "session"
  | "people"
  | "person"
  | "free"
  | "messages"
  | "standing"
  | "settings"
  | "you"
  | "invite"
  | "signin"
  | "welcome"
  | "rules"
  | "mail"
  | "check"
  | "room"
  | "missing";

export interface Route {
  readonly page: PageName;
  /** What the page is about: a booking, a member, an invite's token, a chapter of settings; or empty. */
  readonly about: string;
}

const TABLE: readonly (readonly [RegExp, PageName])[] = [
  [/^\/$/, "calendar"],
  [/^\/sessions$/, "sessions"],
  [/^\/sessions\/([\w-]+)$/, "session"],
  [/^\/people$/, "people"],
  [/^\/people\/free$/, "free"],
  [/^\/people\/([\w-]+)$/, "person"],
  [/^\/messages(?:\/([\w-]+))?$/, "messages"],
  [/^\/you$/, "you"],
  [/^\/you\/standing$/, "standing"],
  [/^\/you\/settings\/(matching|notifications|calendars|tokens)$/, "settings"],
  [/^\/i\/([\w-]+)$/, "invite"],
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
    if (found) return { page, about: found[1] ?? "" };
  }
  return { page: "missing", about: "" };
}

/** Pages that are read without being signed in. */
const PUBLIC: ReadonlySet<PageName> = new Set(["signin", "rules", "mail", "invite", "missing"]);
export const isPublic = (page: PageName): boolean => PUBLIC.has(page);

/** Pages with one way on and one way back instead of the navigation. */
const BARE: ReadonlySet<PageName> = new Set([
  "signin",
  "welcome",
  "rules",
  "mail",
  "invite",
  "check",
  "room",
]);
export const isBare = (page: PageName): boolean => BARE.has(page);

/** The parts of a page that are led to from outside: those of a session, which calendar entries name. */
const PARTS: ReadonlySet<string> = new Set(["#cancel", "#report"]);
export const partOf = (hash: string): string => (PARTS.has(hash) ? hash : "");

/** Only a path of this page may be gone to after signing in; anything else is the calendar. */
export function safeNext(next: string | null): string {
  const found = /^(\/(?![/\\])[\w\-/]*)(#.*)?$/.exec(next ?? "");
  return next && found && partOf(found[2] ?? "") === (found[2] ?? "") ? next : "/";
}
