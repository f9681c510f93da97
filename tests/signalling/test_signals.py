"""What passes between two pages, and what does not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from signalling.errors import BadSignal, NotYourOffer
from signalling.fleet import Fleet
from signalling.negotiation import Negotiation
from signalling.signals import CANDIDATES_MAX, Passed, Signals
from signalling.wire import Signal
from tests.signalling.stage import LEGS

OFFER = (Path(__file__).parents[1] / "golden/sdp/chromium-offer.sdp").read_bytes().decode()
BLIND = (replace(LEGS[0], fingerprint=""), replace(LEGS[1], fingerprint=""))

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


def on_a_blind_relay() -> Negotiation:
    fleet = Fleet()
    fleet.up("w1")
    found = Negotiation("p9", fleet, direct=False, turn=False, budget_ms=4_000, private=True)
    found.joined(0, keeps=False)
    found.opened("w1", 1, BLIND, 1)
    return found


def restarts(found: Negotiation, side: int, now_ms: int) -> None:
    found.failed(side, 1, now_ms, round=found.round)
    found.restarted("w1", 1, side, BLIND[side])


def roles(passed: Passed) -> set[str]:
    assert passed.signal is not None
    return set(re.findall(r"a=setup:(\w+)", passed.signal.sdp))


@pytest.mark.parametrize(("answered", "offerers"), [("active", "passive"), ("passive", "active")])
def test_on_a_blind_relay_each_page_keeps_the_role_it_began_with(
    answered: str, offerers: str
) -> None:
    """Whoever restarts, and however often: an offer leaves the role open, the first answer settled it."""
    found, signals = on_a_blind_relay(), Signals("p9", 0)
    signals.passing(Signal(gen=1, kind="offer", sdp=OFFER), 0, found)
    answer = OFFER.replace("a=setup:actpass", f"a=setup:{answered}")
    signals.passing(Signal(gen=1, kind="answer", sdp=answer), 1, found)
    for side in (0, 1):
        found.connected(side, 1, 9, 100)
    for side, partner_is in ((1, offerers), (0, answered), (1, offerers)):
        restarts(found, side, 10_000 * (found.round + 1))
        again = Signal(gen=1, kind="offer", round=found.round, sdp=OFFER)
        assert roles(signals.passing(again, side, found)) == {partner_is}
        found.connected(side, 1, 9, 10_000 * found.round + 300, round=found.round)


def test_what_was_said_is_forgotten_with_the_generation() -> None:
    found, signals = on_a_blind_relay(), Signals("p9", 0)
    signals.passing(Signal(gen=1, kind="offer", sdp=OFFER), 0, found)
    assert signals.remembers
    signals.forget_but(1)
    assert signals.remembers
    signals.forget_but(2)
    assert not signals.remembers
