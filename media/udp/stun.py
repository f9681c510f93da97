"""STUN binding requests: bytes to checks, and the answer to a proven one (RFC 8489, RFC 8445).

Only the little a responder needs, so that a check costs a few microseconds: browsers send one every
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
_INTEGRITY_SIZE, _FINGERPRINT_SIZE = 24, 8
_FINGERPRINT_XOR = 0x5354554E
_V4, _V6 = 1, 2


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
        body = _headed(mapped, self._transaction, behind=_INTEGRITY_SIZE)
        body += _ATTRIBUTE.pack(_INTEGRITY, 20) + _digest(pwd, body)
        body = _headed(body[_HEADER.size :], self._transaction, behind=_FINGERPRINT_SIZE)
        return body + _ATTRIBUTE.pack(_FINGERPRINT, 4) + _fingerprint(body)


def read(datagram: bytes) -> Check | None:
    """A binding request with a user name and a proof, or None for anything else, sound or not."""
    if len(datagram) < _HEADER.size:
        return None
    kind, length, cookie, transaction = _HEADER.unpack_from(datagram)
    if kind != _REQUEST or cookie != _COOKIE or len(datagram) != _HEADER.size + length:
        return None
    found = _attributes(datagram)
    if found is None or _USERNAME not in found or _INTEGRITY not in found:
        return None
    integrity_at, integrity = found[_INTEGRITY]
    try:
        username = found[_USERNAME][1].decode()
    except UnicodeDecodeError:
        return None
    # What the proof covers: all before it, under a header that counts no further than it.
    before = datagram[_HEADER.size : integrity_at]
    return Check(
        username,
        nominate=_USE_CANDIDATE in found,
        transaction=transaction,
        covered=_headed(before, transaction, behind=_INTEGRITY_SIZE, kind=_REQUEST),
        integrity=integrity,
    )


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


def _headed(attributes: bytes, transaction: bytes, *, behind: int, kind: int = _SUCCESS) -> bytes:
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
    mask = int.from_bytes((struct.pack("!I", _COOKIE) + transaction)[: len(host)], "big")
    disguised = (int.from_bytes(host, "big") ^ mask).to_bytes(len(host), "big")
    port = source[1] ^ _COOKIE >> 16
    value = struct.pack("!BBH", 0, family, port) + disguised
    return _ATTRIBUTE.pack(_MAPPED, len(value)) + value
