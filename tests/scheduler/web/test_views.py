"""What goes over the wire is what the golden files and the documentation show."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
import pytest

from scheduler.bookings import State
from scheduler.rules import DEFAULT
from scheduler.web import views
from scheduler.web.routes import ROUTES
from scheduler.web.views.bookings import booking, partner
from tests.scheduler.web.examples import EXAMPLES
from tests.scheduler.web.examples.__main__ import GOLDEN, ROOT, example, file_of
from tests.scheduler.web.examples.account import FLAG, LOG
from tests.scheduler.web.examples.world import ANA, BEN, BOOKED, KNOWN, OWN


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_wire_is_as_it_was(name: str) -> None:
    """A change here is a change for every client: rewrite the file, the page and the changelog."""
    assert example(name) == json.loads(file_of(name).read_text())


def test_no_golden_file_is_left_over() -> None:
    assert set(GOLDEN.glob("*.json")) == {file_of(name) for name in EXAMPLES}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_route_that_says_or_takes_something_has_an_example_of_its_types(route: Any) -> None:
    path = route.plain_path
    name = f"{route.method} {path}"
    if route.body is None and route.answer is None:
        assert name not in EXAMPLES
        return
    request, answer = EXAMPLES[name]
    assert type(request) is (route.body or type(None))
    assert type(answer) is (route.answer or type(None))


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_documentation_shows_the_same(name: str) -> None:
    page = (ROOT / "docs/api.md").read_text()
    shown = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", page, re.DOTALL)]
    for part in example(name).values():
        assert part is None or part == {} or part in shown


def test_a_partner_is_shown_as_partners_see_each_other() -> None:
    shown = set(msgspec.to_builtins(partner(KNOWN)))
    assert shown == {"id", "name", "zone", "sessions", "favourite", "friendship"}


def test_a_partner_whose_account_is_gone_is_nobody() -> None:
    assert booking(OWN, {}, DEFAULT).partner is None
    assert BOOKED.booking.partner is not None


def test_a_match_whose_partner_is_not_told_yet_says_so() -> None:
    hidden = msgspec.structs.replace(OWN, partner=None, partner_booking=None, pair=None)
    shown = booking(hidden, {}, DEFAULT)
    assert (shown.state, shown.partner, shown.revealed) == ("matched", None, False)
    waiting = msgspec.structs.replace(hidden, state=State.WAITING)
    assert booking(waiting, {}, DEFAULT).revealed


def test_a_session_that_a_match_made_shorter_shows_what_was_wished() -> None:
    shorter = msgspec.structs.replace(OWN, length_min=25, wished_min=50)
    shown = booking(shorter, {}, DEFAULT)
    assert (shown.length_min, shown.wished_min) == (25, 50)
    assert booking(OWN, {}, DEFAULT).wished_min == 50


def test_a_timeline_names_nobody() -> None:
    shown = msgspec.json.encode(views.flag(views.Evidence(flag=FLAG, log=LOG))).decode()
    assert ANA.id not in shown
    assert BEN.id not in shown
