"""What a hub counts, for Prometheus. Labels are enumerations: never a member, a room or an address."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from prometheus_client import Counter, Gauge, Histogram

from signalling.commands import Count, Observe

SETUP_S = (0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2, 3, 5, 8, 15, 30)
GAP_S = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.2, 1.5, 2, 3, 4, 6, 10, 30)
TRIP_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
QUEUE_BYTES = (256, 1024, 4096, 16_384, 65_536, 262_144)
KINDS = ("lobby", "session")

CONNECTIONS = Gauge("cw_hub_connections", "Open WebSockets.", ["kind"])
CONNECTS = Counter("cw_hub_connects_total", "WebSocket handshakes.", ["result"])
DISCONNECTS = Counter("cw_hub_disconnects_total", "Sockets that ended.", ["code"])
MESSAGES = Counter("cw_hub_messages_total", "Messages from pages.", ["type"])
REJECTED = Counter("cw_hub_rejected_total", "Messages refused or dropped.", ["reason"])
RESUME = Counter("cw_hub_resume_total", "Hellos, by what could be resumed.", ["result"])
QUEUE = Histogram("cw_hub_send_queue_bytes", "Waiting for a page to read.", buckets=QUEUE_BYTES)
JOIN = Histogram("cw_join_seconds", "Both seated to both connected.", ["path"], buckets=SETUP_S)
FIRST_FRAME = Histogram(
    "cw_first_frame_seconds", "Both seated to a page's first frame.", ["path"], buckets=SETUP_S
)
ICE = Counter("cw_ice_result_total", "Connections, by how they went.", ["result", "path", "reason"])
GAP = Histogram(
    "cw_media_gap_seconds", "A picture's standstill, by what ended it.", ["cause"], buckets=GAP_S
)
HELP = Counter("cw_help_total", "Reports of members whose call went badly.")
RECORDS = Gauge("cw_hub_records_pending", "Presence events not in the store yet.")
PROBES = Counter("cw_hub_probes_total", "Legs that device checks asked for.", ["result"])
WORKERS = Gauge("cw_hub_workers", "SFU workers that answer.")
RELAY = Histogram(
    "cw_hub_relay_seconds", "A message's way from one page to the other's socket.", buckets=TRIP_S
)
TRIP = Histogram("cw_hub_message_rtt_seconds", "WebSocket ping to pong.", buckets=TRIP_S)
UNSAID = Counter("cw_hub_unsaid_total", "Words on who is here that the store did not take.")
FAILURES = Counter("cw_hub_failures_total", "Events the hub failed on: faults of ours.")

COUNTERS: dict[str, Counter] = {
    "messages": MESSAGES,
    "rejected": REJECTED,
    "resume": RESUME,
    "ice": ICE,
}
HISTOGRAMS: dict[str, Histogram] = {"join": JOIN, "first_frame": FIRST_FRAME, "gap": GAP}


def count(command: Count) -> None:
    """Carry out a `Count`."""
    COUNTERS[command.what].labels(*command.labels).inc()


def observe(command: Observe) -> None:
    """Carry out an `Observe`."""
    HISTOGRAMS[command.what].labels(command.label).observe(command.seconds)


def watch_connections(count_by_kind: Callable[[], dict[str, int]]) -> None:
    """Ask for the numbers of open sockets when they are scraped."""
    for kind in KINDS:
        CONNECTIONS.labels(kind).set_function(partial(_one_of, count_by_kind, kind))


def _one_of(count_by_kind: Callable[[], dict[str, int]], kind: str) -> float:
    return count_by_kind()[kind]
