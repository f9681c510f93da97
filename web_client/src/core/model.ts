/** What the REST interface says, as types. Instants are RFC 3339 UTC text; `ms()` reads them. */

export type BookingState = "waiting" | "matched" | "cancelled" | "done";
export type Task = "desk" | "moving" | "anything";
export type Gender = "woman" | "man" | "non_binary" | "unsaid";
export type Fault = "no_show" | "early_leave" | "late" | "camera_off" | "late_cancel";

export interface Rules {
  readonly version: number;
  readonly grid_ms: number;
  readonly lengths_min: readonly number[];
  readonly horizon_ms: number;
  readonly doors_open_ms: number;
  readonly doors_close_ms: number;
  readonly on_time_ms: number;
  readonly late_ms: number;
  readonly no_show_ms: number;
  readonly early_leave_ms: number;
  readonly partner_gone_ms: number;
  readonly camera_nudge_ms: number;
  readonly camera_off_ms: number;
  readonly camera_off_share: number;
  readonly break_max_ms: number;
  readonly break_share: number;
  readonly drop_grace_ms: number;
  readonly late_cancel_ms: number;
  readonly cancel_regret_ms: number;
  readonly media_direct: string;
  readonly title_max: number;
  readonly task_max: number;
  readonly chat_max: number;
  readonly day_start_hour: number;
  readonly day_end_hour: number;
  readonly minimum_age: number;
}

export interface Instance {
  readonly name: string;
  readonly demo: boolean;
  readonly mail_page: boolean;
  readonly demo_people: readonly string[];
  readonly rules: Rules;
  readonly build: string;
  readonly server_time: string;
}

export interface Me {
  readonly id: string;
  readonly name: string;
  readonly mail: string;
  readonly zone: string;
  readonly welcomed: boolean;
  readonly gender: Gender;
  readonly only_gender: Gender | null;
  readonly accepts_quiet: boolean;
  readonly hide_address: boolean;
  readonly day_start_hour: number;
  readonly day_end_hour: number;
  readonly sessions_kept: number;
  readonly csrf: string;
}

/** What PATCH /me takes; any part of it. */
export type MePatch = Partial<
  Pick<
    Me,
    | "name"
    | "zone"
    | "gender"
    | "only_gender"
    | "accepts_quiet"
    | "hide_address"
    | "day_start_hour"
    | "day_end_hour"
  >
> & { readonly adult?: true; readonly rules_accepted?: number };

export interface Partner {
  readonly id: string;
  readonly name: string;
  readonly zone: string;
  /** Sessions kept so far; 0 is a first session. */
  readonly sessions: number;
}

export interface Booking {
  readonly id: string;
  readonly start: string;
  readonly end: string;
  readonly length_min: number;
  readonly state: BookingState;
  readonly title: string;
  readonly quiet: boolean;
  readonly task: Task;
  readonly prefer_favourites: boolean;
  readonly locked: boolean;
  readonly opens: string;
  readonly closes: string;
  readonly partner: Partner | null;
}

export interface Wish {
  readonly start: string;
  readonly length_min: number;
  readonly title?: string;
  readonly quiet?: boolean;
  readonly task?: Task;
  readonly prefer_favourites?: boolean;
}

export interface Problem {
  readonly code: string;
  readonly text: string;
  readonly field: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

export type BookResult =
  | { readonly booking: Booking; readonly error?: undefined }
  | { readonly error: Problem; readonly booking?: undefined };

export interface Slot {
  readonly start: string;
  readonly count: number;
  readonly people: readonly { readonly id: string; readonly name: string }[];
}

export type Outcome = "done" | "partly" | "not_today";

export interface Checkin {
  readonly outcomes: readonly { readonly task: string; readonly outcome: Outcome }[];
  readonly again: boolean | null;
}

/** One step of a flag's timeline. */
export interface Seen {
  readonly who: "you" | "partner";
  readonly seen: string;
  readonly at: string;
  readonly minutes: number;
  /** Of a drop: the page was closed, no line was lost. */
  readonly closed: boolean;
}

export interface Flag {
  readonly pair: string;
  readonly booking: string;
  readonly fault: Fault;
  readonly at: string;
  readonly measured_ms: number;
  readonly limit_ms: number;
  readonly start: string;
  readonly length_min: number;
  readonly timeline: readonly Seen[];
}

export interface Mail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly at: string;
}

/** Milliseconds since the epoch of an instant as the interface writes it. */
export const ms = (instant: string): number => Date.parse(instant);

/** An instant as the interface takes it. */
export const instant = (at: number): string => new Date(at).toISOString();
