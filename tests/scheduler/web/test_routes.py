"""The table of routes: each once, each documented, each closed unless it says otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.web.endpoint import Route
from scheduler.web.guard import Access
from scheduler.web.routes import ROUTES

API = (Path(__file__).parents[3] / "docs/api.md").read_text()


def test_each_route_stands_in_it_once() -> None:
    names = [(route.method, route.path) for route in ROUTES]
    assert len(set(names)) == len(names)


def test_what_is_open_to_all_is_known() -> None:
    public = {(route.method, route.plain_path) for route in ROUTES if route.access is Access.PUBLIC}
    assert public == {
        ("GET", "/instance"), ("POST", "/auth/link"), ("POST", "/auth/session"),
        ("GET", "/i/{token}"), ("POST", "/i/{token}/hold"),
        ("GET", "/dev/mail"), ("POST", "/dev/sign-in"),
    }  # fmt: skip


def test_a_token_that_may_only_read_changes_nothing() -> None:
    reading = {route.method for route in ROUTES if route.scope == "read"}
    assert reading == {"GET"}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_each_route_is_documented(route: Route) -> None:
    path = route.plain_path
    assert f"### `{route.method} {path}`" in API
