"""Stretches of time, and the little arithmetic that judging them takes.

A span holds its first instant and not its last. Lists of spans are in order and without overlap
where a function says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """From one instant up to another, in milliseconds since the epoch."""

    from_ms: int
    to_ms: int

    @property
    def length_ms(self) -> int:
        return self.to_ms - self.from_ms


def common(one: Span, other: Span) -> Span | None:
    """What both cover, or None."""
    from_ms, to_ms = max(one.from_ms, other.from_ms), min(one.to_ms, other.to_ms)
    return Span(from_ms, to_ms) if from_ms < to_ms else None


def overlaps(some: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """Every stretch covered by both, in order; spans that merely touch stay apart."""
    held = list(others)
    shared = (common(one, other) for one in some for other in held)
    return sorted(span for span in shared if span is not None)


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same instants, in order, without overlap and without seams."""
    result: list[Span] = []
    for span in sorted(spans):
        if result and span.from_ms <= result[-1].to_ms:
            result[-1] = Span(result[-1].from_ms, max(result[-1].to_ms, span.to_ms))
        elif span.length_ms > 0:
            result.append(span)
    return result


def without(some: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """What is left of each of `some` outside all `others`, in order."""
    left = sorted(some)
    for other in others:
        left = [part for span in left for part in _parts(span, other)]
    return left


def _parts(span: Span, other: Span) -> list[Span]:
    if common(span, other) is None:
        return [span]
    ends = (Span(span.from_ms, other.from_ms), Span(other.to_ms, span.to_ms))
    return [end for end in ends if end.length_ms > 0]


def beginning(spans: Iterable[Span], length_ms: int) -> list[Span]:
    """The first of them in order, up to so much in all."""
    kept: list[Span] = []
    for span in spans:
        to_ms = min(span.to_ms, span.from_ms + length_ms - total_ms(kept))
        if to_ms > span.from_ms:
            kept.append(Span(span.from_ms, to_ms))
    return kept


def total_ms(spans: Iterable[Span]) -> int:
    """The length of all together."""
    return sum(span.length_ms for span in spans)
