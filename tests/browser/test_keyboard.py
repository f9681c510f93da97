"""Everything by keyboard alone: signing in, two bookings, one cancelled, a visit to a room."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Enrol
from tests.support.people import Person
from tests.support.system import System, next_monday, running_system

STOPS_MAX = 60


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """An instance with the usual rules."""
    async with running_system(tmp_path_factory.mktemp("keyboard")) as system:
        yield system


FOCUSED = """() => {
  const node = document.activeElement;
  if (!node || node === document.body) return "";
  const labels = [...(node.labels ?? [])].map((label) => label.textContent);
  return node.getAttribute("aria-label") ?? (labels.join(" ") || node.textContent || "");
}"""

RING = """() => {
  const node = document.activeElement;
  const style = getComputedStyle(node);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
}"""


async def tab_to(person: Person, name: str) -> None:
    """Press Tab until something with this name has the focus, and see that it shows."""
    seen: list[str] = []
    for _ in range(STOPS_MAX):
        focused = (await person.page.evaluate(FOCUSED)).strip()
        if name in focused:
            return
        seen.append(focused[:40])
        await person.page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reached {name!r}; it went over {seen}")


async def keys(person: Person, *names: str) -> None:
    """Press keys, one after another."""
    for name in names:
        await person.page.keyboard.press(name)


async def test_a_member_needs_no_pointer(system: System, enrol: Enrol) -> None:
    await system.move_to(next_monday(await system.now_ms(), 9) + 60_000)
    ana = await enrol("Ana")
    await sign_in(ana)
    await book_two(ana)
    await cancel_one(ana)
    await visit_the_room(system, ana)


async def sign_in(ana: Person) -> None:
    page = ana.page
    await page.goto("/signin")
    await tab_to(ana, "Mail address")
    await page.keyboard.type("ana@example.org")
    await keys(ana, "Enter")
    await ana.sees("Look in your mail")
    await tab_to(ana, "Open the mail of this computer")
    await keys(ana, "Enter")
    await tab_to(ana, "/signin#token=")
    await keys(ana, "Enter")
    await expect(page.get_by_label("Name", exact=True)).to_be_visible()
    await tab_to(ana, "Name")
    await page.keyboard.type("Ana")
    await tab_to(ana, "or older")
    await keys(ana, "Space")
    await tab_to(ana, "Continue")
    await keys(ana, "Enter")
    await tab_to(ana, "I agree")
    await keys(ana, "Enter")
    await tab_to(ana, "Look at the calendar")
    await keys(ana, "Enter")
    await expect(page.get_by_role("grid")).to_be_visible()


async def book_two(ana: Person) -> None:
    """In the grid: an hour from now tomorrow, and two hours after that."""
    page = ana.page
    await page.get_by_role("grid").wait_for()
    await tab_to_grid(ana)
    await keys(ana, "t", "PageDown", "PageDown", "Space")
    await ana.sees("1 session chosen")
    await keys(ana, "PageDown", "PageDown", "Space")
    await ana.sees("2 sessions chosen")
    await tab_to(ana, "Book 2 sessions")
    assert await page.evaluate(RING)
    await keys(ana, "Enter")
    own = page.get_by_role("gridcell", name=re.compile("your session, finding a partner"))
    await expect(own).to_have_count(2)
    assert len(await bookings(ana)) == 2


async def cancel_one(ana: Person) -> None:
    await tab_to_grid(ana)
    await keys(ana, "Enter")
    await tab_to(ana, "Cancel the session")
    await keys(ana, "Enter")
    await ana.sees("is cancelled")
    assert len(await bookings(ana)) == 1


async def visit_the_room(system: System, ana: Person) -> None:
    (booking,) = await bookings(ana)
    held = await system.ledger.booking(booking)
    await system.move_to(held.start_ms - 60_000)
    await tab_to(ana, "Enter the room")
    await keys(ana, "Enter")
    await ana.sees("Everything works")
    await tab_to(ana, "Enter the room")
    await keys(ana, "Enter")
    await expect(ana.leave_button).to_be_visible()
    await keys(ana, "l")
    await expect(ana.page.get_by_role("dialog", name="Leave the session?")).to_be_focused()
    await keys(ana, "Tab")
    await tab_to(ana, "Leave")
    await keys(ana, "Enter")
    await ana.sees("You left the session")


async def tab_to_grid(ana: Person) -> None:
    """All the cells of the grid together are one stop."""
    for _ in range(STOPS_MAX):
        if await ana.page.evaluate("document.activeElement.getAttribute('role') === 'gridcell'"):
            return
        await ana.page.keyboard.press("Tab")
    raise AssertionError("Tab never reached the grid")


async def bookings(ana: Person) -> list[str]:
    """Ids of the live bookings to come."""
    me = await ana.me()
    now_ms = await ana.system.now_ms()
    held = await ana.system.ledger.bookings_of(me["id"], now_ms, now_ms + 7 * 86_400_000)
    return [booking.id for booking in held]
