from __future__ import annotations

from scheduler.store import keys


def test_all_keys_of_a_tag_share_its_hash_tag() -> None:
    assert keys.root("x") == "{x}"
    assert keys.outbox("x") == "{x}:out"
    assert keys.flags("x", "ana").startswith("{x}:")


def test_two_tags_share_nothing() -> None:
    assert keys.meta("x") != keys.meta("y")
