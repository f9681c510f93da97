"""The naive relay: both ends of a pair on aiortc."""

from __future__ import annotations

import asyncio

from aiortc.sdp import SessionDescription

from loadtest.bench.media.descriptions import server_end
from loadtest.bench.media.naive import Viewer
from loadtest.bench.media.pion import Question
from loadtest.bench.media.relay import Ends

HOST = "127.0.0.1"


async def test_it_answers_both_and_connects_them() -> None:
    ends, viewers = Ends(), [Viewer(HOST, n) for n in range(2)]
    answers = (await ends.answer(Question((viewers[0].offer(), viewers[1].offer())))).answers
    for answer in answers:
        media = SessionDescription.parse(answer).media
        assert [(section.kind, section.direction) for section in media] == [
            ("audio", "sendrecv"),
            ("video", "sendrecv"),
        ]
    places = [server_end(answer, HOST) for answer in answers]
    await asyncio.gather(*(v.connect(end) for v, end in zip(viewers, places, strict=True)))
    assert all(viewer.tx and viewer.rx for viewer in viewers)
    await ends.close()
    for viewer in viewers:
        viewer.sock.close()
