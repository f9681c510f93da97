"""From runs to figures."""

from __future__ import annotations

import pytest

from loadtest.bench.media import tally
from loadtest.bench.media.tally import Cost, Delay, Room


def cost(subject: str, repeat: int, cpu_us: float, *, rate: int = 1_000, got: int = 1_000) -> Cost:
    return Cost(
        subject=subject,
        repeat=repeat,
        rate=rate,
        offered=float(rate),
        sent=1_000,
        got=got,
        verified=60,
        cpu_s=cpu_us * got / 1e6,
    )


def test_a_percentile_is_a_value_that_was_there() -> None:
    assert tally.percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert tally.percentile([1.0, 2.0, 9.0], 0.99) == 9.0
    assert tally.percentile([], 0.5) == 0.0


def test_everybody_is_first_in_turn() -> None:
    assert [tally.rotated(["a", "b", "c"], n)[0] for n in range(4)] == ["a", "b", "c", "a"]
    assert sorted(tally.rotated(["a", "b", "c"], 5)) == ["a", "b", "c"]


def test_half_load_is_half_of_a_core_and_no_more_than_the_load_reaches() -> None:
    assert tally.half_load(10.0, 60_000) == 50_000
    assert tally.half_load(1.0, 60_000) == 60_000


def test_cost_is_per_packet_that_arrived() -> None:
    lossy = cost("ours", 0, 10.0, got=500)
    assert lossy.cpu_us == pytest.approx(10.0)
    assert lossy.delivery == 0.5


def test_of_each_subject_and_rate_the_median_and_the_least_are_told() -> None:
    runs = [cost("ours", n, value) for n, value in enumerate((10.0, 14.0, 11.0))]
    told = {figure.figure: figure for figure in tally.cost_figures(runs)}
    assert told["cpu_us_per_packet"].value == 11.0
    assert told["cpu_us_per_packet_min"].value == 10.0
    assert told["delivery"].value == 1.0
    assert told["verified"].value == 180
    assert {(f.bench, f.subject, f.at, f.runs) for f in told.values()} == {
        ("media", "ours", "1000pps", 3)
    }


def test_a_ratio_compares_only_within_a_repeat() -> None:
    """The machine was half as fast in the second one, for both; the third has one side only."""
    runs = [
        *(cost("ours", 0, 10.0), cost("pion", 0, 15.0)),
        *(cost("ours", 1, 20.0), cost("pion", 1, 34.0)),
        cost("pion", 2, 1.0),
    ]
    ratio, least = tally.ratio_figures(runs)
    assert (ratio.figure, ratio.subject, ratio.value) == ("ratio", "pion/ours", 1.6)
    assert (least.figure, least.value, least.runs) == ("ratio_min", 1.5, 2)


def test_the_delay_without_a_server_is_taken_off_and_told_beside() -> None:
    delay = Delay(
        subject="ours",
        repeat=0,
        rate=40_000,
        p50_ms=0.5,
        p99_ms=3.0,
        direct_p50_ms=0.1,
        direct_p99_ms=1.0,
    )
    values = {figure.figure: figure.value for figure in tally.delay_figures([delay])}
    assert values == {
        "added_latency_p50_ms": 0.4,
        "added_latency_p99_ms": 2.0,
        "direct_latency_p50_ms": 0.1,
        "direct_latency_p99_ms": 1.0,
    }


def test_pairs_a_core_of_ours_are_packets_of_a_core_over_those_of_a_pair() -> None:
    rooms = tally.rooms_of([cost("ours", 0, 10.0), cost("pion", 0, 10.0)], 1_000)
    assert [(room.subject, round(room.pairs)) for room in rooms] == [("ours", 481)]


def test_pairs_a_core_are_ours_over_theirs() -> None:
    rooms = [
        Room(subject="ours", repeat=0, pairs=400.0),
        Room(subject="naive", repeat=0, pairs=2.5),
    ]
    told = [(f.figure, f.subject, f.value) for f in tally.room_figures(rooms, "")]
    assert told[-1] == ("ratio", "ours/naive", 160.0)


def test_what_could_not_run_has_no_value_and_says_why() -> None:
    told = [*tally.missing("janus", [25_000], "no apt"), *tally.missing_room("naive", "no apt")]
    assert {figure.value for figure in told} == {None}
    assert {figure.why for figure in told} == {"no apt"}
    assert {figure.subject for figure in told} == {"janus", "janus/ours", "naive", "ours/naive"}
