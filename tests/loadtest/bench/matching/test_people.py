"""Communities are the same for the same seed, and as they are said to be."""

from __future__ import annotations

from random import Random

from loadtest.bench.matching.people import FAVOURITES, HOURS, MEMBERS, community, person


def test_the_same_seed_is_the_same_community_and_another_is_another() -> None:
    assert community(4, "1") == community(4, "1")
    assert community(4, "1") != community(4, "2")


def test_people_avoid_each_other_and_like_nobody_they_avoid() -> None:
    people = {one.id: one for one in community(4, "1").people}
    assert len(people) == 4 * MEMBERS
    for one in people.values():
        assert len(one.favourites) <= max(FAVOURITES)
        assert one.id not in one.favourites | one.avoided
        assert not one.favourites & one.avoided
        assert all(one.id in people[other].avoided for other in one.avoided)


def test_each_hour_draws_everybody_more_or_less() -> None:
    found = community(4, "1")
    assert list(found.pull) == list(HOURS)
    assert all(len(pull) == len(found.people) and min(pull) > 0 for pull in found.pull.values())


def test_a_first_timer_has_kept_no_session() -> None:
    assert person("n", Random(1), new=True).new
    assert not person("m", Random(1)).new
