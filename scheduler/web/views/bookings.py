"""How bookings look on the wire, and who waits."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from scheduler.bookings import Booking, State, WaitingSlot
from scheduler.cancelling import late_cancel_from_ms, release_until_ms
from scheduler.rules import Rules
from scheduler.services.people import Acquaintance
from scheduler.web.schemas import instant
from scheduler.web.schemas.bookings import BookingView, Partner, Slot, Waiting

PEOPLE_SHOWN = 3
"""How many of those who wait at a slot are named."""


def partner(known: Acquaintance) -> Partner:
    """What a partner learns: no address, no gender, no flags."""
    member = known.member
    return Partner(
        id=member.id,
        name=member.name,
        zone=member.zone,
        sessions=member.sessions,
        favourite=known.relation.favourite,
        friendship=known.relation.friendship,
    )


def booking(
    own: Booking, people: Mapping[str, Acquaintance], rules: Rules, *, repeat: str | None = None
) -> BookingView:
    """An own booking; `people` are those it may name, `repeat` is what made it."""
    known = people.get(own.partner) if own.partner else None
    late_ms, release_ms = late_cancel_from_ms(own, rules), release_until_ms(own, rules)
    return BookingView(
        id=own.id,
        start=instant(own.start_ms),
        end=instant(own.end_ms),
        length_min=own.length_min,
        state=own.state,
        title=own.title,
        quiet=own.quiet,
        task=own.task,
        prefer_favourites=own.prefer_favourites,
        locked=own.locked,
        opens=instant(own.start_ms - rules.doors_open_ms),
        closes=instant(own.end_ms + rules.doors_close_ms),
        partner=partner(known) if known else None,
        revealed=own.state is not State.MATCHED or own.partner is not None,
        wished_min=own.wished_min or own.length_min,
        also_shorter=own.also_shorter,
        free_to_cancel=own.free_to_cancel,
        late_cancel_from=None if late_ms is None else instant(late_ms),
        release_until=None if release_ms is None else instant(release_ms),
        outcome=own.outcome,
        together_min=None if own.outcome is None else own.together_min,
        sequence=own.version,
        repeat=repeat,
    )


def first_of(found: Sequence[WaitingSlot], favourites: Collection[str]) -> dict[str, int]:
    """Who of those that wait at a start is named, and how long a session with them would be: favourites
    first, then the longest sessions, then the longest waiting."""
    lengths = {id: slot.length_min for slot in found for id in slot.members}
    named = sorted(lengths, key=lambda id: id not in favourites)[:PEOPLE_SHOWN]
    return {id: lengths[id] for id in named}


def slot(
    found: Sequence[WaitingSlot], names: Mapping[str, str], favourites: Collection[str]
) -> Slot:
    """Who waits at a start: `found` has one for each length of a session there, the longest first."""
    shown = first_of(found, favourites)
    return Slot(
        start=instant(found[0].start_ms),
        count=sum(len(each.members) for each in found),
        length_min=found[0].length_min,
        people=[
            Waiting(id=id, name=names[id], favourite=id in favourites, length_min=length)
            for id, length in shown.items()
            if id in names
        ],
    )
