"""The scenarios of favourites, blocks and invites, as members live through them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from scheduler.events import Matched, Unmatched
from scheduler.rules import DAY_MS, MINUTE_MS
from tests.scheduler.desk import Browser, Desk, code_of, text
from tests.scheduler.web.circle import acquainted, at, free, fresh, known, locks, seen, tie
from tests.scheduler.web.test_bookings import bookings
from tests.scheduler.web.test_invites import link, offered, slot, taking

HOUR_MS = 60 * MINUTE_MS


async def told(desk: Desk, kind: type[Any]) -> list[Any]:
    return [event for _, event in await desk.ledger.outbox_after("0-0") if isinstance(event, kind)]


# D3: favourite, availability, locked-in override, races.


class Tuesday:
    """Ben holds a match with Dov by chance; Ana is one of Ben's favourites, Chi is not."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def begin(self) -> Tuesday:
        names = ("Ana", "Ben", "Chi", "Dov")
        self.ana, self.ben, self.chi, self.dov = [await self.desk.member(name) for name in names]
        await acquainted(self.desk, self.ben, self.ana, self.chi)
        await tie(self.ben, "favourite", self.ana)
        await tie(self.ana, "favourite", self.ben)
        await tie(self.chi, "favourite", self.ben)
        self.start = await self.desk.slot(20)
        self.bens = await self.ben.booked(self.start)
        self.dovs = await self.dov.booked(self.start)
        assert self.dovs["partner"]["name"] == "Ben"
        return self

    async def partners(self) -> list[str | None]:
        """Of Ben and Dov."""
        views = [await seen(self.ben, self.bens), await seen(self.dov, self.dovs)]
        return [view["partner"] and view["partner"]["name"] for view in views]


@pytest.fixture
async def tuesday(desk: Desk) -> Tuesday:
    return await Tuesday(desk).begin()


async def test_D3_1_a_favourite_locks_in_and_the_random_partner_goes_back_in_line(
    tuesday: Tuesday,
) -> None:
    assert await free(tuesday.ana, tuesday.start) == [("Ben", text(tuesday.start))]
    answer = await locks(tuesday.ana, tuesday.ben, tuesday.start)
    own = (await answer.json())["booking"]
    assert (own["locked"], own["partner"]["name"]) == (True, "Ben")
    assert await tuesday.partners() == ["Ana", None]
    [parted] = [
        each for each in await told(tuesday.desk, Unmatched) if each.member == tuesday.dov.me["id"]
    ]
    assert (parted.why, parted.rematched) == ("locked_in", False)
    assert (await seen(tuesday.ben, tuesday.bens))["sequence"] > tuesday.bens["sequence"]


async def test_D3_2_the_displaced_keeps_the_place_in_line_and_gets_no_flag(
    tuesday: Tuesday,
) -> None:
    eva, finn = await tuesday.desk.member("Eva"), await tuesday.desk.member("Finn")
    await locks(tuesday.ana, tuesday.ben, tuesday.start)
    later = await eva.booked(tuesday.start)
    assert later["partner"]["name"] == "Dov"
    assert (await finn.booked(tuesday.start))["state"] == "waiting"
    for browser in (tuesday.dov, tuesday.ben, tuesday.ana):
        assert (await browser.get("/flags"))["flags"] == []


async def test_D3_2_somebody_who_waits_takes_the_displaced_at_once(tuesday: Tuesday) -> None:
    eva = await tuesday.desk.member("Eva")
    waits = await eva.booked(tuesday.start)
    assert waits["state"] == "waiting"
    await locks(tuesday.ana, tuesday.ben, tuesday.start)
    assert await tuesday.partners() == ["Ana", "Eva"]
    assert (await seen(eva, waits))["partner"]["name"] == "Dov"


async def test_D3_3_whoever_is_no_favourite_neither_sees_nor_gets_them(tuesday: Tuesday) -> None:
    assert await free(tuesday.chi, tuesday.start) == []
    assert await free(tuesday.chi, tuesday.start, tuesday.ben) == []
    answer = await locks(tuesday.chi, tuesday.ben, tuesday.start)
    assert await code_of(answer) == (409, "not_available")
    assert await tuesday.partners() == ["Dov", "Ben"]


async def test_D3_4_of_two_in_the_same_second_one_gets_it_and_the_other_three_alternatives(
    tuesday: Tuesday,
) -> None:
    eva = await tuesday.desk.member("Eva")
    await acquainted(tuesday.desk, tuesday.ben, eva)
    await tie(tuesday.ben, "favourite", eva)
    others = [tuesday.start + hours * HOUR_MS for hours in (1, 2, 3)]
    for start in others:
        await tuesday.ben.booked(start)
    both = await asyncio.gather(
        locks(eva, tuesday.ben, tuesday.start), locks(tuesday.ana, tuesday.ben, tuesday.start)
    )
    assert sorted(answer.status for answer in both) == [200, 409]
    [refused] = [await answer.json() for answer in both if answer.status == 409]
    assert refused["error"]["code"] == "taken"
    assert [each["start"] for each in refused["error"]["data"]["others"]] == list(map(text, others))
    assert len([each for each in await told(tuesday.desk, Matched) if each.locked]) == 1


async def test_D3_5_whoever_stays_may_leave_too_and_is_matched_again_otherwise(
    tuesday: Tuesday,
) -> None:
    own = (await (await locks(tuesday.ana, tuesday.ben, tuesday.start)).json())["booking"]
    await tuesday.ben.send("DELETE", f"/bookings/{tuesday.bens['id']}?request_id={fresh()}")
    shown = await seen(tuesday.ana, own)
    assert (shown["locked"], shown["free_to_cancel"], shown["late_cancel_from"]) == (
        False,
        False,
        text(tuesday.start - HOUR_MS),
    )
    assert shown["partner"]["name"] == "Dov"


async def test_D3_5_whoever_is_matched_anew_reads_how_long_they_may_be_released(
    tuesday: Tuesday,
) -> None:
    own = (await (await locks(tuesday.ana, tuesday.ben, tuesday.start)).json())["booking"]
    assert own["release_until"] is None
    await tuesday.desk.go_to(tuesday.start - 30 * MINUTE_MS)
    await tuesday.ben.send("DELETE", f"/bookings/{tuesday.bens['id']}?request_id={fresh()}")
    left_ms = (await tuesday.desk.ledger.booking(own["id"])).left_ms
    shown = await seen(tuesday.ana, own)
    until = text(left_ms + 5 * MINUTE_MS)
    assert (shown["partner"]["name"], shown["release_until"]) == ("Dov", until)
    assert shown["late_cancel_from"] == until
    await tuesday.ana.send("DELETE", f"/bookings/{own['id']}?request_id={fresh()}")
    assert (await tuesday.ana.get("/flags"))["flags"] == []


async def test_D3_no_override_from_ten_minutes_before(tuesday: Tuesday) -> None:
    await tuesday.desk.go_to(tuesday.start - 10 * MINUTE_MS + 1)
    assert await free(tuesday.ana, tuesday.start) == []
    answer = await locks(tuesday.ana, tuesday.ben, tuesday.start)
    assert await code_of(answer) == (409, "too_late")
    assert await tuesday.partners() == ["Dov", "Ben"]


async def test_D3_available_to_nobody_keeps_what_is_locked(tuesday: Tuesday) -> None:
    own = (await (await locks(tuesday.ana, tuesday.ben, tuesday.start)).json())["booking"]
    await tuesday.ben.send("PATCH", "/me", {"lockable": "nobody"})
    assert (await seen(tuesday.ana, own))["locked"] is True
    later = tuesday.start + HOUR_MS
    await tuesday.ben.booked(later)
    answer = await locks(tuesday.ana, tuesday.ben, later)
    assert await code_of(answer) == (409, "not_available")


async def test_D3_an_own_session_is_replaced_in_the_same_step(tuesday: Tuesday) -> None:
    own = await tuesday.ana.booked(tuesday.start - 15 * MINUTE_MS)
    refused = await locks(tuesday.ana, tuesday.ben, tuesday.start)
    assert (await refused.json())["error"]["data"]["booking"] == own["id"]
    assert (await locks(tuesday.ana, tuesday.ben, tuesday.start, replace=[own["id"]])).status == 200
    assert (await seen(tuesday.ana, own))["state"] == "cancelled"


async def test_D3_two_matched_by_chance_become_locked_and_nobody_else_hears(
    tuesday: Tuesday,
) -> None:
    later = tuesday.start + HOUR_MS
    theirs = await tuesday.ben.booked(later)
    own = await tuesday.ana.booked(later)
    before = len(await told(tuesday.desk, Unmatched))
    locked = (await (await locks(tuesday.ana, tuesday.ben, later)).json())["booking"]
    assert (locked["id"], locked["locked"]) == (own["id"], True)
    assert (await seen(tuesday.ben, theirs))["locked"] is True
    assert len(await told(tuesday.desk, Unmatched)) == before


# D13: what a block does to lists and to what is booked.


async def test_D13_2_shared_sessions_part_both_are_rematched_and_nobody_is_flagged(
    desk: Desk,
) -> None:
    ana, ben, cem = [await desk.member(name) for name in ("Ana", "Ben", "Cem")]
    start = await desk.slot(8)
    own, theirs = await ana.booked(start), await ben.booked(start)
    waits = await cem.booked(start)
    await tie(ana, "block", ben)
    assert (await seen(ana, own))["partner"]["name"] == "Cem"
    assert (await seen(cem, waits))["partner"]["name"] == "Ana"
    alone = await seen(ben, theirs)
    assert (alone["state"], alone["partner"], alone["late_cancel_from"]) == ("waiting", None, None)
    for browser in (ana, ben):
        assert (await browser.get("/flags"))["flags"] == []


async def in_sight(one: Browser, other: Browser, start_ms: int) -> list[bool]:
    """Where one finds the other: people, free times, waiting, locks."""
    name = (await other.get("/me"))["name"]
    waiting = (await one.get(f"/waiting/{text(start_ms)}/25"))["waiting"]
    span = f"from={text(start_ms)}&to={text(start_ms + 1)}&length_min=25"
    slots = (await one.get(f"/slots?{span}"))["slots"]
    return [
        name in await known(one),
        (await one.call("GET", at(other))).status == 200,
        name in [each for each, _ in await free(one, start_ms)],
        name in [each["name"] for each in waiting],
        name in [each["name"] for each in slots[0]["people"]] if slots else False,
    ]


async def test_D13_3_the_blocked_never_appears_free_again_and_the_reverse(desk: Desk) -> None:
    ana = await desk.member("Ana", lockable="everyone")
    ben = await desk.member("Ben", lockable="everyone")
    await acquainted(desk, ana, ben)
    await tie(ana, "favourite", ben)
    await tie(ben, "favourite", ana)
    start = await desk.slot(8)
    await ben.booked(start)
    assert await in_sight(ana, ben, start) == [True] * 5
    await tie(ana, "block", ben)
    assert await in_sight(ana, ben, start) == [True, False, False, False, False]
    # Ben keeps Ana in his list: that she is never free could have any reason.
    assert await in_sight(ben, ana, start) == [True, True, False, False, False]
    own = await ana.booked(start)
    assert (own["state"], own["partner"]) == ("waiting", None)
    for one, other in ((ana, ben), (ben, ana)):
        assert await code_of(await locks(one, other, start + 2 * HOUR_MS)) == (409, "not_available")
    assert (await ana.get("/people"))["people"][0]["blocked"] is True


async def test_D13_4_an_invite_opened_by_the_blocked_looks_expired(desk: Desk) -> None:
    ana, ben, cem = [await desk.member(name) for name in ("Ana", "Ben", "Cem")]
    await acquainted(desk, ana, ben)
    await ana.booked(await desk.slot(8))
    old = await link(ana)
    new = await link(ana)
    await tie(ana, "block", ben)
    blocked, expired = await ben.call("GET", new), await cem.call("GET", old)
    assert (blocked.status, await blocked.read()) == (404, await expired.read())


async def test_D13_an_unblock_restores_no_session(desk: Desk) -> None:
    ana, ben = await desk.member("Ana"), await desk.member("Ben")
    start = await desk.slot(8)
    theirs = await ben.booked(start)
    own = await ana.booked(start)
    await tie(ana, "block", ben)
    await ana.send("DELETE", f"/bookings/{own['id']}?request_id={fresh()}")
    path = f"{at(ben, 'block')}?request_id={fresh()}"
    await ana.call("DELETE", path)
    assert (await seen(ana, own))["state"] == "cancelled"
    assert (await seen(ben, theirs))["state"] == "waiting"


async def test_D13_a_snooze_excludes_like_a_block_and_can_be_taken_back(desk: Desk) -> None:
    ana, ben = await desk.member("Ana"), await desk.member("Ben", lockable="everyone")
    await acquainted(desk, ana, ben)
    await tie(ana, "snooze", ben)
    start = await desk.slot(8)
    theirs, own = await ben.booked(start), await ana.booked(start)
    assert (own["state"], theirs["state"]) == ("waiting", "waiting")
    assert await code_of(await locks(ben, ana, start)) == (409, "not_available")
    await ana.send("DELETE", f"{at(ben, 'snooze')}?request_id={fresh()}")
    assert (await seen(ana, own))["partner"]["name"] == "Ben"


# D14: an invite link used by a new person.


async def signs_up(desk: Desk, path: str, start_ms: int, hold: str) -> tuple[Browser, str]:
    """Eva signs in for the first time and is welcomed; gives where her letter leads her back to."""
    back = f"{path}?start={text(start_ms)}&length=25&hold={hold}"
    eva = desk.browser()
    token = await desk.link_token("eva@example.org", next=back)
    [letter] = [each for each in await desk.mails() if each.to == "eva@example.org"]
    await eva.sign_in(token)
    early = await eva.call("POST", f"{path}/take", taking(start_ms, hold=hold))
    assert await code_of(early) == (403, "not_welcomed")
    welcome = {"name": "Eva", "zone": "Asia/Kathmandu", "adult": True, "rules_accepted": 1}
    await eva.remember(await eva.call("PATCH", "/me", welcome))
    return eva, letter.text


async def test_D14_1_and_2_a_new_person_picks_a_slot_signs_up_and_is_locked_in(desk: Desk) -> None:
    ana = await desk.member("Ana")
    start = await desk.slot(8)
    anas = await ana.booked(start)
    path = await link(ana)
    assert await offered(desk.browser(), path) == [text(start)]
    hold = (await desk.browser().send("POST", f"{path}/hold", slot(start)))["hold"]
    eva, letter = await signs_up(desk, path, start, hold)
    assert path.replace("/", "%2F") in letter
    assert hold in letter
    await desk.later(29 * MINUTE_MS)
    own = (await eva.send("POST", f"{path}/take", taking(start, hold=hold)))["booking"]
    assert (own["locked"], own["partner"]["name"]) == (True, "Ana")
    theirs = await seen(ana, anas)
    assert (theirs["locked"], theirs["partner"]["name"]) == (True, "Eva")
    assert (await ana.get("/invites"))["mine"][0]["uses"] == 1


async def test_D14_3_taken_meanwhile_the_account_stays_and_other_times_are_shown(
    desk: Desk,
) -> None:
    ana, fay = await desk.member("Ana", lockable="everyone"), await desk.member("Fay")
    start = await desk.slot(8)
    others = [start + hours * HOUR_MS for hours in (1, 2, 3, 4)]
    for each in (start, *others):
        await ana.booked(each)
    path = await link(ana)
    hold = (await desk.browser().send("POST", f"{path}/hold", slot(start)))["hold"]
    await desk.later(31 * MINUTE_MS)
    assert (await locks(fay, ana, start)).status == 200
    eva, _ = await signs_up(desk, path, start, hold)
    answer = await eva.call("POST", f"{path}/take", taking(start, hold=hold))
    problem = (await answer.json())["error"]
    assert problem["code"] == "taken"
    assert [each["start"] for each in problem["data"]["others"]] == list(map(text, others[:3]))
    assert (await eva.get("/me"))["welcomed"] is True


async def test_D14_4_a_random_match_in_that_slot_is_replaced(desk: Desk) -> None:
    ana, dov, eva = [await desk.member(name) for name in ("Ana", "Dov", "Eva")]
    start = await desk.slot(20)
    await ana.booked(start)
    dovs = await dov.booked(start)
    own = (await eva.send("POST", f"{await link(ana)}/take", taking(start)))["booking"]
    assert own["partner"]["name"] == "Ana"
    assert (await seen(dov, dovs))["state"] == "waiting"


async def test_D14_a_member_whose_matching_is_paused_offers_nothing(desk: Desk) -> None:
    ana = await desk.member("Ana")
    start = await desk.slot(8)
    await ana.booked(start)
    path = await link(ana, always=True)
    await desk.ledger.suspend("suspend-1", ana.me["id"], await desk.ledger.now_ms() + DAY_MS)
    assert await offered(desk.browser(), path) == []


async def test_D14_two_links_at_once_are_two_sessions_if_they_do_not_overlap(desk: Desk) -> None:
    ana, ben, eva = [await desk.member(name) for name in ("Ana", "Ben", "Eva")]
    start = await desk.slot(8)
    await ana.booked(start)
    await ben.booked(start + HOUR_MS)
    paths = [await link(ana), await link(ben)]
    both = await asyncio.gather(
        eva.call("POST", f"{paths[0]}/take", taking(start)),
        eva.call("POST", f"{paths[1]}/take", taking(start + HOUR_MS)),
    )
    assert [answer.status for answer in both] == [200, 200]
    assert len(await bookings(eva, start)) == 2


async def test_D14_whoever_never_finishes_disturbs_nobody(desk: Desk) -> None:
    ana, ben = await desk.member("Ana"), await desk.member("Ben")
    start = await desk.slot(8)
    anas = await ana.booked(start)
    await desk.browser().send("POST", f"{await link(ana)}/hold", slot(start))
    assert (await seen(ana, anas)) == anas
    await desk.later(31 * MINUTE_MS)
    assert (await ben.booked(start))["partner"]["name"] == "Ana"
