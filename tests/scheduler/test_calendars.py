"""A booking in a calendar: stable, UTC, with its links, and nothing of the partner's but the name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from icalendar import Calendar

from scheduler.bookings import Booking, State
from scheduler.calendars import Method, Place, etag, feed, links, mailed, summary, uid

T = 1_795_510_800_000
PLACE = Place(origin="https://desk.example:8443", name="Desk", sender="desk@example.org")
MATCHED = Booking(
    id="b41", member="m_ana", start_ms=T, length_min=50, state=State.MATCHED, title="Thesis",
    created_ms=T - 3_600_000, version=4, pair="p1", partner="m_ben", partner_booking="b39",
)  # fmt: skip


def entry_of(text: str | bytes) -> tuple[Any, Any]:
    calendar = Calendar.from_ical(text)
    [event] = calendar.walk("VEVENT")
    return calendar, event


def sent(
    booking: Booking, method: Method = Method.REQUEST, partner: str = "Ben"
) -> tuple[Any, Any]:
    to = {"to": "ana@example.org", "name": "Ana"}
    return entry_of(mailed(booking, partner, PLACE, method=method, at_ms=T - 1_000, **to))


def test_a_mailed_entry_keeps_its_uid_and_counts_its_changes() -> None:
    _, first = sent(MATCHED)
    _, second = sent(msgspec.structs.replace(MATCHED, version=7, partner="m_chi"), partner="Chi")
    assert first["UID"] == second["UID"] == "b41@desk.example" == uid("b41", PLACE)
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (4, 7)


def test_instants_are_utc_and_the_length_is_the_bookings() -> None:
    _, event = sent(MATCHED)
    assert event["DTSTART"].dt == datetime(2026, 11, 24, 9, tzinfo=UTC)
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=50)
    assert b"DTSTART:20261124T090000Z" in event.to_ical()


def test_the_entry_leads_to_the_room_the_partner_a_report_and_the_cancelling() -> None:
    assert links(MATCHED, PLACE) == {
        "Join": "https://desk.example:8443/room/b41",
        "Message your partner": "https://desk.example:8443/messages/m_ben",
        "Report": "https://desk.example:8443/sessions/b41#report",
        "Cancel": "https://desk.example:8443/sessions/b41#cancel",
    }
    _, event = sent(MATCHED)
    assert all(where in event["DESCRIPTION"] for where in links(MATCHED, PLACE).values())
    alone = msgspec.structs.replace(MATCHED, state=State.WAITING, partner=None)
    assert "Message your partner" not in links(alone, PLACE)


def test_an_entry_of_a_session_that_is_over_leads_to_what_can_still_be_done() -> None:
    over = msgspec.structs.replace(MATCHED, state=State.DONE)
    assert links(over, PLACE) == {
        "Message your partner": "https://desk.example:8443/messages/m_ben",
        "Report": "https://desk.example:8443/sessions/b41#report",
    }
    _, event = entry_of(feed([over], {"m_ben": "Ben"}, PLACE))
    assert "/room/" not in event.to_ical().decode()
    assert event["URL"] == "https://desk.example:8443/sessions/b41"
    assert (str(event["SUMMARY"]), event["STATUS"]) == ("Thesis, with Ben", "CONFIRMED")


def test_an_entry_nobody_came_to_says_so_and_leads_to_nothing_but_its_page() -> None:
    alone = msgspec.structs.replace(MATCHED, state=State.DONE, partner=None, pair=None)
    assert links(alone, PLACE) == {}
    _, event = entry_of(feed([alone], {}, PLACE))
    assert "DESCRIPTION" not in event
    assert str(event["SUMMARY"]) == "Thesis, without a partner"


def test_a_request_names_organizer_and_reader_and_a_cancellation_withdraws() -> None:
    calendar, event = sent(MATCHED)
    assert calendar["METHOD"] == "REQUEST"
    assert event["STATUS"] == "CONFIRMED"
    assert (str(event["ORGANIZER"]), str(event["ATTENDEE"])) == (
        "mailto:desk@example.org", "mailto:ana@example.org",
    )  # fmt: skip
    gone = msgspec.structs.replace(MATCHED, state=State.CANCELLED, partner=None, version=9)
    calendar, event = sent(gone, Method.CANCEL, partner="")
    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 9)
    assert "DESCRIPTION" not in event


@pytest.mark.parametrize(
    ("changes", "partner", "expected"),
    [
        ({}, "Ben", "Thesis, with Ben"),
        ({"title": ""}, "Ben", "Session, with Ben"),
        ({"partner": None}, "", "Thesis, partner named later"),
        ({"partner": None, "state": State.WAITING}, "", "Thesis, waiting for a partner"),
        ({"state": State.DONE}, "", "Thesis"),
    ],
)
def test_the_summary_is_the_own_title_and_who_comes(
    changes: dict[str, Any], partner: str, expected: str
) -> None:
    assert summary(msgspec.structs.replace(MATCHED, **changes), partner) == expected


@pytest.mark.parametrize("evil", ["x\r\nATTENDEE:mailto:eve@example.org", "a;b,c:d\\n", '"', "𝔘 ü"])
def test_nothing_breaks_out_of_its_line(evil: str) -> None:
    _, event = sent(msgspec.structs.replace(MATCHED, title=evil), partner=evil)
    assert str(event["ATTENDEE"]) == "mailto:ana@example.org"
    assert str(event["SUMMARY"]).replace("\r", "") == f"{evil}, with {evil}".replace("\r", "")


def test_a_feed_has_all_bookings_and_asks_for_no_answer() -> None:
    other = msgspec.structs.replace(MATCHED, id="b42", partner=None, state=State.WAITING)
    calendar = Calendar.from_ical(feed([MATCHED, other], {"m_ben": "Ben"}, PLACE))
    assert "METHOD" not in calendar
    assert [str(event["SUMMARY"]) for event in calendar.walk("VEVENT")] == [
        "Thesis, with Ben", "Thesis, waiting for a partner",
    ]  # fmt: skip
    assert not [event for event in calendar.walk("VEVENT") if "ATTENDEE" in event]


def test_equal_feeds_have_equal_names_and_a_change_another() -> None:
    one = feed([MATCHED], {"m_ben": "Ben"}, PLACE)
    assert etag(one) == etag(feed([MATCHED], {"m_ben": "Ben"}, PLACE))
    changed = msgspec.structs.replace(MATCHED, version=5)
    assert etag(one) != etag(feed([changed], {"m_ben": "Ben"}, PLACE))
    assert Calendar.from_ical(feed([], {}, PLACE)).walk("VEVENT") == []
