"""Spans of time merge, overlap and add up."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from scheduler.spans import Span, beginning, common, merged, overlaps, total_ms, without

INSTANT = st.integers(0, 60)
SPANS = st.lists(st.tuples(INSTANT, INSTANT).map(lambda ends: Span(min(ends), max(ends))))


def covered(spans: list[Span]) -> set[int]:
    return {instant for span in spans for instant in range(span.from_ms, span.to_ms)}


def test_spans_that_touch_have_nothing_in_common() -> None:
    assert common(Span(0, 10), Span(10, 20)) is None
    assert common(Span(0, 11), Span(10, 20)) == Span(10, 11)


@given(SPANS)
def test_merging_keeps_the_instants_and_leaves_gaps_between(spans: list[Span]) -> None:
    result = merged(spans)
    assert covered(result) == covered(spans)
    assert all(one.to_ms < two.from_ms for one, two in pairwise(result))
    assert total_ms(result) == len(covered(spans))


@given(SPANS, SPANS)
def test_overlaps_are_what_both_cover(some: list[Span], others: list[Span]) -> None:
    assert covered(overlaps(some, others)) == covered(some) & covered(others)


@given(SPANS, SPANS)
def test_without_leaves_what_the_others_do_not_cover(some: list[Span], others: list[Span]) -> None:
    result = without(merged(some), others)
    assert covered(result) == covered(some) - covered(others)
    assert total_ms(result) == len(covered(result))


def test_the_beginning_of_some_is_so_much_of_the_first_of_them() -> None:
    spans = [Span(0, 10), Span(20, 30), Span(40, 50)]
    assert beginning(spans, 15) == [Span(0, 10), Span(20, 25)]
    assert beginning(spans, 0) == []
    assert beginning(spans, 99) == spans
