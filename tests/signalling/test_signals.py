"""What passes between two pages, and what does not."""

from __future__ import annotations

from typing import Any

import pytest

from signalling.errors import BadSignal, NotYourOffer
from signalling.fleet import Fleet
from signalling.negotiation import Negotiation
from signalling.signals import CANDIDATES_MAX, Passed, Signals
from signalling.wire import Signal

CANDIDATE = "candidate:1 1 udp 2122260223 192.0.2.7 50000 typ host"


def running() -> Negotiation:
    found = Negotiation("p9", Fleet(), direct=True, turn=False, budget_ms=4_000)
    found.joined(0, keeps=False)
    return found


def candidate(**fields: Any) -> Signal:
    return Signal(**({"gen": 1, "kind": "candidate", "candidate": CANDIDATE, "mid": "0"} | fields))


def test_nothing_passes_before_both_are_told_to_build() -> None:
    idle = Negotiation("p9", Fleet(), direct=True, turn=False, budget_ms=4_000)
    assert Signals("p9", 0).passing(candidate(gen=0), 0, idle) == Passed()


@pytest.mark.parametrize("signal", [candidate(), candidate(candidate=""), candidate(line=1)])
def test_candidates_pass(signal: Signal) -> None:
    assert Signals("p9", 0).passing(signal, 1, running()) == Passed([], 0, signal)


@pytest.mark.parametrize(
    "signal",
    [
        candidate(candidate="candidate:1\r\na=evil"),
        candidate(candidate="candidate:" + "x" * 600),
        candidate(candidate="something else"),
        candidate(mid="0\n"),
        candidate(mid="x" * 17),
        candidate(line=-1),
        candidate(line=64),
        candidate(sdp="v=0"),
        candidate(candidate="candidate:1 1 udp 1 ５.example 5 typ host"),
    ],
)
def test_what_is_not_well_made_is_refused(signal: Signal) -> None:
    with pytest.raises(BadSignal):
        Signals("p9", 0).passing(signal, 0, running())


def test_so_many_candidates_a_page_and_generation() -> None:
    signals, negotiation = Signals("p9", 0), running()
    passed = [
        signals.passing(candidate(), 0, negotiation).signal for _ in range(CANDIDATES_MAX + 5)
    ]
    assert [signal is not None for signal in passed].count(True) == CANDIDATES_MAX
    assert signals.passing(candidate(), 1, negotiation).signal is not None


@pytest.mark.parametrize(("kind", "side"), [("offer", 1), ("answer", 0)])
def test_the_token_decides_who_offers(kind: Any, side: int) -> None:
    with pytest.raises(NotYourOffer):
        Signals("p9", 0).passing(Signal(gen=1, kind=kind, sdp="v=0"), side, running())


@pytest.mark.parametrize("text", ["", "v=0", "x" * 20_000, "v=0\r\nm=audio 9 x y\r\n" * 1_000])
def test_what_is_no_description_is_refused(text: str) -> None:
    with pytest.raises(BadSignal):
        Signals("p9", 0).passing(Signal(gen=1, kind="offer", sdp=text), 0, running())
