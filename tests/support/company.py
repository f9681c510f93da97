"""A member among people they know: past sessions, favourites, friends, messages, times to lock in.

For what looks at pages rather than at what they do: pictures, and the search for obstacles.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

from playwright.async_api import expect

from tests.support.people import MINUTE, Person, local_time, next_start
from tests.support.system import System, eventually

LENGTH_MIN = 50
HOUR = 60 * MINUTE
DAY = 24 * HOUR

WITH = {
    "Amara Okafor": ("Africa/Lagos", (26, 50.5, 74)),
    "Bartholomäus Wolkenstein-Przybyszewska": ("Europe/Vienna", (26, 53)),
    "Ben Kowalski": ("America/New_York", (30, 54, 78)),
    "Priya Nair": ("Asia/Kolkata", (26, 49)),
    "Yuki Tanaka": ("Asia/Tokyo", (25.25, 49.5, 73.25)),
}
"""Whom Ana has met: where they live, and when they wait, in hours after Monday nine."""

OWN = {"Ben Kowalski": 31.5, "Yuki Tanaka": 76}
"""When Ana meets two of them again."""

SAID = (
    ("ana", "That went well. The chapter has a beginning now."),
    ("amara", "So has my budget. Same time on Thursday?"),
    ("ana", "Gladly. I may be three minutes late, there is a school run before it."),
    ("amara", "No hurry, I will be there."),
)


async def among_people(system: System, ana: Person) -> dict[str, str]:
    """Ana on Tuesday a little after nine, with everybody of `WITH` met on Monday; their ids by first name."""
    from scheduler.bookings import Lockable
    from scheduler.store.messages import MessageStore
    from scheduler.store.people import PeopleStore

    monday = next_start(await system.now_ms(), 60)
    me = (await ana.me())["id"]
    known: dict[str, str] = {}
    for n, (name, (zone, _)) in enumerate(WITH.items()):
        start_ms = monday + n * HOUR
        other = await system.settle_in(
            name, [start_ms], LENGTH_MIN, zone=zone, lockable=Lockable.EVERYONE
        )
        known[name.split()[0]] = other
        await a_session(system, ana, other, start_ms)
    await system.move_to(monday + DAY + 18 * MINUTE)
    await eventually(lambda: all_met(ana, len(WITH)))
    people = PeopleStore(system.ledger.calls)
    for name in ("Amara", "Yuki", "Bartholomäus"):
        await people.favourite(f"ana-favours-{name}", me, known[name])
    await people.ask_friend("ben-asks-ana", known["Ben"], me)
    await they_wait(system, ana, known, monday)
    messages = MessageStore(system.ledger.calls)
    for n, (who, text) in enumerate(SAID):
        one, other = (me, known["Amara"]) if who == "ana" else (known["Amara"], me)
        await messages.write(f"line-{n}", one, other, text)
    return known


async def a_session(system: System, ana: Person, other: str, start_ms: int) -> None:
    """Both book, and both are seen in the room at its start."""
    from scheduler.presence import PresenceEvent, Seen

    booking = await system.ledger.booking(await ana.book(start_ms, LENGTH_MIN))
    assert booking.pair
    came = [
        PresenceEvent(id=f"came:{start_ms}:{who}", member=who, seen=Seen.JOIN, at_ms=start_ms)
        for who in (booking.member, other)
    ]
    await system.ledger.record(booking.pair, came)


async def all_met(ana: Person, count: int) -> bool:
    people = (await ana.call("GET", "/people"))["people"]
    return len([each for each in people if each["together"] > 0]) == count


async def they_wait(system: System, ana: Person, known: dict[str, str], monday: int) -> None:
    """Everybody's coming starts; with two of them Ana has a session again."""
    from scheduler.bookings import Wish

    for name, (_, hours) in WITH.items():
        other = known[name.split()[0]]
        for hour in (*hours, *([OWN[name]] if name in OWN else [])):
            wish = Wish(start_ms=monday + int(hour * HOUR), length_min=LENGTH_MIN)
            await system.ledger.book(f"{other}-waits-{hour}", other, wish)
        if name in OWN:
            await ana.book(monday + int(OWN[name] * HOUR), LENGTH_MIN)


async def scenes(system: System, ana: Person, guest: Person) -> AsyncIterator[tuple[str, Person]]:
    """Every page of people, one after the other, by name, with who looks at it.

    `guest` is somebody without an account, who was handed Ana's link.
    """
    known = await among_people(system, ana)
    page = ana.page
    for name, path, sign in (
        ("people", "/people", "Amara Okafor"),
        ("free-times", "/people/free", "Yuki Tanaka"),
        ("person", f"/people/{known['Amara']}", "Last together"),
        ("messages", f"/messages/{known['Amara']}", "No hurry"),
    ):
        await page.goto(path)
        await ana.sees(sign)
        yield name, ana
    await page.goto("/")
    await who_waits(system, ana)
    yield "partner-panel", ana
    await page.keyboard.press("Escape")
    await page.goto("/sessions")
    await ana.press(re.compile("^Details.*Yuki"))
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.get_by_role("dialog").get_by_text("Options", exact=True).click()
    yield "booking-panel", ana
    await page.goto("/people")
    await ana.press("Invite a friend")
    await ana.press("Make a link")
    await ana.sees("It is shown this once.")
    yield "links", ana
    await guest.page.goto(await page.get_by_label("Link", exact=True).input_value())
    await guest.sees("invites you to work alongside")
    yield "invite", guest


async def who_waits(system: System, ana: Person) -> None:
    """The panel of a start today at which one waits and two favourites can be had."""
    at = local_time(next_start(await system.now_ms(), 60, ahead_min=60))
    page = ana.page
    await page.locator(".segments").get_by_text(re.compile(rf"^{LENGTH_MIN}( min)?$")).click()
    in_week = page.get_by_role("gridcell", name=re.compile(rf"^Tuesday[^:]*\b{at}"))
    on_board = page.get_by_role("button", name=re.compile(rf"^[^:]*\b{at}"))
    await in_week.or_(on_board).first.click()
    await ana.press("Who waits")
    await ana.sees("Lock in to be sure of somebody.")
