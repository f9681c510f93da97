"""Absent, here, lost, left."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scheduler.presence import Seen
from signalling.presence import Presence

GRACE, NOTICE = 90_000, 3_000

moves = st.lists(
    st.tuples(st.sampled_from(["enter", "lose", "leave", "wake"]), st.integers(0, 100_000)),
    max_size=30,
)
FOLLOWS = {
    None: {Seen.JOIN},
    Seen.JOIN: {Seen.LEAVE, Seen.DROP},
    Seen.REJOIN: {Seen.LEAVE, Seen.DROP},
    Seen.LEAVE: {Seen.REJOIN},
    Seen.DROP: {Seen.REJOIN, Seen.LEAVE},
}


def test_a_loss_that_lasts_is_recorded_with_its_own_moment() -> None:
    ana = Presence(GRACE)
    ana.enter(0)
    ana.lose(10, NOTICE)
    assert ana.next_deadline() == 10 + NOTICE
    (dropped,) = ana.woke(10 + NOTICE)
    assert (dropped.seen, dropped.at_ms) == (Seen.DROP, 10)
    assert ana.next_deadline() == 10 + GRACE


def test_the_grace_ends() -> None:
    ana = Presence(GRACE)
    ana.enter(0)
    ana.lose(0, NOTICE)
    ana.woke(NOTICE)
    assert ana.stalled
    ana.woke(GRACE)
    assert not ana.here
    assert ana.next_deadline() is None


def test_who_comes_back_in_time_was_never_gone() -> None:
    ana = Presence(GRACE)
    ana.enter(0)
    ana.lose(0, NOTICE)
    assert ana.enter(NOTICE - 1) == []
    assert ana.next_deadline() is None


def test_who_leaves_while_lost_has_left() -> None:
    ana = Presence(GRACE)
    ana.enter(0)
    ana.lose(0, NOTICE)
    assert [t.seen for t in ana.leave(5)] == [Seen.LEAVE]
    assert ana.left


def test_who_was_never_here_cannot_leave() -> None:
    assert Presence(GRACE).leave(0) == []


@given(moves)
def test_the_record_always_makes_sense_and_can_be_replayed(moves: list[tuple[str, int]]) -> None:
    ana, now, record = Presence(GRACE), 0, []
    for move, by_ms in moves:
        now += by_ms
        if move == "lose":
            ana.lose(now, NOTICE)
            continue
        record += {"enter": ana.enter, "leave": ana.leave, "wake": ana.woke}[move](now)
    last = None
    for transition in record:
        assert transition.seen in FOLLOWS[last]
        last = transition.seen
    again = Presence(GRACE)
    for transition in record:
        again.replay(transition.seen, transition.at_ms)
    assert again.joined is ana.joined
    assert again.left is ana.left
