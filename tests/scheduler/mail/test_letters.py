"""Letters are plain, escape what they quote, and let nothing into a header."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime

import msgspec
import pytest

from scheduler.calendars import Place
from scheduler.mail.letters import (
    Letter,
    as_message,
    notice_letter,
    sign_in_letter,
    sign_in_link,
)
from scheduler.notices import Words
from scheduler.people import Held

LINK = sign_in_link("https://desk.example", "tok-en", "")


START_MS = int(datetime(2026, 11, 24, 9, tzinfo=UTC).timestamp() * 1_000)
HELD = Held(holder="abc", invite="i1", start_ms=START_MS, length_min=50, until_ms=START_MS)


def a_letter(*, held: Held | None = None, **changes: str) -> Letter:
    given = {"id": "signin-1", "to": "ana@example.org", "name": "Desk", "link": LINK, **changes}
    return sign_in_letter(**given, held=held)


def test_the_token_stands_behind_the_hash_and_the_next_page_after_it() -> None:
    assert LINK == "https://desk.example/signin#token=tok-en"
    onward = sign_in_link("https://desk.example", "t", "/room/b1?x=1&y")
    assert onward == "https://desk.example/signin#token=t&next=%2Froom%2Fb1%3Fx%3D1%26y"


def test_a_letter_says_what_to_do_and_how_long_it_works() -> None:
    letter = a_letter()
    assert LINK in letter.text
    assert f'href="{LINK}"' in letter.html
    for part in (letter.text, letter.html):
        assert "once, for 15 minutes" in part
        assert "Desk" in part


def test_a_letter_whose_link_takes_a_time_along_says_which_and_that_the_page_asks() -> None:
    plain, taking = a_letter(), a_letter(held=HELD)
    for before, now in ((plain.text, taking.text), (plain.html, taking.html)):
        assert "held for you" not in before
        assert "is held for you: Tuesday 24 November, 09:00–09:50 (UTC)." in now
        assert "asks before it is taken" in now
    assert plain.subject == taking.subject


def test_html_quotes_what_it_is_given() -> None:
    letter = a_letter(name="<script>", link='https://x/"><script>')
    assert "<script>" not in letter.html


def test_a_message_carries_text_and_html_and_a_name_of_its_own() -> None:
    raw = as_message(a_letter(), sender="desk@example.org", host="example.org").as_bytes()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert message["To"] == "ana@example.org"
    assert message["From"] == "desk@example.org"
    assert message["Message-ID"] == "<signin-1@example.org>"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize("evil", ["x\r\nBcc: eve@example.org", "x\nBcc: eve@example.org", "x\r"])
@pytest.mark.parametrize("field", ["to", "subject", "id"])
def test_nothing_breaks_out_of_a_header(field: str, evil: str) -> None:
    letter = msgspec.structs.replace(a_letter(), **{field: f"a@example.org{evil}"})
    try:
        raw = as_message(letter, sender="desk@example.org", host="example.org").as_bytes()
    except ValueError:
        return
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert message["Bcc"] is None


WORDS = Words(
    subject="Tue 24 Nov, 10:00: you have a partner",
    lines=["You will work with Ben & Co.", "A second <line>."],
    action="Open the session",
    path="/sessions/b1",
)
PLACE = Place(origin="https://desk.example", name="Desk", sender="desk@example.org")


def a_notice() -> Letter:
    return notice_letter(id="booking-b1-2", to="ana@example.org", words=WORDS, place=PLACE)


def test_a_notice_leads_to_its_page_and_to_where_it_is_turned_off() -> None:
    letter = a_notice()
    for part in (letter.text, letter.html):
        assert "https://desk.example/sessions/b1" in part
        assert "https://desk.example/you/settings/notifications" in part
    assert "Ben &amp; Co." in letter.html
    assert "A second &lt;line&gt;." in letter.html


def test_a_calendar_part_says_its_method_and_comes_last() -> None:
    entry = "BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nEND:VCALENDAR\r\n"
    letter = msgspec.structs.replace(a_notice(), calendar=entry, method="CANCEL")
    raw = as_message(letter, sender="desk@example.org", host="example.org").as_bytes()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    *_, calendar = message.iter_parts()
    assert message.get_content_type() == "multipart/alternative"
    assert (calendar.get_content_type(), calendar.get_param("method")) == (
        "text/calendar",
        "CANCEL",
    )
    assert calendar.get_content().splitlines() == entry.splitlines()


def test_a_notice_names_where_such_mails_are_turned_off_and_a_sign_in_link_does_not() -> None:
    sent = {"sender": "desk@example.org", "host": "example.org"}
    assert as_message(a_notice(), **sent)["List-Unsubscribe"]
    assert as_message(a_letter(), **sent)["List-Unsubscribe"] is None
