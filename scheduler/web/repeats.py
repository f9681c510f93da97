"""Own repeats."""

from __future__ import annotations

from scheduler.accounts import clean_title, clean_zone
from scheduler.repeats import SHIFTS_AHEAD_MS, Coming, Repeat, shifts, today_in
from scheduler.services.repeats import Planned
from scheduler.web.endpoint import Call
from scheduler.web.schemas import instant
from scheduler.web.schemas.repeats import (
    RepeatDate,
    RepeatIn,
    RepeatsOut,
    RepeatView,
    Shift,
    SkipIn,
    StopQuery,
)


async def listed(call: Call) -> RepeatsOut:
    mine = await call.api.tools.repeats.mine(call.who.member)
    return RepeatsOut(repeats=[_seen(call, each) for each in mine])


async def make(call: Call) -> RepeatView:
    asked: RepeatIn = call.body
    wanted = _wanted(asked, call)
    return _seen(call, await call.api.tools.repeats.make(asked.request_id, wanted))


def _wanted(asked: RepeatIn, call: Call) -> Repeat:
    zone = clean_zone(asked.zone or call.account.zone)
    return Repeat(
        id="",
        member=call.who.member,
        days=tuple(asked.days),
        time=asked.time,
        zone=zone,
        length_min=asked.length_min,
        title=clean_title(asked.title),
        quiet=asked.quiet,
        task=asked.task,
        prefer_favourites=asked.prefer_favourites,
        also_shorter=asked.also_shorter,
        first=asked.from_ or today_in(zone, call.api.clock.now_ms()),
        until=asked.until,
        created_ms=0,
    )


async def stop(call: Call) -> None:
    asked: StopQuery = call.query
    repeats, id = call.api.tools.repeats, call.path("repeat")
    await repeats.stop(asked.request_id, call.who.member, id, cancel=asked.cancel)


async def skip(call: Call) -> RepeatView:
    asked: SkipIn = call.body
    repeats, id = call.api.tools.repeats, call.path("repeat")
    return _seen(call, await repeats.skip(asked.request_id, call.who.member, id, asked.date))


def _seen(call: Call, planned: Planned) -> RepeatView:
    return view(planned, call.account.zone, call.api.clock.now_ms())


def view(planned: Planned, zone: str, now_ms: int) -> RepeatView:
    """A repeat as its owner sees it, who lives in `zone`."""
    repeat = planned.repeat
    return RepeatView(
        id=repeat.id,
        days=list(repeat.days),
        time=repeat.time,
        zone=repeat.zone,
        length_min=repeat.length_min,
        title=repeat.title,
        quiet=repeat.quiet,
        task=repeat.task,
        prefer_favourites=repeat.prefer_favourites,
        also_shorter=repeat.also_shorter,
        from_=repeat.first,
        until=repeat.until,
        next=[_date(each) for each in planned.next],
        shifts=[
            Shift(date=day, time=wall)
            for day, wall in shifts(repeat, zone, now_ms, now_ms + SHIFTS_AHEAD_MS)
        ],
    )


def _date(coming: Coming) -> RepeatDate:
    return RepeatDate(
        date=coming.date,
        start=instant(coming.start_ms),
        state=coming.state,
        booking=coming.booking,
        why=coming.why or None,
    )
