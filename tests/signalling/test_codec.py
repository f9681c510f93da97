"""Frames: each message has one, and nothing else is one."""

from __future__ import annotations

import json
from typing import get_args, get_type_hints

import msgpack
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalling import codec, wire
from signalling.errors import ProtocolError
from tests.support import golden_wire

CLIENT = {golden_wire.name_of_type(kind) for kind in get_args(wire.ClientMessage)}

junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text(max_size=20)
    | st.binary(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=20,
)
names = st.sampled_from(sorted(CLIENT))
half_messages = st.dictionaries(st.sampled_from(["n", "gen", "kind", "id", "v", "tab"]), junk)


def messages(kind: type[wire.Message]) -> st.SearchStrategy[wire.Message]:
    """Any value of a message type, with every field given."""
    hints = get_type_hints(kind)
    given_fields = {name: st.from_type(hints[name]) for name in kind.__struct_fields__}
    return st.builds(kind, **given_fields)


def test_every_message_has_a_golden_file() -> None:
    kinds = {*get_args(wire.ClientMessage), *get_args(wire.ServerMessage)}
    assert {golden_wire.name_of_type(kind) for kind in kinds} == golden_wire.good().keys()


@pytest.mark.parametrize("name", golden_wire.good())
def test_golden_files_are_what_the_code_says(name: str) -> None:
    path = golden_wire.FOLDER / f"{name}.json"
    assert path.read_text() == golden_wire.text(golden_wire.good()[name]), "write them anew"


def test_no_golden_file_is_left_over() -> None:
    found = {path.stem for path in golden_wire.FOLDER.glob("*.json")}
    assert found == golden_wire.good().keys()
    found = {path.stem for path in golden_wire.FOLDER.glob("bad/*.json")}
    assert found == golden_wire.bad().keys()


@pytest.mark.parametrize("path", sorted(golden_wire.FOLDER.glob("*.json")), ids=lambda p: p.stem)
def test_golden_frames_are_read(path: golden_wire.Path) -> None:
    golden = json.loads(path.read_text())
    decode = codec.decode if golden["from"] == "page" else codec.decode_server
    message = decode(bytes.fromhex(golden["msgpack"]))
    assert msgspec.to_builtins(message) == golden["message"]


@pytest.mark.parametrize(
    "path", sorted(golden_wire.FOLDER.glob("bad/*.json")), ids=lambda p: p.stem
)
def test_bad_frames_are_refused_by_code(path: golden_wire.Path) -> None:
    golden = json.loads(path.read_text())
    assert path.read_text() == golden_wire.text(golden_wire.bad()[path.stem])
    with pytest.raises(ProtocolError) as refused:
        codec.decode(bytes.fromhex(golden["msgpack"]))
    assert refused.value.code == golden["code"]


def test_a_frame_beyond_the_limit_is_refused_unread() -> None:
    frame, code = golden_wire.too_big()
    with pytest.raises(ProtocolError) as refused:
        codec.decode(frame)
    assert refused.value.code == code


def test_fields_that_have_defaults_may_be_left_out() -> None:
    frame = msgpack.packb({"t": "hello", "v": 1, "tab": "t1"})
    assert codec.decode(frame) == wire.Hello(v=1, tab="t1")


@given(st.binary(max_size=200))
def test_no_frame_of_random_bytes_raises_anything_else(frame: bytes) -> None:
    _read(frame)


@given(junk)
def test_no_frame_of_random_values_raises_anything_else(value: object) -> None:
    _read(msgpack.packb(value))


@given(names, half_messages)
def test_no_half_right_message_raises_anything_else(name: str, fields: dict[str, object]) -> None:
    _read(msgpack.packb({"t": name, **fields}))


@given(st.binary(max_size=40), st.integers(0, 39), st.sampled_from(sorted(golden_wire.good())))
def test_no_damaged_message_raises_anything_else(damage: bytes, at: int, name: str) -> None:
    frame = bytes.fromhex(golden_wire.good()[name]["msgpack"])
    _read(frame[:at] + damage + frame[at + len(damage) :])


@pytest.mark.parametrize("bomb", [b"\x91" * 50_000, b"\x81\xa1a" * 20_000], ids=["lists", "maps"])
def test_a_nesting_bomb_is_refused(bomb: bytes) -> None:
    with pytest.raises(ProtocolError):
        codec.decode(bomb)


@given(st.one_of(*(messages(kind) for kind in get_args(wire.ClientMessage))))
def test_what_a_page_says_survives_the_wire(message: wire.ClientMessage) -> None:
    frame = _frame(message)
    if frame is not None:
        assert codec.decode(frame) == message


@given(st.one_of(*(messages(kind) for kind in get_args(wire.ServerMessage))))
def test_what_a_hub_says_survives_the_wire(message: wire.ServerMessage) -> None:
    frame = _frame(message)
    if frame is not None:
        assert codec.decode_server(frame) == message


def _read(frame: bytes) -> None:
    try:
        codec.decode(frame)
    except ProtocolError:
        return


def _frame(message: wire.Message) -> bytes | None:
    """The frame, unless a number is beyond what any wire carries or it is too long."""
    try:
        frame = codec.encode(message)
    except OverflowError:
        return None
    return frame if len(frame) <= wire.FRAME_MAX else None
