"""How things of the scheduler look on the wire."""

from __future__ import annotations

from scheduler.accounts import Account, Member, day_of, welcomed
from scheduler.bookings import Booking, WaitingSlot
from scheduler.config import Config
from scheduler.demo import PEOPLE
from scheduler.errors import SchedulerError
from scheduler.mail.mailbox import Kept
from scheduler.presence import PresenceEvent
from scheduler.rules import Rules
from scheduler.services.history import Evidence
from scheduler.signin import csrf_of
from scheduler.web.schemas import Problem, instant
from scheduler.web.schemas.account import InstanceOut, MeOut
from scheduler.web.schemas.bookings import BookingView, Person, Slot, Waiting
from scheduler.web.schemas.dev import MailView
from scheduler.web.schemas.flags import FlagView, SeenView

PEOPLE_SHOWN = 3
"""How many of those who wait at a slot are named."""


def instance(config: Config, now_ms: int) -> InstanceOut:
    return InstanceOut(
        name=config.name,
        demo=config.demo,
        mail_page=config.loopback,
        demo_people=list(PEOPLE) if config.demo else [],
        rules=config.rules,
        build=config.build,
        server_time=instant(now_ms),
    )


def me(account: Account, session: str, kept: int, config: Config) -> MeOut:
    day_start_hour, day_end_hour = day_of(account, config.rules)
    return MeOut(
        id=account.id,
        name=account.name,
        mail=account.mail,
        zone=account.zone,
        welcomed=welcomed(account, config.rules),
        gender=account.gender,
        only_gender=account.only_gender,
        accepts_quiet=account.accepts_quiet,
        hide_address=account.hide_address,
        day_start_hour=day_start_hour,
        day_end_hour=day_end_hour,
        sessions_kept=kept,
        csrf=csrf_of(config.secret, session),
    )


def person(member: Member) -> Person:
    """What a partner learns: no address, no gender, no flags."""
    return Person(id=member.id, name=member.name, zone=member.zone, sessions=member.sessions)


def booking(own: Booking, people: dict[str, Member], rules: Rules) -> BookingView:
    partner = people.get(own.partner) if own.partner else None
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
        partner=person(partner) if partner else None,
    )


def slot(found: WaitingSlot, names: dict[str, str]) -> Slot:
    shown = [id for id in found.members if id in names][:PEOPLE_SHOWN]
    return Slot(
        start=instant(found.start_ms),
        count=len(found.members),
        people=[Waiting(id=id, name=names[id]) for id in shown],
    )


def flag(evidence: Evidence) -> FlagView:
    own = evidence.flag
    return FlagView(
        pair=own.pair,
        booking=own.booking,
        fault=own.fault,
        at=instant(own.at_ms),
        measured_ms=own.measured_ms,
        limit_ms=own.limit_ms,
        start=instant(own.start_ms),
        length_min=own.length_min,
        timeline=[_seen(event, own.member) for event in evidence.log],
    )


def _seen(event: PresenceEvent, member: str) -> SeenView:
    return SeenView(
        who="you" if event.member == member else "partner",
        seen=event.seen,
        at=instant(event.at_ms),
        minutes=event.minutes,
        closed=event.closed,
    )


def mail(kept: Kept) -> MailView:
    letter = kept.letter
    return MailView(
        id=letter.id,
        to=letter.to,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        at=instant(kept.at_ms),
    )


def problem(error: SchedulerError) -> Problem:
    return Problem(code=error.code, text=error.text, field=error.field, data=error.data)
