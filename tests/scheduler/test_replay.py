"""What a journal's entries are about, and under which names they are done again."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from scheduler import errors
from scheduler.bookings import Booking, State
from scheduler.journal import Entry
from scheduler.people import Invite, InviteKind
from scheduler.replay import (
    booking_named,
    conflict_of,
    fulfilled,
    renamed,
    same_booking,
    thing_of,
)
from scheduler.standby import Outcome, Search

BOOKING = Booking(
    id="b1", member="ana", start_ms=1, length_min=25, state=State.WAITING, created_ms=0, version=1
)
INVITE = Invite(id="i1", by="ana", kind=InviteKind.PERSONAL, created_ms=0, expires_ms=9)
SEARCH = Search(outcome=Outcome.NOBODY, booking=BOOKING)

pack = msgspec.msgpack.encode


def entry(op: str, *args: str | bytes, answer: Any = BOOKING) -> Entry:
    packed = tuple(arg if isinstance(arg, bytes) else arg.encode() for arg in args)
    return Entry(op=op, args=packed, at_ms=7, history="old", answer=pack(answer))


def moved(id: str) -> str:
    return {"b1": "b9", "i1": "i9"}.get(id, id)


@pytest.mark.parametrize(
    ("told", "thing"),
    [
        (entry("book"), BOOKING),
        (entry("seek", answer=SEARCH), BOOKING),
        (entry("invite", answer=INVITE), INVITE),
        (entry("block", answer=True), None),
    ],
    ids=["booking", "search", "invite", "nothing"],
)
def test_the_answer_tells_what_it_was_about(told: Entry, thing: object) -> None:
    assert thing_of(told) == thing


def test_only_some_name_a_booking() -> None:
    assert booking_named(entry("cancel", "r", "ana", "b1")) == BOOKING
    assert booking_named(entry("seek", "r", "ana", "b1", "", "", answer=SEARCH)) == BOOKING
    assert booking_named(entry("book", "r", "ana")) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (entry("cancel", "r", "ana", "b1"), (b"r", b"ana", b"b9")),
        (entry("stop_seeking", "ana", "b1"), (b"ana", b"b9")),
    ],
)
def test_a_booking_is_named_as_it_is_today(before: Entry, after: tuple[bytes, ...]) -> None:
    assert renamed(before, moved, booking="b9") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (entry("revoke_invite", "r", "ana", "i1"), (b"r", b"ana", b"i9")),
        (entry("hold", "i1", "key", "5", "25"), (b"i9", b"key", b"5", b"25")),
        (entry("book", "r", "ana", b"i1"), (b"r", b"ana", b"i1")),
    ],
)
def test_an_invite_too_and_nothing_else(before: Entry, after: tuple[bytes, ...]) -> None:
    assert renamed(before, moved, booking=None) == after


def test_what_a_lock_in_replaces_and_goes_by_is_named_as_it_is_today() -> None:
    how = {"invite": "i1", "replace": ["b1", "b2"], "holder": "key"}
    before = entry("lock_in", "r", "ana", "ben", b"wish", pack(how))
    after = renamed(before, moved, booking=None)
    assert msgspec.msgpack.decode(after[4]) == {**how, "invite": "i9", "replace": ["b9", "b2"]}
    assert after[:4] == before.args[:4]


def test_a_lock_in_that_names_nothing_that_moved_reads_the_same_to_the_byte() -> None:
    odd = b"\x83\xd9\x06holder\xd9\x00\xa6invite\xa0\xa7replace\x90"
    before = entry("lock_in", "r", "ana", "ben", b"wish", odd)
    assert renamed(before, moved, booking=None)[4] == odd


def test_an_id_may_belong_to_somebody_else_now() -> None:
    same = msgspec.structs.replace(BOOKING, state=State.MATCHED, version=3, length_min=50)
    assert same_booking(same, BOOKING)
    assert not same_booking(msgspec.structs.replace(BOOKING, member="ben"), BOOKING)
    assert not same_booking(msgspec.structs.replace(BOOKING, start_ms=2), BOOKING)


def test_who_asked_for_the_same_anew_has_what_was_promised() -> None:
    overlap, gone = errors.Overlap(), errors.AlreadyOver()
    anew = msgspec.structs.replace(BOOKING, id="b9")
    shortened = msgspec.structs.replace(anew, length_min=10, wished_min=25)
    assert fulfilled(entry("book", "r", "ana"), overlap, [anew])
    assert fulfilled(entry("book", "r", "ana"), overlap, [shortened])
    assert fulfilled(entry("cancel", "r", "ana", "b1"), gone, [])


def test_what_another_process_did_again_is_done() -> None:
    assert fulfilled(entry("edit", "r", "ana", "b1"), errors.OtherRequest(), [])


def test_who_has_something_else_has_not() -> None:
    other = msgspec.structs.replace(BOOKING, id="b9", length_min=50)
    assert not fulfilled(entry("book", "r", "ana"), errors.Overlap(), [other])
    assert not fulfilled(entry("book", "r", "ana"), errors.Overlap(), [])
    assert not fulfilled(entry("book", "r", "ana"), errors.InThePast(), [BOOKING])
    assert not fulfilled(entry("cancel", "r", "ana", "b1"), errors.TooLate(), [BOOKING])
    assert not fulfilled(entry("block", "r", "ana", answer=True), errors.Overlap(), [BOOKING])


def test_a_conflict_says_whose_it_is_and_why() -> None:
    found = conflict_of(entry("book", "r", "ana", b"wish"), errors.InThePast())
    assert (found.member, found.request, found.op) == ("ana", "r", "book")
    assert (found.code, found.at_ms, found.start_ms) == ("in_the_past", 7, 1)


def test_of_who_had_not_signed_in_it_says_nothing() -> None:
    found = conflict_of(entry("hold", "i1", "key", "5", "25", answer=1), errors.Taken())
    assert (found.member, found.request, found.start_ms) == ("", "", None)
