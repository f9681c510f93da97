"""Invites over REST: links that show little, hold a slot, and look alike whenever they are not for one."""

from __future__ import annotations

from typing import Any

import pytest
from prometheus_client import REGISTRY

from scheduler.rules import DAY_MS, MINUTE_MS
from scheduler.web import invites
from tests.scheduler.desk import ORIGIN, Browser, Desk, OpenDesk, code_of, field_of, text
from tests.scheduler.web.circle import acquainted, fresh, locks, tie
from tests.scheduler.web.test_bookings import bookings


async def link(browser: Browser, **more: Any) -> str:
    """A new link's path."""
    body = {"request_id": fresh(), "kind": "personal", **more}
    url: str = (await browser.send("POST", "/invites", body))["url"]
    assert url.startswith(f"{ORIGIN}/i/")
    return url.removeprefix(ORIGIN)


async def offered(browser: Browser, path: str) -> list[str]:
    """Starts a link shows."""
    return [each["start"] for each in (await browser.get(path))["times"]]


def slot(start_ms: int, **more: Any) -> dict[str, Any]:
    return {"start": text(start_ms), "length_min": 25, **more}


def taking(start_ms: int, **more: Any) -> dict[str, Any]:
    return slot(start_ms, request_id=fresh(), **more)


async def waiting(desk: Desk, **changes: Any) -> tuple[Browser, int]:
    """Ana waits at the start this gives."""
    ana = await desk.member("Ana", **changes)
    start = await desk.slot(8)
    await ana.booked(start)
    return ana, start


async def test_a_link_shows_a_name_and_times_to_anybody(desk: Desk) -> None:
    ana, start = await waiting(desk)
    shown = await desk.browser().get(await link(ana))
    assert set(shown) == {"by", "times", "held", "expires"}
    assert shown["by"] == {"name": "Ana"}
    assert shown["times"] == [slot(start)]


async def test_the_own_links_are_listed_without_their_tokens(desk: Desk) -> None:
    ana, _ = await waiting(desk)
    path = await link(ana, always=True)
    listed = await ana.get("/invites")
    [mine] = listed["mine"]
    assert (mine["kind"], mine["always"], mine["by"]["name"], mine["to"]) == (
        "personal",
        True,
        "Ana",
        None,
    )
    assert (mine["start"], mine["length_min"], mine["uses"]) == (None, 0, 0)
    assert path.removeprefix("/i/") not in str(listed)


async def test_no_token_is_kept_in_the_store(desk: Desk) -> None:
    ana, _ = await waiting(desk)
    token = (await link(ana)).removeprefix("/i/").encode()
    for key in await desk.redis.keys("*"):
        assert token not in key
        dumped = await desk.redis.dump(key)
        assert dumped is None or token not in dumped


async def test_the_same_request_twice_makes_one_link(desk: Desk) -> None:
    ana, _ = await waiting(desk)
    body = {"request_id": fresh(), "kind": "single"}
    once = await ana.send("POST", "/invites", body)
    assert await ana.send("POST", "/invites", body) == once
    assert len((await ana.get("/invites"))["mine"]) == 1
    other = await ana.call("POST", "/invites", {**body, "kind": "personal"})
    assert await code_of(other) == (409, "other_request")


async def test_two_members_who_use_one_request_id_get_links_of_their_own(desk: Desk) -> None:
    ana, ben = await desk.member("Ana"), await desk.member("Ben")
    body = {"request_id": fresh(), "kind": "single"}
    urls = {(await each.send("POST", "/invites", body))["url"] for each in (ana, ben)}
    assert len(urls) == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"kind": "member"}, "kind"), ({"kind": 1}, "kind"), ({"always": "yes"}, "always"),
     ({"request_id": "x"}, "request_id"), ({"to": "m_ben"}, "to")],
)  # fmt: skip
async def test_an_invite_that_is_wrong_names_its_field(
    desk: Desk, wrong: dict[str, Any], field: str
) -> None:
    ana, _ = await waiting(desk)
    body = {"request_id": fresh(), "kind": "personal", **wrong}
    answer = await ana.call("POST", "/invites", body)
    assert await code_of(answer) == (400, "bad_field")
    assert await field_of(answer) == field
    assert (await ana.get("/invites"))["mine"] == []


async def test_a_new_personal_link_turns_the_old_one_off(desk: Desk) -> None:
    ana, start = await waiting(desk)
    old, new = await link(ana), await link(ana)
    assert await code_of(await desk.browser().call("GET", old)) == (404, "not_found")
    assert await offered(desk.browser(), new) == [text(start)]


async def test_whatever_is_against_a_link_it_looks_like_one_that_never_was(desk: Desk) -> None:
    ana, start = await waiting(desk)
    ben, cem, dov = [await desk.member(name) for name in ("Ben", "Cem", "Dov")]
    await acquainted(desk, ana, ben, cem)
    used = await link(ana, kind="single")
    assert await dov.send("POST", f"{used}/take", taking(start))
    off = await link(ana)
    [invite] = [each for each in (await ana.get("/invites"))["mine"] if each["kind"] == "personal"]
    await ana.send("DELETE", f"/invites/{invite['id']}?request_id={fresh()}")
    stands = await link(ana)
    await tie(ana, "block", ben)
    await tie(cem, "snooze", ana)
    cases = [
        await desk.browser().call("GET", f"/i/{'x' * 43}"),
        await desk.browser().call("GET", used),
        await desk.browser().call("GET", off),
        await ana.call("GET", stands),
        await ben.call("GET", stands),
        await cem.call("GET", stands),
    ]
    takes = [
        await ben.call("POST", f"/i/{'x' * 43}/take", taking(start)),
        await ben.call("POST", f"{stands}/take", taking(start)),
        await cem.call("POST", f"{stands}/take", taking(start)),
        await ana.call("POST", f"{stands}/take", taking(start + MINUTE_MS)),
        await cem.call("POST", f"{used}/take", taking(start)),
    ]
    holds = [
        await desk.browser().call("POST", f"/i/{'x' * 43}/hold", slot(start)),
        await ana.call("POST", f"{stands}/hold", slot(start)),
        await ben.call("POST", f"{stands}/hold", slot(start)),
        await cem.call("POST", f"{stands}/hold", slot(start)),
    ]
    assert (await desk.browser().call("GET", stands)).status == 200
    await desk.later(31 * DAY_MS)
    cases.append(await desk.browser().call("GET", stands))
    for answers in (cases, takes, holds):
        assert {answer.status for answer in answers} == {404}
        assert len({await answer.read() for answer in answers}) == 1


async def test_a_link_goes_past_the_availability_and_past_nothing_else(desk: Desk) -> None:
    ana, start = await waiting(desk, gender="woman", only_gender="woman")
    eve, ben = await desk.member("Eve", gender="woman"), await desk.member("Ben", gender="man")
    path = await link(ana)
    assert await offered(eve, path) == [text(start)]
    assert await offered(ben, path) == []
    refused = await ben.call("POST", f"{path}/take", taking(start))
    assert await code_of(refused) == (409, "not_available")
    await ana.send("PATCH", "/me", {"lockable": "nobody"})
    assert await offered(eve, path) == []
    always = await link(ana, kind="single", always=True)
    assert await offered(eve, always) == [text(start)]
    taken = await eve.send("POST", f"{always}/take", taking(start))
    assert (taken["booking"]["locked"], taken["booking"]["partner"]["name"]) == (True, "Ana")


async def test_a_held_slot_waits_for_whoever_has_the_key(desk: Desk) -> None:
    ana, start = await waiting(desk, lockable="everyone")
    path, ben = await link(ana), await desk.member("Ben")
    held = await desk.browser().send("POST", f"{path}/hold", slot(start))
    assert set(held) == {"until", "hold"}
    assert await offered(desk.browser(), path) == []
    refused = await locks(ben, ana, start)
    assert await code_of(refused) == (409, "taken")
    second = await desk.browser().call("POST", f"{path}/hold", slot(start))
    assert await code_of(second) == (409, "taken")
    wrong = await ben.call("POST", f"{path}/take", taking(start, hold="not-the-key"))
    assert await code_of(wrong) == (409, "taken")
    [own] = await bookings(ana, start)
    assert (own["state"], own["partner"]) == ("waiting", None)
    eve = await desk.member("Eve")
    body = taking(start, hold=held["hold"])
    taken = (await eve.send("POST", f"{path}/take", body))["booking"]
    assert (taken["locked"], taken["partner"]["name"]) == (True, "Ana")
    assert (await eve.send("POST", f"{path}/take", body))["booking"] == taken


async def test_who_brings_a_key_may_ask_again_after_a_lost_answer(desk: Desk) -> None:
    ana, start = await waiting(desk, lockable="everyone")
    path, key = await link(ana), "0f8fad5b-d9cb-469f-a165-70867728950e"
    for _ in range(2):
        held = await desk.browser().send("POST", f"{path}/hold", slot(start, hold=key))
        assert held["hold"] == key
    other = slot(start, hold="7c9e6679-7425-40de-944b-e07fc1f90ae7")
    assert await code_of(await desk.browser().call("POST", f"{path}/hold", other)) == (409, "taken")
    short = await desk.browser().call("POST", f"{path}/hold", slot(start, hold="x" * 21))
    assert await field_of(short) == "hold"
    for name in await desk.redis.keys("*hold*"):
        assert key not in str(name)
        assert key.encode() not in (await desk.redis.dump(name) or b"")


async def test_a_hold_ends_by_itself(desk: Desk) -> None:
    ana, start = await waiting(desk, lockable="everyone")
    path, ben = await link(ana), await desk.member("Ben")
    await desk.browser().send("POST", f"{path}/hold", slot(start))
    await desk.later(30 * MINUTE_MS)
    assert (await locks(ben, ana, start)).status == 200


async def test_only_a_slot_that_is_free_can_be_held(desk: Desk) -> None:
    ana, start = await waiting(desk)
    path = await link(ana)
    empty = await desk.browser().call("POST", f"{path}/hold", slot(start + 60 * MINUTE_MS))
    assert await code_of(empty) == (409, "not_available")
    unknown = await desk.browser().call("POST", f"/i/{'x' * 43}/hold", slot(start))
    assert await code_of(unknown) == (404, "not_found")
    for wrong in (
        {},
        slot(start, length_min=0),
        slot(start, more=1),
        {"start": "x", "length_min": 25},
    ):
        answer = await desk.browser().call("POST", f"{path}/hold", wrong)
        assert await code_of(answer) == (400, "bad_field")


async def test_a_link_for_one_use_answers_whoever_used_it_again(desk: Desk) -> None:
    ana, start = await waiting(desk)
    eve, ben = await desk.member("Eve"), await desk.member("Ben")
    path = await link(ana, kind="single")
    body = taking(start)
    once = await eve.send("POST", f"{path}/take", body)
    assert await eve.send("POST", f"{path}/take", body) == once
    assert await code_of(await ben.call("POST", f"{path}/take", taking(start))) == (
        404,
        "not_found",
    )


async def test_a_link_that_was_not_used_answers_nothing_of_own_sessions(desk: Desk) -> None:
    ana, start = await waiting(desk, lockable="everyone")
    ben, cem = await desk.member("Ben"), await desk.member("Cem")
    await acquainted(desk, ana, ben)
    assert (await locks(ben, ana, start)).status == 200
    unused = await link(cem, kind="single")
    await cem.booked(start)
    for path in ("/i/" + "z" * 43, unused):
        answer = await ben.call("POST", f"{path}/take", taking(start))
        assert answer.status in {404, 409}, await answer.text()


async def test_an_own_session_in_the_way_is_no_way_around(desk: Desk) -> None:
    ana, start = await waiting(desk)
    ben = await desk.member("Ben")
    await ben.booked(start + 15 * MINUTE_MS)
    answer = await ben.call("POST", f"{await link(ana)}/take", taking(start))
    assert await code_of(answer) == (409, "overlap")


async def test_nobody_turns_somebody_elses_link_off(desk: Desk) -> None:
    ana, _ = await waiting(desk)
    ben = await desk.member("Ben")
    path = await link(ana)
    [mine] = (await ana.get("/invites"))["mine"]
    answer = await ben.call("DELETE", f"/invites/{mine['id']}?request_id={fresh()}")
    assert await code_of(answer) == (404, "not_found")
    assert (await desk.browser().call("GET", path)).status == 200


async def test_one_network_looks_at_so_many_links_and_holds_so_many_slots(desk: Desk) -> None:
    path, stranger = f"/i/{'x' * 43}", desk.browser()
    held = [await stranger.call("POST", f"{path}/hold", slot(0)) for _ in range(11)]
    assert [answer.status for answer in held] == [404] * 10 + [429]
    looked = [await stranger.call("GET", path) for _ in range(60)]
    assert 429 in {answer.status for answer in looked}
    assert int(looked[-1].headers["Retry-After"]) >= 1


async def test_D14_through_one_link_so_many_slots_are_held_and_operators_hear_of_it(
    open_desk: OpenDesk, caplog: pytest.LogCaptureFixture
) -> None:
    before = REGISTRY.get_sample_value("cw_links_limited_total") or 0
    desk = await open_desk(proxies=("127.0.0.1",))
    ana, start = await waiting(desk)
    path = await link(ana)
    answers = []
    for number in range(31):
        headers: dict[str, str | None] = {"X-Forwarded-For": f"203.0.113.{number}"}
        answers.append(
            await desk.browser().call("POST", f"{path}/hold", slot(start), headers=headers)
        )
    assert [answer.status for answer in answers] == [200, *[409] * 29, 429]
    assert REGISTRY.get_sample_value("cw_links_limited_total") == before + 1
    [line] = [each.getMessage() for each in caplog.records if each.name == invites.__name__]
    assert "hold_of" in line
    assert path.removeprefix("/i/") not in line


async def test_D14_through_one_link_so_many_sign_up_and_no_more(desk: Desk) -> None:
    ana, start = await waiting(desk)
    ben, path = await desk.member("Ben"), await link(ana)
    await ben.send("POST", f"{path}/take", taking(start))
    refused = [await ben.call("POST", f"{path}/take", taking(start + MINUTE_MS)) for _ in range(30)]
    assert [answer.status for answer in refused] == [*[refused[0].status] * 29, 429]
    assert refused[0].status != 429


# A time chosen in one browser, and the mail opened in another.


async def chosen(desk: Desk) -> tuple[Browser, str, int, str]:
    """Somebody unknown holds a time of Ana's; gives her, the link, the start and the key."""
    ana, start = await waiting(desk, lockable="everyone")
    path = await link(ana)
    held = await desk.browser().send("POST", f"{path}/hold", slot(start))
    return ana, path, start, held["hold"]


async def newcomer_with(desk: Desk, name: str, token: str) -> Browser:
    """A browser that knows nothing but what the mail says, welcomed."""
    browser = desk.browser()
    await browser.sign_in(token)
    welcome = {"name": name, "zone": "Europe/Berlin", "adult": True, "rules_accepted": 1}
    await browser.send("PATCH", "/me", welcome)
    return browser


async def test_D14_2_a_mail_opened_in_another_browser_brings_the_held_time_along(
    desk: Desk,
) -> None:
    ana, path, start, key = await chosen(desk)
    token = await desk.link_token("eva@example.org", next=path, hold=key)
    assert "is held for you" in (await desk.mails())[0].text
    eva = await newcomer_with(desk, "Eva", token)
    shown = await eva.get(path)
    assert {"start": text(start), "length_min": 25} in shown["times"]
    held = shown["held"]
    assert (held["start"], held["length_min"]) == (text(start), 25)
    taken = (await eva.send("POST", f"{path}/take", taking(start)))["booking"]
    assert (taken["locked"], taken["partner"]["name"]) == (True, "Ana")
    assert (await eva.get(path))["held"] is None
    [own] = await bookings(ana, start)
    assert own["partner"]["name"] == "Eva"


async def test_a_held_time_that_was_taken_and_cancelled_is_held_no_more(desk: Desk) -> None:
    """Else the page would offer again what its member gave up."""
    _, path, start, key = await chosen(desk)
    eva = await newcomer_with(desk, "Eva", await desk.link_token("eva@example.org", hold=key))
    body = taking(start)
    taken = (await eva.send("POST", f"{path}/take", body))["booking"]
    await eva.send("DELETE", f"/bookings/{taken['id']}?request_id={fresh()}")
    shown = await eva.get(path)
    assert shown["held"] is None
    assert {"start": text(start), "length_min": 25} in shown["times"]


async def test_a_held_time_that_was_taken_answers_whoever_asks_again(desk: Desk) -> None:
    _, path, start, key = await chosen(desk)
    eva = await newcomer_with(desk, "Eva", await desk.link_token("eva@example.org", hold=key))
    body = taking(start)
    once = await eva.send("POST", f"{path}/take", body)
    assert await eva.send("POST", f"{path}/take", body) == once


async def test_a_mail_opened_later_by_the_same_member_still_finds_the_time(desk: Desk) -> None:
    """Mail programs open links in a browser of their own; people go on in theirs."""
    _, path, start, key = await chosen(desk)
    await newcomer_with(desk, "Eva", await desk.link_token("eva@example.org", hold=key))
    again = desk.browser()
    await again.sign_in(await desk.link_token("eva@example.org"))
    assert (await again.get(path))["held"]["start"] == text(start)
    assert (await again.send("POST", f"{path}/take", taking(start)))["booking"]["locked"]


async def test_the_first_browser_can_still_finish_with_its_key(desk: Desk) -> None:
    _, path, start, key = await chosen(desk)
    await newcomer_with(desk, "Eva", await desk.link_token("eva@example.org", hold=key))
    first = desk.browser()
    await first.sign_in(await desk.link_token("eva@example.org", hold=key))
    assert (await first.send("POST", f"{path}/take", taking(start, hold=key)))["booking"]["locked"]


async def test_a_link_followed_twice_or_by_somebody_else_gains_no_held_time(desk: Desk) -> None:
    _, path, start, key = await chosen(desk)
    token = await desk.link_token("eva@example.org", next=path, hold=key)
    await newcomer_with(desk, "Eva", token)
    twice = await desk.browser().call("POST", "/auth/session", {"token": token})
    assert await code_of(twice) == (401, "bad_token")
    ben = await newcomer_with(desk, "Ben", await desk.link_token("ben@example.org", next=path))
    wrong = await desk.link_token("cem@example.org", next=path, hold="x" * 24)
    assert "is held for you" not in (await desk.mails())[0].text
    for other in (ben, await newcomer_with(desk, "Cem", wrong)):
        shown = await other.get(path)
        assert (shown["times"], shown["held"]) == ([], None)
        refused = await other.call("POST", f"{path}/take", taking(start))
        assert await code_of(refused) == (409, "taken")
    assert (await desk.browser().get(path))["held"] is None


async def test_a_held_time_that_was_handed_over_ends_with_the_hold(desk: Desk) -> None:
    _, path, start, key = await chosen(desk)
    token = await desk.link_token("eva@example.org", hold=key)
    eva = await newcomer_with(desk, "Eva", token)
    await desk.later(30 * MINUTE_MS)
    assert (await eva.get(path))["held"] is None
    ben = await desk.member("Ben")
    assert (await ben.send("POST", f"{path}/take", taking(start)))["booking"]["locked"]
    assert await code_of(await eva.call("POST", f"{path}/take", taking(start))) == (409, "taken")


async def test_a_held_time_is_for_its_own_link_and_slot_alone(desk: Desk) -> None:
    ana, path, start, key = await chosen(desk)
    later = start + 60 * MINUTE_MS
    await ana.booked(later)
    other = await link(ana, kind="single")
    await desk.browser().send("POST", f"{other}/hold", slot(later))
    eva = await newcomer_with(desk, "Eva", await desk.link_token("eva@example.org", hold=key))
    for at, by in ((later, path), (start, other)):
        refused = await eva.call("POST", f"{by}/take", taking(at))
        assert await code_of(refused) == (409, "taken")
    assert (await eva.get(other))["held"] is None


async def test_no_key_of_a_held_time_is_kept_in_the_store(desk: Desk) -> None:
    _, path, _, key = await chosen(desk)
    await desk.link_token("ben@example.org", next=path, hold=key)
    await newcomer_with(desk, "Eva", await desk.link_token("eva@example.org", hold=key))
    for name in await desk.redis.keys("*"):
        assert key.encode() not in name + (await desk.redis.dump(name) or b"")


async def test_a_link_preview_books_nothing(desk: Desk) -> None:
    ana, start = await waiting(desk)
    path = await link(ana)
    for _ in range(3):
        await desk.browser().get(path)
    [own] = await bookings(ana, start)
    assert (own["state"], own["locked"]) == ("waiting", False)
    assert (await ana.get("/invites"))["mine"][0]["uses"] == 0


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"hold": "no key!"}, "hold"), ({"length_min": "x"}, "length_min"), ({"start": 1}, "start"),
     ({"request_id": "x"}, "request_id"), ({"title": "no"}, "title")],
)  # fmt: skip
async def test_taking_something_that_is_wrong_names_its_field(
    desk: Desk, wrong: dict[str, Any], field: str
) -> None:
    ana, start = await waiting(desk)
    ben, path = await desk.member("Ben"), await link(ana)
    answer = await ben.call("POST", f"{path}/take", {**taking(start), **wrong})
    assert await code_of(answer) == (400, "bad_field")
    assert await field_of(answer) == field
    assert await bookings(ben, start) == []


async def test_one_request_takes_one_slot(desk: Desk) -> None:
    ana, start = await waiting(desk)
    await ana.booked(start + 60 * MINUTE_MS)
    ben, path = await desk.member("Ben"), await link(ana)
    body = taking(start)
    await ben.send("POST", f"{path}/take", body)
    other = {**body, "start": text(start + 60 * MINUTE_MS)}
    assert await code_of(await ben.call("POST", f"{path}/take", other)) == (409, "other_request")
    assert len(await bookings(ben, start)) == 1
