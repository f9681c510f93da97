"""People: what members are to each other, and when they can be locked in."""

from __future__ import annotations

from scheduler.web import people
from scheduler.web.endpoint import Route
from scheduler.web.routes.patterns import MEMBER
from scheduler.web.schemas import RequestIn, RequestQuery, Span
from scheduler.web.schemas.people import PeopleOut, RelationView, SnoozeIn, TimesOut

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
    Route(
        method="PUT", scope="people", path=f"/people/{MEMBER}/favourite", handle=people.favour,
        body=RequestIn, answer=RelationView, about="Make somebody a favourite. They are not told.",
    ),
    Route(
        method="DELETE", scope="people", path=f"/people/{MEMBER}/favourite", handle=people.unfavour,
        query=RequestQuery, answer=RelationView, about="Have one favourite less.",
    ),
    Route(
        method="PUT", scope="people", path=f"/people/{MEMBER}/friend", handle=people.befriend,
        body=RequestIn, answer=RelationView, about="Ask for a friendship, or accept one.",
    ),
    Route(
        method="DELETE", scope="people", path=f"/people/{MEMBER}/friend", handle=people.unfriend,
        query=RequestQuery, answer=RelationView,
        about="End a friendship, decline it, or take the question back.",
    ),
    Route(
        method="PUT", scope="people", path=f"/people/{MEMBER}/snooze", handle=people.snooze,
        body=SnoozeIn, answer=RelationView, about="Keep away from somebody, for a while or for good.",
    ),
    Route(
        method="DELETE", scope="people", path=f"/people/{MEMBER}/snooze", handle=people.unsnooze,
        query=RequestQuery, answer=RelationView, about="Meet somebody again.",
    ),
    Route(
        method="PUT", scope="people", path=f"/people/{MEMBER}/block", handle=people.block,
        body=RequestIn, answer=RelationView, about="Never meet somebody again. They are not told.",
    ),
    Route(
        method="DELETE", scope="people", path=f"/people/{MEMBER}/block", handle=people.unblock,
        query=RequestQuery, answer=RelationView, about="Lift an own block.",
    ),
)  # fmt: skip
