"""STUN binding requests: bytes to checks, the answer to a proven one, and a check of our own with its
answer (RFC 8489, RFC 8445).

Only the little that takes, so that a check costs a few microseconds: browsers send one every
two seconds or so for as long as a call lasts. The tests hold it against aioice's STUN.
"""

from __future__ import annotations

import hmac
import struct
import zlib

from media.ice import Address
from media.udp.names import V6_SIZE, name_of

_HEADER = struct.Struct("!HHI12s")
_ATTRIBUTE = struct.Struct("!HH")
_COOKIE = 0x2112A442
_REQUEST, _SUCCESS = 0x0001, 0x0101
_USERNAME, _INTEGRITY, _MAPPED, _USE_CANDIDATE, _FINGERPRINT = 6, 8, 0x20, 0x25, 0x8028
_PRIORITY, _CONTROLLED = 0x24, 0x8029
_HOST_PRIORITY = struct.pack("!I", 2130706431)
_INTEGRITY_SIZE, _FINGERPRINT_SIZE = 24, 8
_FINGERPRINT_XOR = 0x5354554E
_V4, _V6 = 1, 2
_V4_IN_V6 = bytes(10) + b"\xff\xff"

TRANSACTION_SIZE = 12


class Check:
    """One connectivity check, not yet proven."""

    __slots__ = ("_covered", "_integrity", "_transaction", "nominate", "username")

    def __init__(
        self, username: str, *, nominate: bool, transaction: bytes, covered: bytes, integrity: bytes
    ) -> None:
        self.username = username
        self.nominate = nominate
        self._transaction = transaction
        self._covered = covered
        self._integrity = integrity

    def proves(self, pwd: str) -> bool:
        """Whether the sender knows this password."""
        return hmac.compare_digest(self._integrity, _digest(pwd, self._covered))

    def answer(self, pwd: str, source: Address) -> bytes:
        """The success response. Only ever made for a check that `proves` the same password."""
        mapped = _mapped(source, self._transaction)
        return _sealed(mapped, self._transaction, pwd, kind=_SUCCESS)


class Answer:
    """A success response to a check of ours, not yet proven."""

    __slots__ = ("_covered", "_integrity", "transaction")

    def __init__(self, transaction: bytes, covered: bytes, integrity: bytes) -> None:
        self.transaction = transaction
        self._covered = covered
        self._integrity = integrity

    def proves(self, pwd: str) -> bool:
        """Whether the sender knows this password."""
        return hmac.compare_digest(self._integrity, _digest(pwd, self._covered))


def read(datagram: bytes) -> Check | None:
    """A binding request with a user name and a proof, or None for anything else, sound or not."""
    found = _attributes(datagram) if _is(datagram, _REQUEST) else None
    if found is None or _USERNAME not in found or _INTEGRITY not in found:
        return None
    try:
        username = found[_USERNAME][1].decode()
    except UnicodeDecodeError:
        return None
    transaction, covered, integrity = _proof(datagram, found, _REQUEST)
    return Check(
        username,
        nominate=_USE_CANDIDATE in found,
        transaction=transaction,
        covered=covered,
        integrity=integrity,
    )


def read_answer(datagram: bytes) -> Answer | None:
    """A success response with a proof, or None for anything else."""
    found = _attributes(datagram) if _is(datagram, _SUCCESS) else None
    if found is None or _INTEGRITY not in found:
        return None
    return Answer(*_proof(datagram, found, _SUCCESS))


def request(username: str, pwd: str, transaction: bytes) -> bytes:
    """A check of our own, as the side that never nominates."""
    attributes = _attribute(_USERNAME, username.encode()) + _attribute(_PRIORITY, _HOST_PRIORITY)
    attributes += _attribute(_CONTROLLED, bytes(8))
    return _sealed(attributes, transaction, pwd, kind=_REQUEST)


def _is(datagram: bytes, wanted: int) -> bool:
    """Whether this is a message of this kind, as long as it says."""
    if len(datagram) < _HEADER.size:
        return False
    kind, length, cookie, _ = _HEADER.unpack_from(datagram)
    return bool(kind == wanted and cookie == _COOKIE and len(datagram) == _HEADER.size + length)


def _proof(
    datagram: bytes, found: dict[int, tuple[int, bytes]], kind: int
) -> tuple[bytes, bytes, bytes]:
    """The transaction; what the proof covers, which is all before it, under a header that counts no
    further than it; and the proof."""
    transaction = datagram[_HEADER.size - TRANSACTION_SIZE : _HEADER.size]
    at, integrity = found[_INTEGRITY]
    before = datagram[_HEADER.size : at]
    return transaction, _headed(before, transaction, behind=_INTEGRITY_SIZE, kind=kind), integrity


def _attributes(datagram: bytes) -> dict[int, tuple[int, bytes]] | None:
    """Where each attribute begins, and its value; None if they do not add up.

    What follows the proof is not proven and left out, but for the fingerprint, which has to fit.
    """
    found: dict[int, tuple[int, bytes]] = {}
    at = _HEADER.size
    while at < len(datagram):
        if at + _ATTRIBUTE.size > len(datagram):
            return None
        kind, length = _ATTRIBUTE.unpack_from(datagram, at)
        value = datagram[at + 4 : at + 4 + length]
        if len(value) < length:
            return None
        if kind == _FINGERPRINT:
            return found if value == _fingerprint(datagram[:at]) else None
        if _INTEGRITY not in found:
            found.setdefault(kind, (at, value))
        at += 4 + (length + 3 & ~3)
    return found


def _sealed(attributes: bytes, transaction: bytes, pwd: str, *, kind: int) -> bytes:
    """A whole message, with proof and fingerprint."""
    body = _headed(attributes, transaction, behind=_INTEGRITY_SIZE, kind=kind)
    body += _attribute(_INTEGRITY, _digest(pwd, body))
    body = _headed(body[_HEADER.size :], transaction, behind=_FINGERPRINT_SIZE, kind=kind)
    return body + _attribute(_FINGERPRINT, _fingerprint(body))


def _attribute(kind: int, value: bytes) -> bytes:
    return _ATTRIBUTE.pack(kind, len(value)) + value + bytes(-len(value) % 4)


def _headed(attributes: bytes, transaction: bytes, *, behind: int, kind: int) -> bytes:
    """A message whose header counts `behind` more bytes than are there yet."""
    return _HEADER.pack(kind, len(attributes) + behind, _COOKIE, transaction) + attributes


def _digest(pwd: str, covered: bytes) -> bytes:
    return hmac.digest(pwd.encode(), covered, "sha1")


def _fingerprint(covered: bytes) -> bytes:
    return struct.pack("!I", zlib.crc32(covered) ^ _FINGERPRINT_XOR)


def _mapped(source: Address, transaction: bytes) -> bytes:
    """XOR-MAPPED-ADDRESS: where the check came from, disguised from meddling middleboxes."""
    name = name_of(source)
    family, host = (_V6, name[8:24]) if len(name) == V6_SIZE else (_V4, name[4:8])
    if host.startswith(_V4_IN_V6):  # one socket for both families: the browser only knows IPv4
        family, host = _V4, host[12:]
    mask = int.from_bytes((struct.pack("!I", _COOKIE) + transaction)[: len(host)], "big")
    disguised = (int.from_bytes(host, "big") ^ mask).to_bytes(len(host), "big")
    port = source[1] ^ _COOKIE >> 16
    value = struct.pack("!BBH", 0, family, port) + disguised
    return _attribute(_MAPPED, value)
