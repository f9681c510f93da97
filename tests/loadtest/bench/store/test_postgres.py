"""The comparator does the same job: else its figures would mean nothing."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

import pytest

from loadtest.bench.store import servers
from loadtest.bench.store.bookings import Ours
from loadtest.bench.store.crowd import Crowd
from loadtest.bench.store.postgres import Postgres
from loadtest.bench.store.servers import NotHere, postgres, valkey

NOW_MS = 1_800_000_000_000


async def test_both_match_the_same_members_for_the_same_requests() -> None:
    with contextlib.ExitStack() as stack:
        # Not below a test's own folder: the server runs as another user, who may not enter that.
        places = [stack.enter_context(tempfile.TemporaryDirectory()) for _ in range(2)]
        mine = stack.enter_context(valkey(Path(places[0])))
        peer = stack.enter_context(postgres(Path(places[1])))
        await compare(mine.url, peer.url)


def test_a_machine_without_postgres_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(servers, "DEBIAN", Path("/nowhere"))
    with pytest.raises(NotHere, match="no PostgreSQL"):
        servers.postgres_tools()


async def compare(mine: str, peer: str) -> None:
    ours = Ours(mine)
    await ours.connect(1)
    await ours.ledger.load_functions()
    crowd = Crowd(40, await ours.ledger.now_ms())
    await ours.load(crowd, [])
    theirs = await Postgres.open(peer, Crowd(40, crowd.now_ms), 1)
    for request, member, wish in crowd.bookings(400):
        assert await ours.book(request, member, wish) == await theirs.book(request, member, wish)
        assert await theirs.book(request, member, wish) in (True, False)
    assert abs(await ours.matched_share() - await theirs.matched_share()) < 5
    await theirs.close()
    await ours.close()
