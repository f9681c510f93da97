"""Signing in and out: links work once, cookies end, and nobody learns whose address is known."""

from __future__ import annotations

import asyncio
import re

import pytest

from scheduler.events import SignedOut
from scheduler.rules import DAY_MS, MINUTE_MS
from tests.scheduler.desk import Desk, OpenDesk, code_of, field_of, text

TOKEN = r"#token=[\w-]+"


async def test_a_link_signs_in_and_the_first_one_makes_the_account(desk: Desk) -> None:
    browser = await desk.newcomer("Ana")
    assert browser.me["mail"] == "ana@example.org"
    assert browser.me["welcomed"] is False
    assert (await browser.get("/me"))["id"] == browser.me["id"]


async def test_one_address_however_written_is_one_member(desk: Desk) -> None:
    first = await desk.newcomer("Ana")
    second = desk.browser()
    await second.sign_in(await desk.link_token(" ANA@Example.org "))
    assert second.me["id"] == first.me["id"]


async def test_a_link_works_once(desk: Desk) -> None:
    token = await desk.link_token("ana@example.org")
    await desk.browser().sign_in(token)
    answer = await desk.browser().call("POST", "/auth/session", {"token": token})
    assert await code_of(answer) == (401, "bad_token")


async def test_of_twenty_who_follow_one_link_at_once_one_gets_in(desk: Desk) -> None:
    token = await desk.link_token("ana@example.org")
    browsers = [desk.browser() for _ in range(20)]
    answers = await asyncio.gather(
        *(each.call("POST", "/auth/session", {"token": token}) for each in browsers)
    )
    assert sorted(answer.status for answer in answers) == [200] + [401] * 19


async def test_two_first_sign_ins_at_once_make_one_account(desk: Desk) -> None:
    tokens = [await desk.link_token("ana@example.org") for _ in range(3)]
    members = await asyncio.gather(*(desk.browser().sign_in(token) for token in tokens))
    assert len({member["id"] for member in members}) == 1


async def test_a_link_ends_after_a_quarter_of_an_hour(desk: Desk) -> None:
    token = await desk.link_token("ana@example.org")
    await desk.later(15 * MINUTE_MS + 1_000)
    answer = await desk.browser().call("POST", "/auth/session", {"token": token})
    assert await code_of(answer) == (401, "bad_token")


@pytest.mark.parametrize("token", ["", "x", "../../etc/passwd", "ü" * 20])
async def test_a_made_up_token_is_refused(desk: Desk, token: str) -> None:
    answer = await desk.browser().call("POST", "/auth/session", {"token": token})
    assert await code_of(answer) == (401, "bad_token")


async def a_hold(desk: Desk, holds: bool) -> dict[str, str]:
    """What a request for a link carries of a time that somebody holds, if they do."""
    if not holds:
        return {}
    host, start = await desk.member("Host"), await desk.slot(8)
    await host.booked(start)
    body = {"request_id": "request-host", "kind": "personal"}
    url: str = (await host.send("POST", "/invites", body))["url"]
    path = url.removeprefix(desk.config.origin)
    slot = {"start": text(start), "length_min": 25}
    return {"hold": (await desk.browser().send("POST", f"{path}/hold", slot))["hold"]}


with_and_without_a_hold = pytest.mark.parametrize("holds", [False, True])


@with_and_without_a_hold
async def test_known_and_unknown_addresses_get_the_same_bytes(desk: Desk, holds: bool) -> None:
    await desk.member("Ana")
    carried = await a_hold(desk, holds)
    answers = []
    for mail in ("ana@example.org", "nobody@example.org"):
        answer = await desk.browser().call("POST", "/auth/link", {"mail": mail, **carried})
        kept = {name: value for name, value in answer.headers.items() if name != "Date"}
        answers.append((answer.status, kept, await answer.read()))
    assert answers[0] == answers[1]
    assert answers[0][0] == 202
    known, unknown = (await desk.mails())[1], (await desk.mails())[0]
    assert (known.to, unknown.to) == ("ana@example.org", "nobody@example.org")
    assert known.subject == unknown.subject
    assert re.sub(TOKEN, "", known.text) == re.sub(TOKEN, "", unknown.text)


@with_and_without_a_hold
async def test_known_and_unknown_addresses_cost_the_same_store_calls(
    desk: Desk, holds: bool
) -> None:
    await desk.member("Ana")
    carried = await a_hold(desk, holds)
    spent = []
    for mail in ("ana@example.org", "nobody@example.org"):
        await desk.redis.config_resetstat()
        await desk.browser().call("POST", "/auth/link", {"mail": mail, **carried})
        await desk.parts.post.drained()
        stats = await desk.redis.info("commandstats")
        spent.append({name: of["calls"] for name, of in stats.items() if "info" not in name})
    assert spent[0] == spent[1]


async def test_what_is_no_address_is_refused(desk: Desk) -> None:
    answer = await desk.browser().call("POST", "/auth/link", {"mail": "ana"})
    assert await code_of(answer) == (400, "bad_field")
    assert await field_of(answer) == "mail"


async def test_one_address_is_sent_a_few_letters_whoever_asks(desk: Desk) -> None:
    for _ in range(5):
        await desk.link_token("ana@example.org")
    answer = await desk.browser().call("POST", "/auth/link", {"mail": "Ana@example.org"})
    assert await code_of(answer) == (429, "too_many")
    assert int(answer.headers["Retry-After"]) > 100
    assert await desk.link_token("ben@example.org")


async def test_one_network_asks_for_so_many_links(desk: Desk) -> None:
    for number in range(30):
        await desk.link_token(f"m{number}@example.org")
    answer = await desk.browser().call("POST", "/auth/link", {"mail": "last@example.org"})
    assert await code_of(answer) == (429, "too_many")


async def test_guessing_tokens_is_slowed_down(desk: Desk) -> None:
    answers = [
        (await desk.browser().call("POST", "/auth/session", {"token": str(n)})).status
        for n in range(62)
    ]
    assert set(answers[:60]) == {401}
    assert answers[-1] == 429


async def test_the_link_leads_on_to_pages_of_this_site_only(desk: Desk) -> None:
    await desk.link_token("ana@example.org", next="/room/b1")
    assert "&next=%2Froom%2Fb1\n" in (await desk.mails())[0].text
    await desk.link_token("ana@example.org", next="//evil.example")
    assert "next" not in (await desk.mails())[0].text


@pytest.mark.parametrize("part", ["cancel", "report"])
async def test_the_link_leads_on_to_the_parts_of_a_session_that_calendars_name(
    desk: Desk, part: str
) -> None:
    await desk.link_token("ana@example.org", next=f"/sessions/b41#{part}")
    assert f"&next=%2Fsessions%2Fb41%23{part}\n" in (await desk.mails())[0].text


@pytest.mark.parametrize("next", ["/sessions/b41#token=x", "/#", "/a#cancel#report", "//x#cancel"])
async def test_the_link_leads_on_to_no_other_part(desk: Desk, next: str) -> None:
    await desk.link_token("ana@example.org", next=next)
    assert "next" not in (await desk.mails())[0].text


@pytest.mark.parametrize("wrong", ["no key!", "x" * 65, 1])
async def test_a_key_that_cannot_be_one_is_refused(desk: Desk, wrong: object) -> None:
    body = {"mail": "ana@example.org", "hold": wrong}
    answer = await desk.browser().call("POST", "/auth/link", body)
    assert await code_of(answer) == (400, "bad_field")
    assert await field_of(answer) == "hold"


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(desk: Desk) -> None:
    token = await desk.link_token("ana@example.org")
    answer = await desk.browser().call("POST", "/auth/session", {"token": token})
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("alongside=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))


async def test_over_https_the_cookie_is_bound_to_the_host(open_desk: OpenDesk) -> None:
    desk = await open_desk(origin="https://desk.example")
    token = await desk.link_token("ana@example.org")
    answer = await desk.browser().call("POST", "/auth/session", {"token": token})
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-alongside=")
    assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


async def test_signing_out_ends_this_sign_in_alone_and_is_told(desk: Desk) -> None:
    here, there = await desk.member("Ana"), desk.browser()
    await there.sign_in(await desk.link_token("ana@example.org"))
    answer = await here.call("DELETE", "/auth/session")
    assert answer.status == 204
    assert 'alongside=""' in answer.headers["Set-Cookie"]
    assert (await there.call("GET", "/me")).status == 200
    [told] = await signed_out(desk)
    assert (told.member, told.session is None) == (here.me["id"], False)


async def test_a_stolen_cookie_is_worthless_after_signing_out(desk: Desk) -> None:
    ana = await desk.member("Ana")
    stolen = {"Cookie": cookie_of(ana)}
    assert (await desk.browser().call("GET", "/me", headers=dict(stolen))).status == 200
    await ana.call("DELETE", "/auth/session")
    answer = await desk.browser().call("GET", "/me", headers=dict(stolen))
    assert await code_of(answer) == (401, "unauthenticated")


async def test_signing_out_everywhere_ends_every_sign_in(desk: Desk) -> None:
    here, there, ben = await desk.member("Ana"), desk.browser(), await desk.member("Ben")
    await there.sign_in(await desk.link_token("ana@example.org"))
    assert (await here.call("DELETE", "/auth/sessions")).status == 204
    for browser in (here, there):
        assert (await browser.call("GET", "/me")).status == 401
    assert (await ben.call("GET", "/me")).status == 200
    told = [event for event in await signed_out(desk) if event.session is None]
    assert [event.member for event in told] == [here.me["id"]]


async def test_after_signing_out_everywhere_one_can_sign_in_again(desk: Desk) -> None:
    ana = await desk.member("Ana")
    await ana.call("DELETE", "/auth/sessions")
    await ana.sign_in(await desk.link_token("ana@example.org"))
    assert (await ana.call("GET", "/me")).status == 200


async def test_signing_in_again_in_one_browser_ends_the_sign_in_before(desk: Desk) -> None:
    browser = await desk.member("Ana")
    before = cookie_of(browser)
    await browser.sign_in(await desk.link_token("ben@example.org"))
    assert cookie_of(browser) != before
    answer = await desk.browser().call("GET", "/me", headers={"Cookie": before})
    assert answer.status == 401


async def test_who_signs_in_is_let_in_even_if_no_replica_knows_that_the_one_before_ended(
    desk: Desk, open_desk: OpenDesk
) -> None:
    browser = await desk.newcomer("Ana")
    before = cookie_of(browser).partition("=")[2]
    token = await desk.link_token("ana@example.org")
    careful = (await open_desk(replicas=1)).browser()
    careful.client.session.cookie_jar.update_cookies({"alongside": before})
    assert (await careful.sign_in(token))["id"] == browser.me["id"]
    assert await desk.parts.accounts.signed_in(before) is None


async def test_an_unused_sign_in_ends_after_two_weeks(desk: Desk) -> None:
    ana = await desk.member("Ana")
    await desk.later(13 * DAY_MS)
    assert (await ana.call("GET", "/me")).status == 200
    await desk.later(14 * DAY_MS - MINUTE_MS)
    assert (await ana.call("GET", "/me")).status == 200
    await desk.later(14 * DAY_MS + MINUTE_MS)
    assert (await ana.call("GET", "/me")).status == 401


async def test_the_store_holds_neither_token_nor_cookie(desk: Desk) -> None:
    unused = await desk.link_token("ben@example.org")
    ana = await desk.newcomer("Ana")
    cookie = cookie_of(ana).partition("=")[2]
    for key in await desk.redis.keys("*"):
        held = key + (await desk.redis.dump(key) or b"")
        assert unused.encode() not in held or b":mailbox" in key
        assert cookie.encode() not in held


async def test_a_mail_address_is_written_in_one_place(desk: Desk) -> None:
    await desk.member("Ana")
    await desk.redis.delete("{a}:mailbox")
    holders = [
        key
        for key in await desk.redis.keys("*")
        if b"ana@example.org" in key + (await desk.redis.dump(key) or b"")
    ]
    assert len(holders) == 1
    assert holders[0].startswith(b"{a}:acct:")


def cookie_of(browser: object) -> str:
    jar = browser.client.session.cookie_jar  # type: ignore[attr-defined]
    [cookie] = list(jar)
    return f"{cookie.key}={cookie.value}"


async def signed_out(desk: Desk) -> list[SignedOut]:
    entries = await desk.ledger.outbox_after("0-0")
    return [event for _, event in entries if isinstance(event, SignedOut)]
