"""What Prometheus is told of a worker. The loop keeps plain numbers; a tick carries them over."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

from media.udp.port import Totals

SESSIONS = Gauge("cw_sfu_sessions", "Pairs this worker carries.")
STRESS = Gauge("cw_sfu_stress_ratio", "What this worker does, as a share of what it can.")
PACKETS = Counter("cw_sfu_packets_total", "Datagrams through the media port.", ["dir"])
BYTES = Counter("cw_sfu_bytes_total", "Bytes through the media port.", ["dir"])
DROPPED = Counter(
    "cw_sfu_dropped_packets_total",
    "Datagrams dropped: empty, parse, src (unknown sender), early (no keys yet), srtp (not "
    "authentic or replayed), ssrc (not negotiated), rate, pli (key frames asked for too often), stun, "
    "dtls, peer (partner not connected), send, receive, kernel (no room in the socket's buffer).",
    ["reason"],
)
FORWARD = Histogram(
    "cw_sfu_forward_seconds",
    "From a datagram's arrival in the kernel until it was dealt with; the last one of a sample of wake-ups.",
    buckets=(0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0),
)
FAST_PATH = Gauge(
    "cw_sfu_fast_path", "1 while packets are carried in batches; 0: one by one, at twice the cost."
)
HANDSHAKES = Counter("cw_sfu_handshakes_total", "DTLS handshakes.", ["result"])
LEGS = Counter("cw_sfu_leg_states_total", "Changes of a leg as told to hubs.", ["state"])


class Carrier:
    """Carries a port's totals over into the metrics, as differences since the last time."""

    def __init__(self, totals: Totals) -> None:
        self._totals = totals
        self._told: dict[tuple[Counter, str], int] = {}

    def carry(self, *, pairs: int, stress: float) -> None:
        SESSIONS.set(pairs)
        STRESS.set(stress)
        self._add(PACKETS, "in", self._totals.packets_in)
        self._add(PACKETS, "out", self._totals.packets_out)
        self._add(BYTES, "in", self._totals.bytes_in)
        self._add(BYTES, "out", self._totals.bytes_out)
        for reason, count in self._totals.dropped.items():
            self._add(DROPPED, reason, count)

    def _add(self, counter: Counter, label: str, count: int) -> None:
        counter.labels(label).inc(count - self._told.get((counter, label), 0))
        self._told[counter, label] = count
