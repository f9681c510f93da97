"""What follows from an instance's origin."""

from __future__ import annotations

from scheduler.config import Config


def test_the_host_and_the_sockets_follow_from_the_origin() -> None:
    plain = Config(origin="http://127.0.0.1:8080", secret="x")
    assert (plain.https, plain.host) == (False, "127.0.0.1:8080")
    assert plain.socket_origin == "ws://127.0.0.1:8080"
    secure = Config(origin="https://desk.example", secret="x")
    assert (secure.https, secure.host) == (True, "desk.example")
    assert secure.socket_origin == "wss://desk.example"
