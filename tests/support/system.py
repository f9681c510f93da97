"""The whole system on the loopback, as an operator would run it: a store and two processes.

`serve.py release hub scheduler` and `serve.py sfu` run as they do in earnest; tests reach them by
their ports, and move the ledger's clock with a client of their own.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

import aiohttp

from tests.support.store import StoreProcess, die_with_parent, free_port

if TYPE_CHECKING:
    from scheduler.store.accounts import AccountStore
    from scheduler.store.ledger import Ledger

ROOT = Path(__file__).resolve().parents[2]
SECRET = "the secret of an instance that only tests ever see"
READY_S = 30.0
STOP_S = 10.0

T = TypeVar("T")


class SystemFailed(RuntimeError):
    """A process did not come up, or did not stop; the text holds its log."""


class Server:
    """One process of `serve.py` with its private port and its log."""

    def __init__(
        self, directory: Path, roles: tuple[str, ...], env: dict[str, str], *, number: int = 1
    ) -> None:
        self.roles = roles
        self.ops_port = free_port()
        self.media_port = int(env.get("ALONGSIDE_MEDIA_PORT", "0"))
        self.control_url = f"http://127.0.0.1:{env.get('ALONGSIDE_SFU_PORT', '0')}"
        self.log_file = directory / f"{roles[-1]}{number if number > 1 else ''}.log"
        self._env = _bare_environ() | env | {"ALONGSIDE_OPS_PORT": str(self.ops_port)}
        self.process = self._spawn()

    def _spawn(self) -> subprocess.Popen[bytes]:
        with self.log_file.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, str(ROOT / "serve.py"), *self.roles],
                cwd=ROOT,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent,
            )

    async def die_and_return(self) -> None:
        """Killed without warning, and started again as a supervisor would."""
        await self.die()
        await self.come_back()

    async def die(self) -> None:
        """Killed without warning, be it frozen or not."""
        self.process.kill()
        await asyncio.to_thread(self.process.wait)

    async def come_back(self) -> None:
        """Started again after its end."""
        self.process = self._spawn()
        await self.ready()

    def freeze(self) -> None:
        """It does nothing more, and its connections stay open: nobody is told."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on as if no time had passed."""
        self.process.send_signal(signal.SIGCONT)

    @property
    def log(self) -> str:
        return self.log_file.read_text(errors="replace")

    async def ready(self) -> None:
        """Wait until it says so itself."""
        url = f"http://127.0.0.1:{self.ops_port}/readyz"
        async with aiohttp.ClientSession() as http:

            async def answers() -> bool:
                if self.process.poll() is not None:
                    raise SystemFailed(f"{self.roles} ended\n{self.log[-4000:]}")
                with contextlib.suppress(aiohttp.ClientError):
                    async with http.get(url) as answer:
                        return answer.status == 200
                return False

            try:
                await eventually(answers, within_s=READY_S, every_s=0.05)
            except TimeoutError:
                raise SystemFailed(f"{self.roles} not ready\n{self.log[-4000:]}") from None

    async def metrics(self) -> dict[str, float]:
        """Every sample by its full name, labels included."""
        async with (
            aiohttp.ClientSession() as http,
            http.get(f"http://127.0.0.1:{self.ops_port}/metrics") as answer,
        ):
            lines = (await answer.text()).splitlines()
        samples = (line.rsplit(" ", 1) for line in lines if line and not line.startswith("#"))
        return {name: float(value) for name, value in samples}

    def udp_sockets(self) -> list[str]:
        """Local ends of the UDP sockets this process has open, from the kernel's own list."""
        held = {_socket_inode(link) for link in Path(f"/proc/{self.process.pid}/fd").iterdir()}
        rows: list[list[str]] = []
        for table in ("udp", "udp6"):
            text = Path(f"/proc/{self.process.pid}/net/{table}").read_text()
            rows += [line.split() for line in text.splitlines()[1:]]
        return [row[1] for row in rows if row[9] in held]

    def threads(self) -> list[str]:
        """Names of this process's threads."""
        tasks = Path(f"/proc/{self.process.pid}/task").iterdir()
        return sorted((task / "comm").read_text().strip() for task in tasks)

    async def stop(self) -> None:
        """Ask it to end, as an operator does; a process that will not is a failure."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.thaw()
        try:
            await asyncio.to_thread(self.process.wait, STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise SystemFailed(f"{self.roles} ignored SIGTERM\n{self.log[-4000:]}") from None


class System:
    """A running instance. `ledger` is the test's own client of the same store."""

    def __init__(
        self,
        url: str,
        ledger: Ledger,
        accounts: AccountStore,
        hub: Server,
        workers: list[Server],
        *,
        direct: str,
        store: StoreProcess,
    ) -> None:
        self.url = url
        self.ledger = ledger
        self.accounts = accounts
        self.direct = direct
        self.hub = hub
        self.workers = workers
        self.store = store
        self.robots: Server | None = None

    @property
    def sfu(self) -> Server:
        """The relay worker, where there is one."""
        return self.workers[0]

    @property
    def media_port(self) -> int:
        return self.sfu.media_port

    @property
    def servers(self) -> list[Server]:
        return [s for s in (self.robots, self.hub, *self.workers) if s is not None]

    async def now_ms(self) -> int:
        return await self.ledger.now_ms()

    async def settle_in(
        self, name: str, starts_ms: Iterable[int], length_min: int, **more: Any
    ) -> str:
        """Make a member known without a browser, and let them book these starts; gives their id."""
        from scheduler.accounts import Account
        from scheduler.bookings import Wish

        called = name.split()[0].lower()
        account = Account(
            id=f"m_{called}",
            mail=f"{called}@example.org",
            created_ms=0,
            name=name,
            zone=more.pop("zone", "Europe/Berlin"),
            **more,
            adult=True,
            rules_accepted=self.ledger.rules.version,
        )
        await self.accounts.sign_up(f"hash of {name}", account)
        await self.ledger.set_profile(f"profile-{name}", account.id, account.profile)
        for start_ms in starts_ms:
            wish = Wish(start_ms=start_ms, length_min=length_min)
            await self.ledger.book(f"{name}-{start_ms}", account.id, wish)
        return account.id

    async def move_to(self, at_ms: int) -> None:
        """Set the ledger's clock forward to an instant; one that has passed is left alone."""
        ahead = at_ms - await self.ledger.now_ms()
        if ahead > 0:
            await self.ledger.move_clock(ahead)


@contextlib.asynccontextmanager
async def running_system(
    directory: Path,
    *,
    demo: bool = False,
    direct: str = "everyone",
    robots: bool = False,
    workers: int = 1,
    media_host: str = "127.0.0.1",
    **settings: str,
) -> AsyncIterator[System]:
    """Start an instance with a store of its own, and end it; a traceback in a log is a failure.

    It is always a Monday at nine there, so that no journey depends on when it is run. Further
    settings are named as in docs/configuration.md, in small letters and without the prefix.
    """
    from scheduler.rules import DEFAULT, DEMO
    from scheduler.store.accounts import AccountStore
    from scheduler.store.clock import StoreClock
    from scheduler.store.connection import connect
    from scheduler.store.ledger import Ledger

    port, sfu_ports = free_port(), [free_port() for _ in range(workers)]
    url = f"http://127.0.0.1:{port}"
    with running_store_process(directory) as store:
        redis_url = store.url
        env = {
            "REDIS_URL": redis_url,
            "ALONGSIDE_SECRET": SECRET,
            "ALONGSIDE_HOST": "127.0.0.1",
            "ALONGSIDE_PORT": str(port),
            "ALONGSIDE_ORIGIN": url,
            "ALONGSIDE_DEMO": "1" if demo else "0",
            "ALONGSIDE_SFU_URLS": ",".join(f"http://127.0.0.1:{each}" for each in sfu_ports),
            "ALONGSIDE_MEDIA_HOST": media_host,
            "ALONGSIDE_MEDIA_DIRECT": direct,
            **{f"ALONGSIDE_{name.upper()}": value for name, value in settings.items()},
        }
        redis = connect(redis_url)
        async with contextlib.AsyncExitStack() as stack:
            stack.push_async_callback(redis.aclose)

            def start(*roles: str, number: int = 1, **own: str) -> Server:
                server = Server(directory, roles, env | own, number=number)
                stack.push_async_callback(server.stop)
                return server

            sfus = [
                start("sfu", number=n, **worker_settings(sfu_port))
                for n, sfu_port in enumerate(sfu_ports, start=1)
            ]
            hub = start("release", "hub", "scheduler")
            await asyncio.gather(*(server.ready() for server in (*sfus, hub)))
            ledger = Ledger(redis, rules=DEMO if demo else DEFAULT)
            accounts = AccountStore(
                redis, tag=ledger.tag, clock=StoreClock(ledger), replicas=ledger.calls.replicas
            )
            system = System(url, ledger, accounts, hub, sfus, direct=direct, store=store)
            await system.move_to(next_monday(await system.now_ms(), 9))
            if robots:
                system.robots = start("robots")
                await system.robots.ready()
            yield system
        for server in system.servers:
            if "Traceback" in server.log:
                raise SystemFailed(f"{server.roles} logged a traceback\n{server.log[-6000:]}")


def worker_settings(sfu_port: int) -> dict[str, str]:
    """What one relay worker has for itself."""
    return {
        "ALONGSIDE_SFU_PORT": str(sfu_port),
        "ALONGSIDE_MEDIA_PORT": str(free_udp_port()),
    }


@contextlib.contextmanager
def running_store_process(directory: Path) -> Iterator[StoreProcess]:
    """A store whose process may be frozen or killed."""
    store = StoreProcess(directory)
    try:
        yield store
    finally:
        store.stop()


def next_monday(now_ms: int, hour: int) -> int:
    """The coming Monday at this hour of a page in Berlin: a week begins, whenever the tests run."""
    here = datetime.fromtimestamp(now_ms / 1000, ZoneInfo("Europe/Berlin"))
    day = (here + timedelta(days=7 - here.weekday())).date()
    at = datetime.combine(day, time(hour), ZoneInfo("Europe/Berlin"))
    return round(at.timestamp() * 1000)


async def eventually(
    asked: Callable[[], Awaitable[T]], *, within_s: float = 10.0, every_s: float = 0.1
) -> T:
    """Ask until the answer is truthy, and hand it over; TimeoutError names the question."""
    deadline = monotonic() + within_s
    while True:
        answer = await asked()
        if answer:
            return answer
        if monotonic() > deadline:
            raise TimeoutError(f"{getattr(asked, '__qualname__', asked)} is still {answer!r}")
        await asyncio.sleep(every_s)


def _bare_environ() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith("ALONGSIDE_")}


def _socket_inode(link: Path) -> str:
    with contextlib.suppress(OSError):
        found = re.fullmatch(r"socket:\[(\d+)\]", os.readlink(link))
        return found[1] if found else ""
    return ""


def free_udp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
