"""What operators see of the ledger. Names and buckets as in docs/operations.md; no label names anybody."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

RTT = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
WAIT = (1, 5, 15, 30, 60, 120, 300, 900, 3_600, 14_400, 86_400, 604_800)
POOL = (2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 4_096, 16_384)
GAP = (0.1, 0.25, 0.5, 1, 1.5, 2, 3, 5, 10, 30, 60)

booking_requests = Counter(
    "cw_booking_requests",
    "Commands of members: ok, conflict (refused), replay, not_durable, error.",
    ["op", "result"],
)
booking_seconds = Histogram("cw_booking_seconds", "How long a command took.", ["op"], buckets=RTT)
wait_replicas = Counter("cw_wait_replicas", "Waits for replicas: ok, short.", ["result"])

timer_lateness_seconds = Histogram(
    "cw_timer_lateness_seconds",
    "From a timer's moment to its effect: late, noshow, end, close.",
    ["kind"],
    buckets=GAP,
)
timers_pending = Gauge("cw_timers_pending", "Timers not fired yet.")

match_wait_seconds = Histogram(
    "cw_match_wait_seconds",
    "From a booking to its partner, as a group of the outbox learns of it.",
    ["group"],
    buckets=WAIT,
)
match_pool_size = Histogram(
    "cw_match_pool_size",
    "Live bookings of a slot when its matching pass runs: reveal, pass.",
    ["stage"],
    buckets=POOL,
)
plan_seconds = Histogram(
    "cw_plan_seconds", "How long the optimiser took for a slot.", ["stage"], buckets=RTT
)
plan_changes = Counter(
    "cw_plan_changes",
    "Members whose partner the pass changed (done), or found changed by others before (stale).",
    ["stage", "result"],
)
sessions = Counter(
    "cw_sessions", "Verdicts on sessions: kept, or the heaviest fault in it.", ["outcome"]
)
flags = Counter(
    "cw_flags", "Flags written; a verdict that replaces another counts anew.", ["fault"]
)

outbox_age_seconds = Gauge(
    "cw_outbox_age_seconds", "Age of the oldest event read and not yet acknowledged.", ["group"]
)
outbox_pending = Gauge("cw_outbox_pending", "Events read and not yet acknowledged.", ["group"])
outbox_handled = Counter(
    "cw_outbox_handled", "Events handled: ok, failed, dead.", ["group", "result"]
)

redis_command_seconds = Histogram(
    "cw_redis_command_seconds", "Calls of the store, by function.", ["fn"], buckets=RTT
)
redis_errors = Counter("cw_redis_errors", "Calls of the store that failed.", ["fn", "error"])

queue_handled = Counter(
    "cw_queue_handled",
    "Pieces of queued work: done, later, failed, dead, dropped.",
    ["queue", "result"],
)
queue_late_seconds = Gauge(
    "cw_queue_late_seconds", "How long the oldest queued work is due and nobody took it.", ["queue"]
)

journal_writes = Counter(
    "cw_journal_writes", "Acknowledged changes written to the journal: ok, failed.", ["result"]
)
journal_replayed = Counter(
    "cw_journal_replayed",
    "Changes looked for after another store took over: kept (it has them), done (again), conflict.",
    ["result"],
)
