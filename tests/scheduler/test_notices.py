"""Which events are worth a notice, what is new of a booking, and the words for it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from scheduler import events
from scheduler.bookings import Booking, State
from scheduler.notices import (
    BOOKING_WORDS,
    OF_BOOKINGS,
    OF_TIME,
    PEOPLE_WORDS,
    STALE_MS,
    WINDOW_MS,
    Kind,
    Notice,
    Other,
    booking_words,
    news,
    notices_of,
    outlived,
    people_words,
    reminder_words,
    told_of,
    wanted,
)
from scheduler.rules import DAY_MS, MINUTE_MS

T = 1_795_510_800_000  # Tuesday 24 November 2026, 09:00 UTC
SLOT: dict[str, Any] = {"start_ms": T, "length_min": 50, "at_ms": T - DAY_MS}
BOTH: dict[str, Any] = {"pair": "p1", "bookings": ("b1", "b2"), "members": ("ana", "ben")}
BEN = Other(id="m_ben", name="Ben", zone="America/New_York", sessions=12)
MATCHED = Booking(
    id="b1", member="ana", start_ms=T, length_min=50, state=State.MATCHED, created_ms=0, version=3,
    partner="ben", pair="p1", partner_booking="b2",
)  # fmt: skip
WAITING = msgspec.structs.replace(MATCHED, state=State.WAITING, partner=None, pair=None)
CANCELLED = msgspec.structs.replace(WAITING, state=State.CANCELLED)


def kinds(event: events.AnyEvent) -> list[tuple[str, str]]:
    return [(notice.kind.value, notice.member) for notice in notices_of(event)]


# From events


def test_a_match_is_told_to_both_and_names_whom_they_meet() -> None:
    one, other = notices_of(events.Matched(**BOTH, **SLOT))
    assert (one.kind, one.member, one.booking, one.other) == (Kind.MATCHED, "ana", "b1", "ben")
    assert (other.member, other.booking, other.other) == ("ben", "b2", "ana")
    assert kinds(events.Matched(**BOTH, **SLOT, locked=True)) == [
        ("locked", "ana"),
        ("locked", "ben"),
    ]


def test_who_lost_a_partner_hears_of_it_unless_the_match_tells_it() -> None:
    lost = {"booking": "b1", "member": "ana", "former": "ben", **SLOT}
    assert kinds(events.Unmatched(**lost)) == [("waiting", "ana")]
    assert kinds(events.Unmatched(**lost, rematched=True)) == []


def test_a_change_of_partners_in_the_room_is_no_mail() -> None:
    during = {**SLOT, "at_ms": T + 2 * MINUTE_MS}
    assert kinds(events.Matched(**BOTH, **during)) == []
    lost = {"booking": "b1", "member": "ana", "former": "ben", **during}
    assert kinds(events.Unmatched(**lost, why="replaced")) == []


def test_the_other_events_and_whom_they_are_for() -> None:
    booking = {"booking": "b1", "member": "ana"}
    assert kinds(events.Cancelled(**booking, **SLOT, created_ms=0)) == [("cancelled", "ana")]
    assert kinds(events.BookingChanged(**booking, **SLOT)) == [("changed", "ana")]
    due = events.ReminderDue(**booking, partner="ben", start_ms=T, minutes=10, at_ms=T - 600_000)
    assert kinds(due) == [("reminder", "ana")]
    hint = events.Awaited(**booking, partner="ben", start_ms=T, minutes=1, at_ms=T + MINUTE_MS)
    assert kinds(hint) == [("awaited", "ana")]
    assert kinds(events.FriendAsked(at_ms=T, member="ana", by="ben")) == [("friend_asked", "ana")]
    assert kinds(events.FriendMade(at_ms=T, member="ana", by="ben")) == [("friend_made", "ben")]
    invited = events.Invited(invite="i1", member="ana", by="ben", **SLOT)
    assert kinds(invited) == [("invited", "ana")]
    assert kinds(events.Written(at_ms=T, member="ana", by="ben")) == [("written", "ana")]
    assert kinds(events.Locked(at_ms=T, **BOTH, by="ben")) == [("locked", "ana"), ("locked", "ben")]


@pytest.mark.parametrize(
    "event",
    [
        events.Booked(booking="b1", member="ana", **SLOT),
        events.PoolChanged(**SLOT),
        events.Ended(at_ms=T, bookings=("b1",), members=("ana",)),
        events.SignedOut(at_ms=T, member="ana"),
    ],
)
def test_the_rest_is_quiet(event: events.AnyEvent) -> None:
    assert notices_of(event) == []


def test_changes_of_one_booking_share_a_key_and_wait_for_each_other() -> None:
    [one, _] = notices_of(events.Matched(**BOTH, **SLOT))
    [other] = notices_of(events.Cancelled(booking="b1", member="ana", **SLOT, created_ms=0))
    assert one.key == other.key
    assert one.due_ms == one.at_ms + WINDOW_MS


def test_reminders_people_and_messages_have_keys_of_their_own() -> None:
    keys = {
        notice.key
        for event in (
            events.ReminderDue(booking="b1", member="ana", partner=None, start_ms=T, minutes=10, at_ms=T),
            events.ReminderDue(booking="b1", member="ana", partner=None, start_ms=T, minutes=1, at_ms=T),
            events.FriendAsked(at_ms=T, member="ana", by="ben"),
            events.Written(at_ms=T, member="ana", by="ben"),
            events.Written(at_ms=T, member="ana", by="chi"),
            events.Invited(invite="i1", member="ana", by="ben", **SLOT),
        )
        for notice in notices_of(event)
    }  # fmt: skip
    assert len(keys) == 6


# What is new


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (None, WAITING, None),
        (None, MATCHED, Kind.MATCHED),
        (None, msgspec.structs.replace(MATCHED, locked=True), Kind.LOCKED),
        (None, CANCELLED, None),
        (MATCHED, MATCHED, None),
        (MATCHED, msgspec.structs.replace(MATCHED, version=9, title="Thesis"), None),
        (MATCHED, msgspec.structs.replace(MATCHED, partner="chi"), Kind.MATCHED),
        (MATCHED, msgspec.structs.replace(MATCHED, locked=True), Kind.LOCKED),
        (MATCHED, msgspec.structs.replace(MATCHED, length_min=25), Kind.CHANGED),
        (MATCHED, WAITING, Kind.WAITING),
        (WAITING, MATCHED, Kind.MATCHED),
        (WAITING, CANCELLED, Kind.CANCELLED),
        (MATCHED, CANCELLED, Kind.CANCELLED),
        (CANCELLED, CANCELLED, None),
        (MATCHED, msgspec.structs.replace(MATCHED, state=State.DONE), None),
    ],
)
def test_what_is_new_is_the_difference_to_what_was_said(
    before: Booking | None, now: Booking, expected: Kind | None
) -> None:
    assert news(told_of(before) if before else None, now) is expected


def test_a_reminder_that_comes_too_late_is_none() -> None:
    due = Notice(
        kind=Kind.REMINDER, member="ana", at_ms=T - 600_000, booking="b1", start_ms=T, minutes=10
    )
    assert not outlived(due, T - 600_000 + STALE_MS)
    assert outlived(due, T - 600_000 + STALE_MS + 1)
    last = msgspec.structs.replace(due, at_ms=T - 60_000, minutes=1)
    assert outlived(last, T + MINUTE_MS + 1)
    hint = msgspec.structs.replace(due, kind=Kind.AWAITED, at_ms=T, minutes=0)
    assert not outlived(hint, T + MINUTE_MS)
    assert outlived(hint, T + MINUTE_MS + 1)
    assert not outlived(msgspec.structs.replace(due, kind=Kind.MATCHED), T + 9 * DAY_MS)
    assert outlived(msgspec.structs.replace(due, kind=Kind.WRITTEN), T + DAY_MS)


def test_switches_turn_off_changes_and_reminders_apart() -> None:
    assert wanted(Kind.MATCHED, changes=True, reminders=False)
    assert not wanted(Kind.WRITTEN, changes=False, reminders=True)
    assert wanted(Kind.CANCELLED, changes=False, reminders=False)
    assert wanted(Kind.REMINDER, changes=False, reminders=True)
    assert not wanted(Kind.REMINDER, changes=True, reminders=False)
    assert wanted(Kind.AWAITED, changes=False, reminders=True)


# In words


def test_a_match_says_when_where_and_who_in_the_readers_zone() -> None:
    words = booking_words(Kind.MATCHED, MATCHED, BEN, "Europe/Berlin")
    assert words.subject == "Tue 24 Nov, 10:00: you have a partner"
    assert words.lines == [
        "Tuesday 24 November, 10:00–10:50 (Europe/Berlin): you will work with Ben.",
        "For Ben it will be Tuesday 04:00 (America/New_York).",
        "Ben: 12 sessions kept so far.",
    ]
    assert words.path == "/sessions/b1"


def test_a_first_session_is_named_and_a_name_that_is_told_later_is_not_made_up() -> None:
    new = msgspec.structs.replace(BEN, sessions=0)
    assert "first session of Ben" in booking_words(Kind.MATCHED, MATCHED, new, "UTC").lines[2]
    [only] = booking_words(Kind.MATCHED, MATCHED, Other(), "UTC").lines
    assert "name you learn before it begins" in only


def test_whom_a_lock_in_left_reads_until_when_they_may_be_released() -> None:
    left = msgspec.structs.replace(MATCHED, left_ms=T - 30 * MINUTE_MS)
    until_ms = T - 25 * MINUTE_MS
    asked = booking_words(Kind.MATCHED, left, BEN, "Europe/Berlin", release_ms=until_ms).lines[-1]
    assert "until Tue 24 Nov, 09:35 (Europe/Berlin) that is not noted" in asked
    assert len(booking_words(Kind.MATCHED, left, BEN, "Europe/Berlin").lines) == 3
    alone = msgspec.structs.replace(WAITING, free_to_cancel=True)
    assert "while nobody is found" in booking_words(Kind.WAITING, alone, Other(), "UTC").lines[-1]
    assert len(booking_words(Kind.WAITING, WAITING, Other(), "UTC").lines) == 1


def test_every_kind_has_words_and_no_subject_names_anybody() -> None:
    assert set(BOOKING_WORDS) == OF_BOOKINGS
    assert set(BOOKING_WORDS) | set(PEOPLE_WORDS) | OF_TIME == set(Kind)
    for kind in BOOKING_WORDS:
        assert "Ben" not in booking_words(kind, MATCHED, BEN, "UTC").subject
    for kind in PEOPLE_WORDS:
        notice = Notice(kind=kind, member="ana", at_ms=T, start_ms=T, length_min=50)
        words = people_words(notice, BEN, "UTC")
        assert "Ben" not in words.subject
        assert "Ben" in words.lines[0]


def test_a_reminder_counts_the_minutes() -> None:
    notice = Notice(kind=Kind.REMINDER, member="ana", at_ms=T, booking="b1", minutes=1)
    words = reminder_words(notice, MATCHED, BEN, "Asia/Kathmandu")
    assert words.subject == "In 1 minute: your session"
    assert words.lines == ["Tuesday 24 November, 14:45–15:35 (Asia/Kathmandu) with Ben."]
    assert words.path == "/room/b1"


def test_a_hint_says_who_waits_and_its_subject_does_not() -> None:
    notice = Notice(kind=Kind.AWAITED, member="ana", at_ms=T, booking="b1")
    words = reminder_words(notice, MATCHED, BEN, "Europe/Berlin")
    assert words.subject == "Your session has begun"
    assert words.lines == ["Ben is in the room: Tuesday 24 November, 10:00–10:50 (Europe/Berlin)."]
    assert words.path == "/room/b1"
