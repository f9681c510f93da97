"""No server at all."""

from __future__ import annotations

from loadtest.bench.media.direct import facing


def test_two_lines_end_in_each_other() -> None:
    one, other = facing("127.0.0.1", 3)
    packet = bytes.fromhex("8060000100000001") + one.ssrc.to_bytes(4, "big") + b"payload"
    one.sock.send(one.tx.protect(packet))
    assert other.rx.unprotect(other.sock.recv(2048)) == packet
    assert one.ssrc != other.ssrc
    for line in (one, other):
        line.sock.close()
