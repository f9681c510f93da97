"""What operators see of the ledger. Names and buckets as in docs/operations.md; no label names anybody."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

RTT = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
GAP = (0.1, 0.25, 0.5, 1, 1.5, 2, 3, 5, 10, 30, 60)

booking_requests = Counter(
    "cw_booking_requests",
    "Commands of members: ok, conflict (refused), replay, not_durable, error.",
    ["op", "result"],
)
booking_seconds = Histogram("cw_booking_seconds", "How long a command took.", ["op"], buckets=RTT)
wait_replicas = Counter("cw_wait_replicas", "Waits for replicas: ok, short.", ["result"])

timer_lateness_seconds = Histogram(
    "cw_timer_lateness_seconds", "From a timer's moment to its effect.", buckets=GAP
)
timers_pending = Gauge("cw_timers_pending", "Timers not fired yet.")

outbox_pending = Gauge("cw_outbox_pending", "Events read and not yet acknowledged.", ["group"])
outbox_handled = Counter(
    "cw_outbox_handled", "Events handled: ok, failed, dead.", ["group", "result"]
)

redis_command_seconds = Histogram(
    "cw_redis_command_seconds", "Calls of the store, by function.", ["fn"], buckets=RTT
)
redis_errors = Counter("cw_redis_errors", "Calls of the store that failed.", ["fn", "error"])
