"""The doors of a demo, and the mailbox of this machine: there where they belong, nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler.mail.letters import Letter
from scheduler.web.app import NoMailer
from tests.scheduler.desk import SECRET, Browser, Desk, OpenDesk, code_of

DOORS: list[tuple[str, str, dict[str, Any] | None]] = [
    ("GET", "/dev/mail", None),
    ("POST", "/dev/sign-in", {"who": "Ana"}),
    ("POST", "/dev/clock", {"advance_s": 60}),
]


class Carrier:
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.carried: list[Letter] = []

    async def send(self, letter: Letter) -> None:
        self.carried.append(letter)


async def be(desk: Desk, who: str, **more: Any) -> Browser:
    browser = desk.browser()
    answer = await browser.call("POST", "/dev/sign-in", {"who": who, **more})
    assert answer.status == 200, await answer.text()
    await browser.remember(answer)
    return browser


@pytest.mark.parametrize(("method", "path", "body"), DOORS)
async def test_in_earnest_none_of_the_doors_exists(
    open_desk: OpenDesk, method: str, path: str, body: dict[str, Any] | None
) -> None:
    desk = await open_desk(demo=False, loopback=False, mailer=Carrier())
    answer = await desk.browser().call(method, path, body)
    nowhere = await desk.browser().call(method, "/dev/nothing", body)
    assert answer.status == nowhere.status == 404
    assert await answer.read() == await nowhere.read()


async def test_an_instance_others_reach_must_be_able_to_send_mail(open_desk: OpenDesk) -> None:
    with pytest.raises(NoMailer):
        await open_desk(loopback=False)


async def test_with_a_mailer_letters_do_not_land_in_the_store(open_desk: OpenDesk) -> None:
    carrier = Carrier()
    desk = await open_desk(demo=False, loopback=False, mailer=carrier)
    await desk.browser().call("POST", "/auth/link", {"mail": "ana@example.org"})
    await desk.parts.post.drained()
    assert [letter.to for letter in carrier.carried] == ["ana@example.org"]
    assert await desk.redis.exists("{a}:mailbox") == 0


async def test_mails_are_shown_newest_first(desk: Desk) -> None:
    for name in ("ana", "ben"):
        await desk.link_token(f"{name}@example.org")
    mails = (await desk.browser().get("/dev/mail"))["mails"]
    assert [mail["to"] for mail in mails] == ["ben@example.org", "ana@example.org"]
    assert set(mails[0]) == {"id", "to", "subject", "text", "html", "calendar", "at"}
    assert mails[0]["subject"] == "Sign in to Alongside"


@pytest.mark.parametrize(("method", "path", "body"), DOORS)
async def test_a_name_that_merely_leads_here_opens_no_door(
    desk: Desk, method: str, path: str, body: dict[str, Any] | None
) -> None:
    ana = await be(desk, "Ana")
    answer = await ana.call(method, path, body, headers={"Host": "rebound.example:8080"})
    assert await code_of(answer) == (403, "foreign_origin")


@pytest.mark.parametrize(
    "header", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP"]
)
@pytest.mark.parametrize(("method", "path", "body"), DOORS)
async def test_a_proxy_on_this_machine_leads_nobody_through_a_door(
    desk: Desk, method: str, path: str, body: dict[str, Any] | None, header: str
) -> None:
    ana = await be(desk, "Ana")
    answer = await ana.call(method, path, body, headers={header: "203.0.113.9"})
    assert await code_of(answer) == (404, "not_found")


async def test_one_click_is_a_welcomed_person(desk: Desk) -> None:
    ana, again = await be(desk, "Ana"), await be(desk, "Ana")
    assert ana.me["welcomed"]
    assert (ana.me["name"], ana.me["zone"]) == ("Ana", "Europe/Berlin")
    assert again.me["id"] == ana.me["id"]


async def test_nobody_else_can_be_been(desk: Desk) -> None:
    answer = await desk.browser().call("POST", "/dev/sign-in", {"who": "Eve"})
    assert await code_of(answer) == (400, "bad_field")


async def test_being_a_robot_takes_the_secret(desk: Desk) -> None:
    for key in ("", "x", SECRET[:-1]):
        sent = {"who": "robot", "key": key, "n": 0}
        answer = await desk.browser().call("POST", "/dev/sign-in", sent)
        assert await code_of(answer) == (403, "forbidden")


async def test_robots_are_labelled_and_never_meet_each_other(desk: Desk) -> None:
    robots = [await be(desk, "robot", key=SECRET, n=number) for number in range(4)]
    names = [robot.me["name"] for robot in robots]
    assert names == ["Robo Ada", "Robo Bo", "Robo Cy", "Robo Ada 2"]
    start = await desk.slot()
    assert [(await robot.booked(start))["partner"] for robot in robots] == [None] * 4
    ana = await be(desk, "Ana")
    assert (await ana.booked(start))["partner"]["name"] == "Robo Ada"


async def test_there_are_only_so_many_robots(desk: Desk) -> None:
    for number in (-1, 32):
        sent = {"who": "robot", "key": SECRET, "n": number}
        answer = await desk.browser().call("POST", "/dev/sign-in", sent)
        assert await code_of(answer) == (400, "bad_field")


async def test_the_demos_clock_goes_forward(desk: Desk) -> None:
    ana = await be(desk, "Ana")
    before = await desk.ledger.now_ms()
    answer = await ana.call("POST", "/dev/clock", {"advance_s": 600})
    assert answer.status == 200
    assert await desk.ledger.now_ms() >= before + 600_000
    assert desk.clock.now_ms() >= before + 600_000
    for advance_s in (0, -1, 86_401, "x"):
        refused = await ana.call("POST", "/dev/clock", {"advance_s": advance_s})
        assert await code_of(refused) == (400, "bad_field")


async def test_the_demos_clock_is_for_those_who_are_signed_in(desk: Desk) -> None:
    answer = await desk.browser().call("POST", "/dev/clock", {"advance_s": 600})
    assert await code_of(answer) == (401, "unauthenticated")
