"""A measured figure, and how it is written down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec


class Figure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One measured value; None, and why, if it could not be measured."""

    bench: str
    figure: str
    subject: str
    """What was measured: `ours`, something else, or one over the other."""
    at: str
    """Under which load."""
    value: float | None
    unit: str
    runs: int
    why: str = ""


def as_line(figure: Figure) -> str:
    """A line of JSON."""
    return msgspec.json.encode(figure).decode()


def as_table(figures: Iterable[Figure]) -> Iterator[str]:
    """Lines for the eye: a figure, its subjects below each other."""
    last = ""
    for figure in figures:
        heading = f"{figure.figure} [{figure.unit}]"
        if heading != last:
            yield f"\n{heading}"
            last = heading
        value = "-" if figure.value is None else f"{figure.value:g}"
        yield f"  {figure.subject:<26} {figure.at:<16} {value:>10}  {figure.why}".rstrip()
