/**
 * The REST interface: one function a call, typed by `core/model.ts`.
 *
 * Whatever goes wrong is an `ApiError` with a stable code: the server's own, or `offline` and
 * `timeout` when no answer came. A call is sent once; whoever called decides about trying again.
 */
import type {
  Booking,
  BookResult,
  Checkin,
  Flag,
  Instance,
  Mail,
  Me,
  MePatch,
  Problem,
  Slot,
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

/** A random name for one wish, so that sending it twice does it once. */
export const requestId = (): string => crypto.randomUUID();

export const api = {
  instance: () => call<Instance>("GET", "/instance"),

  askLink: (mail: string, next?: string) =>
    call<unknown>("POST", "/auth/link", next ? { mail, next } : { mail }),
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
  bookSoon: (length_min: number, request_id: string) =>
    call<{ booking: Booking }>("POST", "/bookings/soon", { request_id, length_min }).then(
      (r) => r.booking,
    ),
  cancel: (id: string, request_id: string) =>
    call<{ booking: Booking }>(
      "DELETE",
      `/bookings/${encodeURIComponent(id)}?${query({ request_id })}`,
    ).then((r) => r.booking),
  slots: (from: string, to: string, length_min: number) =>
    call<{ slots: Slot[] }>("GET", `/slots?${query({ from, to, length_min })}`).then((r) => r.slots),

  checkin: (id: string) => call<Checkin>("GET", `/bookings/${encodeURIComponent(id)}/checkin`),
  saveCheckin: (id: string, checkin: Checkin) =>
    call<null>("PUT", `/bookings/${encodeURIComponent(id)}/checkin`, checkin),

  flags: () => call<{ flags: Flag[] }>("GET", "/flags").then((r) => r.flags),

  mails: () => call<{ mails: Mail[] }>("GET", "/dev/mail").then((r) => r.mails),
  signInAs: (who: string) => call<Me>("POST", "/dev/sign-in", { who }),
  skip: (advance_s: number) => call<{ server_time: string }>("POST", "/dev/clock", { advance_s }),
};
