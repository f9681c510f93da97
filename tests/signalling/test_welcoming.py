"""What a page hears first."""

from __future__ import annotations

import pytest

from scheduler.events import Booked
from signalling import wire
from signalling.backlog import Backlog
from signalling.commands import AnyCommand, Count, Send
from signalling.welcoming import welcome
from tests.signalling.test_connection import connection

NOW_MS = 1_790_000_000_000


def said(epoch: str, offset: str) -> list[AnyCommand]:
    backlog = Backlog("e", "0-0", 10)
    for at, member in enumerate(("m_ana", "m_ben", "m_ana"), 1):
        backlog.add(
            f"{at}-0", Booked(at_ms=0, booking=f"b{at}", member=member, start_ms=0, length_min=50)
        )
    hello = wire.Hello(v=wire.PROTOCOL, tab="t", epoch=epoch, offset=offset)
    return welcome(connection(greeted=True), hello, backlog, NOW_MS)


@pytest.mark.parametrize(
    ("epoch", "offset", "result", "missed"),
    [
        ("", "", "first", []),
        ("e", "0-0", "recovered", ["b1", "b3"]),
        ("e", "3-0", "recovered", []),
        ("another", "1-0", "full", []),
    ],
)
def test_a_page_hears_what_it_missed_of_its_own_and_nothing_else(
    epoch: str, offset: str, result: str, missed: list[str]
) -> None:
    counted, greeting, *notices = said(epoch, offset)
    assert counted == Count("resume", (result,))
    assert isinstance(greeting, Send)
    assert isinstance(greeting.message, wire.Welcome)
    assert greeting.message.resumed is (result == "recovered")
    heard = [each.message for each in notices if isinstance(each, Send)]
    about = [each for each in heard if isinstance(each, wire.Changed) and each.what == "booking"]
    assert [each.booking for each in about] == missed
