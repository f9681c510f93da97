"""The Sentinels' settings, as a real one reads them."""

from __future__ import annotations

import subprocess
from pathlib import Path

from redis import Redis

from tests.support import store

CONF = Path(__file__).parent.parent.parent / "ops/sentinel/sentinel.conf"


def test_a_sentinel_takes_the_settings_that_are_shipped(tmp_path: Path) -> None:
    conf = tmp_path / "sentinel.conf"
    conf.write_text(CONF.read_text().replace("dir /data", f"dir {tmp_path}"))
    port = store.free_port()
    command = [str(store.binary()), str(conf), "--sentinel", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, preexec_fn=store.die_with_parent)
    try:
        assert store.wait_for_answer(process, port)
        with Redis(port=port, decode_responses=True) as client:
            state = client.sentinel_master("alongside")
        assert (state["quorum"], state["down-after-milliseconds"]) == (2, 2000)
    finally:
        store.stop(process)
