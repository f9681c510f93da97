"""Repeats."""

from __future__ import annotations

from scheduler.web import repeats
from scheduler.web.endpoint import Route
from scheduler.web.routes.patterns import REPEAT
from scheduler.web.schemas.repeats import RepeatIn, RepeatsOut, RepeatView, SkipIn, StopQuery

ROUTES = (
    Route(
        method="GET", scope="read", path="/repeats", handle=repeats.listed, answer=RepeatsOut,
        about="Own repeats with their next dates.",
    ),
    Route(
        method="POST", scope="book", path="/repeats", handle=repeats.make, body=RepeatIn,
        answer=RepeatView, about="Book the same time on some days of each week.",
    ),
    Route(
        method="DELETE", scope="book", path=f"/repeats/{REPEAT}", handle=repeats.stop,
        query=StopQuery, status=204, about="End a repeat.",
    ),
    Route(
        method="POST", scope="book", path=f"/repeats/{REPEAT}/skip", handle=repeats.skip,
        body=SkipIn, answer=RepeatView, about="Take one date out of a repeat.",
    ),
)  # fmt: skip
