"""How long a relay in trouble is kept."""

from __future__ import annotations

import pytest

from signalling.legs import BOTH_SILENT_MS, GONE_MS, Legs


@pytest.mark.parametrize(
    ("heard", "trouble_ms"),
    [
        ([], None),
        ([(0, "connected"), (1, "connected")], None),
        ([(0, "stalled")], None),
        ([(0, "gone")], GONE_MS),
        ([(0, "stalled"), (1, "stalled")], BOTH_SILENT_MS),
        ([(0, "gone"), (1, "stalled")], BOTH_SILENT_MS),
        ([(0, "stalled"), (1, "stalled"), (1, "flowing")], None),
        ([(0, "gone"), (0, "connected")], None),
    ],
)
def test_the_worst_of_both_decides(heard: list[tuple[int, str]], trouble_ms: int | None) -> None:
    legs = Legs("w1", 1)
    for side, state in heard:
        legs.heard(side, state, 0)
    assert legs.trouble_ms == trouble_ms


def test_hearing_the_same_again_gives_no_new_patience() -> None:
    legs = Legs("w1", 1)
    legs.heard(0, "gone", 0)
    legs.heard(0, "gone", 1_000)
    assert legs.trouble_ms == GONE_MS
