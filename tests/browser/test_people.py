"""Members and those they know: locked in from three places, befriended, kept away, booked again."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Enrol
from tests.support.people import MINUTE, Person, local_time, next_start, words
from tests.support.system import System, running_system

LENGTH_MIN = 50
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """An instance with the usual rules."""
    async with running_system(tmp_path_factory.mktemp("people")) as system:
        yield system


async def partners(system: System, enrol: Enrol, *names: str) -> tuple[list[Person], int]:
    """Members, the first of whom shares a session in two days with each other one; a free hour of today."""
    people = [await enrol(name) for name in names]
    start_ms = next_start(await system.now_ms(), 60, ahead_min=60)
    for person in people:
        await person.sign_in_quickly()
    for n, other in enumerate(people[1:]):
        for person in (people[0], other):
            await person.book(start_ms + 2 * DAY + n * HOUR, LENGTH_MIN)
    return people, start_ms


async def ties(one: Person, other: Person) -> dict[str, object]:
    """What the other is to this member."""
    found: dict[str, object] = await one.call("GET", f"/people/{(await other.me())['id']}")
    return found


def locked(place: Locator) -> Locator:
    """The lock sign within a place of a page."""
    return place.locator("svg.lucide-lock").first


async def test_a_lock_in_from_three_places_wins_over_chance_and_shows_everywhere(
    system: System, enrol: Enrol
) -> None:
    (ana, ben, cem), start_ms = await partners(system, enrol, "Ana", "Ben", "Cem")
    await cem.book(start_ms, LENGTH_MIN)
    await ben.book(start_ms, LENGTH_MIN)
    await system.settle_in("Dov", [start_ms], LENGTH_MIN)
    await ben.book(start_ms + 2 * HOUR, LENGTH_MIN)
    await ben.call(
        "PUT", f"/people/{(await ana.me())['id']}/favourite", {"request_id": "b-favours-a"}
    )
    await cem.page.goto("/")
    await cem.holds(start_ms, "Ben")

    await from_the_free_times_of_favourites(ana)
    await cem.is_told("Ben is with somebody else now. You are with Dov now")
    await cem.holds(start_ms, "Dov")
    await ana.page.keyboard.press("z")
    await ana.page.goto("/")
    await from_the_panel_on_the_calendar(ana, start_ms)
    await from_their_own_page(ana, start_ms + 2 * HOUR)
    await the_lock_shows_everywhere(ana, start_ms)


async def from_the_free_times_of_favourites(ana: Person) -> None:
    """The heart beside a coming partner; then the first of all favourites' free times."""
    await ana.page.goto("/people")
    await ana.press("Favourite: Ben")
    await expect(ana.page.get_by_role("button", name=words("Favourite: Ben"))).to_have_attribute(
        "aria-pressed", "true"
    )
    await ana.follow("All free times")
    await ana.press(re.compile("^Lock in .*Ben"))
    await ana.sees("Locked in with Ben. Only one of you cancelling can change it.")


async def from_the_panel_on_the_calendar(ana: Person, start_ms: int) -> None:
    """Ben waits again after Ana let go: whoever is chosen there is locked in by one press."""
    await ana.choose(start_ms)
    await ana.press("Who waits")
    await ana.press(re.compile("^Lock in .*Ben"))
    await ana.holds(start_ms, "Ben.*locked in")


async def from_their_own_page(ana: Person, start_ms: int) -> None:
    await ana.page.goto("/people")
    await ana.follow(re.compile("^Ben$"))
    await ana.press(re.compile(rf"^Lock in .*\b{local_time(start_ms)}\D.*Ben"))
    await ana.sees("Locked in with Ben. Only one of you cancelling can change it.")
    await ana.follow("See the session")
    await ana.sees("Locked in: only one of you cancelling can change it.")


async def the_lock_shows_everywhere(ana: Person, start_ms: int) -> None:
    """In the week, in what is next, in the list, and on the board of a phone."""
    page, at = ana.page, re.compile(f"{local_time(start_ms)}.*Ben.*locked in")
    await page.goto("/")
    await expect(locked(page.get_by_role("gridcell", name=at))).to_be_visible()
    await expect(locked(page.get_by_role("complementary"))).to_be_visible()
    await page.goto("/sessions")
    row = page.get_by_role("listitem").filter(has_text=local_time(start_ms))
    await expect(locked(row)).to_be_visible()
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.goto("/")
    await expect(locked(page.get_by_role("button", name=at))).to_be_visible()


async def test_friends_are_asked_and_answered_while_both_look(system: System, enrol: Enrol) -> None:
    (ana, ben), _ = await partners(system, enrol, "Anna", "Benno")
    await ben.page.goto("/")
    await ana.page.goto("/people")
    await ana.follow(re.compile("^Benno$"))
    await ana.press("Ask to be friends")
    await ana.sees("Asked to be friends")
    await ben.page.goto("/people")
    await ben.sees("Anna would like to be friends")
    await ben.press("Accept")
    await expect(ben.page.get_by_text(words("would like to be friends"))).to_have_count(0)
    await expect(ana.page.get_by_text("Asked to be friends")).to_have_count(0)
    await ana.sees(re.compile("^Friends$"))
    assert (await ties(ana, ben))["friendship"] == "friends"


async def test_who_is_kept_away_is_told_nothing_but_that_the_partner_went(
    system: System, enrol: Enrol
) -> None:
    (eva, kim), start_ms = await partners(system, enrol, "Eva", "Kim")
    together_ms = start_ms + 2 * DAY
    await kim.page.goto("/")
    await eva.page.goto("/people")
    await eva.press("More about Kim")
    await eva.press("Snooze")
    await eva.sees("Kim is not told.")
    await eva.press("For a week")
    await eva.is_told("You are not with Kim any more")
    await kim.is_told("Eva could not come")
    await kim.holds(together_ms, "finding a partner")
    await eva.choose_tab("Hidden")
    await eva.sees(re.compile("Snoozed until"))
    await eva.press("Show Kim again")
    await eva.sees("You keep nobody away.")
    await kim.holds(together_ms, "Eva")

    await eva.choose_tab("Met")
    await eva.press("More about Kim")
    await eva.press("Block")
    await eva.press("Block Kim")
    await kim.holds(together_ms, "finding a partner")
    await eva.choose_tab("Hidden")
    await eva.sees("Blocked")
    await kim.page.goto("/people")
    await kim.sees("People you meet appear here.")


async def test_the_same_two_again_by_one_press_each(system: System, enrol: Enrol) -> None:
    """They meet, part, and the one books the same time tomorrow; the other is asked and accepts."""
    ida, jon = await enrol("Ida"), await enrol("Jon")
    for person in (ida, jon):
        await person.sign_in_quickly()
    start_ms = next_start(await system.now_ms(), 60, ahead_min=70)
    booked = [await person.book(start_ms, LENGTH_MIN) for person in (ida, jon)]
    await system.move_to(start_ms - MINUTE)
    for person, booking in zip((ida, jon), booked, strict=True):
        await person.enter_room(booking)
    await system.move_to(start_ms + LENGTH_MIN * MINUTE)
    await ida.sees("50 minutes, alongside Jon")
    await jon.page.goto("/")
    await ida.press("Book Jon again")
    await ida.press(re.compile("^Tomorrow"))
    await ida.sees("Jon is asked to join.")

    await jon.sees("Ida would like to work with you")
    await jon.press(re.compile("^Accept"))
    await jon.sees("Locked in with Ida. Only one of you cancelling can change it.")
    await system.move_to(start_ms + (LENGTH_MIN + 6) * MINUTE)
    await jon.settled(booked[1])
    await ida.page.goto("/")
    await ida.holds(start_ms + DAY, "Jon.*locked in")
    await jon.page.goto("/people")
    await jon.sees("1 session together")
