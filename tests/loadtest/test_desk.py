"""A robot's copy of the pair's entries."""

from __future__ import annotations

from loadtest.desk import Desk, Have, read
from signalling.wire import Entry


def line(mark: str) -> Entry:
    return Entry(id=mark, kind="chat", by="m_ana", at_ms=5, text="Hello")


def test_an_entry_counts_once() -> None:
    desk = Desk()
    assert desk.add(line("a"))
    assert not desk.add(line("a"))


def test_two_copies_are_equal_after_both_said_what_they_have() -> None:
    mine, theirs = Desk(), Desk()
    for mark in "ab":
        mine.add(line(mark))
    for mark in "bc":
        theirs.add(line(mark))
    for one, other in ((mine, theirs), (theirs, mine)):
        have = read(one.opening())
        assert isinstance(have, Have)
        for frame in other.missing(have):
            entry = read(frame)
            assert isinstance(entry, Entry)
            one.add(entry)
    assert mine.entries == theirs.entries
    assert sorted(mine.entries) == ["a", "b", "c"]


def test_nonsense_of_a_partner_is_nothing() -> None:
    assert read(b"\xc1") is None
    assert read(b"\x81\xa1t\xa5enter") is None
    assert read(b"") is None
