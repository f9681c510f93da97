"""The control link: who may speak on it, and what is said."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import WSServerHandshakeError

from media.control import (
    ORPHAN_S,
    Camera,
    ClaimPair,
    ClosePair,
    LegState,
    OpenPair,
    PairOpened,
    PairRefused,
    SetRemote,
)
from media.web.control import WAITING_MAX
from tests.media.conftest import SECRET, Bench, Hub, MakeBench

UNKNOWN = SetRemote(
    pair="p9", gen=1, side=1, ufrag="abcd", fingerprints=[], audio_pts=[], video_pts=[]
)


@pytest.mark.parametrize("given", ["", SECRET, "Bearer ", f"Bearer {SECRET}x", "Bearer \u00e9"])
async def test_without_the_secret_there_is_no_link(bench: Bench, given: str) -> None:
    with pytest.raises(WSServerHandshakeError) as refused:
        await bench.client.ws_connect("/control", headers={"Authorization": given})
    assert refused.value.status == 401


async def test_legs_differ_in_credentials_and_share_address_and_certificate(
    bench: Bench, hub: Hub
) -> None:
    a, b = await bench.open(hub)
    assert (a.host, a.port) == (b.host, b.port) == ("127.0.0.1", bench.worker.port)
    assert a.fingerprint == b.fingerprint
    assert a.ufrag != b.ufrag
    assert a.pwd != b.pwd


async def test_asking_again_answers_the_same_legs(bench: Bench, hub: Hub) -> None:
    assert await bench.open(hub) == await bench.open(hub)


async def test_another_generation_has_other_legs(bench: Bench, hub: Hub) -> None:
    assert await bench.open(hub, gen=1) != await bench.open(hub, gen=2)


async def test_the_old_generation_carries_until_the_hub_closes_it(bench: Bench, hub: Hub) -> None:
    a, b = await bench.connected(hub)
    c, d = await bench.connected(hub, gen=2)
    assert a.send_rtp(1, b"old") == await b.next_rtp()
    assert c.send_rtp(1, b"new") == await d.next_rtp()
    await hub.say(ClosePair(pair="p1", gen=1))
    await asyncio.wait_for(asyncio.gather(a.closed.wait(), b.closed.wait()), 5)
    assert c.send_rtp(2, b"new") == await d.next_rtp()


async def test_a_third_generation_ends_the_first(bench: Bench, hub: Hub) -> None:
    a, b = await bench.connected(hub)
    await bench.open(hub, gen=2)
    await bench.open(hub, gen=3)
    await asyncio.wait_for(asyncio.gather(a.closed.wait(), b.closed.wait()), 5)


async def test_a_hub_that_looks_for_a_pair_finds_its_worker_or_hears_no(bench: Bench) -> None:
    first = await bench.hub()
    a, b = await bench.connected(first)
    await first.close()
    second = await bench.hub()
    await second.say(ClaimPair(pair="p1", gen=1))
    assert (await second.expect(PairOpened)).legs == (a.leg, b.leg)
    await second.expect(LegState, side=0, state="connected")
    await second.expect(LegState, side=1, state="connected")
    await second.say(ClaimPair(pair="p1", gen=2))
    await second.expect(PairRefused, pair="p1", gen=2, code="unknown")
    assert len(bench.worker.sfu.pairs) == 1


async def test_closing_says_goodbye_to_both(bench: Bench, hub: Hub) -> None:
    a, b = await bench.connected(hub)
    await hub.say(ClosePair(pair="p1", gen=1))
    await asyncio.wait_for(asyncio.gather(a.closed.wait(), b.closed.wait()), 5)
    assert bench.worker.idle()


async def test_refusals(make_bench: MakeBench) -> None:
    bench = await make_bench(max_pairs=1)
    hub = await bench.hub()
    await bench.open(hub, "p1", gen=2)
    await hub.say(OpenPair(pair="p2", gen=1))
    await hub.expect(PairRefused, pair="p2", code="full")
    await hub.say(OpenPair(pair="p1", gen=1))
    await hub.expect(PairRefused, pair="p1", code="stale")
    bench.worker.drain()
    await hub.say(ClosePair(pair="p1", gen=2))
    await hub.say(OpenPair(pair="p2", gen=1))
    await hub.expect(PairRefused, pair="p2", code="draining")
    assert not bench.worker.ready()


async def test_a_pair_the_worker_does_not_know_is_gone(bench: Bench, hub: Hub) -> None:
    await hub.say(UNKNOWN)
    await hub.expect(LegState, pair="p9", side=1, state="gone")


async def test_a_restarted_hub_claims_its_pair_and_hears_how_it_is(bench: Bench) -> None:
    first = await bench.hub()
    a, b = await bench.connected(first)
    for seq in range(1, 8):
        a.send_rtp(seq, b"picture" * 80)
        await b.next_rtp()
        bench.tick()
    await first.close()
    assert a.send_rtp(9, b"on and on") == await b.next_rtp()
    second = await bench.hub()
    await second.say(OpenPair(pair="p1", gen=1))
    assert (await second.expect(PairOpened)).legs == (a.leg, b.leg)
    await second.expect(LegState, side=0, state="connected")
    await second.expect(LegState, side=1, state="connected")
    await second.expect(Camera, side=0, state="on")


async def test_an_orphan_nobody_claims_is_closed(bench: Bench) -> None:
    hub = await bench.hub()
    a, _ = await bench.connected(hub)
    await hub.close()
    other = await bench.hub()
    await bench.open(other, "p2")  # answered in order of links, so the first is gone
    for _ in range(9):
        await a.check()
        bench.tick(ORPHAN_S / 9)
    await asyncio.wait_for(a.closed.wait(), 5)


async def test_a_pairs_news_go_to_its_hubs_only(bench: Bench) -> None:
    one, two = await bench.hub(), await bench.hub()
    await bench.connected(one, "p1")
    await bench.connected(two, "p2")
    await one.expect(LegState, side=1, state="connected")
    assert {message.pair for message in [*one.heard]} <= {"p1"}  # type: ignore[attr-defined]


@pytest.mark.parametrize("frame", [b"", b"\xc1", b"\x81\xa1t\xa4what"])
async def test_a_bad_frame_ends_the_link_and_nothing_else(bench: Bench, frame: bytes) -> None:
    good, bad = await bench.hub(), await bench.hub()
    a, b = await bench.connected(good)
    await bad.socket.send_bytes(frame)
    await asyncio.wait_for(bad._task, 5)
    assert bad.socket.close_code == 1008
    assert a.send_rtp(1, b"still here") == await b.next_rtp()


async def test_every_hub_hears_the_load(bench: Bench) -> None:
    one, two = await bench.hub(), await bench.hub()
    await bench.open(one)
    for hub in (one, two):
        while not hub.loads:
            hub._news.clear()
            await asyncio.wait_for(hub._news.wait(), 5)


async def test_a_hub_may_have_all_of_a_full_worker_told_at_once(bench: Bench, hub: Hub) -> None:
    """What a full worker has to tell one that claims everything, before the first word of it leaves."""
    for number in range(5000):
        state = LegState(pair=f"p{number}", gen=1, side=0, state="connected")
        bench.worker._links.tell_all(state)
    await bench.open(hub)
    assert len([m for m in hub.heard if isinstance(m, LegState)]) == 5000


async def test_a_hub_that_reads_nothing_is_disconnected(bench: Bench, hub: Hub) -> None:
    state = LegState(pair="p" * 60_000, gen=1, side=0, state="connected")
    for _ in range(WAITING_MAX // 60_000 + 1):
        bench.worker._links.tell_all(state)
    await asyncio.wait_for(hub._task, 5)
    assert hub.socket.close_code == 1008


async def test_a_secret_of_any_bytes_is_just_a_wrong_one(bench: Bench) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", bench.client.port)
    writer.write(b"GET /control HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff\xfe\r\n\r\n")
    answer = await asyncio.wait_for(reader.readline(), 5)
    writer.close()
    assert answer.startswith(b"HTTP/1.1 401")


async def test_a_strained_worker_takes_a_call_that_runs_elsewhere(bench: Bench, hub: Hub) -> None:
    bench.worker.sfu.pairs.strained = True
    await hub.say(OpenPair(pair="p1", gen=2, moved=True))
    await hub.expect(PairOpened, pair="p1", gen=2)


async def test_a_claiming_hub_hears_of_a_leg_that_is_gone_and_of_nothing_else(
    bench: Bench, hub: Hub
) -> None:
    a, _ = await bench.connected(hub)
    for side in (0, 1):
        await hub.expect(LegState, side=side, state="connected")
    await a.dtls.close()
    await hub.expect(LegState, side=0, state="gone")
    bench.tick(times=30)
    other = await bench.hub()
    await bench.open(other)
    await bench.open(other)  # answered in order, after all that was told of the legs
    for told in (hub, other):
        of_it = [m for m in told.heard if isinstance(m, LegState | Camera) and m.side == 0]
        assert {m.state for m in of_it} <= {"gone"}


async def test_one_pairs_trouble_is_its_own(
    bench: Bench, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(now: float) -> None:
        raise RuntimeError("a mistake of ours")

    await bench.open(hub)
    a, b = await bench.connected(hub, "p2")
    broken = bench.worker.sfu.pairs.get("p1", 1).legs[0]
    news = type(broken).news
    monkeypatch.setattr(
        type(broken), "news", lambda leg, now: fail(now) if leg is broken else news(leg, now)
    )
    bench.worker.sfu.pairs.get("p2", 1).legs[0].route.packets_left = 0
    bench.tick()
    assert a.send_rtp(1, b"goes on") == await b.next_rtp()


async def test_a_handshake_that_ends_with_its_pair_brings_nothing_back(
    bench: Bench, hub: Hub
) -> None:
    await bench.connected(hub)
    sfu = bench.worker.sfu
    legs = sfu.pairs.get("p1", 1).legs
    sfu.hear(ClosePair(pair="p1", gen=1), "a hub")
    assert [leg.state for leg in legs] == ["gone", "gone"]
