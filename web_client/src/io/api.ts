/**
 * The REST interface: one function a call, typed by `core/model.ts`.
 *
 * Whatever goes wrong is an `ApiError` with a stable code: the server's own, or `offline` and
 * `timeout` when no answer came. A call is sent once; whoever called decides about trying again.
 */
import type { Carried } from "@/core/held";
import type {
  Booking,
  BookResult,
  Checkin,
  Edit,
  Flag,
  FreeTime,
  Hold,
  HookEvent,
  Instance,
  Invite,
  Invites,
  Line,
  LockWish,
  Mail,
  Me,
  MePatch,
  OpenInvite,
  Problem,
  Relation,
  Repeat,
  RepeatWish,
  Scope,
  Slot,
  SoonWish,
  Thread,
  Time,
  Token,
  Waiter,
  Webhook,
  Wish,
} from "@/core/model";

const PATIENCE_MS = 15_000;

export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: string;
  readonly field: string | null;
  readonly data: Readonly<Record<string, unknown>>;

  constructor(problem: Partial<Problem> & { code: string }, readonly status = 0) {
    super(problem.text ?? problem.code);
    this.code = problem.code;
    this.field = problem.field ?? null;
    this.data = problem.data ?? {};
  }
}

let csrf = "";

/** Called with `Me` after signing in and on load; every later change carries it. */
export function useToken(token: string): void {
  csrf = token;
}

/** Told whenever the server says that nobody is signed in. */
let onSignedOut: () => void = () => undefined;
export function whenSignedOut(then: () => void): void {
  onSignedOut = then;
}

function problemOf(body: unknown, status: number): ApiError {
  const error = typeof body === "object" && body && "error" in body ? body.error : null;
  const known = typeof error === "object" && error && "code" in error;
  return known
    ? new ApiError(error as Problem, status)
    : new ApiError({ code: status >= 500 ? "unavailable" : "internal" }, status);
}

function unanswered(cause: unknown): ApiError {
  const late = cause instanceof DOMException && cause.name === "TimeoutError";
  return new ApiError({ code: late ? "timeout" : "offline" });
}

async function send(method: string, path: string, body?: unknown): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") headers["Content-Type"] = "application/json";
  if (method !== "GET" && csrf) headers["X-CSRF-Token"] = csrf;
  try {
    return await fetch(`/api/v1${path}`, {
      method,
      headers,
      credentials: "same-origin",
      signal: AbortSignal.timeout(PATIENCE_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (cause) {
    throw unanswered(cause);
  }
}

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await send(method, path, body);
  const said: unknown = response.status === 204 ? null : await response.json().catch(() => null);
  if (response.ok) return said as T;
  if (response.status === 401) onSignedOut();
  throw problemOf(said, response.status);
}

const query = (values: Readonly<Record<string, string | number>>): string =>
  new URLSearchParams(Object.entries(values).map(([k, v]) => [k, String(v)])).toString();

const part = encodeURIComponent;

/** Make or end a tie to another member. */
const tie =
  (what: "favourite" | "friend" | "snooze" | "block") =>
  (id: string, on: boolean, request_id: string, more: { readonly until?: string } = {}) =>
    on
      ? call<Relation>("PUT", `/people/${part(id)}/${what}`, { request_id, ...more })
      : call<Relation>("DELETE", `/people/${part(id)}/${what}?${query({ request_id })}`);

/** A random name for one wish, so that sending it twice does it once. */
export const requestId = (): string => crypto.randomUUID();

export const api = {
  instance: () => call<Instance>("GET", "/instance"),

  askLink: (mail: string, { next, hold }: Carried) =>
    call<unknown>("POST", "/auth/link", { mail, next, ...(hold ? { hold } : {}) }),
  signIn: (token: string) => call<Me>("POST", "/auth/session", { token }),
  signOut: () => call<null>("DELETE", "/auth/session"),
  signOutEverywhere: () => call<null>("DELETE", "/auth/sessions"),

  me: () => call<Me>("GET", "/me"),
  changeMe: (patch: MePatch) => call<Me>("PATCH", "/me", patch),

  bookings: (from: string, to: string) =>
    call<{ bookings: Booking[] }>("GET", `/bookings?${query({ from, to })}`).then((r) => r.bookings),
  booking: (id: string) => call<Booking>("GET", `/bookings/${encodeURIComponent(id)}`),
  book: (items: readonly Wish[], request_id: string) =>
    call<{ results: BookResult[] }>("POST", "/bookings", { request_id, items }).then((r) => r.results),
  bookSoon: (wish: SoonWish, request_id: string) =>
    call<{ booking: Booking }>("POST", "/bookings/soon", { request_id, ...wish }).then((r) => r.booking),
  cancel: (id: string, request_id: string) =>
    call<{ booking: Booking }>(
      "DELETE",
      `/bookings/${encodeURIComponent(id)}?${query({ request_id })}`,
    ).then((r) => r.booking),
  edit: (id: string, edit: Edit, request_id: string, rematch = false) =>
    call<{ booking: Booking }>("PATCH", `/bookings/${encodeURIComponent(id)}`, {
      request_id,
      ...(rematch ? { rematch } : {}),
      ...edit,
    }).then((r) => r.booking),
  lockIn: (wish: LockWish, request_id: string) =>
    call<{ booking: Booking }>("POST", "/bookings/lock", { request_id, ...wish }).then((r) => r.booking),
  /** `invite` is what the partner got for it; null where they could not be asked. */
  again: (id: string, ahead: { weeks?: number; days?: number }, request_id: string) =>
    call<{ booking: Booking; invite: Invite | null }>("POST", `/bookings/${encodeURIComponent(id)}/again`, {
      request_id,
      ...ahead,
    }),
  waiting: (start: string, length_min: number, also_shorter: boolean) =>
    call<{ waiting: Waiter[] }>(
      "GET",
      `/waiting/${part(start)}/${length_min}?${query({ also_shorter: String(also_shorter) })}`,
    ).then((r) => r.waiting),

  repeats: () => call<{ repeats: Repeat[] }>("GET", "/repeats").then((r) => r.repeats),
  repeat: (wish: RepeatWish, request_id: string) =>
    call<Repeat>("POST", "/repeats", { request_id, ...wish }),
  stopRepeat: (id: string, cancel: boolean, request_id: string) =>
    call<null>("DELETE", `/repeats/${encodeURIComponent(id)}?${query({ request_id, cancel: String(cancel) })}`),
  skipRepeat: (id: string, date: string, request_id: string) =>
    call<Repeat>("POST", `/repeats/${encodeURIComponent(id)}/skip`, { request_id, date }),

  slots: (from: string, to: string, length_min: number, also_shorter: boolean) =>
    call<{ slots: Slot[] }>(
      "GET",
      `/slots?${query({ from, to, length_min, also_shorter: String(also_shorter) })}`,
    ).then((r) => r.slots),

  checkin: (id: string) => call<Checkin>("GET", `/bookings/${encodeURIComponent(id)}/checkin`),
  saveCheckin: (id: string, checkin: Checkin) =>
    call<null>("PUT", `/bookings/${encodeURIComponent(id)}/checkin`, checkin),

  people: () => call<{ people: Relation[] }>("GET", "/people").then((r) => r.people),
  person: (id: string) => call<Relation>("GET", `/people/${part(id)}`),
  favourite: tie("favourite"),
  /** Ask or accept; withdraw, decline or end. */
  friend: tie("friend"),
  snooze: tie("snooze"),
  block: tie("block"),
  /** The free times of one member, or of all favourites and friends. */
  freeTimes: (from: string, to: string, id?: string) =>
    call<{ times: FreeTime[] }>(
      "GET",
      `/people/${id ? `${part(id)}/` : ""}free?${query({ from, to })}`,
    ).then((r) => r.times),

  invites: () => call<Invites>("GET", "/invites"),
  makeInvite: (kind: "personal" | "single", always: boolean, request_id: string) =>
    call<{ invite: Invite; url: string }>("POST", "/invites", { request_id, kind, always }),
  revokeInvite: (id: string, request_id: string) =>
    call<unknown>("DELETE", `/invites/${part(id)}?${query({ request_id })}`),
  declineInvite: (id: string, request_id: string) =>
    call<unknown>("POST", `/invites/${part(id)}/decline`, { request_id }),
  openInvite: (token: string) => call<OpenInvite>("GET", `/i/${part(token)}`),
  /** `hold` is a key of ours: asked again with it, the time stays held by us. */
  holdInvite: (token: string, time: Time, hold: string) =>
    call<Hold>("POST", `/i/${part(token)}/hold`, {
      start: time.start,
      length_min: time.length_min,
      hold,
    }),
  takeInvite: (token: string, time: Time, hold: string | undefined, request_id: string) =>
    call<{ booking: Booking }>("POST", `/i/${part(token)}/take`, {
      request_id,
      start: time.start,
      length_min: time.length_min,
      ...(hold ? { hold } : {}),
    }).then((r) => r.booking),

  threads: () => call<{ threads: Thread[] }>("GET", "/threads").then((r) => r.threads),
  thread: (id: string) => call<Thread>("GET", `/threads/${part(id)}`),
  write: (id: string, text: string, request_id: string) =>
    call<Line>("POST", `/threads/${part(id)}`, { request_id, text }),
  readThread: (id: string) => call<unknown>("POST", `/threads/${part(id)}/read`, {}),

  tokens: () => call<{ tokens: Token[] }>("GET", "/tokens").then((r) => r.tokens),
  /** `token` is said this once. */
  makeToken: (name: string, scopes: readonly Scope[], request_id: string) =>
    call<Token & { token: string }>("POST", "/tokens", { request_id, name, scopes }),
  dropToken: (id: string) => call<unknown>("DELETE", `/tokens/${part(id)}`),
  webhooks: () => call<{ webhooks: Webhook[] }>("GET", "/webhooks").then((r) => r.webhooks),
  /** `secret` is said this once. */
  makeWebhook: (url: string, events: readonly HookEvent[], request_id: string) =>
    call<Webhook & { secret: string }>("POST", "/webhooks", { request_id, url, events }),
  dropWebhook: (id: string) => call<unknown>("DELETE", `/webhooks/${part(id)}`),
  testWebhook: (id: string) => call<unknown>("POST", `/webhooks/${part(id)}/test`, {}),
  feed: () => call<{ url: string | null }>("GET", "/feed"),
  /** Make the feed's address, or another one in place of the old. */
  makeFeed: () => call<{ url: string }>("POST", "/feed", {}),
  dropFeed: () => call<unknown>("DELETE", "/feed"),

  flags: () => call<{ flags: Flag[] }>("GET", "/flags").then((r) => r.flags),

  mails: () => call<{ mails: Mail[] }>("GET", "/dev/mail").then((r) => r.mails),
  signInAs: (who: string) => call<Me>("POST", "/dev/sign-in", { who }),
  skip: (advance_s: number) => call<{ server_time: string }>("POST", "/dev/clock", { advance_s }),
};
