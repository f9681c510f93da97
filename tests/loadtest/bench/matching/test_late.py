"""From T on who is missed is waited for, given up, and replaced by somebody who is there."""

from __future__ import annotations

from typing import Any

from loadtest.bench.matching.late import here_by, worked
from loadtest.bench.matching.play import play
from loadtest.bench.matching.policies import POLICIES
from tests.loadtest.bench.matching.stories import minutes, told, wants, who


def at_work(*comings: tuple[str, float | None, dict[str, Any]]) -> list[set[str]]:
    """Members book one after the other, so that each two are matched; they come at these minutes."""
    intents = [
        wants(who(name), 50 - place, comes_ms=None if at is None else minutes(at), **what)
        for place, (name, at, what) in enumerate(comings)
    ]
    desk = play(told(*intents), POLICIES["ours"], {})
    return [{desk.claims[one].member for one in pair} for pair in worked(desk)]


def test_partners_who_come_meet() -> None:
    assert at_work(("ana", -1, {}), ("ben", 1, {})) == [{"ana", "ben"}]


def test_two_whose_partners_are_missing_find_each_other() -> None:
    found = at_work(("ana", -1, {}), ("ben", None, {}), ("cem", 0, {}), ("dia", None, {}))
    assert found == [{"ana", "cem"}]


def test_who_does_not_ask_waits_for_the_partner() -> None:
    patient = {"asks_after_ms": None}
    assert at_work(("ana", 0, patient), ("ben", None, {}), ("cem", 0, {}), ("dia", None, {})) == []
    assert at_work(("ana", 0, patient), ("ben", 4, {})) == [{"ana", "ben"}]


def test_who_was_given_up_goes_to_who_is_free() -> None:
    found = at_work(("ana", 0, {}), ("ben", 3, {}), ("cem", 0, {}), ("dia", 4, {}))
    assert found == [{"ana", "cem"}, {"ben", "dia"}]


def test_after_five_minutes_it_is_over() -> None:
    assert at_work(("ana", 0, {}), ("ben", 5.1, {})) == []


def test_who_is_there_by_when() -> None:
    desk = play(
        told(wants(who("ana"), 9), wants(who("ben"), 8, comes_ms=None)), POLICIES["ours"], {}
    )
    assert here_by(desk, minutes(-1)) == []
    assert here_by(desk, 0) == [0]
