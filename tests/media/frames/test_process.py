"""The worker's side of the decoder: a real process, which may die, hang or be asked too much."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from media.frames import process
from media.frames.process import WAITING_MAX, Decoder
from media.keyframe import KeyFrame
from media.picture import Verdict
from tests.media.frames.clips import black, desk, key_frame

WAIT_S = 20


@pytest.fixture
async def decoder() -> AsyncIterator[Decoder]:
    made = Decoder()
    made.start()
    yield made
    await made.stop()


async def looked(decoder: Decoder, frame: KeyFrame) -> Verdict | None:
    answer: asyncio.Future[Verdict | None] = asyncio.get_running_loop().create_future()
    assert decoder.ask(1, frame, first=True, tell=answer.set_result)
    return await asyncio.wait_for(answer, WAIT_S)


def pid_of(decoder: Decoder) -> int:
    assert decoder._process is not None
    return decoder._process.pid


def environment_of(pid: int) -> bytes:
    return Path(f"/proc/{pid}/environ").read_bytes()


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine takes its time to start a process."""
    monkeypatch.setattr(process, "DEADLINE_S", WAIT_S)
    monkeypatch.setattr(process, "PAUSE_S", 0.0)


@pytest.mark.usefixtures("patient")
async def test_pictures_go_in_and_words_come_out(decoder: Decoder) -> None:
    assert await looked(decoder, key_frame(black)) == "black"
    assert await looked(decoder, key_frame(desk, "h264")) == "ok"
    assert await looked(decoder, KeyFrame("vp8", [b"junk"])) is None


@pytest.mark.usefixtures("patient")
async def test_it_is_of_little_weight_and_knows_no_secret(
    decoder: Decoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALONGSIDE_SECRET", "not for decoders")
    assert await looked(decoder, key_frame(desk)) == "ok"
    pid = pid_of(decoder)
    assert os.getpriority(os.PRIO_PROCESS, pid) >= 10
    assert b"ALONGSIDE" not in environment_of(pid)


@pytest.mark.usefixtures("patient")
async def test_one_that_died_is_started_again(decoder: Decoder) -> None:
    assert await looked(decoder, key_frame(desk)) == "ok"
    os.kill(pid_of(decoder), signal.SIGKILL)
    answers = [await looked(decoder, key_frame(desk)) for _ in range(2)]
    assert answers[-1] == "ok"


async def test_what_is_wrong_with_one_who_asked_is_not_the_others_trouble(
    decoder: Decoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "DEADLINE_S", WAIT_S)

    def fail(_: Verdict | None) -> None:
        raise RuntimeError("a mistake of ours")

    assert decoder.ask(1, key_frame(desk), first=True, tell=fail)
    assert await looked(decoder, key_frame(desk)) == "ok"


async def test_the_worker_cannot_be_read_by_others_of_its_user() -> None:
    """In a process of its own: it holds from then on."""
    code = (
        "import ctypes; from media.frames.process import hide; hide();"
        "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )
    told = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, cwd=process.ROOT, stdout=asyncio.subprocess.PIPE
    )
    answer, _ = await told.communicate()
    assert answer.strip() == b"0", "what the kernel says to PR_GET_DUMPABLE"


async def test_one_that_hangs_is_ended_and_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "DEADLINE_S", 0.2)
    hanging = Decoder((sys.executable, "-c", "import time; time.sleep(60)"))
    hanging.start()
    assert await looked(hanging, key_frame(desk)) is None
    assert hanging._process is None
    await hanging.stop()


async def test_what_is_too_much_is_refused_at_once() -> None:
    decoder = Decoder()
    frame = key_frame(black)
    taken = [decoder.ask(1, frame, first=True, tell=lambda _: None) for _ in range(WAITING_MAX + 1)]
    assert taken == [True] * WAITING_MAX + [False]
    await decoder.stop()
    await decoder.stop()
