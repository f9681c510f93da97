"""STUN bytes to checks and back."""

from __future__ import annotations

import pytest
from aioice import stun as reference
from hypothesis import given
from hypothesis import strategies as st

from media.udp import stun

PWD = "p" * 22
SOURCE = ("192.0.2.1", 1234)


def request(**attributes: object) -> reference.Message:
    message = reference.Message(
        reference.Method.BINDING,
        reference.Class.REQUEST,
        attributes={"USERNAME": "ours:theirs"} | attributes,
    )
    message.add_message_integrity(PWD.encode())
    return message


def test_a_request_is_read() -> None:
    check = stun.read(bytes(request()))
    assert check is not None
    assert check.username == "ours:theirs"
    assert not check.nominate


def test_a_nomination_is_seen() -> None:
    check = stun.read(bytes(request(**{"USE-CANDIDATE": None})))
    assert check is not None
    assert check.nominate


def test_only_the_password_proves() -> None:
    check = stun.read(bytes(request()))
    assert check is not None
    assert check.proves(PWD)
    assert not check.proves("q" * 22)


def test_the_answer_tells_the_source_and_can_be_proven() -> None:
    asked = request()
    check = stun.read(bytes(asked))
    assert check is not None
    answer = reference.parse_message(check.answer(PWD, SOURCE))
    assert answer.message_class is reference.Class.RESPONSE
    assert answer.transaction_id == asked.transaction_id
    assert answer.attributes["XOR-MAPPED-ADDRESS"] == SOURCE
    assert answer.check_message_integrity(PWD.encode())


@pytest.mark.parametrize("kind", [reference.Class.RESPONSE, reference.Class.ERROR])
def test_answers_are_not_requests(kind: reference.Class) -> None:
    message = reference.Message(
        reference.Method.BINDING, kind, attributes={"USERNAME": "ours:theirs"}
    )
    assert stun.read(bytes(message)) is None


@given(st.binary(max_size=200), st.integers(0, 199), st.integers(0, 255))
def test_no_bytes_raise(junk: bytes, at: int, value: int) -> None:
    stun.read(junk)
    damaged = bytearray(bytes(request()))
    damaged[at % len(damaged)] = value
    stun.read(bytes(damaged))
    stun.read(bytes(damaged[:at]))
