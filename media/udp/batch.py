"""Many datagrams by one system call: `recvmmsg` and `sendmmsg`, through cffi.

All memory is made once. `Arena` holds the buffers in which packets arrive, are changed, and leave;
an `Inbox` reads one socket into them, an `Outbox` sends from them through one socket. What the
loop wants to know of a batch it gets as lists, by one call each instead of one a packet.

The kernel leaves the I/O vectors alone that an inbox reads by, and a socket of one family always
gives names of one size; so between batches there is nothing to reset there. What changes is
set anew for every batch: the lengths to send, and whom to.
"""

from __future__ import annotations

import errno
import socket
import struct
import sys
from array import array
from collections.abc import Sequence
from typing import Any, Literal

from cffi import FFI

from media.demux import DATAGRAM_MAX
from media.rtc import dtls
from media.udp.names import V4_SIZE, V6_SIZE
from media.udp.port import BATCH as BATCH

ROOM = dtls.ROOM
"""Bytes of one buffer. Protecting writes behind what was received, but never this far."""

STRIDE = ROOM + 64
"""From one buffer to the next. Nobody writes between them; the tests look whether that is so."""

NAME_STRIDE = 32

ffi = FFI()
ffi.cdef(
    """
    struct iovec { void *iov_base; size_t iov_len; };
    struct msghdr {
        void *msg_name; unsigned int msg_namelen;
        struct iovec *msg_iov; size_t msg_iovlen;
        void *msg_control; size_t msg_controllen;
        int msg_flags;
    };
    struct mmsghdr { struct msghdr msg_hdr; unsigned int msg_len; };
    int recvmmsg(int socket, struct mmsghdr *messages, unsigned int count, int flags, void *timeout);
    int sendmmsg(int socket, struct mmsghdr *messages, unsigned int count, int flags);
    """
)
libc: Any = ffi.dlopen(None)

_MESSAGE = ffi.sizeof("struct mmsghdr")
_LENGTH_AT = ffi.offsetof("struct mmsghdr", "msg_len")
_NAME_AT = ffi.offsetof("struct msghdr", "msg_name")
_VECTOR_AT = ffi.offsetof("struct msghdr", "msg_iov")
_VECTOR = ffi.sizeof("struct iovec")
_VECTOR_LENGTH_AT = ffi.offsetof("struct iovec", "iov_len")
_LOW_HALF = 0 if sys.byteorder == "little" else 4
_NAME_V6 = struct.Struct(f"{V6_SIZE}s{NAME_STRIDE - V6_SIZE}x")


def place_of(pointer: Any) -> int:
    """Where something is in memory."""
    return int(ffi.cast("uintptr_t", pointer))


def every(memory: Any, format: Literal["H", "I", "Q"], *, at: int, stride: int) -> memoryview[int]:
    """One number of each of many equal structures, as a view that reads and writes them in bulk."""
    numbers = memoryview(ffi.buffer(memory)).cast("B").cast(format)
    size = struct.calcsize(format)
    assert at % size == stride % size == 0
    return numbers[at // size :: stride // size]


class Arena:
    """The buffers of one batch, whichever socket it came from."""

    def __init__(self) -> None:
        self._buffers = ffi.new("unsigned char[]", BATCH * STRIDE)
        self.bytes = memoryview(ffi.buffer(self._buffers))
        start = place_of(self._buffers)
        self.slots = range(BATCH)
        self.places = [start + slot * STRIDE for slot in self.slots]
        self.data = [dtls.ffi.cast("void *", place) for place in self.places]
        """The buffers again, as libsrtp takes them."""
        self._heads = every(self._buffers, "H", at=0, stride=STRIDE)
        self._ssrcs = every(self._buffers, "I", at=8, stride=STRIDE)
        self.vectors = ffi.new("struct iovec[]", BATCH)
        """What is sent: the same buffers, as long as the packet in them."""
        for vector, place in zip(self.vectors, self.places, strict=True):
            vector.iov_base = ffi.cast("void *", place)
        self._lengths = every(self.vectors, "I", at=_VECTOR_LENGTH_AT + _LOW_HALF, stride=_VECTOR)

    def heads(self, count: int) -> list[int]:
        """The first two bytes of each packet, as one number in the machine's order."""
        return self._heads[:count].tolist()

    def ssrcs(self, count: int) -> list[int]:
        """Bytes 8 to 12 of each, likewise: of RTP, the stream."""
        return self._ssrcs[:count].tolist()

    def datagram(self, slot: int, length: int) -> bytes:
        return bytes(self.bytes[slot * STRIDE : slot * STRIDE + length])

    def write(self, slot: int, datagram: bytes) -> None:
        """Put another datagram where one was received."""
        assert len(datagram) <= ROOM
        self.bytes[slot * STRIDE : slot * STRIDE + len(datagram)] = datagram

    def set_lengths(self, lengths: memoryview[int]) -> None:
        """Have so much sent of each buffer."""
        self._lengths[: len(lengths)] = lengths


class Inbox:
    """Reads one socket into the arena."""

    def __init__(self, opened: socket.socket, arena: Arena) -> None:
        self._socket = opened.fileno()
        self._is_v6 = opened.family == socket.AF_INET6
        self._vectors = ffi.new("struct iovec[]", BATCH)
        self._names = ffi.new("unsigned char[]", BATCH * NAME_STRIDE)
        self._messages = ffi.new("struct mmsghdr[]", BATCH)
        for slot in range(BATCH):
            vector, header = self._vectors[slot], self._messages[slot].msg_hdr
            vector.iov_base = ffi.cast("void *", arena.places[slot])
            vector.iov_len = DATAGRAM_MAX + 1  # so that what was cut off is told by its length
            header.msg_iov, header.msg_iovlen = self._vectors + slot, 1
            header.msg_name = self._names + slot * NAME_STRIDE
            header.msg_namelen = V6_SIZE if self._is_v6 else V4_SIZE
        start = place_of(self._messages) + _LENGTH_AT
        self.sizes = [dtls.ffi.cast("int *", start + slot * _MESSAGE) for slot in range(BATCH)]
        """Where the kernel writes each length, and libsrtp changes it."""
        self.lengths = every(self._messages, "I", at=_LENGTH_AT, stride=_MESSAGE)
        self._keys = every(self._names, "Q", at=0, stride=NAME_STRIDE)
        self._name_bytes = memoryview(ffi.buffer(self._names))

    def receive(self) -> int:
        """Read what has come, `BATCH` at most, and say how many; raises `OSError`."""
        count: int = libc.recvmmsg(
            self._socket, self._messages, BATCH, socket.MSG_DONTWAIT, ffi.NULL
        )
        if count >= 0:
            return count
        if ffi.errno in (errno.EAGAIN, errno.EINTR):
            return 0
        raise OSError(ffi.errno, "recvmmsg")

    def keys(self, count: int) -> Sequence[int | bytes]:
        """By what each one's sender is looked up (see `names.key_of`)."""
        if self._is_v6:
            names = self._name_bytes[: count * NAME_STRIDE]
            return [name for (name,) in _NAME_V6.iter_unpack(names)]
        return self._keys[:count].tolist()

    def name(self, slot: int) -> bytes:
        """One sender's sockaddr."""
        at = slot * NAME_STRIDE
        return bytes(self._name_bytes[at : at + (V6_SIZE if self._is_v6 else V4_SIZE)])


class Outbox:
    """Collects what is to be sent through one socket, and sends it."""

    def __init__(self, opened: socket.socket, arena: Arena) -> None:
        self.slots: list[int] = []
        """Buffers to send, ascending."""
        self.names: list[int] = []
        """Where in memory the sockaddr of each one's target is."""
        self._socket = opened.fileno()
        self._messages = ffi.new("struct mmsghdr[]", BATCH)
        start = place_of(arena.vectors)
        self._vectors = array("Q", [start + slot * _VECTOR for slot in range(BATCH)])
        for message in self._messages:
            message.msg_hdr.msg_iovlen = 1
            message.msg_hdr.msg_namelen = V6_SIZE if opened.family == socket.AF_INET6 else V4_SIZE
        self._vector_of = every(self._messages, "Q", at=_VECTOR_AT, stride=_MESSAGE)
        self._name_of = every(self._messages, "Q", at=_NAME_AT, stride=_MESSAGE)
        self._sent = every(self._messages, "I", at=_LENGTH_AT, stride=_MESSAGE)
        self._vector_of[:] = self._vectors
        self._in_order = True

    def flush(self) -> tuple[int, int, int]:
        """Send everything collected; how many went, their bytes, and how many could not."""
        slots, count = self.slots, len(self.slots)
        self._name_of[:count] = array("Q", self.names)
        self._aim_at_buffers(slots, count)
        done = packets = octets = 0
        while done < count:
            sent = libc.sendmmsg(self._socket, self._messages + done, count - done, 0)
            if sent <= 0:
                done += 1  # the kernel stops before one it cannot send: the next ones may go
                continue
            packets += sent
            octets += sum(self._sent[done : done + sent].tolist())
            done += sent
        self.clear()
        return packets, octets, count - packets

    def clear(self) -> None:
        self.slots.clear()
        self.names.clear()

    def _aim_at_buffers(self, slots: list[int], count: int) -> None:
        """Mostly everything that came is sent on: then message and buffer have the same number."""
        in_order = slots[-1] == count - 1
        if not in_order:
            vectors = self._vectors
            self._vector_of[:count] = array("Q", [vectors[slot] for slot in slots])
        elif not self._in_order:
            self._vector_of[:] = self._vectors
        self._in_order = in_order
