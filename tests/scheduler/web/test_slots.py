"""Who waits at one slot, and who else could be had there."""

from __future__ import annotations

import pytest

from scheduler import rules
from scheduler.rules import MINUTE_MS
from tests.scheduler.desk import Browser, Desk, OpenDesk, code_of, text
from tests.scheduler.web.circle import acquainted, fresh, tie


async def there(browser: Browser, start_ms: int) -> list[tuple[str, bool, bool]]:
    """Name, favourite or not, lockable or not."""
    waiting = (await browser.get(f"/waiting/{text(start_ms)}/25"))["waiting"]
    return [(each["name"], each["favourite"], each["lockable"]) for each in waiting]


async def test_whoever_waits_is_named_and_who_may_be_locked_in_is_marked(desk: Desk) -> None:
    ana, ben = await desk.member("Ana"), await desk.member("Ben", lockable="nobody")
    cem = await desk.member("Cem", lockable="everyone", only_gender="woman", gender="woman")
    start = await desk.slot()
    assert await there(ana, start) == []
    await ben.booked(start)
    assert await there(ana, start) == [("Ben", False, False)]
    await ben.send("PATCH", "/me", {"lockable": "everyone"})
    assert await there(ana, start) == [("Ben", False, True)]
    await cem.booked(start)
    assert await there(ana, start) == [("Ben", False, True)]
    assert await there(ben, start) == []


async def test_a_favourite_who_has_a_chance_partner_can_be_had_too(desk: Desk) -> None:
    ana, ben, dov = [await desk.member(name) for name in ("Ana", "Ben", "Dov")]
    await acquainted(desk, ana, ben)
    start = await desk.slot(4)
    await ben.booked(start)
    await dov.booked(start)
    assert await there(ana, start) == []
    await tie(ana, "favourite", ben)
    await tie(ben, "favourite", ana)
    assert await there(ana, start) == [("Ben", True, True)]


async def test_a_favourite_is_marked_over_a_stretch_of_time_and_named_first(desk: Desk) -> None:
    ana = await desk.member("Ana")
    others = [await desk.member(name, only_gender="woman") for name in ("Ben", "Cem", "Dov", "Eve")]
    await ana.send("PATCH", "/me", {"gender": "woman"})
    await acquainted(desk, ana, others[3])
    start = await desk.slot()
    for other in others:
        await other.booked(start)
    await tie(ana, "favourite", others[3])
    span = f"from={text(start)}&to={text(start + MINUTE_MS)}&length_min=25"
    [slot] = (await ana.get(f"/slots?{span}"))["slots"]
    assert [(each["name"], each["favourite"]) for each in slot["people"]] == [
        ("Eve", True), ("Ben", False), ("Cem", False),
    ]  # fmt: skip


async def test_where_lengths_cross_whoever_waits_for_a_shorter_session_is_seen(
    open_desk: OpenDesk,
) -> None:
    """Ana waits for 25 minutes, Cem for 50; Ben wishes for 50, and less suits him."""
    desk = await open_desk(rules.of(community="small"))
    ana, ben, cem = [await desk.member(name) for name in ("Ana", "Ben", "Cem")]
    start = await desk.slot()
    await ana.booked(start, length_min=25)
    span = f"from={text(start)}&to={text(start + MINUTE_MS)}&length_min=50"
    assert (await ben.get(f"/slots?{span}"))["slots"] == []
    assert (await ben.get(f"/waiting/{text(start)}/50"))["waiting"] == []
    [slot] = (await ben.get(f"/slots?{span}&also_shorter=true"))["slots"]
    assert (slot["count"], slot["length_min"]) == (1, 25)
    assert [(each["name"], each["length_min"]) for each in slot["people"]] == [("Ana", 25)]
    there = f"/waiting/{text(start)}/50?also_shorter=true"
    assert [(each["name"], each["length_min"]) for each in (await ben.get(there))["waiting"]] == [
        ("Ana", 25)
    ]
    await cem.booked(start, length_min=50)
    [slot] = (await ben.get(f"/slots?{span}&also_shorter=true"))["slots"]
    assert (slot["count"], slot["length_min"]) == (2, 50)
    assert [(each["name"], each["length_min"]) for each in slot["people"]] == [
        ("Cem", 50), ("Ana", 25),
    ]  # fmt: skip
    booked = await ben.booked(start, length_min=50, also_shorter=True)
    assert booked["partner"]["name"] == "Cem"


async def test_whoever_waits_for_a_shorter_session_is_locked_in_for_that(
    open_desk: OpenDesk,
) -> None:
    desk = await open_desk(rules.of(community="small"))
    ana, ben = await desk.member("Ana", lockable="everyone"), await desk.member("Ben")
    start = await desk.slot()
    await ana.booked(start, length_min=25)
    path = f"/waiting/{text(start)}/50?also_shorter=true"
    [waiter] = (await ben.get(path))["waiting"]
    assert (waiter["lockable"], waiter["length_min"]) == (True, 25)
    lock = {"request_id": fresh(), "member": ana.me["id"], "start": text(start)}
    body = {**lock, "length_min": waiter["length_min"]}
    assert (await ben.send("POST", "/bookings/lock", body))["booking"]["locked"]


@pytest.mark.parametrize(
    ("path", "status"),
    [("2026-13-01T00:00:00Z/25", 400), ("2026-11-24T09:00:00/25", 400), ("now/25", 404),
     ("2026-11-24T09:00:00Z/x", 404), ("2026-11-24T09:00:00.0001Z/25", 400)],
)  # fmt: skip
async def test_a_slot_is_named_properly(desk: Desk, path: str, status: int) -> None:
    ana = await desk.member("Ana")
    answer = await ana.call("GET", f"/waiting/{path}")
    assert (await code_of(answer))[0] == status
