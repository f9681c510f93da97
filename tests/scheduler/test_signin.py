"""Tokens and cookies: what is kept of them, when they end, where they may lead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.rules import DAY_MS, MINUTE_MS
from scheduler.signin import (
    Link,
    Session,
    cookie_in,
    cookie_name,
    csrf_of,
    hash_of,
    keyed_hash,
    link_lives,
    local_path,
    member_id,
    same,
    session_left_ms,
    session_lives,
    token_of,
)

NOW = 1_800_000_000_000


@given(st.binary(min_size=32, max_size=32))
def test_a_token_is_text_for_links_and_its_hash_does_not_show_it(random: bytes) -> None:
    token = token_of(random)
    assert len(token) == 43
    assert token.replace("-", "").replace("_", "").isalnum()
    assert token not in hash_of(token)


def test_hashes_of_different_purposes_and_secrets_have_nothing_in_common() -> None:
    hashes = {
        keyed_hash("one", "mail", "a@b.example"),
        keyed_hash("two", "mail", "a@b.example"),
        keyed_hash("one", "client", "a@b.example"),
        csrf_of("one", "a@b.example"),
    }
    assert len(hashes) == 4


def test_a_member_id_is_random() -> None:
    assert member_id(bytes(9)).startswith("m_")
    assert member_id(bytes(9)) != member_id(bytes([1] * 9))


def test_a_link_works_for_a_quarter_of_an_hour() -> None:
    link = Link(mail="ana@example.org", made_ms=NOW)
    assert link_lives(link, NOW + 15 * MINUTE_MS)
    assert not link_lives(link, NOW + 15 * MINUTE_MS + 1)


def a_session(used_days: int = 0) -> Session:
    return Session(member="m_a", made_ms=NOW, used_ms=NOW + used_days * DAY_MS, era=0)


def test_a_session_ends_after_two_unused_weeks() -> None:
    assert session_lives(a_session(3), NOW + 17 * DAY_MS)
    assert not session_lives(a_session(3), NOW + 17 * DAY_MS + 1)


def test_a_session_ends_after_ninety_days_however_used() -> None:
    assert session_lives(a_session(89), NOW + 90 * DAY_MS)
    assert not session_lives(a_session(90), NOW + 90 * DAY_MS + 1)


def test_a_session_is_kept_no_longer_than_it_can_live() -> None:
    assert session_left_ms(a_session(), NOW) == 14 * DAY_MS
    assert session_left_ms(a_session(80), NOW + 80 * DAY_MS) == 10 * DAY_MS
    assert session_left_ms(a_session(), NOW + 100 * DAY_MS) == 1


@pytest.mark.parametrize(
    "path",
    ["/", "/room/b12", "/sessions?tab=past", "/people/m_a-b_c", "/sessions/b1#cancel",
     "/sessions/b1#report"],
)  # fmt: skip
def test_a_link_may_lead_on_to_a_page_of_this_site(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    ["", "room", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb", "/a b",
     "javascript:alert(1)", "/#token=x", "/sessions/b1#other", "/#", "/#cancel#report",
     "//evil.example#cancel", "/#cancel\n", "/" + "a" * 300],
)  # fmt: skip
def test_a_link_leads_nowhere_else(path: str) -> None:
    assert local_path(path) == ""


def test_the_cookie_is_bound_to_the_host_where_the_origin_is_secure() -> None:
    assert cookie_name("https://desk.example") == "__Host-alongside"
    assert cookie_name("http://127.0.0.1:8080") == "alongside"
    assert cookie_in({"alongside": "x"}, "https://desk.example") == ""
    assert cookie_in({"alongside": "x"}, "http://127.0.0.1:8080") == "x"


def test_secrets_are_compared_whole() -> None:
    assert same("käse", "käse")
    assert not same("käse", "kase")
