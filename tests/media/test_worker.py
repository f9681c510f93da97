"""A worker's life."""

from __future__ import annotations

import asyncio
import gc
import socket

import pytest

from media.config import MediaConfig
from media.control import ClosePair, OpenPair, PairRefused
from media.errors import BadConfig
from media.web.worker import ALONE_S, Worker
from tests.media.conftest import SECRET, Bench, Hub, MakeBench


async def test_ready_from_start_to_stop() -> None:
    worker = Worker(MediaConfig(secret=SECRET))
    assert not worker.ready()
    await worker.start()
    assert worker.ready()
    await worker.stop()
    await worker.stop()
    assert not worker.ready()


async def test_what_cannot_work_is_refused_before_anything_is_opened() -> None:
    with pytest.raises(BadConfig):
        Worker(MediaConfig(secret="short"))


async def test_a_taken_port_is_an_error_and_leaves_nothing_open() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        worker = Worker(MediaConfig(secret=SECRET, port=taken.getsockname()[1]))
        with pytest.raises(OSError, match="in use"):
            await worker.start()
    assert not worker.ready()


async def test_serves_the_control_link_only(bench: Bench) -> None:
    for path in ("/", "/metrics", "/control/"):
        assert (await bench.client.get(path)).status == 404


async def test_freezes_what_exists_if_told_to() -> None:
    worker = Worker(MediaConfig(secret=SECRET, freeze=True))
    await worker.start()
    frozen = gc.get_freeze_count()
    gc.unfreeze()
    await worker.stop()
    assert frozen > 0


async def test_a_worker_told_to_stop_says_so_at_once_and_takes_no_new_pairs(
    bench: Bench, hub: Hub
) -> None:
    await bench.open(hub)
    bench.worker.drain()
    await hub.say(OpenPair(pair="p2", gen=1))
    await hub.expect(PairRefused, pair="p2", code="draining")
    assert hub.last_load is not None
    assert hub.last_load.draining
    assert not bench.worker.ready()


async def test_it_carries_its_pairs_until_the_last_one_was_moved(bench: Bench, hub: Hub) -> None:
    a, b = await bench.connected(hub)
    leaving = asyncio.create_task(bench.worker.hand_over(60.0))
    for seq in range(1, 5):
        assert a.send_rtp(seq, b"goes on") == await b.next_rtp()
    assert not leaving.done()
    await hub.say(ClosePair(pair="p1", gen=1))
    await asyncio.wait_for(leaving, 5)
    assert bench.worker.idle()


async def test_without_hubs_nobody_could_move_them(bench: Bench, hub: Hub) -> None:
    await bench.open(hub)
    leaving = asyncio.create_task(bench.worker.hand_over(60.0))
    await hub.close()
    await unlinked(bench)
    bench.clock.turn(ALONE_S)
    await asyncio.wait_for(leaving, 5)
    assert not bench.worker.idle()


async def unlinked(bench: Bench) -> None:
    while len(bench.worker._links):  # noqa: ASYNC110
        await asyncio.sleep(0)
    bench.worker._beat()


async def test_a_link_that_is_made_again_in_time_ends_no_hand_over(bench: Bench, hub: Hub) -> None:
    await bench.open(hub)
    leaving = asyncio.create_task(bench.worker.hand_over(60.0))
    await asyncio.sleep(0)
    await hub.close()
    await unlinked(bench)
    bench.clock.turn(ALONE_S / 2)
    again = await bench.hub()
    bench.worker._beat()
    bench.clock.turn(ALONE_S)
    bench.worker._beat()
    await asyncio.sleep(0)
    assert not leaving.done()
    await again.say(ClosePair(pair="p1", gen=1))
    await asyncio.wait_for(leaving, 5)


async def test_a_tick_that_fails_ends_neither_heartbeat_nor_time(
    bench: Bench, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = asyncio.Event()

    def fail() -> None:
        failed.set()
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(bench.worker.sfu, "tick", fail)
    seen = hub.loads
    await hub.beat(lambda _: hub.loads > seen + 1)
    monkeypatch.undo()
    failed.clear()
    monkeypatch.setattr(bench.worker.sfu, "load", fail)
    await asyncio.wait_for(failed.wait(), 5)
    bench.worker.sfu.pairs.draining = True
    monkeypatch.undo()
    await hub.beat(lambda load: load.draining)


async def test_both_families_have_one_port(make_bench: MakeBench) -> None:
    bench = await make_bench(host6="::1")
    (leg, _) = await bench.open(await bench.hub())
    assert [port for _, port in leg.more] == [leg.port]


async def test_it_waits_no_longer_than_it_was_told(bench: Bench, hub: Hub) -> None:
    await bench.open(hub)
    await asyncio.wait_for(bench.worker.hand_over(0.01), 5)
    assert not bench.worker.idle()


async def test_an_idle_worker_leaves_at_once(bench: Bench, hub: Hub) -> None:
    await asyncio.wait_for(bench.worker.hand_over(60.0), 5)


async def test_callers_of_either_family_meet(make_bench: MakeBench) -> None:
    bench = await make_bench(host6="::1")
    hub = await bench.hub()
    legs = await bench.open(hub)
    assert [len(leg.more) for leg in legs] == [1, 1]
    a, b = [await bench.caller(leg, at=at) for leg, at in zip(legs, (0, 1), strict=True)]
    assert [":" in caller.at[0] for caller in (a, b)] == [False, True]
    await hub.say(a.remote("p1", 1, 0))
    await hub.say(b.remote("p1", 1, 1))
    assert await asyncio.gather(a.connect(), b.connect()) == [True, True]
    for seq in range(1, 20):
        assert a.send_rtp(seq, b"x" * 900) == await b.next_rtp()
        assert b.send_rtp(seq, b"x" * 900, ssrc=9) == await a.next_rtp()
    answer = await b.check()
    assert answer.attributes["XOR-MAPPED-ADDRESS"] == b.address


async def test_a_call_moves_from_one_family_to_the_other(make_bench: MakeBench) -> None:
    bench = await make_bench(host6="::1")
    a, b = await bench.connected(await bench.hub())
    assert a.send_rtp(1, b"by IPv4") == await b.next_rtp()
    a.at = a.leg.more[0]
    await a.move()
    assert a.send_rtp(2, b"by IPv6") == await b.next_rtp()
    assert b.send_rtp(1, b"back", ssrc=9) == await a.next_rtp()
    await a.check()
    assert b.send_rtp(2, b"and again", ssrc=9) == await a.next_rtp()
