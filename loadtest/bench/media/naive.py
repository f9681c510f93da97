"""The naive relay on aiortc, and how many pairs of it a core carries.

Two pairs get camera and microphone in real time. Pairs a core are the pairs over the share of a core
that they took, times the share of the sound that arrived: where it all arrives that is what a
whole core would carry, and where the relay is overrun it is what it does carry. Ours are packets a
core over packets of such a pair (`tally.PAIR_PPS`): both are extrapolated in the same way.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

import msgspec

from loadtest.bench.media.caller import Caller
from loadtest.bench.media.clip import CHUNKS_A_SECOND, SECONDS, Piece, Reel, clip
from loadtest.bench.media.descriptions import AUDIO_PT, VIDEO_PT, Stream, description, server_end
from loadtest.bench.media.pion import Answer, Question
from loadtest.bench.media.process import Wanted, cpu_s, hear, running, say
from loadtest.bench.media.tally import Room
from loadtest.bench.store.servers import NotHere

NAIVE = "naive"
PAIRS = 2
SETTLE_S = 2.0
MEASURE_S = 6.0


class Viewer(Caller):
    """A caller with camera and microphone, who counts the sound that arrives."""

    def __init__(self, host: str, n: int) -> None:
        super().__init__(host, 2 * n + 1)
        self.sounds = 0
        self._audio_ssrc = 2 * n + 2
        self._reel = Reel({VIDEO_PT: self.ssrc, AUDIO_PT: self._audio_ssrc})

    def offer(self) -> str:
        streams = [
            Stream(media="audio", ssrc=self._audio_ssrc, mid="0"),
            Stream(media="video", ssrc=self.ssrc, mid="1"),
        ]
        return description(self.end, streams)

    def heard(self, datagram: bytes) -> None:
        self.sounds += datagram[1] & 0x7F == AUDIO_PT

    def play(self, piece: Piece, turn: int) -> None:
        for packet in self._reel.packets(piece, turn):
            self.sock.send(self.tx.protect(packet))


async def naive_rooms(wanted: Wanted, place: Path, repeat: int) -> Room:
    """Pairs a core, once."""
    log = place / "naive.log"
    command = [sys.executable, "-m", "loadtest.bench.media.relay"]
    async with running(command, wanted, log) as process:
        viewers = [Viewer(wanted.host, n) for n in range(2 * PAIRS)]
        for one, other in zip(viewers[::2], viewers[1::2], strict=True):
            await say(process, msgspec.json.encode(Question((one.offer(), other.offer()))).decode())
            answers = msgspec.json.decode(await hear(process, log), type=Answer).answers
            ends = [server_end(answer, wanted.host) for answer in answers]
            await asyncio.gather(one.connect(ends[0]), other.connect(ends[1]))
        return await watched(process.pid, viewers, clip(), repeat)


async def watched(pid: int, viewers: list[Viewer], pieces: list[Piece], repeat: int) -> Room:
    """Play until it runs evenly, then measure."""
    loop = asyncio.get_running_loop()
    for viewer in viewers:
        loop.add_reader(viewer.sock, viewer.read)
    playing = asyncio.create_task(show(viewers, pieces))
    try:
        await asyncio.sleep(SETTLE_S)
        cpu, begun, before = cpu_s(pid), time.perf_counter(), sounds_of(viewers)
        await asyncio.sleep(MEASURE_S)
        took = time.perf_counter() - begun
        share, came = (cpu_s(pid) - cpu) / took, (sounds_of(viewers) - before) / took
    finally:
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)
        for viewer in viewers:
            loop.remove_reader(viewer.sock)
            viewer.sock.close()
    return room_of(repeat, share, came)


def room_of(repeat: int, share: float, sounds_a_second: float) -> Room:
    """`NotHere` if nothing came: then it did not carry anything."""
    heard = min(1.0, sounds_a_second / (2 * PAIRS * CHUNKS_A_SECOND))
    if heard < 0.1 or share <= 0:
        raise NotHere(f"{heard:.0%} of the sound arrived")
    return Room(subject=NAIVE, repeat=repeat, pairs=PAIRS * heard / share)


def sounds_of(viewers: list[Viewer]) -> int:
    return sum(viewer.sounds for viewer in viewers)


async def show(viewers: list[Viewer], pieces: list[Piece]) -> None:
    """Everybody's clip, in real time, until cancelled."""
    begun, turn = time.perf_counter(), 0
    while True:
        for piece in pieces:
            due = begun + turn * SECONDS + piece.at_s
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            for viewer in viewers:
                viewer.play(piece, turn)
        turn += 1
