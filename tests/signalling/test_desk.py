"""The replicated log: a set, within the rules."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.rules import DEFAULT
from signalling.desk import BYTES_MAX, ENTRIES_MAX, Desk, portions, weight
from signalling.errors import BadEntry, LogFull, NotYours, SignallingError, TooLong
from signalling.wire import Entry

NOW = 1_000_000

entries = st.builds(
    Entry,
    id=st.integers(0, 12).map(lambda n: f"e{n}"),
    kind=st.just("chat"),
    by=st.just("m_ana"),
    at_ms=st.integers(0, 50),
    text=st.just("x"),
).map(lambda e: Entry(id=e.id, kind="chat", by="m_ana", at_ms=int(e.id[1:]), text=e.text))


def entry(**fields: Any) -> Entry:
    usual = {"id": "e1", "kind": "chat", "by": "m_ana", "at_ms": NOW, "text": "Hello"}
    return Entry(**(usual | fields))


def desk(*held: Entry) -> Desk:
    found = Desk(DEFAULT)
    found.merge(held)
    return found


@given(st.lists(entries), st.randoms())
def test_order_and_repetition_do_not_matter(some: list[Entry], random: Any) -> None:
    shuffled = [*some, *some]
    random.shuffle(shuffled)
    assert desk(*some).entries == desk(*shuffled).entries


@given(st.lists(entries), st.lists(entries))
def test_two_desks_that_exchange_what_is_missing_are_equal(
    ours: list[Entry], theirs: list[Entry]
) -> None:
    one, other = desk(*ours), desk(*theirs)
    one.merge(other.entries)
    other.merge(one.entries)
    assert one.entries == other.entries


def test_entries_come_oldest_first() -> None:
    held = desk(entry(id="b", at_ms=2), entry(id="a", at_ms=2), entry(id="c", at_ms=1))
    assert [e.id for e in held.entries] == ["c", "a", "b"]


def test_writing_says_whether_it_was_new() -> None:
    held = desk()
    assert held.write(entry(), "m_ana", NOW)
    assert not held.write(entry(), "m_ana", NOW)


TASK = entry(id="t1", kind="task")
BENS = entry(id="t2", kind="task", by="m_ben")
CHAT = entry(id="c1")


@pytest.mark.parametrize(
    "written",
    [
        entry(text="x" * 2_000),
        entry(kind="task", text="x" * 500),
        entry(kind="tick", ref="t1", text="", done=True),
        entry(kind="drop", ref="t1", text=""),
        entry(kind="tick", ref="not-here-yet", text=""),
        entry(at_ms=NOW + 60_000),
    ],
)
def test_what_may_be_written(written: Entry) -> None:
    assert desk(TASK, BENS, CHAT).write(written, "m_ana", NOW)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (entry(by="m_ben"), NotYours),
        (entry(text="x" * 2_001), TooLong),
        (entry(kind="task", text="x" * 501), TooLong),
        (entry(text=""), BadEntry),
        (entry(text="  \n"), BadEntry),
        (entry(ref="t1"), BadEntry),
        (entry(kind="tick", ref="t2", text=""), NotYours),
        (entry(kind="drop", ref="c1", text=""), BadEntry),
        (entry(kind="tick", ref="", text=""), BadEntry),
        (entry(kind="tick", ref="t1", text="and a word"), BadEntry),
        (entry(id=""), BadEntry),
        (entry(id="x" * 65), BadEntry),
        (entry(id="line\nbreak"), BadEntry),
        (entry(at_ms=NOW + 60_001), BadEntry),
        (entry(at_ms=-1), BadEntry),
    ],
)
def test_what_may_not(written: Entry, why: type[SignallingError]) -> None:
    held = desk(TASK, BENS, CHAT)
    with pytest.raises(why):
        held.write(written, "m_ana", NOW)
    assert len(held.entries) == 3


def test_a_full_log_says_so_in_number_and_in_bytes() -> None:
    many = desk(*(entry(id=f"e{n}", text="x") for n in range(ENTRIES_MAX)))
    with pytest.raises(LogFull):
        many.write(entry(id="one-more"), "m_ana", NOW)
    large = desk(*(entry(id=f"e{n}", text="x" * 2_000) for n in range(BYTES_MAX // 2_000)))
    with pytest.raises(LogFull):
        large.write(entry(id="one-more", text="x" * 2_000), "m_ana", NOW)


def test_only_tasks_go_along_to_another_partner() -> None:
    tick = entry(id="k1", kind="tick", ref="t1", text="")
    assert desk(TASK, BENS, CHAT, tick).tasks_of("m_ana") == [tick, TASK]


@given(st.lists(entries, unique_by=lambda e: e.id), st.integers(0, 2_000))
def test_portions_lose_nothing_and_fit(some: list[Entry], limit: int) -> None:
    newest, before = portions(some, limit)
    assert before + newest == some
    assert sum(weight(e) for e in newest) <= limit
