"""`bench timers`, at a size that takes no time: none twice, none missing, though a process is killed."""

from __future__ import annotations

import uvloop

from loadtest.bench.store import timers
from loadtest.bench.store.servers import valkey


def test_every_end_is_told_once_though_a_process_is_killed(tmp_path: object) -> None:
    with valkey(tmp_path) as server:  # type: ignore[arg-type]
        told = uvloop.run(timers.run(server.url, 300, 600, 2, True))
    figures = {each.figure: each.value for each in timers.report(told, 300, 600, "a test")}
    assert figures["fired_twice"] == 0
    assert figures["missing"] == 0
    assert figures["lateness_p50"] is not None
