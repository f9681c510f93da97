"""Letters are plain, escape what they quote, and let nothing into a header."""

from __future__ import annotations

import email
import email.policy

import msgspec
import pytest

from scheduler.mail.letters import Letter, as_message, sign_in_letter, sign_in_link

LINK = sign_in_link("https://desk.example", "tok-en", "")


def a_letter(**changes: str) -> Letter:
    given = {"id": "signin-1", "to": "ana@example.org", "name": "Desk", "link": LINK, **changes}
    return sign_in_letter(**given)


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
