"""A resume is exact, or it is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.events import Booked
from signalling.backlog import Backlog, earlier, place

EVENT = Booked(at_ms=0, booking="b1", member="m_ana", start_ms=0, length_min=50)

places = st.tuples(st.integers(0, 30), st.integers(0, 3))
outboxes = st.lists(places, unique=True, max_size=30).map(sorted)


def offset_of(at: tuple[int, int]) -> str:
    return f"{at[0]}-{at[1]}"


@given(outboxes, places, st.integers(1, 10))
def test_what_is_replayed_is_exactly_what_came_after(
    outbox: list[tuple[int, int]], asked: tuple[int, int], size: int
) -> None:
    backlog = Backlog("e", "0-0", size)
    outbox = [at for at in outbox if at > (0, 0)]
    for at in outbox:
        backlog.add(offset_of(at), EVENT)
    replayed = backlog.after("e", offset_of(asked))
    missed = [offset_of(at) for at in outbox if at > asked]
    if replayed is not None:
        assert [offset for offset, _ in replayed] == missed
    if len(missed) <= size and len(outbox) <= size:
        assert replayed is not None, "what is all there must not be refused"


@given(outboxes, st.lists(st.integers(0, 29), max_size=40))
def test_repeats_and_stragglers_change_nothing(
    outbox: list[tuple[int, int]], repeats: list[int]
) -> None:
    once, often = Backlog("e", "0-0", 100), Backlog("e", "0-0", 100)
    for n, at in enumerate(outbox):
        once.add(offset_of(at), EVENT)
        often.add(offset_of(at), EVENT)
        for repeat in repeats:
            if repeat <= n:
                often.add(offset_of(outbox[repeat]), EVENT)
    assert once.after("e", "0-0") == often.after("e", "0-0")
    assert once.offset == often.offset


def test_another_outbox_is_another_epoch() -> None:
    assert Backlog("e2", "5-0", 10).after("e1", "5-0") is None


def test_before_the_beginning_nothing_is_known() -> None:
    backlog = Backlog("e", "5-0", 10)
    assert backlog.after("e", "4-9") is None
    assert backlog.after("e", "5-0") == []


def test_a_page_ahead_of_this_hub_misses_nothing() -> None:
    assert Backlog("e", "5-0", 10).after("e", "9-0") == []


@pytest.mark.parametrize("text", ["", "-", "5", "5-", "-5", "5-x", "٥-٥", "1-2-3", "1" * 50 + "-0"])
def test_what_is_no_offset_is_none(text: str) -> None:
    assert place(text) is None
    assert Backlog("e", "0-0", 10).after("e", text) is None


def test_earlier_never_falls_below_the_beginning_of_time() -> None:
    assert earlier("5000-3", 1_000) == "4000-0"
    assert earlier("500-3", 1_000) == "0-0"
