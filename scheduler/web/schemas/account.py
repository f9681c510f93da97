"""What goes over the wire of the instance, signing in, and the own account."""

from __future__ import annotations

from typing import Annotated

import msgspec

from scheduler.bookings import Gender, Lockable, Task
from scheduler.rules import Rules
from scheduler.web.schemas import In, Instant, Out
from scheduler.web.schemas.invites import HoldKey


class LinkIn(In, frozen=True, kw_only=True):
    """Ask for a sign-in link. `next` is the page to open afterwards, a path of this site; `hold` is the key
    to a slot held through an invite, which then comes along."""

    mail: Annotated[str, msgspec.Meta(max_length=320)]
    next: Annotated[str, msgspec.Meta(max_length=200)] = ""
    hold: HoldKey = ""


class TokenIn(In, frozen=True, kw_only=True):
    """The token of a sign-in link."""

    token: Annotated[str, msgspec.Meta(max_length=200)]


class InstanceOut(Out, frozen=True, kw_only=True):
    """What anybody may know of this instance."""

    name: str
    demo: bool
    mail_page: bool
    demo_people: list[str]
    contact: str | None
    """Whom to tell of a problem: a mail address or an https link of those who run the instance."""
    rules: Rules
    build: str
    server_time: Instant


class MeOut(Out, frozen=True, kw_only=True):
    """The own account. `last_…` is what was booked last, to be proposed for the next booking. `csrf` is
    what the header `X-CSRF-Token` of every change must carry."""

    id: str
    name: str
    mail: str
    zone: str
    welcomed: bool
    gender: Gender
    only_gender: Gender | None
    accepts_quiet: bool
    hide_address: bool
    private_calls: bool
    day_start_hour: int
    day_end_hour: int
    sessions_kept: int
    lockable: Lockable
    last_length_min: int
    last_quiet: bool
    last_task: Task
    last_prefer_favourites: bool
    last_also_shorter: bool
    mail_changes: bool
    mail_reminders: bool
    csrf: str
