"""Instants keep their milliseconds; whatever comes in is refused if it holds an unknown field."""

from __future__ import annotations

import importlib
import pkgutil
from datetime import datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.errors import BadField
from scheduler.web import schemas
from scheduler.web.schemas import In, Out, instant, ms_of

MODULES = [
    schemas,
    *(
        importlib.import_module(f"{schemas.__name__}.{found.name}")
        for found in pkgutil.iter_modules(schemas.__path__)
    ),
]


def types_of(base: type) -> list[type]:
    """Every type of that base which a module of schemas declares."""
    return [
        each
        for module in MODULES
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, base) and each.__module__ == module.__name__
    ]


INCOMING = types_of(In)
OUTGOING = types_of(Out)


@given(st.integers(0, 4_000_000_000_000))
def test_an_instant_survives_the_wire(at_ms: int) -> None:
    written = msgspec.json.encode(instant(at_ms))
    assert written.endswith(b'Z"')
    assert ms_of(msgspec.json.decode(written, type=schemas.Instant), "at") == at_ms


def test_an_instant_may_come_from_any_zone() -> None:
    nine = datetime.fromisoformat("2026-11-24T09:00:00+05:45")
    assert ms_of(nine, "start") == ms_of(datetime.fromisoformat("2026-11-24T03:15:00Z"), "start")


def test_nothing_finer_than_a_millisecond_is_an_instant() -> None:
    with pytest.raises(BadField):
        ms_of(datetime.fromisoformat("2026-11-24T09:00:00.000001Z"), "start")


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_the_ends_of_time_are_numbers_too(text: str) -> None:
    assert isinstance(ms_of(msgspec.convert(text, schemas.Instant), "start"), int)


@pytest.mark.parametrize("type_", INCOMING, ids=lambda each: each.__name__)
def test_unknown_fields_are_refused(type_: type[msgspec.Struct]) -> None:
    assert type_.__struct_config__.forbid_unknown_fields


@pytest.mark.parametrize("type_", OUTGOING, ids=lambda each: each.__name__)
def test_answers_show_every_field(type_: type[msgspec.Struct]) -> None:
    assert not type_.__struct_config__.omit_defaults
