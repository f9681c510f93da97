"""STUN binding requests: bytes to checks, and the answer to a proven one (RFC 8489, by aioice)."""

from __future__ import annotations

import struct

from aioice import stun

from media.ice import Address


class Check:
    """One connectivity check, not yet proven."""

    __slots__ = ("_message", "nominate", "username")

    def __init__(self, message: stun.Message) -> None:
        self._message = message
        self.username: str = message.attributes.get("USERNAME", "")
        self.nominate = "USE-CANDIDATE" in message.attributes

    def proves(self, pwd: str) -> bool:
        """Whether the sender knows this password."""
        return bool(self._message.check_message_integrity(pwd.encode()))

    def answer(self, pwd: str, source: Address) -> bytes:
        """The success response. Only ever made for a check that `proves` the same password."""
        response = stun.Message(
            stun.Method.BINDING,
            stun.Class.RESPONSE,
            transaction_id=self._message.transaction_id,
            attributes={"XOR-MAPPED-ADDRESS": source},
        )
        response.add_message_integrity(pwd.encode())
        return bytes(response)


def read(datagram: bytes) -> Check | None:
    """A binding request with a user name, or None for anything else, sound or not."""
    try:
        message = stun.parse_message(datagram)
    except (ValueError, struct.error, IndexError):
        return None
    is_request = message.message_class == stun.Class.REQUEST
    if not is_request or message.message_method != stun.Method.BINDING:
        return None
    return Check(message) if "USERNAME" in message.attributes else None
