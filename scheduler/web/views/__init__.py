"""How things of the scheduler look on the wire: here the instance, the own account and flags."""

from __future__ import annotations

from scheduler.accounts import Account, day_of, length_of, welcomed
from scheduler.config import Config
from scheduler.demo import PEOPLE
from scheduler.errors import SchedulerError
from scheduler.mail.mailbox import Kept
from scheduler.presence import PresenceEvent
from scheduler.services.history import Evidence
from scheduler.signin import csrf_of
from scheduler.web.schemas import Problem, instant
from scheduler.web.schemas.account import InstanceOut, MeOut
from scheduler.web.schemas.dev import MailView
from scheduler.web.schemas.flags import FlagView, SeenView


def instance(config: Config, now_ms: int) -> InstanceOut:
    return InstanceOut(
        name=config.name,
        demo=config.demo,
        mail_page=config.loopback,
        demo_people=list(PEOPLE) if config.demo else [],
        contact=config.contact or None,
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
        private_calls=account.private_calls,
        day_start_hour=day_start_hour,
        day_end_hour=day_end_hour,
        sessions_kept=kept,
        lockable=account.lockable,
        last_length_min=length_of(account, config.rules),
        last_quiet=account.last_quiet,
        last_task=account.last_task,
        last_prefer_favourites=account.last_prefer_favourites,
        last_also_shorter=account.last_also_shorter,
        mail_changes=account.mail_changes,
        mail_reminders=account.mail_reminders,
        csrf=csrf_of(config.secret, session),
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
        announced=own.announced,
        timeline=[_seen(event, own.member) for event in evidence.log],
    )


def _seen(event: PresenceEvent, member: str) -> SeenView:
    return SeenView(
        who="you" if event.member == member else "partner",
        seen=event.seen,
        at=instant(event.at_ms),
        minutes=event.minutes,
        closed=event.closed,
        cause=event.cause,
    )


def mail(kept: Kept) -> MailView:
    letter = kept.letter
    return MailView(
        id=letter.id,
        to=letter.to,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        calendar=letter.calendar,
        at=instant(kept.at_ms),
    )


def problem(error: SchedulerError) -> Problem:
    return Problem(code=error.code, text=error.text, field=error.field, data=error.data)
