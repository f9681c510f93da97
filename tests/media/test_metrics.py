"""Plain totals become metrics, as differences."""

from __future__ import annotations

from prometheus_client import REGISTRY

from media.udp.metrics import Carrier
from media.udp.port import Totals


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_totals_are_carried_once() -> None:
    totals = Totals()
    carrier = Carrier(totals)
    before = value("cw_sfu_packets_total", dir="in")
    dropped = value("cw_sfu_dropped_packets_total", reason="srtp")
    totals.packets_in = 5
    totals.drop("srtp")
    carrier.carry(pairs=3, stress=0.75)
    carrier.carry(pairs=3, stress=0.75)
    assert value("cw_sfu_packets_total", dir="in") == before + 5
    assert value("cw_sfu_dropped_packets_total", reason="srtp") == dropped + 1
    assert value("cw_sfu_sessions") == 3
    assert value("cw_sfu_stress_ratio") == 0.75
