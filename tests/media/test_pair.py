"""Generations, hubs and orphans of the pairs a worker carries."""

from __future__ import annotations

import pytest

from media.control import ORPHAN_S
from media.errors import Draining, Full, StaleGeneration, UnknownPair
from media.pair import KEY_FRAME_EVERY_S, Pairs


@pytest.fixture
def pairs() -> Pairs[str]:
    return Pairs(most=2, make_legs=lambda pair, gen, blind: (f"{pair}.{gen}a", f"{pair}.{gen}b"))


def test_the_same_generation_asked_again_is_the_same(pairs: Pairs[str]) -> None:
    first = pairs.open("p1", 1, "hub")
    again = pairs.open("p1", 1, "hub")
    assert first.is_new
    assert not again.is_new
    assert again.pair is first.pair


def test_a_newer_generation_is_made_beside_the_older(pairs: Pairs[str]) -> None:
    first = pairs.open("p1", 1, "hub")
    second = pairs.open("p1", 2, "hub")
    assert second.superseded is None
    assert second.pair.legs == ("p1.2a", "p1.2b")
    assert list(pairs) == [second.pair, first.pair]
    assert len(pairs) == 1
    assert pairs.close("p1", 1) is first.pair
    assert list(pairs) == [second.pair]


def test_a_third_generation_ends_the_first(pairs: Pairs[str]) -> None:
    first = pairs.open("p1", 1, "hub")
    pairs.open("p1", 2, "hub")
    assert pairs.open("p1", 3, "hub").superseded is first.pair
    assert [pair.gen for pair in pairs] == [3, 2]


def test_both_generations_of_an_orphan_are_forgotten(pairs: Pairs[str]) -> None:
    pairs.open("p1", 1, "hub")
    pairs.open("p1", 2, "hub")
    pairs.hub_gone("hub", now=10)
    assert [pair.gen for pair in pairs.expire(10 + ORPHAN_S)] == [2, 1]
    assert len(pairs) == 0


def test_what_is_claimed_is_there_or_is_not_made(pairs: Pairs[str]) -> None:
    held = pairs.open("p1", 1, "hub").pair
    pairs.hub_gone("hub", now=10)
    assert pairs.claim("p1", 1, "the same hub, restarted") is held
    assert pairs.expire(10 + ORPHAN_S) == []
    for pair, gen in [("p1", 2), ("p2", 1)]:
        with pytest.raises(UnknownPair):
            pairs.claim(pair, gen, "hub")
    assert len(pairs) == 1


def test_an_older_generation_is_refused_and_changes_nothing(pairs: Pairs[str]) -> None:
    pairs.open("p1", 2, "hub")
    with pytest.raises(StaleGeneration):
        pairs.open("p1", 1, "hub")
    assert pairs.get("p1", 2).legs == ("p1.2a", "p1.2b")


def test_only_what_was_opened_is_found(pairs: Pairs[str]) -> None:
    pairs.open("p1", 2, "hub")
    for pair, gen in [("p1", 1), ("p1", 3), ("p2", 2)]:
        with pytest.raises(UnknownPair):
            pairs.get(pair, gen)


def test_closing_another_generation_closes_nothing(pairs: Pairs[str]) -> None:
    opened = pairs.open("p1", 2, "hub").pair
    assert pairs.close("p1", 1) is None
    assert pairs.close("p1", 2) is opened
    assert pairs.close("p1", 2) is None


def test_a_full_worker_refuses_new_pairs_but_not_new_generations(pairs: Pairs[str]) -> None:
    pairs.open("p1", 1, "hub")
    pairs.open("p2", 1, "hub")
    with pytest.raises(Full):
        pairs.open("p3", 1, "hub")
    assert pairs.open("p2", 2, "hub").is_new


def test_a_draining_worker_keeps_what_it_has(pairs: Pairs[str]) -> None:
    pairs.open("p1", 1, "hub")
    pairs.draining = True
    with pytest.raises(Draining):
        pairs.open("p2", 1, "hub")
    assert not pairs.open("p1", 1, "hub").is_new


def test_an_orphan_is_kept_for_a_while_then_forgotten(pairs: Pairs[str]) -> None:
    orphan = pairs.open("p1", 1, "hub").pair
    pairs.hub_gone("hub", now=10)
    assert pairs.expire(10 + ORPHAN_S - 0.1) == []
    assert pairs.expire(10 + ORPHAN_S) == [orphan]
    assert len(pairs) == 0


def test_a_claimed_orphan_lives_on(pairs: Pairs[str]) -> None:
    pairs.open("p1", 1, "hub")
    pairs.hub_gone("hub", now=10)
    pairs.open("p1", 1, "the same hub, restarted")
    assert pairs.expire(10 + ORPHAN_S) == []


def test_a_pair_with_another_hub_is_no_orphan(pairs: Pairs[str]) -> None:
    pairs.open("p1", 1, "one")
    pairs.open("p1", 1, "two")
    pairs.hub_gone("one", now=10)
    assert pairs.expire(10 + ORPHAN_S) == []


def test_key_frames_are_asked_when_wanted_and_at_most_once_a_second(pairs: Pairs[str]) -> None:
    pair = pairs.open("p1", 1, "hub").pair
    assert not pair.take_key_frames(0)
    pair.wants_key_frames = True
    assert pair.take_key_frames(0)
    pair.wants_key_frames = True
    assert not pair.take_key_frames(KEY_FRAME_EVERY_S - 0.1)
    assert pair.take_key_frames(KEY_FRAME_EVERY_S)
    assert not pair.take_key_frames(9)


def test_under_strain_no_new_pairs_are_taken_and_the_present_ones_may_be_renewed(
    pairs: Pairs[str],
) -> None:
    pairs.open("p1", 1, "hub")
    pairs.strained = True
    with pytest.raises(Full):
        pairs.open("p2", 1, "hub")
    assert pairs.open("p1", 2, "hub").is_new


def test_under_strain_a_call_that_runs_elsewhere_is_taken_up_to_the_most(pairs: Pairs[str]) -> None:
    pairs.strained = True
    assert pairs.open("p1", 2, "hub", moved=True).is_new
    assert pairs.open("p2", 2, "hub", moved=True).is_new
    with pytest.raises(Full):
        pairs.open("p3", 2, "hub", moved=True)


def test_legs_are_made_blind_if_asked_for() -> None:
    made: list[bool] = []

    def make(pair: str, gen: int, blind: bool) -> tuple[str, str]:
        made.append(blind)
        return "a", "b"

    pairs = Pairs(most=2, make_legs=make)
    pairs.open("p1", 1, "hub", blind=True)
    pairs.open("p1", 1, "hub")
    pairs.open("p2", 1, "hub")
    assert made == [True, False]
