"""The people of a demo are complete, and robots know all other robots."""

from __future__ import annotations

import pytest

from scheduler.accounts import Account, change, clean_mail, welcomed
from scheduler.bookings import Lockable
from scheduler.demo import PEOPLE, ROBOTS_MAX, demo_person, robot_name
from scheduler.errors import BadField
from scheduler.rules import DEMO


@pytest.mark.parametrize(("who", "number"), [*((who, 0) for who in PEOPLE), ("robot", 5)])
def test_each_has_an_address_that_leads_nowhere_and_all_the_welcome_asks(
    who: str, number: int
) -> None:
    person = demo_person(who, number, DEMO)
    assert clean_mail(person.mail) == person.mail
    assert person.mail.endswith(".invalid")
    fresh = Account(id="m", mail=person.mail, created_ms=0)
    assert welcomed(change(fresh, person.welcome, DEMO), DEMO)


def test_robots_avoid_every_other_robot_and_nobody_else() -> None:
    robots = [demo_person("robot", number, DEMO) for number in range(ROBOTS_MAX)]
    mails = {robot.mail for robot in robots}
    assert len(mails) == ROBOTS_MAX
    for robot in robots:
        assert set(robot.avoids) == mails - {robot.mail}
    assert demo_person("Ana", 0, DEMO).avoids == ()


def test_one_robot_is_open_for_lock_ins() -> None:
    settings = [demo_person("robot", number, DEMO).welcome.lockable for number in range(3)]
    assert settings == [Lockable.EVERYONE, Lockable.FAVOURITES, Lockable.FAVOURITES]


def test_robots_are_labelled() -> None:
    names = [robot_name(number) for number in range(5)]
    assert names == ["Robo Ada", "Robo Bo", "Robo Cy", "Robo Ada 2", "Robo Bo 2"]


@pytest.mark.parametrize(("who", "number"), [("Eve", 0), ("robot", -1), ("robot", ROBOTS_MAX)])
def test_there_is_nobody_else(who: str, number: int) -> None:
    with pytest.raises(BadField):
        demo_person(who, number, DEMO)
