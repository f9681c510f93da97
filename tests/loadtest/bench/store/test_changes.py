"""`bench changes`, at a size that takes no time: everybody but one finds somebody."""

from __future__ import annotations

from pathlib import Path

import uvloop

from loadtest.bench.store import changes
from loadtest.bench.store.servers import valkey
from scheduler.standby import Outcome


def test_of_many_left_alone_only_one_can_be_without_company(tmp_path: Path) -> None:
    with valkey(tmp_path) as server:
        asked = uvloop.run(changes.run(server.url, 15, 5))
    assert sum(asked.values()) == 15
    assert asked[Outcome.NOBODY] <= 1
    figures = {each.figure: each.value for each in changes.report(asked, "a test")}
    assert figures["seek_p99"] is not None
