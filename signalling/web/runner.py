"""The loop that drives the hub: one event in, every command carried out, the deadline re-armed."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from typing import Any

import structlog

from scheduler.events import SignedOut
from scheduler.rules import Rules
from signalling import commands, events
from signalling.config import HubConfig
from signalling.hub import Hub
from signalling.ports import Accounts, Clock, Ledger, People, Standby
from signalling.web import metrics
from signalling.web.attendance import Attendance
from signalling.web.feed import Feed
from signalling.web.media_link import AnyWorkerEvent, MediaLink
from signalling.web.outgoing import Outgoing
from signalling.web.prober import Prober
from signalling.web.questions import Questions
from signalling.web.recorder import Recorder
from signalling.web.sign_ins import SignIns

log = structlog.get_logger(__name__)

LONGEST_SLEEP_S = 0.5
"""The store's clock may be set forward: never sleep on an old idea of it for longer."""
SHORTEST_SLEEP_S = 0.002
GO_S = 3.0
"""How long pages may take to go when the hub stops."""
FLUSH_S = 3.0
BEAT_S = 2.0
INTERNAL_ERROR = 1011


class HubEnded(Exception):
    """A fault ended the hub's loop; nothing here can mend it."""


class Runner:
    """A hub with its sockets, its store and its workers. `run` it; nothing works before `ready`."""

    def __init__(
        self,
        *,
        name: str,
        rules: Rules,
        config: HubConfig,
        ledger: Ledger,
        accounts: Accounts,
        people: People,
        standby: Standby,
        clock: Clock,
    ) -> None:
        """`name` is this hub's life: random, never used again."""
        self._name = name
        self._rules = rules
        self._config = config
        self._ledger = ledger
        self._clock = clock
        self._hub: Hub | None = None
        self._running = False
        self._draining = False
        self._sockets: dict[str, Outgoing] = {}
        self._alone = asyncio.Event()
        self._alone.set()
        self._events: deque[events.AnyInput] = deque()
        self._feeding = False
        self._said: tuple[str, float] | None = None
        """Which page said what is being taken in, and when."""
        self._armed_ms: int | None = None
        self._rearm = asyncio.Event()
        self._lookups: set[asyncio.Task[None]] = set()
        self._recorder = Recorder(ledger)
        self._questions = Questions(rules, ledger, accounts, people, standby)
        self._attendance = Attendance(standby)
        self.sign_ins = SignIns(accounts, clock.now_ms)
        self.prober = Prober(name, self._tell_worker)
        self._feed = Feed(ledger, clock, config, self._from_outbox)
        self._over = asyncio.Event()
        self._fault: BaseException | None = None
        self._links = {
            address.name: MediaLink(address, config.worker_secret, self._from_worker)
            for address in config.workers
        }

    @property
    def ready(self) -> bool:
        """The store answered, and pages can connect: until the hub is told to stop."""
        return self._hub is not None and self._running and not self._draining

    @property
    def alone(self) -> asyncio.Event:
        """Set while no socket is open."""
        return self._alone

    async def ended(self) -> None:
        """Wait for a fault that ends the hub, and raise it: its process is to end with it."""
        await self._over.wait()
        raise HubEnded from self._fault

    # The loop.

    async def run(self) -> None:
        """Drive the hub until cancelled."""
        try:
            await self._run()
        except Exception as fault:
            log.critical("hub.ended", exc_info=fault)
            self._fault = fault
            self._over.set()

    async def _run(self) -> None:
        backlog = await self._feed.begin()
        self._hub = Hub(self._name, self._rules, self._config, backlog)
        metrics.watch_connections(self._hub.connections)
        self._running = True
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._feed.run())
                group.create_task(self._recorder.run())
                group.create_task(self._attendance.run())
                group.create_task(self._keep_time(self._hub))
                group.create_task(self._beat())
                for link in self._links.values():
                    group.create_task(link.run())
        finally:
            self._running = False
            for task in self._lookups:
                task.cancel()
            await asyncio.gather(*self._lookups, return_exceptions=True)

    async def drain(self) -> None:
        """Take no more pages, send all elsewhere, one room after the other, and write down what was
        seen. Calls go on without us."""
        self._draining = True
        self.prober.end()
        await asyncio.sleep(0)  # For the links to say so: nothing below need ever wait.
        if self._hub is None:
            return
        self.feed(events.Draining())
        try:
            async with asyncio.timeout(GO_S):
                await self._alone.wait()
        except TimeoutError:
            self.feed(events.Draining(at_once=True))
        await self._recorder.flush(FLUSH_S)

    def feed(self, event: events.AnyInput) -> None:
        """One event in, every command carried out. Events that come meanwhile wait their turn."""
        self._events.append(event)
        if self._feeding or self._hub is None:
            return
        self._feeding = True
        try:
            while self._events:
                self._take_in(self._hub, self._events.popleft())
        finally:
            self._feeding = False
        due_ms = self._hub.next_deadline()
        if due_ms is not None and (self._armed_ms is None or due_ms < self._armed_ms):
            self._rearm.set()

    def _take_in(self, hub: Hub, event: events.AnyInput) -> None:
        if isinstance(event, events.Received):
            self._said = event.conn, asyncio.get_running_loop().time()
        try:
            for command in hub.handle(event, self._clock.now_ms()):
                EXECUTE[type(command)](self, command)
        except Exception:
            # A fault of ours: the one socket it came from goes, all others go on.
            log.exception("hub.failed", event_type=type(event).__name__)
            metrics.FAILURES.inc()
            outgoing = self._sockets.get(getattr(event, "conn", ""))
            if outgoing is not None:
                outgoing.close(INTERNAL_ERROR)
        finally:
            self._said = None

    async def _keep_time(self, hub: Hub) -> None:
        while True:
            self._rearm.clear()
            self._armed_ms = hub.next_deadline()
            if self._armed_ms is not None and self._armed_ms <= self._clock.now_ms():
                self.feed(events.Woke())
                await asyncio.sleep(SHORTEST_SLEEP_S)
                continue
            await self._sleep_until(self._armed_ms)

    async def _beat(self) -> None:
        """Say that this hub serves. A beat that fails is a gap, which says what is to be said."""
        while True:
            with contextlib.suppress(Exception):
                async with asyncio.timeout(BEAT_S):
                    await self._ledger.beat()
            await asyncio.sleep(BEAT_S)

    async def _sleep_until(self, due_ms: int | None) -> None:
        left_s = LONGEST_SLEEP_S
        if due_ms is not None:
            left_s = min(left_s, (due_ms - self._clock.now_ms()) / 1000)
        # Not `wait_for`, which before Python 3.12 may lose a cancellation.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(left_s, SHORTEST_SLEEP_S)):
                await self._rearm.wait()

    # Sockets.

    def attach(self, conn: str, outgoing: Outgoing, member: str, session: str) -> None:
        """A socket is open."""
        self._sockets[conn] = outgoing
        self._alone.clear()
        self.feed(events.Opened(conn, member, session))

    def detach(self, conn: str, *, closed: bool) -> None:
        """A socket is gone; `closed` in order by its page."""
        self._sockets.pop(conn, None)
        if not self._sockets:
            self._alone.set()
        self.feed(events.Lost(conn, closed))

    # Commands.

    def _send(self, command: commands.Send) -> None:
        outgoing = self._sockets.get(command.conn)
        if outgoing is not None:
            relayed = self._said is not None and self._said[0] != command.conn
            outgoing.send(
                command.message, since_s=self._said[1] if self._said and relayed else None
            )

    def _close(self, command: commands.Close) -> None:
        outgoing = self._sockets.get(command.conn)
        if outgoing is not None:
            outgoing.close(command.code)

    def _record(self, command: commands.Record) -> None:
        self._recorder.add(command.pair, command.events)

    def _tell_worker(self, command: commands.TellWorker) -> None:
        link = self._links.get(command.worker)
        if link is not None:
            link.say(command.message)

    def _from_outbox(self, event: events.Told | events.OutboxBroken) -> None:
        if isinstance(event, events.OutboxBroken):
            self.sign_ins.forget_all()
        elif isinstance(event.event, SignedOut):
            self.sign_ins.forget(event.event.member, event.event.session)
        self.feed(event)

    def _from_worker(self, event: AnyWorkerEvent) -> None:
        self.prober.hear(event)
        self.feed(event)
        metrics.WORKERS.set(sum(link.up for link in self._links.values()))

    def _report(self, command: commands.Report) -> None:
        metrics.HELP.inc()
        log.info("call.figures", path=command.path, **command.figures)

    # The ledger.

    def _ask(self, command: commands.Command) -> None:
        task = asyncio.get_running_loop().create_task(self._answer(command))
        self._lookups.add(task)
        task.add_done_callback(self._lookups.discard)

    async def _answer(self, command: commands.Command) -> None:
        answer = await self._questions.answer(command)
        if answer is not None:
            self.feed(answer)

    def _here(self, command: commands.Here) -> None:
        self._attendance.here(command.member, command.booking, lost=command.lost)

    def _gone(self, command: commands.Gone) -> None:
        self._attendance.gone(command.booking)


EXECUTE: dict[type[commands.Command], Callable[[Runner, Any], None]] = {
    commands.Send: Runner._send,
    commands.Close: Runner._close,
    commands.LookUp: Runner._ask,
    commands.LookUpNext: Runner._ask,
    commands.Seek: Runner._ask,
    commands.StopSeeking: Runner._ask,
    commands.AnswerAsk: Runner._ask,
    commands.Here: Runner._here,
    commands.Gone: Runner._gone,
    commands.Record: Runner._record,
    commands.TellWorker: Runner._tell_worker,
    commands.Report: Runner._report,
    commands.Count: lambda runner, command: metrics.count(command),
    commands.Observe: lambda runner, command: metrics.observe(command),
}
