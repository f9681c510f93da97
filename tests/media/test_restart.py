"""New ICE credentials for one leg: the call goes on, with the same keys."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from media.control import LegRestarted, LegState, RestartLeg
from tests.media.caller import Caller
from tests.media.conftest import Bench, Hub


@pytest.fixture
async def call(bench: Bench, hub: Hub) -> tuple[Caller, Caller]:
    return await bench.connected(hub)


async def restart(hub: Hub, caller: Caller, ufrag: str = "anew") -> None:
    """What hub and page do: new credentials for both ends; the page has them from here on."""
    await hub.say(RestartLeg(pair="p1", gen=1, side=0))
    caller.leg = (await hub.expect(LegRestarted, pair="p1", gen=1, side=0)).leg
    caller.ufrag = ufrag
    await hub.say(caller.remote("p1", 1, 0))


async def through(a: Caller, b: Caller, seq: int, ssrc: int = 7) -> None:
    assert a.send_rtp(seq, b"x" * 500, ssrc=ssrc) == await b.next_rtp()


async def test_the_leg_has_new_credentials_and_is_otherwise_the_same(
    hub: Hub, call: tuple[Caller, Caller]
) -> None:
    before = call[0].leg
    await restart(hub, call[0])
    after = call[0].leg
    assert before.ufrag != after.ufrag
    assert before.pwd != after.pwd
    assert msgspec.structs.replace(after, ufrag=before.ufrag, pwd=before.pwd) == before


async def test_media_and_data_go_on_throughout_with_the_same_keys(
    hub: Hub, call: tuple[Caller, Caller]
) -> None:
    a, b = call
    await through(a, b, 1)
    await restart(hub, a)
    await through(a, b, 2)
    await a.check()
    await through(a, b, 3)
    await through(b, a, 1, ssrc=9)
    await a.dtls.send_data(b"and this")
    assert await b.wait(b.data) == b"and this"
    assert not [m for m in hub.heard if isinstance(m, LegState) and m.state != "connected"]


async def test_the_old_credentials_answer_until_the_new_ones_nominate(
    bench: Bench, hub: Hub, call: tuple[Caller, Caller]
) -> None:
    a, b = call
    old = a.leg
    await restart(hub, a)
    new = a.leg
    a.leg, a.ufrag = old, "call"
    await a.check()
    a.leg, a.ufrag = new, "anew"
    a.send(a.request(nominate=False))
    await a.wait(a.answers)
    a.leg, a.ufrag = old, "call"
    await a.check()
    a.leg, a.ufrag = new, "anew"
    await a.check()
    a.leg, a.ufrag = old, "call"
    a.send(a.request())
    await b.check()  # answered in order: the other has been dealt with
    assert a.answers.empty()
    assert bench.dropped["stun"] == 1


async def test_from_another_network_the_leg_moves_by_its_new_credentials(
    hub: Hub, call: tuple[Caller, Caller]
) -> None:
    a, b = call
    await through(a, b, 1)
    await a.move()
    await restart(hub, a)
    await a.check()
    await through(b, a, 1, ssrc=9)
    await through(a, b, 2)


async def test_the_other_leg_knows_nothing_of_it(hub: Hub, call: tuple[Caller, Caller]) -> None:
    a, b = call
    await restart(hub, a)
    await a.check()
    await b.check()


async def test_a_page_that_restarts_again_has_the_latest_credentials(
    hub: Hub, call: tuple[Caller, Caller]
) -> None:
    a, b = call
    await restart(hub, a, "once")
    await restart(hub, a, "twice")
    await a.check()
    await restart(hub, a, "more")
    await a.check()
    await through(a, b, 1)


async def test_a_claiming_hub_is_told_the_newest(
    bench: Bench, hub: Hub, call: tuple[Caller, Caller]
) -> None:
    await restart(hub, call[0])
    assert (await bench.open(hub))[0] == call[0].leg


async def test_an_offer_of_the_same_page_may_not_name_another_certificate(
    bench: Bench, hub: Hub, call: tuple[Caller, Caller]
) -> None:
    a, b = call
    await hub.say(a.remote("p1", 1, 0, fingerprints=[b.fingerprint], ufrag="evil", payloads=[1]))
    await bench.open(hub)  # said and answered in order
    await a.check()
    await through(a, b, 1)


async def test_an_offer_of_the_same_page_may_name_more_streams(bench: Bench, hub: Hub) -> None:
    a, b = await bench.introduced(hub)
    await hub.say(a.remote("p1", 1, 0, ssrcs=[7]))
    assert await asyncio.gather(a.connect(), b.connect()) == [True, True]
    await through(a, b, 1)
    a.send_rtp(1, b"not yet", ssrc=8)
    await a.check()
    assert bench.dropped["ssrc"] == 1
    await hub.say(a.remote("p1", 1, 0, ssrcs=[7, 8]))
    await bench.open(hub)
    await through(a, b, 2)
    await through(a, b, 1, ssrc=8)


@pytest.mark.parametrize(
    "asked", [RestartLeg(pair="p9", gen=1, side=1), RestartLeg(pair="p1", gen=9, side=1)]
)
async def test_of_a_pair_that_is_not_here_the_answer_is_gone(
    hub: Hub, call: tuple[Caller, Caller], asked: RestartLeg
) -> None:
    await hub.say(asked)
    await hub.expect(LegState, pair=asked.pair, gen=asked.gen, side=1, state="gone")


async def test_a_leg_whose_browser_said_goodbye_is_not_restarted(
    hub: Hub, call: tuple[Caller, Caller]
) -> None:
    await call[0].dtls.close()
    await hub.expect(LegState, side=0, state="gone")
    await hub.say(RestartLeg(pair="p1", gen=1, side=0))
    await hub.expect(LegState, side=0, state="gone")
