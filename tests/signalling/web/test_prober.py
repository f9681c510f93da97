"""Who asks for a probe gets a leg or hears soon that there is none."""

from __future__ import annotations

import asyncio

import pytest

from media import control
from media.control import HubMessage, Load
from signalling import events, probing
from signalling.commands import TellWorker
from signalling.web import metrics
from signalling.web import prober as module
from signalling.web.prober import Prober
from tests.signalling.stage import LEGS
from tests.signalling.web.border import until


class Worker:
    """What a worker was told, and the hub's probes."""

    def __init__(self) -> None:
        self.heard: list[HubMessage] = []
        self.prober = Prober("h1", self._tell)
        self.prober.hear(events.WorkerUp("w1"))
        self.says(Load(pairs=0, packets_per_s=0, draining=False))

    def _tell(self, command: TellWorker) -> None:
        self.heard.append(command.message)

    def says(self, message: control.WorkerMessage) -> None:
        self.prober.hear(events.WorkerSaid("w1", message))

    async def asked(self) -> str:
        """The name of the probe it was asked for."""
        await until(lambda: self.heard)
        (message,) = self.heard
        assert isinstance(message, control.OpenPair)
        return message.pair


@pytest.fixture
def worker() -> Worker:
    return Worker()


def counted(result: str) -> float:
    return float(metrics.PROBES.labels(result)._value.get())


async def test_the_leg_is_handed_over_when_the_worker_has_made_it(worker: Worker) -> None:
    asking = asyncio.create_task(worker.prober.leg("m_ana"))
    again = asyncio.create_task(worker.prober.leg("m_ana"))
    worker.says(control.PairOpened(pair=await worker.asked(), gen=1, legs=LEGS))
    assert await asyncio.gather(asking, again) == [LEGS[0], LEGS[0]]
    before = counted("shared")
    assert await worker.prober.leg("m_ana") == LEGS[0]
    assert counted("shared") == before + 1


async def test_a_refusal_is_an_answer(worker: Worker) -> None:
    asking = asyncio.create_task(worker.prober.leg("m_ana"))
    worker.says(control.PairRefused(pair=await worker.asked(), gen=1, code="full"))
    assert await asking is None


async def test_nobody_waits_for_long(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ANSWER_S", 0.001)
    before = counted("unanswered")
    assert await worker.prober.leg("m_ana") is None
    assert [type(message) for message in worker.heard] == [control.OpenPair, control.ClosePair]
    assert counted("unanswered") == before + 1


async def test_without_a_worker_the_answer_comes_at_once(worker: Worker) -> None:
    worker.prober.hear(events.WorkerDown("w1"))
    assert await worker.prober.leg("m_ana") is None
    assert worker.heard == []


async def test_the_worker_is_told_of_the_end(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probing, "LIVES_MS", 20)
    asking = asyncio.create_task(worker.prober.leg("m_ana"))
    name = await worker.asked()
    worker.says(control.PairOpened(pair=name, gen=1, legs=LEGS))
    await asking
    await until(lambda: len(worker.heard) == 2)
    assert worker.heard[1] == control.ClosePair(pair=name, gen=1)


async def test_who_asks_again_has_the_worker_told_later(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probing, "LIVES_MS", 20)
    monkeypatch.setattr(probing, "NEEDS_MS", 40)
    asking = asyncio.create_task(worker.prober.leg("m_ana"))
    name = await worker.asked()
    worker.says(control.PairOpened(pair=name, gen=1, legs=LEGS))
    await asking
    assert await worker.prober.leg("m_ana") == LEGS[0]
    assert len(worker.heard) == 1
    await until(lambda: len(worker.heard) == 2)
    assert worker.heard[1] == control.ClosePair(pair=name, gen=1)


async def test_a_hub_that_goes_leaves_none_behind(worker: Worker) -> None:
    asking = asyncio.create_task(worker.prober.leg("m_ana"))
    name = await worker.asked()
    worker.says(control.PairOpened(pair=name, gen=1, legs=LEGS))
    await asking
    worker.prober.end()
    assert worker.heard[1] == control.ClosePair(pair=name, gen=1)
