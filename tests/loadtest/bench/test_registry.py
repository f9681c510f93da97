"""Every bench that can be asked for is there."""

from __future__ import annotations

import argparse

import pytest

from loadtest.bench.registry import BENCHES, bench


@pytest.mark.parametrize("name", BENCHES)
def test_a_bench_can_be_had_and_says_what_it_wants_to_be_told(name: str) -> None:
    parser = argparse.ArgumentParser()
    bench(name).add_arguments(parser)
    assert parser.parse_args([]) is not None
    assert callable(bench(name).figures)
