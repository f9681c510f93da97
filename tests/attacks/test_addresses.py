"""A member who hides their address: no client of the partner's learns it, whatever it does.

Even the victim's page helps the attacker here: it sends every address it has, in every place where
one may stand. Whatever comes out at the other end was let through by the instance.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.attacks.modified import Modified, two_in_a_room
from tests.support.system import System, running_system

SDP = Path(__file__).resolve().parents[1] / "golden" / "sdp"
HOST, MAPPED, RELATED, SIX = "198.18.77.7", "198.18.77.8", "198.18.77.9", "2001:db8:77::7"
LOCAL = "77777777-7777-4777-8777-777777777777.local"
CANARIES = (HOST, MAPPED, RELATED, SIX, LOCAL)
TURN = "192.0.2.99"
ANY_ADDRESS = re.compile(rb"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
HARMLESS = {b"0.0.0.0", b"127.0.0.1"}
"""No address at all, and the instance's own: it lives on the loopback here, worker and pages."""

CANDIDATES = (
    f"candidate:1 1 udp 2122260223 {HOST} 50001 typ host generation 0 ufrag vict",
    f"candidate:2 1 udp 2122194687 {SIX} 50002 typ host",
    f"candidate:3 1 udp 2122194687 {LOCAL} 50002 typ host",
    f"candidate:4 1 udp 1686052607 {MAPPED} 50003 typ srflx raddr {HOST} rport 50001",
    f"candidate:5 1 udp 1686052606 {MAPPED} 50004 typ prflx raddr {HOST} rport 50001",
    f"candidate:6 1 tcp 1518280447 {HOST} 9 typ host tcptype active",
    f"candidate:7 1 UDP 2122260223 {HOST} 50001 TYP HOST",
    f"candidate:8 1 udp 41885439 {TURN} 50005 typ relay raddr {RELATED} rport 50006",
    f"candidate:9 1 udp 41885438 {HOST} 50005 typ relay raddr {RELATED} rport 50006",
    f"candidate:10 1 udp 41885437 {TURN} 50005 typ relay raddr 0.0.0.0 rport 0 x-also {HOST}",
    f"candidate:11 1 udp 41885437 {TURN} 50005 typ relay\r\na=candidate:1 1 udp 1 {HOST} 5 typ host",
)

DISGUISED = tuple(
    name + candidate.removeprefix("candidate:")
    for candidate in CANDIDATES[:1]
    for name in (
        "Candidate:",
        "CANDIDATE:",
        "candidate ",
        "candidate\t",
        "candidate :",
        "candidate",
    )
)
"""What some browser may take for a candidate although another would not."""


def described(kind: str, *lines: str) -> str:
    """A description of Chromium's with the victim's address wherever one is usual, and these lines."""
    text = (SDP / f"chromium-{kind}.sdp").read_text()
    text = re.sub(r"^o=(\S+ \S+ \S+) .*$", rf"o=\1 IN IP4 {HOST}", text, flags=re.MULTILINE)
    text = re.sub(r"^c=.*$", f"c=IN IP4 {MAPPED}", text, flags=re.MULTILINE)
    text = re.sub(r"^a=rtcp:.*$", f"a=rtcp:50001 IN IP4 {HOST}", text, flags=re.MULTILINE)
    text = re.sub(r"^a=candidate:.*\n", "", text, flags=re.MULTILINE)
    return text + "".join(f"{line}\r\n" for line in lines)


@pytest.fixture(scope="module", params=["worker", "turn"])
async def system(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[System]:
    """Members may connect directly; who hides goes by a worker, or by TURN where there is one."""
    turn = {"turn_urls": f"turn:{TURN}:3478", "turn_secret": "a TURN secret of a test"}
    directory = tmp_path_factory.mktemp(f"attacks-{request.param}")
    async with running_system(directory, **(turn if request.param == "turn" else {})) as system:
        yield system


async def tells_all(one: Modified) -> None:
    """Say everything that could hold an address, for the generation of the moment."""
    asked = await one.hears("negotiate")
    gen, kind = asked["gen"], "offer" if asked["offer"] else "answer"
    inside = [f"a={each}" for each in CANDIDATES if "\n" not in each]
    disguised = [f"a={each}" for each in DISGUISED]
    tabbed = [line for line in disguised if "\t" in line]
    plain = [line for line in disguised if "\t" not in line]
    remote = [f"a={name}:1 {HOST} 50001" for name in ("remote-candidates", "Remote-Candidates")]
    for lines in ([], inside, [*inside[7:8]], plain, tabbed, remote[:1], remote[1:]):
        await one.say("signal", gen=gen, kind=kind, sdp=described(kind, *lines))
    for candidate in CANDIDATES:
        await one.say("signal", gen=gen, kind="candidate", candidate=candidate, mid="0")
        await one.say("signal", gen=gen, kind="candidate", candidate=candidate, mid=HOST)
        await one.say("signal", gen=gen, kind="candidate", sdp=candidate, mid="0")
        await one.say("signal", gen=gen, kind="candidate", candidate="a=" + candidate, mid="0")


async def asks_for_more(attacker: Modified) -> None:
    """Everything that makes a hub negotiate anew, in the hope that it forgets something."""
    gen = (await attacker.hears("negotiate"))["gen"]
    await attacker.say("silent", gen=gen, silent=True)
    await attacker.say("connected", gen=gen, first_frame_ms=1)
    await attacker.say("failed", gen=gen)
    await asyncio.sleep(0.3)


async def roles(one: Modified, other: Modified) -> bool:
    """Whether the first of them is the one who offers."""
    first = await one.hears("negotiate")
    await other.hears("negotiate", gen=first["gen"])
    return bool(first["offer"])


def learnt(attacker: Modified) -> set[str]:
    """Addresses in all the bytes it was sent, by REST, socket and close."""
    found = set(ANY_ADDRESS.findall(attacker.told())) - HARMLESS
    named = {each for each in CANARIES if each.encode().lower() in attacker.told().lower()}
    return {each.decode() for each in found} | named


@pytest.mark.parametrize("hides", ["victim", "attacker"])
async def test_whoever_of_the_two_hides_no_address_of_a_page_passes(
    system: System, hides: str
) -> None:
    hidden: tuple[dict[str, bool], dict[str, bool]] = ({"hide_address": True}, {})
    names = (f"Vic{hides}", f"Att{hides}")
    async with two_in_a_room(
        system, names, hidden if hides == "victim" else (hidden[1], hidden[0])
    ) as (victim, attacker):
        both = (victim, attacker)
        for each in both:
            await each.hears("negotiate")
        for _ in range(2):
            for each in sorted(both, key=lambda each: not each.last("negotiate")["offer"]):
                await tells_all(each)
            await asyncio.sleep(0.3)
            for each in (victim, attacker):
                with contextlib.suppress(TimeoutError):
                    await asks_for_more(each)
        for each in (victim, attacker):
            assert learnt(each) <= {TURN}, learnt(each)
        for server in system.servers:
            nothing_private_is_logged(server.log, (*CANARIES, TURN), (victim, attacker))


def nothing_private_is_logged(
    log: str, addresses: tuple[str, ...], members: tuple[Modified, ...]
) -> None:
    """Nothing of a description, no address of a page, nobody's mail or name."""
    for each in (*addresses, "a=fingerprint", "a=ice-", "typ host", "ice-pwd", "candidate:"):
        assert each not in log
    for member in members:
        assert member.mail not in log
        assert member.name not in log


async def test_the_search_would_find_an_address_if_one_passed(system: System) -> None:
    """The same two, and neither hides: a direct connection needs addresses, and here they are."""
    async with two_in_a_room(system, ("Openana", "Openben"), ({}, {})) as (one, other):
        offers = await roles(one, other)
        first, second = (one, other) if offers else (other, one)
        gen = (await first.hears("negotiate"))["gen"]
        await first.say("signal", gen=gen, kind="candidate", candidate=CANDIDATES[0], mid="0")
        await second.hears("signal", kind="candidate")
        assert learnt(second) - {TURN} == {HOST}
        assert learnt(first) <= {TURN}
