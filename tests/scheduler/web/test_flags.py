"""Flags over REST: from a session that closed to the evidence its owner reads."""

from __future__ import annotations

from typing import Any

import msgspec

from scheduler.presence import PresenceEvent, Seen
from scheduler.rules import MINUTE_MS
from scheduler.services.judging import Judging
from scheduler.store.messages import MessageStore
from tests.scheduler.desk import Browser, Desk, text


async def matched(desk: Desk) -> tuple[Browser, Browser, str, int]:
    """Ana and Ben are a pair; gives its id and T."""
    ana, ben = await desk.member("Ana"), await desk.member("Ben")
    start = await desk.slot()
    await ana.booked(start)
    booking = await ben.booked(start)
    pair = (await desk.ledger.booking(booking["id"])).pair
    assert pair
    return ana, ben, pair, start


def seen(browser: Browser, kind: Seen, at_ms: int) -> PresenceEvent:
    member = browser.me["id"]
    return PresenceEvent(id=f"{member}:{kind}:{at_ms}", member=member, seen=kind, at_ms=at_ms)


async def judged(desk: Desk) -> None:
    """Let timers fire, and feed the judge everything the outbox tells, twice."""
    while (await desk.ledger.tick()).fired:
        pass
    judging = Judging(desk.ledger, MessageStore(desk.ledger.calls), desk.config.rules)
    entries = await desk.ledger.outbox_after("0-0")
    for offset, event in [*entries, *entries]:
        await judging.on_event(offset, event)


async def flags(browser: Browser) -> list[dict[str, Any]]:
    return list((await browser.get("/flags"))["flags"])


async def test_a_late_member_reads_what_was_seen_and_the_partner_reads_nothing(desk: Desk) -> None:
    ana, ben, pair, start = await matched(desk)
    log = [seen(ana, Seen.JOIN, start), seen(ben, Seen.JOIN, start + 3 * MINUTE_MS)]
    await desk.ledger.record(pair, log)
    await desk.go_to(start + 31 * MINUTE_MS)
    await judged(desk)
    assert await flags(ana) == []
    [flag] = await flags(ben)
    assert flag == {
        "pair": pair,
        "booking": flag["booking"],
        "fault": "late",
        "at": text(start + 3 * MINUTE_MS),
        "measured_ms": 3 * MINUTE_MS,
        "limit_ms": 2 * MINUTE_MS,
        "start": text(start),
        "length_min": 25,
        "announced": False,
        "timeline": [
            {
                "who": who,
                "seen": "join",
                "at": text(at_ms),
                "minutes": 0,
                "closed": False,
                "cause": "",
            }
            for who, at_ms in (("partner", start), ("you", start + 3 * MINUTE_MS))
        ],
    }
    assert ana.me["id"] not in str(flag)


async def test_a_page_that_was_closed_is_shown_as_such(desk: Desk) -> None:
    ana, ben, pair, start = await matched(desk)
    left = msgspec.structs.replace(seen(ana, Seen.DROP, start + 5 * MINUTE_MS), closed=True)
    came = [seen(each, Seen.JOIN, start) for each in (ana, ben)]
    await desk.ledger.record(pair, [*came, left])
    await desk.go_to(start + 31 * MINUTE_MS)
    await judged(desk)
    [flag] = await flags(ana)
    assert (flag["fault"], flag["timeline"][-1]["closed"]) == ("early_leave", True)


async def test_a_session_kept_counts_and_shows_to_partners(desk: Desk) -> None:
    ana, ben, pair, start = await matched(desk)
    await desk.ledger.record(pair, [seen(ana, Seen.JOIN, start), seen(ben, Seen.JOIN, start)])
    await desk.go_to(start + 31 * MINUTE_MS)
    await judged(desk)
    assert (await ana.get("/me"))["sessions_kept"] == 1
    again = await desk.slot()
    await ana.booked(again)
    assert (await ben.booked(again))["partner"]["sessions"] == 1
    assert (await desk.parts.accounts.member(ana.me["id"])).sessions == 1


async def test_cancelling_a_match_within_the_hour_is_flagged_once(desk: Desk) -> None:
    ana, ben, pair, start = await matched(desk)
    await desk.later(6 * MINUTE_MS)
    own = await desk.ledger.bookings_of(ben.me["id"], start, start + 1)
    await ben.call("DELETE", f"/bookings/{own[0].id}?request_id=request-1")
    await judged(desk)
    [flag] = await flags(ben)
    assert (flag["fault"], flag["pair"], flag["limit_ms"]) == ("late_cancel", pair, 60 * MINUTE_MS)
    assert await flags(ana) == []


async def test_a_dissolved_pair_is_left_alone_by_the_judge(desk: Desk) -> None:
    ana, ben, _, start = await matched(desk)
    await desk.ledger.block("request-1", ana.me["id"], ben.me["id"])
    await desk.go_to(start + 31 * MINUTE_MS)
    await judged(desk)
    assert await flags(ana) == await flags(ben) == []


async def test_whose_partner_did_not_come_reads_that_and_nothing_of_the_partners_flags(
    desk: Desk,
) -> None:
    ana, ben, pair, start = await matched(desk)
    await desk.ledger.record(pair, [seen(ana, Seen.JOIN, start)])
    await desk.go_to(start + 31 * MINUTE_MS)
    await judged(desk)
    for browser, came in ((ana, "partner_absent"), (ben, "absent")):
        query = f"from={text(start)}&to={text(start + MINUTE_MS)}"
        [own] = (await browser.get(f"/bookings?{query}"))["bookings"]
        assert (own["outcome"], own["together_min"]) == (came, 0)
    assert await flags(ana) == []


async def test_what_is_ahead_has_no_outcome(desk: Desk) -> None:
    ana = await desk.member("Ana")
    own = await ana.booked(await desk.slot())
    assert (own["outcome"], own["together_min"]) == (None, None)
