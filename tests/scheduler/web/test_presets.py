"""An instance that changes its presets loses nothing: what is booked stays booked."""

from __future__ import annotations

from scheduler import rules
from scheduler.rules import DAY_MS, MINUTE_MS
from tests.scheduler.desk import Desk, OpenDesk, code_of, text

HOUR_MS = 60 * MINUTE_MS


async def off_the_hour(desk: Desk) -> int:
    """A start at a quarter past, which a small community does not offer."""
    return (await desk.ledger.now_ms()) // HOUR_MS * HOUR_MS + 2 * HOUR_MS + 15 * MINUTE_MS


async def test_bookings_off_the_new_grid_stay_and_are_matched_and_cancelled(
    open_desk: OpenDesk,
) -> None:
    large = await open_desk()
    ana, ben, cem = [await large.member(name) for name in ("Ana", "Ben", "Cem")]
    start = await off_the_hour(large)
    booked = await ana.booked(start, length_min=50)
    partners = await ben.booked(start, length_min=50)
    waits = await cem.booked(start, length_min=50)

    small = await open_desk(rules.of(community="small"))
    await small.browser().get("/instance")
    kept = await ana.get(f"/bookings/{booked['id']}")
    assert (kept["state"], kept["start"]) == ("matched", booked["start"])
    answer = await ben.call("DELETE", f"/bookings/{partners['id']}?request_id=request-1")
    assert answer.status == 200, await answer.text()
    assert (await ana.get(f"/bookings/{booked['id']}"))["partner"]["name"] == "Cem"
    assert (await cem.get(f"/bookings/{waits['id']}"))["state"] == "matched"


async def test_new_sessions_start_on_the_new_grid(open_desk: OpenDesk) -> None:
    await open_desk()
    small = await open_desk(rules.of(community="small"))
    ana = await small.member("Ana")
    start = await off_the_hour(small)
    [refused] = await ana.book(start)
    assert refused["error"]["code"] == "off_grid"
    assert refused["error"]["data"]["grid_ms"] == HOUR_MS
    assert (await ana.booked(start + 45 * MINUTE_MS))["state"] == "waiting"


async def test_an_overlap_with_a_booking_off_the_new_grid_is_seen(open_desk: OpenDesk) -> None:
    large = await open_desk()
    start = await off_the_hour(large)
    ana = await large.member("Ana")
    await ana.booked(start + 30 * MINUTE_MS)
    small = await open_desk(rules.of(community="small"))
    again = small.browser()
    await again.sign_in(await small.link_token("ana@example.org"))
    [refused] = await again.book(start + 45 * MINUTE_MS)
    assert refused["error"]["code"] == "overlap"


async def test_what_is_free_off_the_new_grid_can_be_locked_in(open_desk: OpenDesk) -> None:
    large = await open_desk()
    ana, ben = await large.member("Ana"), await large.member("Ben", lockable="everyone")
    start = await off_the_hour(large)
    await ben.booked(start, length_min=50)
    small = await open_desk(rules.of(community="small"))
    again = small.browser()
    await again.sign_in(await small.link_token("ana@example.org"))
    wish = {
        "request_id": "lock-in-1",
        "member": ben.me["id"],
        "start": text(start),
        "length_min": 50,
    }
    nothing = {**wish, "start": text(start + HOUR_MS)}
    assert await code_of(await again.call("POST", "/bookings/lock", nothing)) == (400, "off_grid")
    assert (await again.send("POST", "/bookings/lock", wish))["booking"]["locked"]
    assert ana.me["id"] == again.me["id"]


async def test_the_instance_says_which_community_it_is_for(open_desk: OpenDesk) -> None:
    small = await open_desk(rules.of(community="small", reveal="t2"))
    shown = (await small.browser().get("/instance"))["rules"]
    assert (shown["community"], shown["reveal_ms"]) == ("small", 2 * MINUTE_MS)
    assert await code_of(await small.browser().call("GET", "/me")) == (401, "unauthenticated")


async def test_repeats_off_the_new_grid_wait_and_go_on_when_it_is_switched_back(
    open_desk: OpenDesk,
) -> None:
    large = await open_desk()
    ana = await large.member("Ana")
    weekly = {"request_id": "repeat-1", "days": [0, 3], "time": "15:15", "length_min": 50}
    made = await ana.send("POST", "/repeats", weekly)
    before = [each["booking"] for each in made["next"] if each["booking"]]

    small = await open_desk(rules.of(community="small"))
    assert await days_ahead(small, made["id"], 10) == {
        "booked": None, "taken": "off_grid", "planned": None,
    }  # fmt: skip
    [kept] = (await ana.get("/repeats"))["repeats"]
    assert {each["booking"] for each in kept["next"] if each["booking"]} <= set(before)

    again = await open_desk()
    assert await days_ahead(again, made["id"], 1) == {"booked": None, "planned": None}


async def days_ahead(desk: Desk, repeat: str, days: int) -> dict[str, str | None]:
    """What its dates have come to some days on: the states, and why."""
    repeats = desk.parts.api.tools.repeats
    for _ in range(days):
        await desk.later(DAY_MS)
        await repeats.book_ahead(repeat)
    owner = (await repeats._store.one(repeat)).member
    [planned] = await repeats.mine(owner)
    return {each.state.value: each.why or None for each in planned.next}
