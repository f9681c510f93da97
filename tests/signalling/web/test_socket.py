"""Who may open a socket, and what comes of frames."""

from __future__ import annotations

import asyncio
import contextlib

import aiohttp
import pytest
from aiohttp import web
from prometheus_client import Histogram

from scheduler.events import SignedOut
from signalling import wire
from signalling.close_codes import CloseCode
from signalling.web import metrics
from tests.signalling.stage import T
from tests.signalling.web.border import WAIT_S, House, Page, open_house, until


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "https://evil.example",
        "https://work.example.evil.example",
        "https://sub.work.example",
        "http://work.example",
        "https://work.example:8443",
        "HTTPS://WORK.EXAMPLE",
    ],
)
async def test_pages_of_other_origins_are_refused(origin: str | None) -> None:
    async with open_house() as house:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await house.knock("m_ana", origin=origin)
        assert refused.value.status == 403


@pytest.mark.parametrize("cookie", ["", "m_nobody"])
async def test_who_is_not_signed_in_is_told_by_the_close_code(cookie: str) -> None:
    async with open_house() as house:
        page = await house.knock(cookie)
        assert await page.closed() == CloseCode.SIGNED_OUT


async def test_a_store_that_is_away_is_not_a_signed_out_member() -> None:
    async with open_house() as house:
        house.accounts.away = True
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await house.knock("m_ana")
        assert refused.value.status == 503


async def test_one_place_holds_so_many_sockets_and_gets_them_back() -> None:
    async with open_house(sockets_per_address=1) as house:
        first = await house.visit("m_ana")
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await house.knock("m_dov")
        assert refused.value.status == 429
        await first.ws.close()
        async with asyncio.timeout(WAIT_S):
            while not (page := await let_in(house, "m_dov")):  # noqa: ASYNC110 - no event says so
                await asyncio.sleep(0)
        assert await page.hear(wire.Welcome)


async def let_in(house: House, member: str) -> Page | None:
    try:
        return await house.visit(member)
    except aiohttp.WSServerHandshakeError:
        return None


async def test_hello_is_answered() -> None:
    async with open_house() as house:
        page = await house.visit("m_ana")
        welcome = await page.hear(wire.Welcome)
        assert isinstance(welcome, wire.Welcome)
        assert (welcome.member, welcome.server_ms) == ("m_ana", T)


@pytest.mark.parametrize("frame", [b"", b"\xc1", b"\x91" * 5_000])
async def test_a_bad_frame_is_named_and_closes_its_socket_and_no_other(frame: bytes) -> None:
    async with open_house() as house:
        other = await house.visit("m_ben")
        page = await house.visit("m_ana")
        await page.ws.send_bytes(frame)
        refused = await page.hear(wire.Refused)
        assert isinstance(refused, wire.Refused)
        assert refused.code == "not_msgpack"
        assert await page.closed() == CloseCode.BAD_FRAME
        await other.say(wire.Ping(n=1))
        assert await other.hear(wire.Pong)


async def test_text_is_no_message() -> None:
    async with open_house() as house:
        page = await house.visit("m_ana")
        await page.ws.send_str('{"t": "ping", "n": 1}')
        assert await page.closed() == CloseCode.BAD_FRAME


async def test_a_frame_beyond_the_limit_ends_the_socket() -> None:
    async with open_house() as house:
        page = await house.visit("m_ana")
        await page.ws.send_bytes(b"x" * (wire.FRAME_MAX + 10))
        assert await page.closed() == aiohttp.WSCloseCode.MESSAGE_TOO_BIG


async def test_a_sign_in_that_ended_in_silence_is_noticed() -> None:
    async with open_house(recheck_s=0.01) as house:
        page = await house.visit("m_ana")
        await page.hear(wire.Welcome)
        house.accounts.ended.add("m_ana")
        assert await page.closed() == CloseCode.SIGNED_OUT


async def test_signing_out_closes_open_sockets() -> None:
    async with open_house() as house:
        page = await house.visit("m_ana")
        await page.hear(wire.Welcome)
        house.ledger.tell("1000-0", SignedOut(at_ms=T, member="m_ana"))
        assert await page.closed() == CloseCode.SIGNED_OUT


async def test_a_flood_ends_in_a_closed_socket_and_others_are_answered() -> None:
    async with open_house() as house:
        other = await house.visit("m_ben")
        page = await house.visit("m_ana")
        for n in range(1_000):
            try:
                await page.say(wire.Ping(n=n))
            except ConnectionError:
                break
            if n % 100 == 0:
                await other.say(wire.Ping(n=n))
                assert await other.hear(wire.Pong)
        # Frames that nobody reads any more may reset the connection before the code is seen.
        with contextlib.suppress(ConnectionError):
            assert await page.closed() in (CloseCode.FLOODING, aiohttp.WSCloseCode.ABNORMAL_CLOSURE)


async def test_a_member_in_a_call_reloads_while_the_store_is_away() -> None:
    async with open_house() as house:
        ana = await house.seated("m_ana", "b1")
        house.accounts.away = house.ledger.away = True
        await ana.ws.close()
        back = await house.seated("m_ana", "b1")
        await back.say(wire.Ping(n=1))
        assert await back.hear(wire.Pong)


async def test_who_signed_out_before_the_store_went_away_is_not_let_in() -> None:
    async with open_house() as house:
        page = await house.visit("m_ana")
        await page.hear(wire.Welcome)
        house.ledger.tell("1000-0", SignedOut(at_ms=T, member="m_ana"))
        await page.closed()
        house.accounts.away = True
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await house.knock("m_ana")
        assert refused.value.status == 503


async def test_a_handshake_whose_caller_is_gone_leaves_no_line_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def gone(ws: web.WebSocketResponse, request: web.BaseRequest) -> None:
        raise ConnectionResetError("Cannot write to closing transport")

    before = aborted()
    async with open_house() as house:
        monkeypatch.setattr(web.WebSocketResponse, "prepare", gone)
        with pytest.raises(aiohttp.ClientError):
            await house.knock("m_ana")
    assert aborted() > before
    assert caplog.records == []


def aborted() -> float:
    return metrics.CONNECTS.labels("aborted")._value.get()


async def test_a_page_s_own_pings_are_answered() -> None:
    async with open_house() as house:
        page = await house.knock("m_ana")
        await page.ws.ping(b"still there?")
        await page.say(wire.Hello(v=wire.PROTOCOL, tab="t"))
        assert await page.hear(wire.Welcome)


async def test_round_trips_and_the_way_to_the_partner_are_measured() -> None:
    trips, ways = sum_of(metrics.TRIP), sum_of(metrics.RELAY)
    async with open_house(measure_s=0.001) as house:
        ana, ben = await house.seated("m_ana", "b1"), await house.seated("m_ben", "b2")
        entry = wire.Entry(id="a1", kind="chat", by="m_ana", at_ms=T, text="Hello")
        await ana.say(entry)
        await ben.hear(wire.Entry)
        await until(lambda: sum_of(metrics.RELAY) > ways)
        await ana.hear(wire.Entry)
        await ana.say(wire.Ping(n=1))
        await ana.hear(wire.Pong)
        await until(lambda: sum_of(metrics.TRIP) > trips)


async def test_a_pong_that_answers_nothing_measures_nothing() -> None:
    async with open_house() as house:
        page = await house.visit("m_ana")
        await page.hear(wire.Welcome)
        before = sum_of(metrics.TRIP)
        for stamp in (b"", b"x" * 8, b"\x7f\xf8" + b"\0" * 6, b"junk"):
            await page.ws.pong(stamp)
        await page.say(wire.Ping(n=1))
        assert await page.hear(wire.Pong)
        assert sum_of(metrics.TRIP) == before


def sum_of(histogram: Histogram) -> float:
    return float(histogram._sum.get())
