"""A worker's life."""

from __future__ import annotations

import gc
import socket

import pytest

from media.config import MediaConfig
from media.errors import BadConfig
from media.web.worker import Worker
from tests.media.conftest import SECRET, Bench


async def test_ready_from_start_to_stop() -> None:
    worker = Worker(MediaConfig(secret=SECRET))
    assert not worker.ready()
    await worker.start()
    assert worker.ready()
    await worker.stop()
    await worker.stop()
    assert not worker.ready()


async def test_what_cannot_work_is_refused_before_anything_is_opened() -> None:
    with pytest.raises(BadConfig):
        Worker(MediaConfig(secret="short"))


async def test_a_taken_port_is_an_error_and_leaves_nothing_open() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        worker = Worker(MediaConfig(secret=SECRET, port=taken.getsockname()[1]))
        with pytest.raises(OSError, match="in use"):
            await worker.start()
    assert not worker.ready()


async def test_serves_the_control_link_only(bench: Bench) -> None:
    for path in ("/", "/metrics", "/control/"):
        assert (await bench.client.get(path)).status == 404


async def test_freezes_what_exists_if_told_to() -> None:
    worker = Worker(MediaConfig(secret=SECRET, freeze=True))
    await worker.start()
    frozen = gc.get_freeze_count()
    gc.unfreeze()
    await worker.stop()
    assert frozen > 0
