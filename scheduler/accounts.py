"""Accounts: what is kept of a member, what they may change of it, and when they are welcome.

An account comes into being at the first successful sign-in and knows nothing then but a mail
address. It is welcomed once it has a name and a zone, and its owner said to be of age and accepted
the rules.
"""

from __future__ import annotations

import functools
import re
import unicodedata
import zoneinfo
from collections.abc import Callable
from typing import Any

import msgspec

from scheduler.bookings import Gender, Lockable, Profile, Task, Wish
from scheduler.errors import BadField
from scheduler.rules import Rules

NAME_MAX = 60
"""Longest name, in characters."""

MAIL_MAX = 254
"""Longest mail address SMTP can carry (RFC 5321 §4.5.3.1.3, less the brackets)."""

MAIL = re.compile(r"[!#-'*+/-9=?A-Z^-~-]+(?:\.[!#-'*+/-9=?A-Z^-~-]+)*@[a-z0-9-]+(?:\.[a-z0-9-]+)*")
"""An ordinary ASCII address: no quotes, comments or line ends, so nothing can leave its header."""

NOT_IN_NAMES = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories no name may hold: controls, halves, private and unassigned, line ends."""

TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of writing: in a name they would rearrange the text around it."""

NOT_A_ZONE = frozenset({"localtime", "Factory", "posixrules"})
"""Names some systems' zone directories hold that name no place."""


class Account(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One member, as the store keeps them."""

    id: str
    mail: str
    """The only place where the address is written."""
    created_ms: int
    version: int = 1
    """Raised by each change."""
    name: str = ""
    zone: str = ""
    """IANA name of the member's time zone."""
    adult: bool = False
    """Said to be of the age the rules ask for."""
    rules_accepted: int = 0
    """The version of the rules this member accepted last; 0 for none."""
    gender: Gender = Gender.UNSAID
    only_gender: Gender | None = None
    accepts_quiet: bool = True
    hide_address: bool = False
    """Never the direct path: the partner must not learn this member's network address."""
    private_calls: bool = False
    """A private session: where a relay carries the call, it must not be able to see what it carries."""
    day_start_hour: int | None = None
    day_end_hour: int | None = None
    """The part of the day the calendar opens; None takes the instance's."""
    lockable: Lockable = Lockable.FAVOURITES
    """Who may lock in with this member."""
    last_length_min: int | None = None
    last_quiet: bool = False
    last_task: Task = Task.ANYTHING
    last_prefer_favourites: bool = True
    last_also_shorter: bool = False
    """What was booked last, which the page proposes for the next booking."""
    mail_changes: bool = True
    """Mails tell what becomes of bookings."""
    mail_reminders: bool = False
    """Mails remind of sessions."""

    @property
    def profile(self) -> Profile:
        """What matching needs to know."""
        return Profile(
            gender=self.gender,
            only_gender=self.only_gender,
            accepts_quiet=self.accepts_quiet,
            lockable=self.lockable,
        )


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """Who a cookie belongs to."""

    member: str
    session: str
    """Hash of the sign-in session, as `scheduler.events.SignedOut` names it."""


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """What others may know of a member, and the hub besides."""

    id: str
    name: str
    zone: str
    sessions: int
    """Sessions kept so far; 0 is a first session."""
    hide_address: bool
    private_calls: bool = False


class Changes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a member may change of the own account; what is absent stays."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    zone: str | msgspec.UnsetType = msgspec.UNSET
    adult: bool | msgspec.UnsetType = msgspec.UNSET
    """Only `true` is accepted: who is too young gets no account."""
    rules_accepted: int | msgspec.UnsetType = msgspec.UNSET
    """The version of the rules that was shown; only the present one is accepted."""
    gender: Gender | msgspec.UnsetType = msgspec.UNSET
    only_gender: Gender | msgspec.UnsetType | None = msgspec.UNSET
    accepts_quiet: bool | msgspec.UnsetType = msgspec.UNSET
    hide_address: bool | msgspec.UnsetType = msgspec.UNSET
    private_calls: bool | msgspec.UnsetType = msgspec.UNSET
    day_start_hour: int | msgspec.UnsetType = msgspec.UNSET
    day_end_hour: int | msgspec.UnsetType = msgspec.UNSET
    lockable: Lockable | msgspec.UnsetType = msgspec.UNSET
    last_length_min: int | msgspec.UnsetType = msgspec.UNSET
    last_quiet: bool | msgspec.UnsetType = msgspec.UNSET
    last_task: Task | msgspec.UnsetType = msgspec.UNSET
    last_prefer_favourites: bool | msgspec.UnsetType = msgspec.UNSET
    last_also_shorter: bool | msgspec.UnsetType = msgspec.UNSET
    mail_changes: bool | msgspec.UnsetType = msgspec.UNSET
    mail_reminders: bool | msgspec.UnsetType = msgspec.UNSET


MATCHING = frozenset(
    {
        *("gender", "only_gender", "accepts_quiet", "lockable"),
        *("last_length_min", "last_quiet", "last_task", "last_prefer_favourites"),
        "last_also_shorter",
    }
)
"""What of an account says with whom and how its owner wants to work: a program may set it. Who they are,
what keeps them safe and what they are mailed is for the page."""


def welcomed(account: Account, rules: Rules) -> bool:
    """Whether the account may do more than complete itself."""
    return bool(
        account.name and account.zone and account.adult and account.rules_accepted == rules.version
    )


def day_of(account: Account, rules: Rules) -> tuple[int, int]:
    """The hours the calendar opens: the member's own, or the instance's."""
    start, end = account.day_start_hour, account.day_end_hour
    return (
        rules.day_start_hour if start is None else start,
        rules.day_end_hour if end is None else end,
    )


def length_of(account: Account, rules: Rules) -> int:
    """The length to propose: the one booked last if it is still offered, or the middle one."""
    last, offered = account.last_length_min, rules.lengths_min
    return last if last in offered else offered[len(offered) // 2]


def remembering(account: Account, wish: Wish) -> Account:
    """The account that proposes this wish next time. No change its owner made: the version stays."""
    return msgspec.structs.replace(
        account,
        last_length_min=wish.length_min,
        last_quiet=wish.quiet,
        last_task=wish.task,
        last_prefer_favourites=wish.prefer_favourites,
        last_also_shorter=wish.also_shorter,
    )


def change(account: Account, changes: Changes, rules: Rules) -> Account:
    """The account after the changes, or `BadField` naming the first that cannot be."""
    wanted = {
        name: _accepted(name, value, rules)
        for name, value in msgspec.structs.asdict(changes).items()
        if value is not msgspec.UNSET
    }
    changed = msgspec.structs.replace(account, **wanted, version=account.version + 1)
    start, end = day_of(changed, rules)
    if not 0 <= start < end <= 24:
        raise BadField(field="day_end_hour", least=0, most=24)
    return changed


def _accepted(name: str, value: Any, rules: Rules) -> Any:
    check = CHECKS.get(name)
    return value if check is None else check(value, rules)


def clean_title(text: str) -> str:
    """A title as it will be shown, in calendars too: like a name, but it may be empty."""
    return _one_line(text, "title")


def _one_line(text: str, field: str) -> str:
    """Composed, trimmed, single-spaced; `BadField` if a mark in it breaks lines or turns them around."""
    line = re.sub(" +", " ", unicodedata.normalize("NFC", text).strip())
    if any(unicodedata.category(mark) in NOT_IN_NAMES or mark in TURNING for mark in line):
        raise BadField(field=field, why="characters")
    return line


def clean_name(text: str) -> str:
    """A name as it will be shown: composed, trimmed, single-spaced; or `BadField`."""
    name = _one_line(text, "name")
    if not 1 <= len(name) <= NAME_MAX:
        raise BadField(field="name", least=1, most=NAME_MAX)
    if not any(unicodedata.category(mark)[0] in "LNS" for mark in name):
        raise BadField(field="name", why="empty")
    return name


def clean_mail(text: str) -> str:
    """A mail address in the one form it is known by here, or `BadField`.

    Everything is lowered: no provider in use tells `Ana@` from `ana@`, and a member who types both
    must not own two accounts.
    """
    mail = text.strip().lower()
    if len(mail) > MAIL_MAX or not MAIL.fullmatch(mail) or len(mail.partition("@")[0]) > 64:
        raise BadField(field="mail")
    return mail


@functools.cache
def zones() -> frozenset[str]:
    """Every zone name this installation knows."""
    return frozenset(zoneinfo.available_timezones() - NOT_A_ZONE)


def clean_zone(zone: str) -> str:
    """An IANA zone name, or `BadField`."""
    if zone not in zones():
        raise BadField(field="zone")
    return zone


def _adult(value: bool, rules: Rules) -> bool:
    if value is not True:
        raise BadField(field="adult", minimum_age=rules.minimum_age)
    return value


def _rules_accepted(value: int, rules: Rules) -> int:
    if value != rules.version:
        raise BadField(field="rules_accepted", version=rules.version)
    return value


def _last_length_min(value: int, rules: Rules) -> int:
    if value not in rules.lengths_min:
        raise BadField(field="last_length_min", lengths_min=rules.lengths_min)
    return value


def _only_gender(value: Gender | None, rules: Rules) -> Gender | None:
    if value is Gender.UNSAID:
        raise BadField(field="only_gender")
    return value


CHECKS: dict[str, Callable[[Any, Rules], Any]] = {
    "name": lambda value, rules: clean_name(value),
    "zone": lambda value, rules: clean_zone(value),
    "adult": _adult,
    "rules_accepted": _rules_accepted,
    "only_gender": _only_gender,
    "last_length_min": _last_length_min,
}
"""What a field must satisfy beyond its type, and the form it is kept in."""
