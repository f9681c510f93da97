"""Events as they lie in the outbox."""

from __future__ import annotations

from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.events import AnyEvent, Booked, Cancelled, PoolChanged, Settled

EVENTS: tuple[Any, ...] = get_args(AnyEvent)


NUMBERS = st.integers(0, 2**53)


def any_of(event: Any) -> st.SearchStrategy[Any]:
    fields = {field.name: field.type for field in msgspec.structs.fields(event)}
    return st.builds(event, **{name: NUMBERS for name, type_ in fields.items() if type_ is int})


@given(st.one_of(*map(any_of, EVENTS)))
def test_an_event_comes_back_as_it_was(event: AnyEvent) -> None:
    packed = msgspec.msgpack.encode(event)
    assert msgspec.msgpack.decode(packed, type=AnyEvent) == event


def test_names_on_the_wire_are_the_classes_names_in_small_letters() -> None:
    names = [event.__struct_config__.tag for event in EVENTS]
    assert names == [
        "booked",
        "matched",
        "unmatched",
        "cancelled",
        "pool_changed",
        "late_due",
        "no_show_due",
        "ended",
        "closed",
        "settled",
        "flagged",
        "signed_out",
        "clock_moved",
        "locked",
        "revealed",
        "booking_changed",
        "reminder_due",
        "awaited",
        "plan_due",
        "asked",
        "ask_over",
        "nobody_free",
        "people_changed",
        "friend_asked",
        "friend_made",
        "invited",
        "written",
        "suspended",
    ]


def test_what_a_function_leaves_out_is_not_there() -> None:
    packed = msgspec.msgpack.encode(
        {
            "event": "cancelled",
            "at_ms": 1,
            "booking": "b1",
            "member": "ana",
            "start_ms": 2,
            "length_min": 25,
            "created_ms": 0,
        }
    )
    event = msgspec.msgpack.decode(packed, type=AnyEvent)
    assert isinstance(event, Cancelled)
    assert (event.pair, event.partner, event.by_system) == (None, None, False)


@pytest.mark.parametrize("missing", ["at_ms", "event"])
def test_an_event_without_its_essentials_is_refused(missing: str) -> None:
    fields = {"event": "pool_changed", "at_ms": 1, "start_ms": 2, "length_min": 25}
    del fields[missing]
    with pytest.raises(msgspec.ValidationError):
        msgspec.msgpack.decode(msgspec.msgpack.encode(fields), type=AnyEvent)


def test_events_are_values() -> None:
    assert PoolChanged(at_ms=1, start_ms=2, length_min=3) == PoolChanged(
        at_ms=1, start_ms=2, length_min=3
    )
    with pytest.raises(AttributeError):
        Booked(at_ms=1, booking="b", member="m", start_ms=2, length_min=3).booking = "x"  # type: ignore[misc]
    assert Settled(at_ms=1, pair="p", members=(), flagged=()).flagged == ()
