"""The people of a demo: two to be by one click, and the robots one meets.

Robots never meet each other. Their mail addresses lie under `.invalid`, where no mail can go.
"""

from __future__ import annotations

import msgspec

from scheduler.accounts import Changes
from scheduler.bookings import Lockable
from scheduler.errors import BadField
from scheduler.rules import Rules

PEOPLE = {"Ana": "Europe/Berlin", "Ben": "America/New_York"}
"""Who one can be, and where they live."""

ROBOT = "robot"
ROBOTS_MAX = 32
"""Robots an instance can have: each must know all others."""

OPEN_ROBOT = 0
"""Whom anybody may lock in with; the others only their friends, as is usual."""

ROBOT_NAMES = ("Robo Ada", "Robo Bo", "Robo Cy")


class DemoPerson(msgspec.Struct, frozen=True, kw_only=True):
    """One of them, before they have an account."""

    mail: str
    welcome: Changes
    """What completes the account."""
    avoids: tuple[str, ...] = ()
    """Mail addresses of those they never meet."""


def demo_person(who: str, number: int, rules: Rules) -> DemoPerson:
    """Ana, Ben or a robot, or `BadField`."""
    if who == ROBOT:
        return _robot(number, rules)
    if who not in PEOPLE:
        raise BadField(field="who")
    return DemoPerson(mail=_mail(who.lower()), welcome=_welcome(who, PEOPLE[who], rules))


def _robot(number: int, rules: Rules) -> DemoPerson:
    if not 0 <= number < ROBOTS_MAX:
        raise BadField(field="n", least=0, most=ROBOTS_MAX - 1)
    others = (other for other in range(ROBOTS_MAX) if other != number)
    return DemoPerson(
        mail=_robot_mail(number),
        welcome=msgspec.structs.replace(
            _welcome(robot_name(number), "UTC", rules),
            mail_changes=False,  # nobody reads a robot's mail, and /dev/mail is for people's
            lockable=Lockable.EVERYONE if number == OPEN_ROBOT else Lockable.FAVOURITES,
        ),
        avoids=tuple(_robot_mail(other) for other in others),
    )


def robot_name(number: int) -> str:
    """Robo Ada, Robo Bo, Robo Cy, Robo Ada 2, …"""
    lap, place = divmod(number, len(ROBOT_NAMES))
    return ROBOT_NAMES[place] if lap == 0 else f"{ROBOT_NAMES[place]} {lap + 1}"


def _robot_mail(number: int) -> str:
    return _mail(f"robot-{number}")


def _mail(name: str) -> str:
    return f"{name}@demo.invalid"


def _welcome(name: str, zone: str, rules: Rules) -> Changes:
    return Changes(name=name, zone=zone, adult=True, rules_accepted=rules.version)
