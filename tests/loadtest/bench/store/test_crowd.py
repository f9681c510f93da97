"""The crowd of the benches: the same for whoever is measured."""

from __future__ import annotations

from loadtest.bench.store.crowd import Crowd
from scheduler.rules import DEFAULT

NOW_MS = 1_800_000_000_000


def test_the_same_seed_makes_the_same_members_and_bookings() -> None:
    one, other = Crowd(50, NOW_MS), Crowd(50, NOW_MS)
    assert list(one.profiles()) == list(other.profiles())
    assert one.bookings(200) == other.bookings(200)


def test_every_wish_can_be_booked() -> None:
    wishes = [wish for _, _, wish in Crowd(50, NOW_MS).bookings(500)]
    assert all(wish.start_ms % DEFAULT.grid_ms == 0 for wish in wishes)
    assert all(NOW_MS < wish.start_ms <= NOW_MS + DEFAULT.horizon_ms for wish in wishes)
    assert {wish.length_min for wish in wishes} == set(DEFAULT.lengths_min)


def test_no_request_is_made_twice() -> None:
    requests = [request for request, _, _ in Crowd(50, NOW_MS).bookings(500)]
    assert len(set(requests)) == 500
