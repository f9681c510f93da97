"""The composition root: reads the environment once, builds the parts of the named roles, runs them.

    python serve.py ROLE [ROLE …]

Roles: `release` loads the ledger's functions; `hub` serves the page, the REST interface and the
WebSocket; `scheduler` fires timers and judges sessions; `sfu` is one relay worker; `robots` are the
demo's partners. Several roles may share one process; a process also answers /livez, /readyz and
/metrics on its private port. All settings are `ALONGSIDE_*` variables (docs/configuration.md).
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import hashlib
import hmac
import os
import signal
import sys
import zoneinfo
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import structlog
import uvloop
from aiohttp import web

from ops import metrics
from ops.logs import log_as_json
from ops.settings import BadSettings, Settings, settings_from
from scheduler.errors import OtherKind
from scheduler.rules import DEMO, Rules
from scheduler.rules import of as rules_for
from scheduler.web.ops import ops_app

if TYPE_CHECKING:  # a role imports its own parts as it starts: no role waits for another's
    from scheduler.config import Config as SchedulerConfig
    from scheduler.mail.post import Mailer
    from scheduler.store.journal import Journal
    from signalling.config import HubConfig

log = structlog.get_logger(__name__)

HOPELESS = 2
"""Exit code that says: with these settings and this data, starting again will not help."""
STORE_TRIES, STORE_PAUSE_S = 1200, 0.05
"""How long a release waits for a store that starts beside it."""
JOURNAL_TRIES = 600
"""How often a hub tries to take a folder that its predecessor may still hold."""


class NoStore(Exception):
    """The store cannot be reached."""


class Process:
    """What the roles of one process share; it owns their tasks and closes everything they opened."""

    def __init__(
        self, settings: Settings, stack: contextlib.AsyncExitStack, tasks: asyncio.TaskGroup
    ) -> None:
        self.settings = settings
        self.stack = stack
        self.checks: list[Callable[[], Awaitable[bool]]] = []
        self.started = False
        """All roles here were built."""
        self.farewells: list[Callable[[], Coroutine[Any, Any, None]]] = []
        """What roles still have to do for others when the process is told to stop."""
        self._tasks = tasks
        self._store: Store | None = None

    def own(self, work: Coroutine[Any, Any, None]) -> None:
        """Run until the process ends; if it fails, the process fails."""
        task = self._tasks.create_task(work)
        self.stack.callback(task.cancel)

    async def listen(self, app: web.Application, host: str, port: int) -> None:
        """Serve an application until the process ends. Access is not logged: it names addresses."""
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        self.stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, host, port).start()

    async def store(self) -> Store:
        """The store's clients, made once for all roles here."""
        if self._store is None:
            try:
                self._store = Store(self.settings)
            except ValueError as problem:
                raise BadSettings(f"ALONGSIDE_REDIS_URL cannot be used: {problem}") from problem
            self.stack.push_async_callback(self._store.close)
        return self._store

    async def ready(self) -> bool:
        """Every role here can do its work now."""
        return self.started and all([await check() for check in self.checks])


class Store:
    """The ledger, its clock and the connections to both."""

    def __init__(self, settings: Settings) -> None:
        from scheduler.store.clock import StoreClock
        from scheduler.store.connection import connect, connect_blocking
        from scheduler.store.ledger import Ledger

        self.redis = connect(settings.redis_url)
        self.blocking = connect_blocking(settings.redis_url)
        rules = rules_of(settings)
        self.ledger = Ledger(self.redis, tag=settings.tag, rules=rules, replicas=settings.replicas)
        self.feed = Ledger(self.blocking, tag=settings.tag, rules=rules)
        """The same ledger for reads that wait, so that they never hold up short calls."""
        self.clock = StoreClock(self.ledger)

    async def answers(self) -> None:
        """Wait for the store itself, or raise `NoStore`."""
        from redis.exceptions import RedisError

        for _ in range(STORE_TRIES):
            with contextlib.suppress(RedisError):
                await self.redis.ping()
                return
            await asyncio.sleep(STORE_PAUSE_S)
        raise NoStore("the store does not answer; is ALONGSIDE_REDIS_URL right?")

    async def released(self) -> None:
        """Wait for the release step, and then know the time."""
        while not await self.ledger.ready():
            log.info("store.waiting", what="the functions of this release")
            await asyncio.sleep(0.2)
        await self.clock.sync()

    async def close(self) -> None:
        await self.redis.aclose()
        await self.blocking.aclose()


async def release(process: Process) -> None:
    """Load this version's functions into the store; doing it again changes nothing."""
    store = await process.store()
    await store.answers()
    await store.ledger.load_functions()
    log.info("release.loaded")


async def hub(process: Process) -> None:
    from scheduler.store.people import PeopleStore
    from scheduler.store.standby import Standby
    from scheduler.web.app import add_api, assemble
    from signalling.web.app import add_hub
    from web_client.web.routes import add_page

    settings, mailer, store = process.settings, mailer_of(process.settings), await process.store()
    await store.released()
    await keep_journal(process, store)
    config = scheduler_config(settings)
    parts = assemble(
        store.redis,
        tag=settings.tag,
        ledger=store.ledger,
        clock=store.clock,
        config=config,
        mailer=mailer,
    )
    app = web.Application()
    add_api(app, parts)
    runner = add_hub(
        app,
        rules=config.rules,
        config=hub_config(settings),
        ledger=store.feed,
        accounts=parts.accounts,
        people=PeopleStore(store.ledger.calls),
        standby=Standby(store.ledger.calls),
        clock=store.clock,
    )
    process.own(runner.ended())
    add_page(app, origin=settings.public_origin)
    process.own(store.clock.run())
    process.checks += [store.ledger.ready, as_check(lambda: runner.ready)]
    await process.listen(app, settings.host, settings.port)
    log.info("hub.started", port=settings.port)


async def keep_journal(process: Process, store: Store) -> None:
    """Where a folder is named: nothing is acknowledged before it lies there, and what another store
    lost is done again."""
    if not process.settings.journal:
        return
    from scheduler.store.journal import Journal
    from scheduler.store.keeper import Keeper

    epoch, folder = await store.ledger.epoch(), Path(process.settings.journal)
    journal = Journal(folder, ledger=epoch, now_ms=store.clock.now_ms)
    process.stack.push_async_callback(journal.close)
    await taken(journal)
    store.ledger.calls.write_down(journal)
    process.own(Keeper(store.redis, store.ledger, journal).run())


async def taken(journal: Journal) -> None:
    """Take the journal's folder; a predecessor that is about to end may still hold it."""
    from scheduler.store.journal import JournalTaken

    for _ in range(JOURNAL_TRIES):
        try:
            return journal.open()
        except OSError as problem:
            raise BadSettings(f"ALONGSIDE_JOURNAL cannot be used: {problem.strerror}") from None
        except JournalTaken:
            pass
        await asyncio.sleep(STORE_PAUSE_S)
    raise BadSettings(
        "another process keeps its journal in ALONGSIDE_JOURNAL: each hub needs its own"
    )


async def scheduler(process: Process) -> None:
    from scheduler.services.judging import Judging
    from scheduler.services.planning import Planning
    from scheduler.store.messages import MessageStore
    from scheduler.store.outbox import Consumer
    from scheduler.store.planner import Planner
    from scheduler.store.plans import Plans
    from scheduler.store.reconcile import Reconciler
    from scheduler.store.ticker import Ticker

    store = await process.store()
    await store.released()
    threads = MessageStore(store.ledger.calls)
    judging = Judging(store.ledger, threads, rules_of(process.settings))
    planner = Planner()
    process.stack.callback(planner.close)
    planning = Planning(Plans(store.ledger.calls), planner)
    handlers = {"judge": judging.on_event, "plan": planning.on_event}
    process.own(Ticker(store.ledger).run())
    process.own(Reconciler(store.redis, store.ledger.calls).run())
    process.own(store.clock.run())
    book_ahead(process, store)
    send_notices(process, store)
    await call_webhooks(process, store)
    for group, handler in handlers.items():
        consumer = Consumer(store.blocking, tag=process.settings.tag, group=group, handler=handler)
        process.own(consumer.run())
    process.checks.append(store.ledger.ready)
    log.info("scheduler.started")


def book_ahead(process: Process, store: Store) -> None:
    """Repeats become bookings as their dates come inside the horizon."""
    from scheduler.services.repeats import Repeats
    from scheduler.store.queue import Worker
    from scheduler.store.repeats import RepeatStore

    kept = RepeatStore(store.redis, tag=process.settings.tag)
    repeats = Repeats(
        ledger=store.ledger,
        store=kept,
        clock=store.clock,
        config=scheduler_config(process.settings),
    )
    process.own(Worker(kept.queue, clock=store.clock, handler=repeats.look).run())


def send_notices(process: Process, store: Store) -> None:
    """Mails that tell what happened, with the entry for the member's calendar."""
    from scheduler.calendars import Place
    from scheduler.mail.mailbox import DevMailbox
    from scheduler.mail.post import Courier
    from scheduler.services.notices import Notifier
    from scheduler.store.accounts import AccountStore
    from scheduler.store.messages import MessageStore
    from scheduler.store.notices import NoticeStore
    from scheduler.store.outbox import Consumer
    from scheduler.store.queue import Worker

    settings, tag, clock = process.settings, process.settings.tag, store.clock
    mailer = mailer_of(settings) or DevMailbox(store.redis, tag=tag, clock=clock)
    kept = NoticeStore(store.redis, tag=tag)
    notifier = Notifier(
        ledger=store.ledger,
        accounts=AccountStore(
            store.redis, tag=tag, clock=clock, replicas=store.ledger.calls.replicas
        ),
        threads=MessageStore(store.ledger.calls),
        store=kept,
        carrier=Courier(mailer),
        clock=clock,
        place=Place(origin=settings.public_origin, name=settings.name, sender=settings.mail_from),
        rules=rules_of(settings),
    )
    heard = Consumer(store.blocking, tag=tag, group="notices", handler=notifier.on_event)
    process.own(heard.run())
    process.own(Worker(kept.queue, clock=clock, handler=notifier.send).run())


async def call_webhooks(process: Process, store: Store) -> None:
    """Calls of the members' own programs."""
    from scheduler.hooks.sender import HookSender
    from scheduler.services.webhooks import HookTeller
    from scheduler.store.accounts import AccountStore
    from scheduler.store.outbox import Consumer
    from scheduler.store.queue import Worker
    from scheduler.store.webhooks import WebhookStore

    tag, clock = process.settings.tag, store.clock
    sender = HookSender(loopback=process.settings.loopback)
    process.stack.push_async_callback(sender.close)
    kept = WebhookStore(store.redis, tag=tag, replicas=store.ledger.calls.replicas)
    teller = HookTeller(
        ledger=store.ledger,
        accounts=AccountStore(
            store.redis, tag=tag, clock=clock, replicas=store.ledger.calls.replicas
        ),
        store=kept,
        sender=sender,
        clock=clock,
        config=scheduler_config(process.settings),
    )
    heard = Consumer(store.blocking, tag=tag, group="webhooks", handler=teller.on_event)
    process.own(heard.run())
    calls = Worker(kept.queue, clock=clock, handler=teller.call, lanes=teller.lanes)
    process.own(calls.run())


async def sfu(process: Process) -> None:
    from media.config import MediaConfig
    from media.web.worker import Worker

    settings = process.settings
    config = MediaConfig(
        secret=control_secret(settings),
        host=settings.media_bind or settings.media_host,
        port=settings.media_port,
        public_host=settings.media_host,
        host6=settings.media_bind6 or settings.media_host6,
        public_host6=settings.media_host6,
        max_pairs=settings.media_pairs,
        camera_samples=settings.camera_samples,
        freeze=True,
        weigh_cpu=True,
    )
    worker = Worker(config)
    await worker.start()
    process.stack.push_async_callback(worker.stop)
    process.farewells.append(functools.partial(worker.hand_over, settings.drain_s))

    process.checks.append(as_check(worker.ready))
    await process.listen(worker.app, settings.sfu_host, settings.sfu_port)


async def robots(process: Process) -> None:
    from loadtest.web.robots import Robots

    settings = process.settings
    if not settings.demo:
        raise BadSettings("robots keep company in a demo only: set ALONGSIDE_DEMO=1")
    process.own(Robots(settings.public_origin, settings.secret).run())


ROLES: dict[str, Callable[[Process], Awaitable[None]]] = {
    "release": release,
    "hub": hub,
    "scheduler": scheduler,
    "sfu": sfu,
    "robots": robots,
}


def as_check(ready: Callable[[], bool]) -> Callable[[], Awaitable[bool]]:
    async def check() -> bool:
        return ready()

    return check


def rules_of(settings: Settings) -> Rules:
    """The instance's rules: the demo's short sessions, or the presets that were chosen."""
    chosen = rules_for(community=settings.community, reveal=settings.reveal)
    rules = DEMO if settings.demo else chosen
    return msgspec.structs.replace(
        rules, media_direct=settings.media_direct, cameras_off_agreed=settings.cameras_off
    )


def scheduler_config(settings: Settings) -> SchedulerConfig:
    from scheduler.config import Config as SchedulerConfig

    return SchedulerConfig(
        origin=settings.public_origin,
        secret=settings.secret,
        name=settings.name,
        contact=settings.contact,
        rules=rules_of(settings),
        demo=settings.demo,
        loopback=settings.loopback,
        proxies=words(settings.proxies),
    )


def hub_config(settings: Settings) -> HubConfig:
    from scheduler.signin import cookie_name
    from signalling.config import HubConfig, IceConfig, WorkerAddress

    workers = enumerate(words(settings.sfu_urls), start=1)
    return HubConfig(
        origins=(settings.public_origin,),
        cookie=cookie_name(settings.public_origin),
        proxies=words(settings.proxies),
        ice=IceConfig(
            stun_urls=words(settings.stun_urls),
            turn_urls=words(settings.turn_urls),
            turn_secret=settings.turn_secret,
            turn_addresses=words(settings.turn_addresses),
        ),
        workers=tuple(
            WorkerAddress(name=f"sfu{number}", url=f"{url}/control") for number, url in workers
        ),
        worker_secret=control_secret(settings),
    )


def control_secret(settings: Settings) -> str:
    """What hubs show to workers. It crosses a network in the clear, so it is good for nothing else."""
    return hmac.new(settings.secret.encode(), b"control", hashlib.sha256).hexdigest()


def mailer_of(settings: Settings) -> Mailer | None:
    """The mail server, or None where mails are read at /dev/mail."""
    if not settings.smtp_url and not settings.loopback:
        raise BadSettings(
            "others can reach this instance, and nobody can sign in without mail: set "
            "ALONGSIDE_SMTP_URL and ALONGSIDE_MAIL_FROM, or leave ALONGSIDE_HOST and "
            "ALONGSIDE_ORIGIN to this machine alone"
        )
    if not settings.smtp_url:
        return None
    from scheduler.mail.smtp import SmtpMailer, smtp_settings

    return SmtpMailer(smtp_settings(settings.smtp_url, sender=settings.mail_from))


def words(text: str) -> tuple[str, ...]:
    """The items of a list that an environment variable holds."""
    return tuple(item.strip() for item in text.split(",") if item.strip())


async def run(settings: Settings, names: list[str]) -> None:
    """Start the roles in the order they are named, and run until told to stop."""
    stop, at_once = asyncio.Event(), asyncio.Event()

    def told() -> None:
        (at_once if stop.is_set() else stop).set()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told)
    async with asyncio.TaskGroup() as tasks, contextlib.AsyncExitStack() as stack:
        process = Process(settings, stack, tasks)
        metrics.build_info.labels(metrics.version_of(), "+".join(names)).set(1)
        process.own(metrics.watch_loop())
        await process.listen(ops_app(process.ready), settings.ops_host, settings.ops_port)
        for name in names:
            await ROLES[name](process)
        process.started = True
        metrics.process_state.set(metrics.SERVING)
        if names != ["release"]:
            await stop.wait()
        metrics.process_state.set(metrics.STOPPING)
        await say_farewell(process, at_once)


async def say_farewell(process: Process, at_once: asyncio.Event) -> None:
    """Let the roles here finish what others depend on; being told to stop again ends that."""
    doing = [asyncio.create_task(farewell()) for farewell in process.farewells]
    hurry = asyncio.create_task(at_once.wait())
    while not hurry.done() and (waiting := [task for task in doing if not task.done()]):
        await asyncio.wait([*waiting, hurry], return_when=asyncio.FIRST_COMPLETED)
    for task in (hurry, *doing):
        task.cancel()
    await asyncio.gather(hurry, *doing, return_exceptions=True)


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in ROLES]
    if unknown or not names:
        print(f"usage: serve.py ROLE…, out of: {', '.join(ROLES)}", file=sys.stderr)
        return 2
    code = 0
    try:
        settings = settings_from(os.environ)
        # The clocks of all places by the package we ship: the same in every process, whatever a machine has.
        zoneinfo.reset_tzpath(to=())
        log_as_json(settings.log_level)
        uvloop.run(run(settings, names))
    except* (BadSettings, OtherKind) as hopeless:
        code = say_why(hopeless, HOPELESS)
    except* NoStore as accidents:
        code = say_why(accidents, 1)
    return code


def say_why(problems: BaseExceptionGroup[Exception], code: int) -> int:
    """Each problem in one line, for the person who started this."""
    for problem in problems.exceptions:
        print(f"serve.py: {problem}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
