"""The open sockets of members."""

from __future__ import annotations

from signalling.close_codes import CloseCode
from signalling.commands import Close
from signalling.connection import Place
from signalling.deadlines import Deadlines
from signalling.lobby import Key, Lobby
from tests.signalling.stage import CONFIG


def lobby() -> Lobby:
    deadlines: Deadlines[Key] = Deadlines()
    return Lobby(CONFIG, deadlines)


def names(found: list[object]) -> list[str]:
    return [connection.conn for connection in found]  # type: ignore[attr-defined]


def test_a_socket_is_found_by_id_and_by_member_until_it_is_gone() -> None:
    hall = lobby()
    hall.open("c1", "m_ana", "s", 0)
    assert hall.get("c1") in hall.of("m_ana")
    hall.remove("c1")
    assert hall.get("c1") is None
    assert hall.of("m_ana") == []
    assert hall.remove("c1") is None


def test_only_greeted_sockets_are_an_audience() -> None:
    hall = lobby()
    hall.open("c1", "m_ana", "s", 0)
    hall.open("c2", "m_ana", "s", 0)
    connection = hall.get("c2")
    assert connection is not None
    hall.greet(connection, "tab")
    assert names(list(hall.audience("m_ana"))) == ["c2"]
    assert names(list(hall.audience(None))) == ["c2"]


def test_a_seat_is_not_given_up_for_one_more_tab() -> None:
    hall = lobby()
    for n in range(5):
        hall.open(f"c{n}", "m_ana", "s", 0)
    seated = hall.get("c0")
    assert seated is not None
    seated.place = Place("p9", 0)
    assert hall.open("c5", "m_ana", "s", 0) == [Close("c1", CloseCode.TOO_MANY_TABS)]
    assert hall.open("c6", "m_ana", "s", 0) == [Close("c2", CloseCode.TOO_MANY_TABS)]


def test_what_is_about_to_be_closed_is_deaf() -> None:
    hall = lobby()
    hall.open("c1", "m_ana", "s", 0)
    connection = hall.get("c1")
    assert connection is not None
    hall.close(connection, CloseCode.SLOW)
    assert hall.speaking("c1") is None
    assert hall.audience("m_ana") == []
