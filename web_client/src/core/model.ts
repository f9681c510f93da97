/** What the REST interface says, as types. Instants are RFC 3339 UTC text; `ms()` reads them. */

export type BookingState = "waiting" | "matched" | "cancelled" | "done";
export type Task = "desk" | "moving" | "anything";
export type Gender = "woman" | "man" | "non_binary" | "unsaid";
export type Lockable = "everyone" | "favourites" | "nobody";
export type Fault = "no_show" | "early_leave" | "late" | "camera_off" | "late_cancel";

export interface Rules {
  readonly version: number;
  readonly grid_ms: number;
  readonly lengths_min: readonly number[];
  readonly horizon_ms: number;
  readonly bookings_max: number;
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
  readonly camera_repair_ms: number;
  /** Two may agree to work with their cameras off. */
  readonly cameras_off_agreed: boolean;
  readonly break_max_ms: number;
  readonly break_share: number;
  readonly drop_grace_ms: number;
  readonly late_cancel_ms: number;
  readonly cancel_regret_ms: number;
  readonly contact_ms: number;
  readonly media_direct: string;
  readonly title_max: number;
  readonly task_max: number;
  readonly chat_max: number;
  readonly day_start_hour: number;
  readonly day_end_hour: number;
  readonly minimum_age: number;
  /** How far ahead free times are shown. */
  readonly free_times_ms: number;
  /** How long an invite's time is kept for whoever signs up. */
  readonly hold_ms: number;
  readonly community: Community;
  /** Whether a shorter session may be wished for as well. */
  readonly cross_lengths: boolean;
  /** How long before T names are told; null is at once. */
  readonly reveal_ms: number | null;
  readonly lock_until_ms: number;
}

export type Community = "small" | "medium" | "large";

export interface Instance {
  readonly name: string;
  readonly demo: boolean;
  readonly mail_page: boolean;
  readonly demo_people: readonly string[];
  /** Whom to tell of a problem: a mail address or an https link; null if nobody was named. */
  readonly contact: string | null;
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
  /** Calls that a relay carries without being able to see them. */
  readonly private_calls: boolean;
  readonly day_start_hour: number;
  readonly day_end_hour: number;
  readonly sessions_kept: number;
  /** Who may lock this member in without asking. */
  readonly lockable: Lockable;
  readonly mail_changes: boolean;
  readonly mail_reminders: boolean;
  readonly csrf: string;
  /** What was wished for last, proposed for the next session. */
  readonly last_length_min: number;
  readonly last_quiet: boolean;
  readonly last_task: Task;
  readonly last_prefer_favourites: boolean;
  readonly last_also_shorter: boolean;
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
    | "private_calls"
    | "day_start_hour"
    | "day_end_hour"
    | "lockable"
    | "mail_changes"
    | "mail_reminders"
    | "last_length_min"
    | "last_quiet"
    | "last_task"
    | "last_prefer_favourites"
    | "last_also_shorter"
  >
> & { readonly adult?: true; readonly rules_accepted?: number };

export interface Partner {
  readonly id: string;
  readonly name: string;
  readonly zone: string;
  /** Sessions kept so far; 0 is a first session. */
  readonly sessions: number;
  readonly favourite: boolean;
  readonly friendship: Friendship;
}

/** `asked`: this member asked; `asking`: the other did. */
export type Friendship = "none" | "asked" | "asking" | "friends";

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
  /** The length that was booked; differs while a match makes the session shorter. */
  readonly wished_min: number;
  readonly also_shorter: boolean;
  /** The partner of a lock-in cancelled: giving the session up changes nothing. */
  readonly free_to_cancel: boolean;
  /** Whether the partner's name is told yet. */
  readonly revealed: boolean;
  /** From when on cancelling is noted; null while it is free whenever it comes. */
  readonly late_cancel_from: string | null;
  /** The partner of a lock-in went and somebody else was found: so long its member is asked whether they stay. */
  readonly release_until: string | null;
  /** What came of it in the room, and how long both were there; null until that is known. */
  readonly outcome: Came | null;
  readonly together_min: number | null;
  /** Grows with every change of it. */
  readonly sequence: number;
  /** The repeat that made it, or null. */
  readonly repeat: string | null;
}

/** How a session went for one of its members. */
export type Came =
  | "together"
  | "ended_early"
  | "partner_gone"
  | "gone"
  | "not_met"
  | "partner_absent"
  | "absent";

export interface Wish {
  readonly start: string;
  readonly length_min: number;
  readonly title?: string;
  readonly quiet?: boolean;
  readonly task?: Task;
  readonly prefer_favourites?: boolean;
  readonly also_shorter?: boolean;
}

/** A wish for as soon as possible: the start is found. */
export type SoonWish = Omit<Wish, "start">;

/** What may be changed of a booking; what is absent stays. */
export type Edit = Omit<Wish, "start" | "length_min">;

/** A wish for one member's company: both are locked in. */
export interface LockWish extends Wish {
  readonly member: string;
  /** Own bookings that give way to it. */
  readonly replace?: readonly string[];
  /** The invite it answers. */
  readonly invite?: string;
}

/** Somebody who waits at a start. */
export interface Waiter {
  readonly id: string;
  readonly name: string;
  readonly favourite: boolean;
  /** Of the session with them: less than was asked for where they wait for a shorter one. */
  readonly length_min: number;
  /** Whether a press locks the two in. */
  readonly lockable: boolean;
}

/** One coming date of a repeat. `moved`: the clocks skip its time, so it stands at the next that exists. */
export interface RepeatDate {
  readonly date: string;
  readonly start: string;
  readonly state: "booked" | "skipped" | "taken" | "moved" | "planned";
  readonly booking: string | null;
  /** The code of what stands against it. */
  readonly why: string | null;
}

/** A wish for the same time on some days of each week; 0 is Monday. `zone` is whose clock has that time. */
export interface RepeatWish {
  readonly days: readonly number[];
  readonly time: string;
  readonly zone?: string;
  readonly length_min: number;
  readonly title?: string;
  readonly quiet?: boolean;
  readonly task?: Task;
  readonly prefer_favourites?: boolean;
  readonly also_shorter?: boolean;
  readonly from?: string;
  readonly until?: string;
}

export interface Repeat {
  readonly id: string;
  readonly days: readonly number[];
  readonly time: string;
  readonly zone: string;
  readonly length_min: number;
  readonly title: string;
  readonly next: readonly RepeatDate[];
  /** From when its time is another one on the own clock. */
  readonly shifts: readonly Shift[];
}

/** From this date on a repeat is at this time. */
export interface Shift {
  readonly date: string;
  readonly time: string;
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
  /** Of the longest session that can be had there now. */
  readonly length_min: number;
  readonly people: readonly {
    readonly id: string;
    readonly name: string;
    readonly favourite?: boolean;
    /** Of the session with them. */
    readonly length_min: number;
  }[];
}

/** A slot: a start and a length. */
export interface Time {
  readonly start: string;
  readonly length_min: number;
}

/** What another member is to this one. */
export interface Relation {
  readonly id: string;
  readonly name: string;
  readonly zone: string;
  /** Sessions they kept. */
  readonly sessions: number;
  /** Sessions held together. */
  readonly together: number;
  /** The start of the last one. */
  readonly last: string | null;
  readonly favourite: boolean;
  readonly friendship: Friendship;
  readonly snoozed: boolean;
  /** Null while not snoozed, and for good. */
  readonly snoozed_until: string | null;
  readonly blocked: boolean;
  readonly newcomer: boolean;
  /** The next times in which they can be locked in. */
  readonly free: readonly Time[];
}

export interface Named {
  readonly id: string;
  readonly name: string;
}

export interface FreeTime extends Time {
  readonly member: Named;
}

export type InviteKind = "personal" | "single" | "member";

export interface Invite {
  readonly id: string;
  readonly kind: InviteKind;
  readonly by: Named;
  /** For an invite to one member. */
  readonly to: Named | null;
  readonly always: boolean;
  /** The one slot it is for; null for all free ones. */
  readonly start: string | null;
  readonly length_min: number;
  readonly created: string;
  readonly expires: string;
  readonly uses: number;
}

export interface Invites {
  readonly mine: readonly Invite[];
  readonly for_me: readonly Invite[];
}

/** What anybody with an invite's link sees. */
export interface OpenInvite {
  readonly by: { readonly name: string };
  readonly times: readonly Time[];
  /** The one that was kept for this member in whatever browser. */
  readonly held: HeldTime | null;
  readonly expires: string;
}

export interface HeldTime extends Time {
  readonly until: string;
}

export interface Hold {
  readonly until: string;
  readonly hold: string;
}

export interface Line {
  readonly id: string;
  /** Who wrote it. */
  readonly by: string;
  readonly at: string;
  readonly text: string;
}

export interface Thread {
  readonly member: Named;
  /** Oldest first; in the list of threads only the last one. */
  readonly lines: readonly Line[];
  readonly unread: number;
  readonly open: boolean;
  /** Until when both may write; null without end, and when it is over. */
  readonly open_until: string | null;
}

export type Scope = "read" | "book" | "people" | "messages";

export interface Token {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly created: string;
  readonly last_used: string | null;
}

export type HookEvent = "matched" | "changed" | "cancelled" | "flagged";

export interface Delivery {
  readonly at: string;
  readonly status: number | null;
  readonly ok: boolean;
}

export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly events: readonly HookEvent[];
  readonly disabled: boolean;
  readonly last: Delivery | null;
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
  /** Of a camera that is off: the fault, if it was one. */
  readonly cause: "" | "unplugged" | "denied" | "busy" | "weak" | "asleep";
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
  /** Of lateness: one had written to the partner shortly before. */
  readonly announced: boolean;
  readonly timeline: readonly Seen[];
}

export interface Mail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The part for the reader's calendar, or empty. */
  readonly calendar: string;
  readonly at: string;
}

/** Milliseconds since the epoch of an instant as the interface writes it. */
export const ms = (instant: string): number => Date.parse(instant);

/** An instant as the interface takes it. */
export const instant = (at: number): string => new Date(at).toISOString();
