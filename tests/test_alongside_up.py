"""A whole instance, from one command: starts, keeps its word, survives, stops."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.instance import ROOT, Instance, Member, Refused, command, running

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

DEADLINE_S = 60.0


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    with running(tmp_path_factory.mktemp("instance")) as instance:
        yield instance


def hours(member: Member) -> Iterator[datetime]:
    """Starts that do not overlap, from tomorrow on, by the instance's clock."""
    now = datetime.fromisoformat(member.ask("GET", "/instance")["server_time"])
    start = (now.astimezone(UTC) + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    while True:
        yield start
        start += timedelta(hours=1)


def instant(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def book(member: Member, request_id: str, starts: list[datetime]) -> list[str]:
    """Ids of the bookings made."""
    items = [{"start": instant(start), "length_min": 25} for start in starts]
    answer = member.ask("POST", "/bookings", {"request_id": request_id, "items": items})
    return [result["booking"]["id"] for result in answer["results"]]


def booked(member: Member) -> set[str]:
    now = datetime.now(UTC)
    until = instant(now + timedelta(days=27))
    answer = member.ask("GET", f"/bookings?from={instant(now)}&to={until}")
    return {booking["id"] for booking in answer["bookings"]}


def test_one_command_and_a_booking_later_it_stops_and_keeps_it(tmp_path: Path) -> None:
    with running(tmp_path) as first:
        member = Member(first.port, "mo@example.org")
        (booking,) = book(member, "the-only-one", [next(hours(member))])
        assert first.end(signal.SIGTERM) == 0
        assert first.left_behind() == []
        assert is_free(first.port)
    with running(tmp_path) as second:
        assert booking in booked(Member(second.port, "mo@example.org"))
        assert second.end(signal.SIGINT) == 0
        assert second.left_behind() == []


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_the_page_is_there(instance: Instance) -> None:
    link = http.client.HTTPConnection("127.0.0.1", instance.port, timeout=15)
    link.request("GET", "/")
    answer = link.getresponse()
    assert (answer.status, answer.getheader("Content-Type", "").partition(";")[0]) == (
        200,
        "text/html",
    )
    link.close()


def test_nothing_acknowledged_is_lost_when_the_store_is_killed(instance: Instance) -> None:
    """Killed amid a stream of bookings; the supervisor starts it again on the same data."""
    member = Member(instance.port, "kim@example.org")
    starts = hours(member)
    acknowledged: list[str] = []
    for turn in range(20):
        if turn == 10:
            os.kill(instance.facts()["store"]["pid"], signal.SIGKILL)
        batch = [next(starts) for _ in range(5)]
        acknowledged += persist(member, f"stream-{turn:03}", batch)
    assert instance.says("^store ended")
    assert len(set(acknowledged)) == 100
    assert set(acknowledged) <= booked(member)


def persist(member: Member, request_id: str, starts: list[datetime]) -> list[str]:
    """Ask again with the same request id until there is an answer, as the page does."""
    deadline = time.monotonic() + DEADLINE_S
    while True:
        try:
            return book(member, request_id, starts)
        except (OSError, Refused, KeyError) as failure:
            if time.monotonic() > deadline or not is_outage(failure):
                raise
            time.sleep(0.5)


def is_outage(failure: Exception) -> bool:
    """Something that passes: a member's own mistake would not."""
    return not isinstance(failure, Refused) or failure.status in {429, 500, 502, 503, 504}


def test_a_role_that_dies_is_started_again_and_said_so(instance: Instance) -> None:
    os.kill(instance.facts()["hub"]["pid"], signal.SIGKILL)
    assert "again" in instance.says("^hub ended")
    deadline = time.monotonic() + DEADLINE_S
    while is_free(instance.port):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_second_one_on_the_same_data_is_refused(instance: Instance) -> None:
    said = refused(command(instance.data, instance.port + 1))
    assert f"already runs on {instance.data}" in said


def test_a_taken_port_is_said(instance: Instance, tmp_path: Path) -> None:
    said = refused(command(tmp_path, instance.port))
    assert f"Port {instance.port}" in said
    assert "--port" in said


def refused(arguments: list[str]) -> str:
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    return done.stderr


def by_hand(instance: Instance, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of the operator's, beside the instance that runs."""
    name, *own = arguments
    base = [sys.executable, str(ROOT / "alongside.py"), name, "--data", str(instance.data)]
    return subprocess.run([*base, *own], capture_output=True, text=True, timeout=60)


def test_the_store_is_verified_while_it_runs(instance: Instance) -> None:
    member = Member(instance.port, "vera@example.org")
    book(member, "to-verify", [next(hours(member))])
    done = by_hand(instance, "verify", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["violations"] == 0


def test_a_member_is_paused_while_it_runs(instance: Instance) -> None:
    member = Member(instance.port, "paul@example.org")
    (booking,) = book(member, "to-pause", [next(hours(member))])
    id = member.ask("GET", "/me")["id"]
    assert by_hand(instance, "members", "suspend", id, "--hours", "2").returncode == 0
    assert booking not in booked(member)
    assert by_hand(instance, "members", "resume", id).returncode == 0


def test_what_does_not_run_is_not_verified_and_told_how(tmp_path: Path) -> None:
    base = [sys.executable, str(ROOT / "alongside.py"), "verify", "--data", str(tmp_path)]
    done = subprocess.run(base, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "alongside.py up" in done.stderr
