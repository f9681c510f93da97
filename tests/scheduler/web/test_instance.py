"""What anybody may know of an instance."""

from __future__ import annotations

import msgspec

from scheduler.rules import DEFAULT, DEMO, Rules
from tests.scheduler.desk import Desk, OpenDesk
from tests.scheduler.web.test_dev import Carrier


async def test_the_rules_are_shown_whole(desk: Desk) -> None:
    shown = await desk.browser().get("/instance")
    assert msgspec.convert(shown["rules"], Rules) == DEFAULT
    assert set(shown["rules"]) == set(Rules.__struct_fields__)


async def test_a_demo_says_whom_one_can_be(open_desk: OpenDesk) -> None:
    desk = await open_desk(rules=DEMO, build="1a2b")
    shown = await desk.browser().get("/instance")
    assert (shown["demo"], shown["mail_page"]) == (True, True)
    assert (shown["demo_people"], shown["build"]) == (["Ana", "Ben"], "1a2b")
    assert shown["rules"]["lengths_min"] == [3]


async def test_in_earnest_there_is_nobody_to_be(open_desk: OpenDesk) -> None:
    desk = await open_desk(demo=False, loopback=False, mailer=Carrier())
    shown = await desk.browser().get("/instance")
    assert (shown["demo"], shown["mail_page"], shown["demo_people"]) == (False, False, [])


async def test_whom_to_tell_of_a_problem_is_shown_if_there_is_anybody(open_desk: OpenDesk) -> None:
    desk = await open_desk(contact="help@example.org")
    assert (await desk.browser().get("/instance"))["contact"] == "help@example.org"


async def test_an_instance_without_a_contact_says_so(desk: Desk) -> None:
    assert (await desk.browser().get("/instance"))["contact"] is None


async def test_the_time_is_the_ledgers(desk: Desk) -> None:
    await desk.later(3_600_000)
    shown = await desk.browser().get("/instance")
    assert shown["server_time"].endswith("Z")
