"""People: what members are to each other, and when they can be locked in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from scheduler.web import people
from scheduler.web.endpoint import Call, Route
from scheduler.web.routes.patterns import MEMBER
from scheduler.web.schemas import RequestIn, RequestQuery, Span
from scheduler.web.schemas.people import PeopleOut, RelationView, SnoozeIn, TimesOut

Handle = Callable[[Call], Awaitable[Any]]


def tie(
    name: str, do: Handle, undo: Handle, *, about: tuple[str, str], body: type = RequestIn
) -> tuple[Route, Route]:
    """Something a member can be to another, made and unmade."""
    path = f"/people/{MEMBER}/{name}"
    made, unmade = about
    return (
        Route(
            method="PUT", scope="people", path=path, handle=do, body=body, answer=RelationView, about=made,
        ),
        Route(
            method="DELETE", scope="people", path=path, handle=undo, query=RequestQuery,
            answer=RelationView, about=unmade,
        ),
    )  # fmt: skip


ROUTES = (
    Route(
        method="GET", scope="read", path="/people", handle=people.listed, answer=PeopleOut,
        about="Everybody you met, are about to meet or have a tie to, by name.",
    ),
    Route(
        method="GET", scope="read", path="/people/free", handle=people.free, query=Span,
        answer=TimesOut, about="When your favourites and friends can be locked in, by start.",
    ),
    Route(
        method="GET", scope="read", path=f"/people/{MEMBER}", handle=people.show,
        answer=RelationView, about="Somebody you know.",
    ),
    Route(
        method="GET", scope="read", path=f"/people/{MEMBER}/free", handle=people.free_of,
        query=Span, answer=TimesOut, about="When one member can be locked in.",
    ),
    *tie(
        "favourite", people.favour, people.unfavour,
        about=("Make somebody a favourite. They are not told.", "Have one favourite less."),
    ),
    *tie(
        "friend", people.befriend, people.unfriend,
        about=(
            "Ask for a friendship, or accept one.",
            "End a friendship, decline it, or take the question back.",
        ),
    ),
    *tie(
        "snooze", people.snooze, people.unsnooze, body=SnoozeIn,
        about=("Keep away from somebody, for a while or for good.", "Meet somebody again."),
    ),
    *tie(
        "block", people.block, people.unblock,
        about=("Never meet somebody again. They are not told.", "Lift an own block."),
    ),
)  # fmt: skip
