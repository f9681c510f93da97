"""The soonest of many, against the plain way of finding it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from signalling.deadlines import Deadlines

changes = st.lists(
    st.tuples(st.sampled_from("abcd"), st.none() | st.integers(0, 20)) | st.integers(0, 20),
    max_size=60,
)


@given(changes)
def test_like_a_dictionary_that_is_searched(changes: list[tuple[str, int | None] | int]) -> None:
    deadlines: Deadlines[str] = Deadlines()
    plain: dict[str, int] = {}
    for change in changes:
        if isinstance(change, int):
            due = [key for key, at in plain.items() if at <= change]
            assert sorted(deadlines.due(change)) == sorted(due)
            plain = {key: at for key, at in plain.items() if at > change}
        else:
            key, at = change
            deadlines.set(key, at)
            plain.pop(key, None)
            if at is not None:
                plain[key] = at
        assert deadlines.next() == min(plain.values(), default=None)


def test_the_soonest_comes_first() -> None:
    deadlines: Deadlines[str] = Deadlines()
    deadlines.set("late", 9)
    deadlines.set("soon", 3)
    assert deadlines.due(10) == ["soon", "late"]
