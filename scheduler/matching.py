"""Who may meet whom, and who is the better partner of several.

The ledger decides inside the store, in the same call that books; this is the policy it follows, with
its numbers. `functions/shared/people.lua` and `matching.lua` mirror `compatible` and `score`, and the
ledger's model test holds the two against each other.
"""

from __future__ import annotations

import msgspec

from scheduler.bookings import Gender, Profile, Task
from scheduler.rules import DAY_MS

UNKNOWN_RELIABILITY = 880
"""Permille, of who has no history."""


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """What makes a partner better or worse. Between equals the longest waiting is taken."""

    reliable: int = 200
    """Times how likely each of the two is to come."""
    liked_by_both: int = 300
    """Each would rather meet the other: friends, or favourites of each other."""
    liked_by_one: int = 150
    repeated: int = -200
    """The two met lately, and neither asked for that by liking the other."""
    both_new: int = -100
    """Neither has kept a session yet: each should first meet somebody who knows how it goes."""
    both_quiet: int = 30
    same_task: int = 20
    """Both at a desk, or both moving about."""


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """How the ledger looks for partners."""

    weights: Weights = Weights()
    repeat_ms: int = 14 * DAY_MS
    """How long having met counts as a repeat."""
    view: int = 50
    """Waiters looked at in a slot: half of them the longest waiting, half the newest, shared among
    the compatible classes."""
    least: int = 4
    """At least this many from each end of each compatible class."""
    view_max: int = 500
    """As many more are looked at as the member avoids, up to this: a call must stay short."""


POLICY = Policy()


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """One who looks for a partner in a slot."""

    member: str
    profile: Profile = Profile()
    quiet: bool = False
    task: Task = Task.ANYTHING
    sessions_kept: int = 0
    reliability: int = UNKNOWN_RELIABILITY
    """Permille of booked sessions they came to."""
    prefer_favourites: bool = True

    @property
    def takes_quiet(self) -> bool:
        """Who wishes quiet accepts it."""
        return self.quiet or self.profile.accepts_quiet


def compatible(a: Candidate, b: Candidate) -> bool:
    """Whether the two may be paired, blocks aside: every rule holds in both directions."""
    return (
        a.member != b.member
        and genders_agree(a.profile, b.profile)
        and (not a.quiet or b.takes_quiet)
        and (not b.quiet or a.takes_quiet)
        and tasks_agree(a.task, b.task)
    )


def genders_agree(a: Profile, b: Profile) -> bool:
    return suits(a.only_gender, b.gender) and suits(b.only_gender, a.gender)


def suits(only: Gender | None, gender: Gender) -> bool:
    """A member who says nothing of gender suits nobody who restricts it."""
    return only is None or (only == gender and gender is not Gender.UNSAID)


def tasks_agree(a: Task, b: Task) -> bool:
    return a == b or Task.ANYTHING in (a, b)


def likes(one: Candidate, *, favourite: bool, friend: bool) -> bool:
    """Whether this side would rather meet the other than somebody else, in this session."""
    return one.prefer_favourites and (favourite or friend)


def score(
    a: Candidate,
    b: Candidate,
    *,
    met_lately: bool,
    liked: int = 0,
    weights: Weights = POLICY.weights,
) -> int:
    """How good a pair the two would make; higher is better. `liked` counts who of the two `likes` the
    other: 0, 1 or 2."""
    total = weights.reliable * a.reliability * b.reliability // 1_000_000
    if liked:
        total += weights.liked_by_both if liked == 2 else weights.liked_by_one
    elif met_lately:
        total += weights.repeated
    if a.sessions_kept == 0 and b.sessions_kept == 0:
        total += weights.both_new
    if a.quiet and b.quiet:
        total += weights.both_quiet
    if a.task == b.task and a.task is not Task.ANYTHING:
        total += weights.same_task
    return total
