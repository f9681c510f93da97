"""A slot as the optimiser works on it: who is there, who may meet whom, and what each pair is worth.

Members are numbers here, in the order in which they booked: nothing depends on how an id is spelled.
"""

from __future__ import annotations

import msgspec

from scheduler.bookings import Gender, Profile, Task
from scheduler.matching import POLICY, Candidate, Weights, compatible, likes, score
from scheduler.plan import Claim, Slot

Kind = tuple[Gender, Gender | None, bool, bool, Task]
"""All that `compatible` asks of a member."""


class Seat(msgspec.Struct, frozen=True, kw_only=True):
    """A booking that may get another partner."""

    claim: Claim
    candidate: Candidate
    kind: Kind
    avoided: frozenset[str]
    liked: frozenset[str]
    met: frozenset[str]


class Board:
    """The bookings of a slot that may be paired anew, and their present pairs."""

    def __init__(self, slot: Slot, weights: Weights = POLICY.weights) -> None:
        self._weights = weights
        self._agree: dict[tuple[Kind, Kind], bool] = {}
        self.seats = [_seat(claim) for claim in sorted(_free(slot), key=_by_age)]
        """By the time of booking."""
        self.numbers = {seat.claim.booking: number for number, seat in enumerate(self.seats)}
        self.partners: dict[int, int] = {
            number: self.numbers[seat.claim.partner_booking]
            for number, seat in enumerate(self.seats)
            if seat.claim.partner_booking
        }

    def waiting(self) -> list[int]:
        """Who has no partner now."""
        return [number for number in range(len(self.seats)) if number not in self.partners]

    def pairs(self) -> list[tuple[int, int]]:
        """The present pairs, each once."""
        return [(one, other) for one, other in self.partners.items() if one < other]

    def messaged(self, one: int) -> bool:
        """Whether they wrote with the present partner."""
        return self.seats[one].claim.messaged

    def may_meet(self, one: int, other: int) -> bool:
        a, b = self.seats[one], self.seats[other]
        if b.claim.member in a.avoided or a.claim.member in b.avoided:
            return False
        kinds = (a.kind, b.kind)
        if kinds not in self._agree:
            self._agree[kinds] = _agree(a, b)
        return self._agree[kinds] and a.claim.member != b.claim.member

    def worth(self, one: int, other: int) -> int:
        """What the pair would be worth."""
        a, b = self.seats[one], self.seats[other]
        liked = (b.claim.member in a.liked) + (a.claim.member in b.liked)
        met = b.claim.member in a.met or a.claim.member in b.met
        return score(a.candidate, b.candidate, met_lately=met, liked=liked, weights=self._weights)

    def fond(self) -> list[tuple[int, int]]:
        """Pairs that could be, in which one likes the other; each once, in order."""
        by_member = {seat.claim.member: number for number, seat in enumerate(self.seats)}
        found = {
            (min(one, by_member[member]), max(one, by_member[member]))
            for one, seat in enumerate(self.seats)
            for member in seat.liked
            if member in by_member and member != seat.claim.member
        }
        return sorted(pair for pair in found if self.may_meet(*pair))


def _free(slot: Slot) -> list[Claim]:
    """Who is not locked, and whose partner, if any, is here and not locked either."""
    loose = {claim.booking: claim for claim in slot.claims if not claim.locked}
    return [
        claim
        for claim in loose.values()
        if not claim.partner_booking
        or (
            claim.partner_booking in loose
            and loose[claim.partner_booking].partner_booking == claim.booking
        )
    ]


def _by_age(claim: Claim) -> tuple[int, int, str]:
    return (claim.created_ms, len(claim.booking), claim.booking)


def _seat(claim: Claim) -> Seat:
    candidate = Candidate(
        member=claim.member,
        profile=Profile(
            gender=claim.gender, only_gender=claim.only_gender, accepts_quiet=claim.takes_quiet
        ),
        quiet=claim.quiet,
        task=claim.task,
        sessions_kept=claim.sessions_kept,
        reliability=claim.reliability,
        prefer_favourites=claim.prefer_favourites,
    )
    wishes = likes(candidate, favourite=True, friend=True)
    return Seat(
        claim=claim,
        candidate=candidate,
        kind=(claim.gender, claim.only_gender, claim.quiet, claim.takes_quiet, claim.task),
        avoided=frozenset(claim.avoided),
        liked=frozenset(claim.favourites + claim.friends) if wishes else frozenset(),
        met=frozenset(claim.met),
    )


def _agree(a: Seat, b: Seat) -> bool:
    """Whether members of these kinds may meet."""
    one, other = (msgspec.structs.replace(seat.candidate, member="") for seat in (a, b))
    return compatible(one, msgspec.structs.replace(other, member="another"))
