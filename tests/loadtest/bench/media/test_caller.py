"""A caller before it is connected; connected ones are in test_ours and test_relay."""

from __future__ import annotations

import msgspec
import pytest

from loadtest.bench.media import caller as module
from loadtest.bench.media.caller import Caller
from loadtest.bench.media.descriptions import server_end
from loadtest.bench.store.servers import NotHere

HOST = "127.0.0.1"


async def test_a_server_that_does_not_answer_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "CONNECT_S", 0.05)
    with Caller(HOST, 1).sock as nobody:
        host, port = nobody.getsockname()
        quiet = Caller(HOST, 2)
        end = msgspec.structs.replace(quiet.end, host=host, port=port)
        with pytest.raises(NotHere, match="no connection"):
            await quiet.connect(end)
        quiet.sock.close()


def test_what_a_caller_says_of_itself_is_where_it_is() -> None:
    caller = Caller(HOST, 7)
    end = server_end(caller.describe())
    assert end == caller.end
    assert end.port == caller.sock.getsockname()[1]
    caller.sock.close()
