"""Tokens: their names and scopes, and how a request shows one."""

from __future__ import annotations

import pytest

from scheduler.errors import BadField
from scheduler.tokens import Scope, bearer, checked


def test_names_are_cleaned_and_scopes_come_once_and_in_order() -> None:
    assert checked("  My   desk ", ["read", "book", "read"]) == ("My desk", ("book", "read"))


@pytest.mark.parametrize(("name", "scopes"), [("", ["read"]), ("x" * 61, ["read"]), ("desk", [])])
def test_what_cannot_be_is_refused(name: str, scopes: list[Scope]) -> None:
    with pytest.raises(BadField):
        checked(name, scopes)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (None, None),
        ("Bearer al_abc", "al_abc"),
        ("bearer  al_abc ", "al_abc"),
        ("Basic YTpi", ""),
        ("Bearer", ""),
        ("Bearer eyJhbGciOiJub25lIn0", ""),
        ("", ""),
    ],
)
def test_a_header_says_a_token_or_something_else(header: str | None, said: str | None) -> None:
    assert bearer(header) == said
