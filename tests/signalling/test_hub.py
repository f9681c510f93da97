"""The hub as a dialogue: sockets, greetings, notices, floods."""

from __future__ import annotations

import pytest

from scheduler.events import Booked, ClockMoved, Matched, PoolChanged, SignedOut
from signalling import wire
from signalling.close_codes import CloseCode
from signalling.commands import Close, Send
from signalling.errors import BadMessage
from signalling.events import Draining, Garbled, Opened, OutboxBroken, Received, SignInEnded, Told
from signalling.hub import DRAIN_SPREAD_MS
from tests.signalling.stage import BEGIN, EPOCH, MINUTE, SECOND, Stage, T
from tests.support.playbook import Matching

WELCOME = Matching(Send, lambda c: isinstance(c.message, wire.Welcome), "Welcome")


def booked(offset: str, member: str = "m_ana") -> Told:
    event = Booked(at_ms=T, booking="b1", member=member, start_ms=T, length_min=50)
    return Told(offset, event)


def refused(conn: str, code: str) -> Matching:
    def test(command: Send) -> bool:
        said = command.message
        return command.conn == conn and isinstance(said, wire.Refused) and said.code == code

    return Matching(Send, test, f"Refused {code}")


def test_a_page_says_hello_and_learns_who_it_is_and_where_it_is() -> None:
    stage = Stage()
    welcome = wire.Welcome(
        v=wire.PROTOCOL,
        member="m_ana",
        server_ms=stage.now_ms,
        epoch=EPOCH,
        offset=BEGIN,
        resumed=False,
    )
    stage.hello("c1", "m_ana").expect(Send("c1", welcome))


def test_a_page_that_says_nothing_is_closed_after_five_seconds() -> None:
    stage = Stage()
    stage.feed(Opened("c1", "m_ana", "s"))
    stage.after(5 * SECOND - 1).expect()
    stage.after(1).expect(Close("c1", CloseCode.LATE_HELLO))


def test_nothing_is_heard_before_hello() -> None:
    stage = Stage()
    stage.feed(Opened("c1", "m_ana", "s"))
    stage.say("c1", wire.Ping(n=1)).expect(refused("c1", "out_of_turn"))


def test_hello_is_said_once() -> None:
    stage = Stage().hello("c1", "m_ana").expect(WELCOME)
    stage.say("c1", wire.Hello(v=1, tab="t")).expect(refused("c1", "out_of_turn"))


def test_another_version_is_told_to_reload() -> None:
    stage = Stage()
    stage.feed(Opened("c1", "m_ana", "s")).say("c1", wire.Hello(v=99, tab="t"))
    stage.expect(refused("c1", "bad_version"), Close("c1", CloseCode.BAD_VERSION))


def test_ping_is_answered_with_the_servers_time_and_the_place_in_the_outbox() -> None:
    stage = Stage().hello("c1", "m_ana").expect(WELCOME)
    pong = wire.Pong(n=3, server_ms=stage.now_ms, offset=BEGIN)
    stage.say("c1", wire.Ping(n=3)).expect(Send("c1", pong))


def test_a_frame_that_is_no_message_is_named_and_the_socket_closed() -> None:
    stage = Stage().hello("c1", "m_ana").expect(WELCOME)
    stage.feed(Garbled("c1", BadMessage.code, BadMessage.text))
    stage.expect(refused("c1", "bad_message"), Close("c1", CloseCode.BAD_FRAME))
    stage.say("c1", wire.Ping(n=1)).expect()


def test_what_needs_a_seat_is_refused_without_one() -> None:
    stage = Stage().hello("c1", "m_ana").expect(WELCOME)
    stage.say("c1", wire.EndTogether()).expect(refused("c1", "not_seated"))


def test_a_notice_goes_to_all_tabs_of_its_member_and_to_nobody_else() -> None:
    stage = Stage().hello("c1", "m_ana").hello("c2", "m_ana").hello("c3", "m_ben")
    stage.told()
    stage.feed(booked("1001-0"))
    assert [(s.conn, s.message.reason) for s in stage.see(Send)] == [
        ("c1", "booked"),
        ("c2", "booked"),
    ]


def test_a_changed_pool_and_a_moved_clock_concern_everybody() -> None:
    stage = Stage().hello("c1", "m_ana").hello("c2", "m_ben")
    stage.told()
    stage.feed(Told("1001-0", PoolChanged(at_ms=T, start_ms=T, length_min=50)))
    stage.feed(Told("1002-0", ClockMoved(at_ms=T, offset_ms=1)))
    said = [(s.conn, s.message.what) for s in stage.see(Send)]
    assert said == [("c1", "pool"), ("c2", "pool"), ("c1", "clock"), ("c2", "clock")]


def test_no_notice_comes_before_the_welcome() -> None:
    stage = Stage()
    stage.feed(Opened("c1", "m_ana", "s"), booked("1001-0")).expect()


def test_a_resume_replays_exactly_what_was_missed() -> None:
    stage = Stage()
    stage.feed(booked("1001-0"), booked("1002-0"), booked("1002-1", "m_ben"), booked("1003-0"))
    stage.hello("c1", "m_ana", epoch=EPOCH, offset="1001-0")
    welcome, *missed = stage.told()
    assert welcome.resumed
    assert welcome.offset == "1003-0"
    assert [notice.offset for notice in missed] == ["1002-0", "1003-0"]


@pytest.mark.parametrize(
    ("epoch", "offset"),
    [("outbox-0", "1001-0"), (EPOCH, "0999-9"), (EPOCH, "nonsense"), (EPOCH, "")],
)
def test_a_resume_that_cannot_be_exact_says_so(epoch: str, offset: str) -> None:
    stage = Stage()
    stage.feed(booked("1001-0"))
    stage.hello("c1", "m_ana", epoch=epoch, offset=offset)
    (welcome,) = stage.told()
    assert not welcome.resumed
    assert welcome.offset == "1001-0"


def test_an_event_told_twice_is_passed_on_once() -> None:
    stage = Stage().hello("c1", "m_ana").expect(WELCOME)
    stage.feed(booked("1001-0"), booked("1001-0"))
    assert len(stage.told()) == 1


def test_a_hub_that_lost_its_place_sends_everybody_to_resume() -> None:
    stage = Stage().hello("c1", "m_ana").hello("c2", "m_ben")
    stage.told()
    stage.feed(OutboxBroken("outbox-2", "5-0"))
    stage.expect(Close("c1", CloseCode.RESYNC), Close("c2", CloseCode.RESYNC))
    stage.hello("c3", "m_ana", epoch=EPOCH, offset=BEGIN)
    (welcome,) = stage.told()
    assert (welcome.epoch, welcome.offset, welcome.resumed) == ("outbox-2", "5-0", False)


def test_a_flood_is_throttled_then_closed_and_others_are_not_touched() -> None:
    stage = Stage().hello("c1", "m_ana").hello("c2", "m_ben")
    stage.told()
    for n in range(1_000):
        stage.after(1).feed(Received("c1", wire.Ping(n=n)))
    said = stage.see(object)
    pongs = [s for s in said if isinstance(s, Send) and isinstance(s.message, wire.Pong)]
    refusals = [s for s in said if isinstance(s, Send) and isinstance(s.message, wire.Refused)]
    assert 50 <= len(pongs) <= 70
    assert len(refusals) == 1
    assert said[-1] == Close("c1", CloseCode.FLOODING)
    stage.say("c2", wire.Ping(n=1))
    assert len(stage.told("c2")) == 1


def test_a_member_opens_five_sockets_and_the_sixth_costs_the_oldest() -> None:
    stage = Stage()
    for n in range(5):
        stage.hello(f"c{n}", "m_ana")
    stage.told()
    stage.hello("c5", "m_ana").expect(Close("c0", CloseCode.TOO_MANY_TABS), WELCOME)


def test_a_newer_socket_of_the_same_tab_replaces_the_older() -> None:
    stage = Stage().hello("c1", "m_ana", tab="t").expect(WELCOME)
    stage.hello("c2", "m_ana", tab="t").expect(Close("c1", CloseCode.REPLACED), WELCOME)


def test_another_members_tab_of_the_same_name_is_left_alone() -> None:
    stage = Stage().hello("c1", "m_ana", tab="t").expect(WELCOME)
    stage.hello("c2", "m_ben", tab="t").expect(WELCOME)


def test_signing_out_closes_the_sockets_of_that_sign_in() -> None:
    stage = Stage()
    stage.feed(Opened("c1", "m_ana", "one"), Opened("c2", "m_ana", "other"))
    stage.feed(Told("1001-0", SignedOut(at_ms=T, member="m_ana", session="one")))
    stage.expect(Close("c1", CloseCode.SIGNED_OUT))


def test_signing_out_everywhere_closes_all_of_a_members_sockets() -> None:
    stage = Stage().hello("c1", "m_ana").hello("c2", "m_ana").hello("c3", "m_ben")
    stage.told()
    stage.feed(Told("1001-0", SignedOut(at_ms=T, member="m_ana")))
    stage.expect(Close("c1", CloseCode.SIGNED_OUT), Close("c2", CloseCode.SIGNED_OUT))


def test_a_sign_in_that_expired_ends_its_socket_and_is_leaving_the_room() -> None:
    stage = Stage().ana_enters()
    stage.told()
    stage.feed(SignInEnded("ana"))
    assert stage.seen() == ["join", "leave"]
    said = stage.see(object)
    assert Send("ana", wire.Over(reason="signed_out")) in said
    assert said[-1] == Close("ana", CloseCode.SIGNED_OUT)


def test_a_hub_that_goes_sends_everybody_elsewhere_and_holds_nobody_s_seat_against_them() -> None:
    stage = Stage().both_enter()
    stage.feed(Draining()).after(DRAIN_SPREAD_MS)
    assert [c.code for c in stage.see(Close)] == [CloseCode.GOING_AWAY] * 2
    stage.lose("ana").lose("ben").after(2 * MINUTE)
    assert stage.seen() == ["join"]


def test_the_two_of_a_room_go_together_so_that_neither_sees_the_other_lost() -> None:
    stage = Stage().both_enter()
    stage.feed(Draining())
    for _ in range(DRAIN_SPREAD_MS):
        stage.after(1)
        closed = {c.conn for c in stage.see(Close)}
        assert closed in (set(), {"ana", "ben"})


def test_rooms_go_one_after_the_other() -> None:
    stage = Stage()
    for number in range(40):
        stage.hello(f"c{number}", f"m_{number}")
    stage.feed(Draining())
    gone = []
    for _ in range(10):
        stage.after(DRAIN_SPREAD_MS // 10)
        gone.append(len(stage.see(Close)))
    assert sum(gone) == 40
    assert max(gone) < 20


def test_matched_names_each_member_the_own_booking() -> None:
    stage = Stage().hello("c1", "m_ana").hello("c2", "m_ben")
    stage.told()
    matched = Matched(
        at_ms=T,
        pair="p9",
        bookings=("b1", "b2"),
        members=("m_ana", "m_ben"),
        start_ms=T,
        length_min=50,
    )
    stage.feed(Told("1001-0", matched))
    assert [(s.conn, s.message.booking) for s in stage.see(Send)] == [("c1", "b1"), ("c2", "b2")]
