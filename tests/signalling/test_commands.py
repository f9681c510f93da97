"""Every output of the hub has somebody who carries it out."""

from __future__ import annotations

from typing import get_args, get_type_hints

from signalling.commands import AnyCommand, Count, Observe
from signalling.web.metrics import COUNTERS, HISTOGRAMS
from signalling.web.runner import EXECUTE


def test_every_command_is_carried_out() -> None:
    assert set(EXECUTE) == set(get_args(AnyCommand))


def test_everything_that_is_counted_has_a_metric() -> None:
    assert set(get_args(get_type_hints(Count)["what"])) == set(COUNTERS)
    assert set(get_args(get_type_hints(Observe)["what"])) == set(HISTOGRAMS)
