"""The wiring: what a role refuses to start with, and what it hands to its parts."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from redis.asyncio import Redis

import serve
from ops.settings import BadSettings, Settings, settings_from
from scheduler.journal import decode
from scheduler.rules import DEFAULT, DEMO, MINUTE_MS
from scheduler.store.connection import connect
from scheduler.store.ledger import Ledger
from tests.scheduler.store.town import Town
from tests.support.store import running_store

SECRET = "s" * 32


def settings(**environ: str) -> Settings:
    named = {f"ALONGSIDE_{name}": value for name, value in environ.items()}
    return settings_from({"ALONGSIDE_SECRET": SECRET, **named})


def test_mails_are_read_on_a_machine_that_nobody_else_reaches() -> None:
    assert serve.mailer_of(settings()) is None
    assert serve.scheduler_config(settings()).loopback


@pytest.mark.parametrize("others", [{"HOST": "0.0.0.0"}, {"ORIGIN": "https://alongside.example"}])
def test_an_instance_others_reach_does_not_start_without_mail(others: dict[str, str]) -> None:
    with pytest.raises(BadSettings, match="ALONGSIDE_SMTP_URL"):
        serve.mailer_of(settings(**others))
    post = {"SMTP_URL": "smtp://mail.example:587", "MAIL_FROM": "desk@alongside.example"}
    assert serve.mailer_of(settings(**others, **post)) is not None
    assert not serve.scheduler_config(settings(**others, **post)).loopback


def test_the_word_between_hub_and_worker_gives_the_secret_of_the_instance_away_to_nobody() -> None:
    shown = serve.hub_config(settings()).worker_secret
    assert shown == serve.control_secret(settings())
    assert SECRET not in shown
    assert shown != serve.control_secret(settings(SECRET="t" * 32))


def test_the_rules_are_the_presets_an_operator_chose() -> None:
    assert serve.rules_of(settings()) == DEFAULT
    small = serve.rules_of(settings(COMMUNITY="small", REVEAL="t2", MEDIA_DIRECT="friends"))
    assert (small.community, small.grid_ms, small.cross_lengths) == ("small", 60 * MINUTE_MS, True)
    assert (small.reveal_ms, small.pass_ms) == (2 * MINUTE_MS, 2 * MINUTE_MS)
    assert small.media_direct == "friends"
    assert serve.rules_of(settings(CAMERAS_OFF="1")).cameras_off_agreed


def test_a_demo_has_rules_of_its_own() -> None:
    assert serve.rules_of(settings(DEMO="1", COMMUNITY="small")).grid_ms == DEMO.grid_ms


@pytest.mark.parametrize("wrong", [{"COMMUNITY": "tiny"}, {"REVEAL": "t5"}])
def test_a_preset_that_does_not_exist_stops_the_start(wrong: dict[str, str]) -> None:
    with pytest.raises(BadSettings, match=next(iter(wrong)).lower()):
        settings(**wrong)


def test_a_demos_store_is_refused_in_earnest_with_one_sentence(tmp_path: Path) -> None:
    with running_store(tmp_path) as url:
        asyncio.run(release_a_demo(url))
        refused = released(url)
        assert refused.returncode == serve.HOPELESS
        said = refused.stderr.splitlines()
        assert said[-1].startswith("serve.py: This store holds a demo")
        assert not any("Traceback" in line for line in said)


async def release_a_demo(url: str) -> None:
    redis = connect(url)
    await Ledger(redis, rules=DEMO).load_functions()
    await redis.aclose()


def released(url: str) -> subprocess.CompletedProcess[str]:
    root = Path(serve.__file__).parent
    env = {key: value for key, value in os.environ.items() if not key.startswith("ALONGSIDE_")}
    return subprocess.run(
        [sys.executable, "serve.py", "release"],
        cwd=root,
        env={**env, "REDIS_URL": url, "ALONGSIDE_SECRET": SECRET},
        capture_output=True,
        text=True,
        timeout=60,
    )


# The journal


@pytest.fixture
async def town(redis_client: Redis) -> Town:
    return await Town(redis_client).open()


@pytest.fixture
async def process(store_url: str, tmp_path: Path) -> AsyncIterator[serve.Process]:
    """A process that is told to keep a journal, and opened nothing yet."""
    named = settings(REDIS_URL=store_url, JOURNAL=str(tmp_path / "journal"))
    async with asyncio.TaskGroup() as tasks, AsyncExitStack() as stack:
        yield serve.Process(named, stack, tasks)


async def test_a_hub_writes_down_what_it_acknowledges(
    process: serve.Process, town: Town, tmp_path: Path
) -> None:
    store = await process.store()
    await store.clock.sync()
    await serve.keep_journal(process, store)
    await store.ledger.book("r", "ana", town.wish())
    files = (tmp_path / "journal").glob("*/*.journal")
    entries = [entry for path in files for entry in decode(path.read_bytes())]
    assert "book" in [entry.op for entry in entries]


async def test_a_folder_that_cannot_be_used_stops_the_start(
    process: serve.Process, town: Town, tmp_path: Path
) -> None:
    (tmp_path / "journal").write_text("a file")
    store = await process.store()
    await store.clock.sync()
    with pytest.raises(BadSettings, match="ALONGSIDE_JOURNAL"):
        await serve.keep_journal(process, store)


async def test_two_hubs_do_not_share_a_folder(
    process: serve.Process, town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "JOURNAL_TRIES", 2)
    store = await process.store()
    await store.clock.sync()
    await serve.keep_journal(process, store)
    with pytest.raises(BadSettings, match="each hub needs its own"):
        await serve.keep_journal(process, store)


@pytest.mark.parametrize("url", ["http://127.0.0.1", "redis+sentinel://127.0.0.1:26379"])
async def test_an_address_of_no_store_stops_the_start(url: str) -> None:
    async with asyncio.TaskGroup() as tasks, AsyncExitStack() as stack:
        with pytest.raises(BadSettings, match="ALONGSIDE_REDIS_URL"):
            await serve.Process(settings(REDIS_URL=url), stack, tasks).store()
