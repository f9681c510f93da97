"""Token buckets, by a hand-turned clock."""

from __future__ import annotations

from media.limits import Bucket, PerSource, Spacing


def test_a_burst_then_the_rate() -> None:
    bucket = Bucket(rate=2, burst=3, now=0)
    assert [bucket.take(0) for _ in range(4)] == [True, True, True, False]
    assert [bucket.take(0.5), bucket.take(0.5), bucket.take(1.0)] == [True, False, True]


def test_whether_there_is_one_can_be_asked_without_taking_it() -> None:
    limit = PerSource(rate=0, burst=1)
    assert [limit.has("a", 0), limit.has("a", 0), limit.take("a", 0), limit.has("a", 0)] == [
        True, True, True, False,
    ]  # fmt: skip


def test_rest_does_not_add_up_beyond_the_burst() -> None:
    bucket = Bucket(rate=100, burst=2, now=0)
    assert [bucket.take(60) for _ in range(3)] == [True, True, False]


def test_sources_do_not_share() -> None:
    limit = PerSource(rate=1, burst=1)
    assert limit.take("a", 0)
    assert limit.take("b", 0)
    assert not limit.take("a", 0)


def test_only_so_many_sources_are_remembered_the_latest_ones() -> None:
    limit = PerSource(rate=0, burst=1, size=2)
    for source in ("a", "b", "c"):
        assert limit.take(source, 0)
    assert not limit.take("c", 0)
    assert limit.take("a", 0)


def test_the_same_thing_passes_once_in_a_while() -> None:
    spacing = Spacing(0.5)
    assert [spacing.take(7, at) for at in (0.0, 0.25, 0.49, 0.5, 0.99)] == [
        True, False, False, True, False,
    ]  # fmt: skip
    assert spacing.take(8, 0.25)


def test_ever_new_things_pass_only_so_many_at_a_time() -> None:
    spacing = Spacing(0.5, size=3)
    assert [spacing.take(what, 0.1) for what in range(5)] == [True, True, True, False, False]
    assert [spacing.take(what, 0.6) for what in range(5, 9)] == [True, True, True, False]
