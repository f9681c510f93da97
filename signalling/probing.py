"""Legs of workers that a device check may try: few, short, and nobody's partner.

A probe is a pair on a worker of which neither side is ever described. So the worker answers the
connectivity checks of whoever knows a leg's password, and that is all: it begins no handshake and has
no keys, and nothing can be passed through it. Each ends by itself, whatever becomes of its page.

The workers are those of the hub, known by the same events; a probe goes where a pair would go.
"""

from __future__ import annotations

import msgspec

from media import control
from signalling import events
from signalling.commands import TellWorker
from signalling.fleet import Fleet

LIVES_MS = 15_000
"""A probe's life, if it is asked for once."""
NEEDS_MS = 9_000
"""What a check may take: whenever it is handed out, a probe lasts for so long at least."""
PER_WORKER = 16
"""Probes on one worker at once, of one hub: a small part of the pairs that it carries."""

GEN = 1
WorkerEvent = events.WorkerUp | events.WorkerSilent | events.WorkerDown | events.WorkerSaid


class Probe(msgspec.Struct):
    """One member's try of one worker."""

    name: str
    member: str
    worker: str
    ends_ms: int
    leg: control.Leg | None = None
    """Where to send to, once the worker has said so."""


class Probing:
    """All probes of a hub, and its workers."""

    def __init__(self, hub: str) -> None:
        """`hub` names this hub's life, so that workers never take its probes for another's."""
        self._hub = hub
        self._fleet = Fleet()
        self._probes: dict[str, Probe] = {}
        self._made = 0

    def ask(self, member: str, now_ms: int) -> tuple[Probe | None, list[TellWorker]]:
        """The member's one probe, in all their tabs.
        None: no worker has room for it now, which says nothing about the member's line."""
        ended = self.expire(now_ms)
        held = next((p for p in self._probes.values() if p.member == member), None)
        if held is not None:
            # Never a second one. Where the link to its worker is lost, they wait until it has ended.
            return self._prolonged(held, now_ms), ended
        worker = self._choose()
        if worker is None:
            return None, ended
        self._made += 1
        name = f"probe:{self._hub}:{self._made}"
        made = self._probes[name] = Probe(name, member, worker, now_ms + LIVES_MS)
        return made, [*ended, TellWorker(worker, control.OpenPair(pair=name, gen=GEN))]

    def hear(self, event: WorkerEvent) -> list[Probe]:
        """What a worker's link says; the probes of which it is known by now what became of them.
        One without a leg did not come about."""
        match event:
            case events.WorkerUp():
                self._fleet.up(event.worker)
            case events.WorkerSilent():
                self._fleet.silent(event.worker)
            case events.WorkerDown():
                return self._lost(event.worker)
            case events.WorkerSaid():
                return self._said(event.worker, event.message)
        return []

    def give_up(self, name: str) -> list[TellWorker]:
        """The worker did not answer in time; should it still, it is told to forget."""
        probe = self._probes.pop(name, None)
        return [_close(probe)] if probe is not None else []

    def expire(self, now_ms: int) -> list[TellWorker]:
        """End the probes whose time is up."""
        over = [probe for probe in self._probes.values() if now_ms >= probe.ends_ms]
        return [command for probe in over for command in self.give_up(probe.name)]

    def end(self) -> list[TellWorker]:
        """End them all: the hub goes."""
        return [command for name in list(self._probes) for command in self.give_up(name)]

    def _lost(self, worker: str) -> list[Probe]:
        """Nobody need wait for this worker. What it has made ends when it would have: the link may
        be back by then."""
        self._fleet.down(worker)
        waiting = [p for p in self._probes.values() if p.worker == worker and p.leg is None]
        return [self._probes.pop(probe.name) for probe in waiting]

    def _said(self, worker: str, message: control.WorkerMessage) -> list[Probe]:
        match message:
            case control.Load():
                self._fleet.load(worker, message)
            case control.PairOpened() if message.pair in self._probes:
                probe = self._probes[message.pair]
                probe.leg = message.legs[0]
                return [probe]
            case control.PairRefused() if message.pair in self._probes:
                return [self._probes.pop(message.pair)]
        return []

    def _prolonged(self, probe: Probe, now_ms: int) -> Probe | None:
        """The same probe for another check, if its worker is there."""
        if probe.worker not in self._fleet:
            return None
        probe.ends_ms = max(probe.ends_ms, now_ms + NEEDS_MS)
        return probe

    def _choose(self) -> str | None:
        """Where a pair would go, unless that one has enough of probes or of work."""
        on = [probe.worker for probe in self._probes.values()]
        full = {worker for worker in on if on.count(worker) >= PER_WORKER}
        found = self._fleet.spare(full)
        return None if found is None or self._fleet.stressed(found) else self._fleet.choose(full)


def _close(probe: Probe) -> TellWorker:
    return TellWorker(probe.worker, control.ClosePair(pair=probe.name, gen=GEN))
