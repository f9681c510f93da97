"""The load: what is sent is what is counted, verified and timed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from loadtest.bench.media.batches import PACKET, Sheaf
from loadtest.bench.media.caller import Line
from loadtest.bench.media.direct import facing
from loadtest.bench.media.traffic import VERIFY_EVERY, Counted, Road
from loadtest.bench.store.servers import NotHere

EACH = 200


@pytest.fixture
def lines() -> Iterator[list[Line]]:
    made = facing("127.0.0.1", 0)
    yield made
    for line in made:
        line.sock.close()


def road_of(lines: list[Line]) -> Road:
    return Road(lines, [Sheaf(EACH) for _ in lines])


def test_all_arrive_where_nothing_is_between(lines: list[Line]) -> None:
    road = road_of(lines)
    road.warm_up()
    counted = road.run(rate=4_000, seconds=0.1, burst=2)
    assert counted.sent == counted.got == 400
    assert (counted.verified, counted.wrong) == (400 // VERIFY_EVERY, 0)
    assert len(counted.ages) == counted.verified
    assert min(counted.ages) > 0
    road.close()


def test_runs_follow_on_each_other(lines: list[Line]) -> None:
    """Numbers run on, or a server's replay window would rightly drop the second run."""
    road = road_of(lines)
    first, second = (road.run(rate=4_000, seconds=0.05, burst=1) for _ in range(2))
    assert (first.verified, second.wrong) == (second.verified, 0)
    road.close()


def test_a_packet_is_as_long_as_it_says_and_tells_whose_it_is(lines: list[Line]) -> None:
    lanes = road_of(lines).lanes
    lanes[0].fill(2)
    assert {len(lane.packet(n)) for lane in lanes for n in (0, 1)} == {PACKET}
    assert len({lane.packet(n) for lane in lanes for n in (0, 1)}) == 4


def test_a_packet_that_was_changed_on_the_way_is_found_out(lines: list[Line]) -> None:
    road = road_of(lines)
    sender, receiver = road.lanes
    sender.left.extend((0.0, 0.0))
    counted = Counted()
    protected = sender.line.tx.protect(sender.packet(1)[:-1] + b"!")
    road._verify(receiver, protected, 0.0, counted)
    road._verify(receiver, protected[:-1] + b"!", 0.0, counted)
    assert (counted.verified, counted.wrong) == (0, 2)


def test_callers_who_hear_nothing_are_told_of(
    lines: list[Line], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loadtest.bench.media.traffic.WARM_UP_S", 0.0)
    with pytest.raises(NotHere, match="2 of 2"):
        road_of(lines).warm_up()
