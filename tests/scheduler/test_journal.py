"""Records of acknowledged changes, and which of them are done again."""

from __future__ import annotations

import pytest

from scheduler.journal import WINDOW_MS, Entry, decode, encode, to_replay

NOW = 1_000_000_000


def entry(op: str = "book", *args: str, at_ms: int = NOW, history: str = "old") -> Entry:
    packed = tuple(arg.encode() for arg in args or ("r", "ana"))
    return Entry(op=op, args=packed, at_ms=at_ms, history=history, answer=b"\x01")


def test_what_was_written_is_read_in_order() -> None:
    packed = Entry(op="book", args=(b"r", b"ana", b"\x00\xff"), at_ms=1, history="old")
    written = [packed, entry("cancel"), entry("")]
    assert list(decode(b"".join(map(encode, written)))) == written


def test_a_torn_tail_costs_its_own_record_only() -> None:
    whole, torn = encode(entry("book")), encode(entry("cancel"))
    for length in range(len(torn)):
        assert list(decode(whole + torn[:length])) == [entry("book")]


@pytest.mark.parametrize("at", [8, 20, -1])
def test_a_damaged_record_ends_the_file(at: int) -> None:
    damaged = bytearray(encode(entry()))
    damaged[at] ^= 0x40
    assert list(decode(encode(entry("cancel")) + bytes(damaged))) == [entry("cancel")]


def test_zeros_a_file_system_left_at_the_end_are_no_record() -> None:
    assert list(decode(encode(entry()) + bytes(64))) == [entry()]


def test_nothing_is_done_again_in_the_history_it_was_done_in() -> None:
    assert to_replay([entry(history="new"), entry("", history="old")], "new") == []


def test_it_goes_back_ten_minutes_from_the_last_change_however_long_the_store_was_away() -> None:
    old = entry("book", "r1", "ana", at_ms=NOW - WINDOW_MS - 1)
    edge = entry("book", "r2", "ana", at_ms=NOW - WINDOW_MS)
    last = entry("book", "r3", "ana")
    later = entry("book", "r4", "ana", at_ms=NOW + 9 * WINDOW_MS, history="new")
    assert to_replay([old, edge, last, later], "new") == [edge, last]


def test_it_goes_by_time_and_each_request_comes_once() -> None:
    book = entry("book", "r1", "ana", at_ms=NOW)
    cancel = entry("cancel", "r2", "ana", "b1", at_ms=NOW + 1)
    again = entry("book", "r1", "ana", at_ms=NOW + 2)
    assert to_replay([again, cancel, book], "new") == [book, cancel]


def test_an_older_setting_does_not_undo_a_newer_one() -> None:
    lost = entry("favourite", "r1", "ana", "ben")
    of_another = entry("favourite", "r2", "ana", "cem")
    newer = entry("unfavourite", "r3", "ana", "ben", at_ms=NOW + 1, history="new")
    assert to_replay([lost, of_another, newer], "new") == [of_another]


def test_of_two_profiles_the_later_one_counts() -> None:
    first, second = (
        entry("set_profile", f"r{n}", "ana", f"profile {n}", at_ms=NOW + n) for n in range(2)
    )
    assert to_replay([first, second, entry("block", "r", "ana", "ben")], "new") == [
        entry("block", "r", "ana", "ben"),
        second,
    ]
