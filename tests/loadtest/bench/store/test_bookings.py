"""`bench scheduler`, at a size that takes no time."""

from __future__ import annotations

import argparse

from loadtest.bench.store import bookings


def test_it_measures_booking_and_says_what_it_found() -> None:
    parser = argparse.ArgumentParser()
    bookings.add_arguments(parser)
    options = parser.parse_args(
        ["--members", "50", "--loaded", "50", "--bookings", "40", "--rounds", "2"]
    )
    options.quick = False
    found = {(each.figure, each.at): each for each in bookings.figures(options)}
    costs = found["store_cpu_us_per_booking", "50 members, 50 connections"]
    assert costs.subject == "ours"
    assert costs.runs == 2
    assert {"rate", "latency_p99", "matched", "slowest_call", "calls_over_10_ms"} <= {
        name for name, _ in found
    }


def test_the_middle_of_the_rounds_is_the_median_of_each_figure() -> None:
    rounds = [
        bookings.Round(cpu_us=cpu, rate=10 / cpu, p50_ms=cpu, p99_ms=9 - cpu) for cpu in (1, 5, 2)
    ]
    assert bookings.middle(rounds) == bookings.Round(cpu_us=2, rate=5, p50_ms=2, p99_ms=7)
