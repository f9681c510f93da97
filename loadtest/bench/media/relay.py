"""`python -m loadtest.bench.media.relay`: the relay one writes first with aiortc: every track decoded and
encoded again.

Input: a line of JSON for each pair, the offers of both. Output: the answers.
"""

from __future__ import annotations

import asyncio
import sys

import msgspec
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription

from loadtest.bench.media.pion import Answer, Question
from loadtest.rtc.hooks import offer_loopback


class Ends:
    """Both connections of a pair; what one receives the other sends."""

    def __init__(self) -> None:
        self._connections = (RTCPeerConnection(), RTCPeerConnection())
        for own, other in (self._connections, reversed(self._connections)):
            own.on("track", Passing(other))

    async def answer(self, question: Question) -> Answer:
        for connection, sdp in zip(self._connections, question.offers, strict=True):
            await connection.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
        for connection in self._connections:
            offer_loopback(connection)
            await connection.setLocalDescription(await connection.createAnswer())
        first, second = (connection.localDescription.sdp for connection in self._connections)
        return Answer((first, second))

    async def close(self) -> None:
        await asyncio.gather(*(connection.close() for connection in self._connections))


class Passing:
    """Gives one connection's tracks to the other."""

    def __init__(self, other: RTCPeerConnection) -> None:
        self._other = other

    def __call__(self, track: MediaStreamTrack) -> None:
        self._other.addTrack(track)


async def main() -> None:
    kept = []
    while line := await asyncio.to_thread(sys.stdin.readline):
        ends = Ends()
        kept.append(ends)
        answer = await ends.answer(msgspec.json.decode(line, type=Question))
        sys.stdout.write(f"{msgspec.json.encode(answer).decode()}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
