"""Many datagrams a system call: `sendmmsg` and `recvmmsg` by cffi, all buffers laid out beforehand."""

from __future__ import annotations

from typing import Any

from cffi import FFI

PACKET = 1100
"""Bytes of a packet before it is protected."""
STRIDE = 1152
"""Room for a protected one."""
AT_ONCE = 64
LARGEST = 2048
DONT_WAIT = 0x40

ffi = FFI()
ffi.cdef("""
struct iovec { void *iov_base; size_t iov_len; };
struct msghdr {
    void *msg_name; unsigned int msg_namelen; struct iovec *msg_iov; size_t msg_iovlen;
    void *msg_control; size_t msg_controllen; int msg_flags;
};
struct mmsghdr { struct msghdr msg_hdr; unsigned int msg_len; };
int sendmmsg(int fd, struct mmsghdr *messages, unsigned int count, int flags);
int recvmmsg(int fd, struct mmsghdr *messages, unsigned int count, int flags, void *timeout);
""")
libc: Any = ffi.dlopen(None)


class Batch:
    """So many buffers of one size, each with its header."""

    def __init__(self, count: int, stride: int) -> None:
        self.count = count
        self._stride = stride
        self._memory = ffi.new("unsigned char[]", count * stride)
        self._vectors = ffi.new("struct iovec[]", count)
        self.headers: Any = ffi.new("struct mmsghdr[]", count)
        for n in range(count):
            self._vectors[n].iov_base = self._memory + n * stride
            self._vectors[n].iov_len = stride
            self.headers[n].msg_hdr.msg_iov = self._vectors + n
            self.headers[n].msg_hdr.msg_iovlen = 1
        self.view = memoryview(ffi.buffer(self._memory))

    def put(self, n: int, datagram: bytes) -> None:
        """What the n-th header sends."""
        begin = n * self._stride
        self.view[begin : begin + len(datagram)] = datagram
        self._vectors[n].iov_len = len(datagram)


class Sheaf(Batch):
    """Packets of one caller, to be sent in order."""

    def __init__(self, count: int) -> None:
        super().__init__(count, STRIDE)

    def send(self, fd: int, first: int, count: int) -> int:
        """Send from the first on; how many the kernel took."""
        return max(0, int(libc.sendmmsg(fd, self.headers + first, count, DONT_WAIT)))


class Letterbox(Batch):
    """Where what comes is read, for all callers alike."""

    def __init__(self) -> None:
        super().__init__(AT_ONCE, LARGEST)

    def receive(self, fd: int) -> int:
        """Read what is there; how many datagrams it was."""
        return max(0, int(libc.recvmmsg(fd, self.headers, AT_ONCE, DONT_WAIT, ffi.NULL)))

    def datagram(self, n: int) -> bytes:
        begin = n * LARGEST
        return bytes(self.view[begin : begin + self.headers[n].msg_len])
