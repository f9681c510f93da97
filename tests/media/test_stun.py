"""STUN bytes to checks and back, held against aioice's."""

from __future__ import annotations

import pytest
from aioice import stun as reference
from hypothesis import given
from hypothesis import strategies as st

from media.udp import stun

PWD = "p" * 22
SOURCE = ("192.0.2.1", 1234)
USERNAMES = st.text(min_size=1, max_size=60)
PASSWORDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789+/", min_size=22, max_size=64)
SOURCES = st.tuples(
    st.ip_addresses().filter(lambda ip: not getattr(ip, "ipv4_mapped", None)).map(str),
    st.integers(0, 65535),
)


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


@pytest.mark.parametrize("source", [SOURCE, ("2001:db8::1", 65535), ("0.0.0.0", 0)])
def test_the_answer_tells_the_source_and_can_be_proven(source: tuple[str, int]) -> None:
    asked = request()
    check = stun.read(bytes(asked))
    assert check is not None
    answer = reference.parse_message(check.answer(PWD, source))
    assert answer.message_class is reference.Class.RESPONSE
    assert answer.transaction_id == asked.transaction_id
    assert answer.attributes["XOR-MAPPED-ADDRESS"] == source
    assert answer.check_message_integrity(PWD.encode())


def test_a_browser_on_ipv4_is_told_so_by_a_socket_for_both_families() -> None:
    check = stun.read(bytes(request()))
    assert check is not None
    answer = reference.parse_message(check.answer(PWD, ("::ffff:192.0.2.1", 1234)))
    assert answer.attributes["XOR-MAPPED-ADDRESS"] == SOURCE


def test_our_own_check_is_one_as_another_library_reads_it() -> None:
    asked = reference.parse_message(stun.request("theirs:ours", PWD, b"t" * 12))
    assert asked.check_message_integrity(PWD.encode())
    assert asked.message_class is reference.Class.REQUEST
    assert asked.transaction_id == b"t" * 12
    assert asked.attributes["USERNAME"] == "theirs:ours"
    assert "ICE-CONTROLLED" in asked.attributes
    assert "USE-CANDIDATE" not in asked.attributes


def test_an_answer_to_it_is_proven_by_the_password_alone() -> None:
    answer = reference.Message(
        reference.Method.BINDING, reference.Class.RESPONSE, transaction_id=b"t" * 12
    )
    assert stun.read_answer(bytes(answer)) is None, "a server that anybody may ask answers so"
    answer.add_message_integrity(PWD.encode())
    read = stun.read_answer(bytes(answer))
    assert read is not None
    assert (read.transaction, read.proves(PWD), read.proves("q" * 22)) == (b"t" * 12, True, False)
    assert stun.read_answer(bytes(request())) is None


@given(USERNAMES, PASSWORDS, st.binary(min_size=12, max_size=12), st.booleans(), SOURCES)
def test_every_byte_is_as_aioice_has_it(
    username: str, pwd: str, transaction: bytes, nominate: bool, source: tuple[str, int]
) -> None:
    asked = reference.Message(
        reference.Method.BINDING,
        reference.Class.REQUEST,
        transaction_id=transaction,
        attributes={"USERNAME": username, "PRIORITY": 1, "ICE-CONTROLLING": 7}
        | ({"USE-CANDIDATE": None} if nominate else {}),
    )
    asked.add_message_integrity(pwd.encode())
    check = stun.read(bytes(asked))
    assert check is not None
    assert (check.username, check.nominate) == (username, nominate)
    assert check.proves(pwd)
    assert not check.proves(pwd + "x")
    answer = reference.Message(
        reference.Method.BINDING,
        reference.Class.RESPONSE,
        transaction_id=transaction,
        attributes={"XOR-MAPPED-ADDRESS": source},
    )
    answer.add_message_integrity(pwd.encode())
    assert check.answer(pwd, source) == bytes(answer)


def test_what_follows_the_proof_does_not_count() -> None:
    message = request()
    message.attributes.pop("FINGERPRINT")
    message.attributes["USE-CANDIDATE"] = None
    check = stun.read(bytes(message))
    assert check is not None
    assert check.proves(PWD)
    assert not check.nominate


def test_a_wrong_fingerprint_or_none_of_a_proof_is_no_check() -> None:
    damaged = bytearray(bytes(request()))
    damaged[-1] ^= 1
    assert stun.read(bytes(damaged)) is None
    bare = reference.Message(
        reference.Method.BINDING, reference.Class.REQUEST, attributes={"USERNAME": "a:b"}
    )
    assert stun.read(bytes(bare)) is None


@pytest.mark.parametrize("at", range(len(bytes(request())) - 8))
def test_a_change_of_any_byte_is_no_proof(at: int) -> None:
    damaged = bytearray(bytes(request())[:-8])
    damaged[3] -= 8
    unchanged = stun.read(bytes(damaged))
    assert unchanged is not None
    assert unchanged.proves(PWD)
    damaged[at] ^= 1
    check = stun.read(bytes(damaged))
    assert check is None or not check.proves(PWD)


@pytest.mark.parametrize("kind", [reference.Class.RESPONSE, reference.Class.ERROR])
def test_answers_are_not_requests(kind: reference.Class) -> None:
    message = reference.Message(
        reference.Method.BINDING, kind, attributes={"USERNAME": "ours:theirs"}
    )
    assert stun.read(bytes(message)) is None


@given(st.binary(max_size=200), st.integers(0, 199), st.integers(0, 255))
def test_no_bytes_raise(junk: bytes, at: int, value: int) -> None:
    stun.read(junk)
    stun.read_answer(junk)
    damaged = bytearray(bytes(request()))
    damaged[at % len(damaged)] = value
    stun.read(bytes(damaged))
    stun.read(bytes(damaged[:at]))
