"""A member at a browser: what a person does on the pages, in the words a person reads there."""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from playwright.async_api import Browser, Locator, Page, expect
from playwright.async_api import Error as PlaywrightError

from tests.support.chromium import ARTIFACTS, KEEP_PICTURES, PICTURES, Watch, new_context
from tests.support.system import System, eventually

MINUTE = 60_000
DEVICES_WORK = re.compile("^(Everything works|Camera and microphone work)$")
"""The second where the connection could not be tried, as on an instance at its limit."""
SETTLED = """() => Promise.allSettled(
    document.getAnimations().filter((each) => each instanceof CSSTransition).map((each) => each.finished))"""
ISOLATES = "[\u2066-\u2069]*"


class Person:
    """One member, one browser profile, one page."""

    def __init__(self, name: str, page: Page, watch: Watch, system: System) -> None:
        self.name = name
        self.page = page
        self.watch = watch
        self.system = system
        self._me: dict[str, Any] = {}

    # Signing in.

    async def sign_in_by_mail(self) -> None:
        """Everything a new member does: ask for a link, open it from the mail page, be welcomed."""
        async for _ in self.steps_of_welcome():
            pass

    async def steps_of_welcome(self) -> AsyncIterator[str]:
        """The same step by step: yields at each stop, so that a test can look around."""
        await self.page.goto("/signin")
        async for step in self.steps_of_signing_up():
            yield step
        await expect(self.page.get_by_text("Look at the calendar")).to_be_visible()
        yield "first session"
        await self.follow("Look at the calendar")
        await expect(self.page.get_by_role("heading", name="Next up")).to_be_visible()

    async def steps_of_signing_up(self) -> AsyncIterator[str]:
        """From the page of signing in to the agreed rules, wherever that leads."""
        page, mail = self.page, f"{self.name.lower()}@example.org"
        await page.get_by_label("Mail address").fill(mail)
        await self.press("Send me a link")
        await expect(page.get_by_role("heading", name="Look in your mail")).to_be_visible()
        yield "sent"
        await self.follow("Open the mail of this computer")
        await page.get_by_role("button", name=mail).first.click()
        yield "mail"
        await page.get_by_role("link", name="/signin#token=").click()
        await expect(page.get_by_label("Name", exact=True)).to_be_visible()
        yield "you"
        await page.get_by_label("Name", exact=True).fill(self.name)
        await page.get_by_label(re.compile(r"I am \d+ or older")).check()
        await self.press("Continue")
        await expect(page.get_by_role("button", name="I agree")).to_be_visible()
        yield "rules"
        await self.press("I agree")

    async def sign_in_quickly(self) -> None:
        """Signed in and welcomed by calls, for journeys that are about something else.

        Once: a sign-in ends the one before, under the hands of a page that is open.
        """
        if self._me:
            return
        mail = f"{self.name.lower()}@example.org"
        await self.call("POST", "/auth/link", {"mail": mail})
        mails = (await self.call("GET", "/dev/mail"))["mails"]
        text = next(m["text"] for m in mails if m["to"] == mail)
        found = re.search(r"#token=([\w\-.~%]+)", text)
        assert found, text
        me = await self.call("POST", "/auth/session", {"token": found[1]})
        self._me = me
        rules = (await self.call("GET", "/instance"))["rules"]
        self._me = await self.call(
            "PATCH",
            "/me",
            {
                "name": self.name,
                "zone": "Europe/Berlin",
                "adult": True,
                "rules_accepted": rules["version"],
            },
        )

    # Calls, with the cookie of this browser.

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        """One REST call as this member; anything but success fails the test."""
        answer = await self.page.context.request.fetch(
            f"{self.system.url}/api/v1{path}",
            method=method,
            data=body,
            headers={
                "Origin": self.system.url,
                "Content-Type": "application/json",
                "X-CSRF-Token": str(self._me.get("csrf", "")),
            },
        )
        assert answer.ok, f"{method} {path}: {answer.status} {await answer.text()}"
        return None if answer.status in (202, 204) else await answer.json()

    async def me(self) -> dict[str, Any]:
        """Who this is, with a token that calls need."""
        self._me = await self.call("GET", "/me")
        return self._me

    async def book(self, start_ms: int, length_min: int) -> str:
        """Book by a call; the booking's id."""
        item = {"start": rfc3339(start_ms), "length_min": length_min}
        answer = await self.call(
            "POST",
            "/bookings",
            {"request_id": f"{self.name}-{start_ms}-{id(item)}", "items": [item]},
        )
        (result,) = answer["results"]
        assert result.get("booking"), result
        return str(result["booking"]["id"])

    async def lock_in(self, other: str, start_ms: int, length_min: int) -> None:
        """Lock in with somebody by a call."""
        slot = {"start": rfc3339(start_ms), "length_min": length_min}
        wish = {"request_id": f"{self.name}-locks-{start_ms}", "member": other, **slot}
        await self.call("POST", "/bookings/lock", wish)

    async def flags(self) -> list[dict[str, Any]]:
        """What this member is shown of their faults."""
        flags: list[dict[str, Any]] = (await self.call("GET", "/flags"))["flags"]
        return flags

    async def settled(self, pair_of: str) -> None:
        """Wait until the session of this booking was judged."""
        booking = await self.system.ledger.booking(pair_of)
        assert booking.pair

        async def judged() -> bool:
            assert booking.pair
            return (await self.system.ledger.pair(booking.pair)).settled

        await eventually(judged, within_s=15)

    async def last_booking(self) -> str:
        """The id of the latest booking of this member that was not cancelled."""
        await self.me()
        now_ms = await self.system.now_ms()
        day = 24 * 60 * MINUTE
        span = f"from={rfc3339(now_ms - day)}&to={rfc3339(now_ms + day)}"
        bookings = (await self.call("GET", f"/bookings?{span}"))["bookings"]
        return str(bookings[-1]["id"])

    # On the page.

    async def choose(self, start_ms: int) -> None:
        """Press a start in the calendar, wherever it is drawn."""
        await self._cell(local_time(start_ms)).click()

    async def holds(self, start_ms: int, partner: str) -> None:
        """The calendar shows an own session at this time, with this partner or "finding"."""
        name = f"{local_time(start_ms)}.*your session.*{partner}"
        await expect(self._cell(name)).to_be_visible(timeout=15_000)

    async def is_told(self, text: str | re.Pattern[str]) -> None:
        """The bar of what changed in own sessions says it, without anything being pressed."""
        bar = self.page.get_by_role("region", name="What changed")
        await expect(bar.get_by_text(words(text))).to_be_visible(timeout=15_000)

    def forgives(self, status: int, times: int = 1) -> None:
        """Chromium reports an answer that a journey asked for on purpose as an error: forget those."""
        refused = [each for each in self.watch.complaints if f"status of {status}" in each]
        assert len(refused) == times, self.watch.complaints
        self.watch.complaints[:] = [e for e in self.watch.complaints if e not in refused]

    def _cell(self, name: str) -> Locator:
        of = re.compile(rf"^[^:]*\b0?{name}")
        page = self.page
        return page.get_by_role("gridcell", name=of).or_(page.get_by_role("button", name=of)).first

    async def press(self, name: str | re.Pattern[str]) -> None:
        """Press the button with this name."""
        await self.page.get_by_role("button", name=words(name)).first.click()

    async def follow(self, name: str | re.Pattern[str]) -> None:
        """Press the link or button with this name, whichever it is."""
        link = self.page.get_by_role("link", name=words(name))
        await link.or_(self.page.get_by_role("button", name=words(name))).first.click()

    async def choose_tab(self, name: str) -> None:
        """Press one of a few choices that stand beside each other."""
        await self.page.locator(".segments").get_by_text(name, exact=True).click()

    async def enter_room(self, booking: str) -> None:
        """Through the device check into the room; the doors are open."""
        await self.page.goto(f"/check/{booking}")
        await self.through_the_check()

    async def through_the_check(self) -> None:
        """From the device check into the room; the browser allows the devices by itself."""
        page = self.page
        works = page.get_by_role("heading", name=DEVICES_WORK)
        await expect(works).to_be_visible(timeout=15_000)
        await page.get_by_role("button", name="Enter the room").click()
        await expect(self.leave_button).to_be_visible()

    @property
    def leave_button(self) -> Locator:
        """Only a room has it."""
        return self.page.get_by_role("button", name="Leave", exact=True)

    def tile(self, who: str) -> Locator:
        """A tile of the room, by whose it is."""
        return self.page.get_by_role("figure", name=words(f"{who},"))

    async def write(self, partner: str, line: str) -> None:
        """Send a line of chat."""
        field = self.page.get_by_label(words(f"Write to {partner}"))
        await field.fill(line)
        await field.press("Enter")

    def partners_task(self, text: str) -> Locator:
        """A ticked task in the partner's list, which cannot be pressed."""
        theirs = self.page.get_by_role("region", name=re.compile("tasks$"))
        return theirs.get_by_role("listitem").filter(has_text=text).filter(has_text="Done")

    async def timer_seconds(self) -> int | None:
        """What the timer shows, while it shows seconds."""
        shown = await self.page.get_by_role("timer").first.text_content() or ""
        found = re.search(r"0:(\d\d)", shown)
        return int(found[1]) if found else None

    async def add_task(self, text: str) -> None:
        """Write a task of the own list."""
        field = self.page.get_by_label("A new task")
        await field.fill(text)
        await field.press("Enter")

    async def tick(self, text: str) -> None:
        """Tick a task of the own list."""
        mine = self.page.get_by_role("region", name="Your tasks")
        await mine.get_by_role("checkbox", name=text).check()

    async def sees(self, text: str | re.Pattern[str], *, within_s: float = 10) -> None:
        """Some text is on the page before long, without anything being pressed."""
        found = self.page.get_by_text(words(text)).filter(visible=True)
        await expect(found.first).to_be_visible(timeout=within_s * 1000)

    # Pictures.

    async def frames_decoded(self) -> int:
        """Frames of the partner's video decoded so far by the newest connection."""
        return int(await self.page.evaluate("probe.framesDecoded()"))

    async def sees_moving_picture(self, *, within_s: float = 20) -> dict[str, float]:
        """The partner's picture is there, is decoded frame by frame, is not black, and moves."""

        async def moving() -> dict[str, float] | None:
            before = await self.frames_decoded()
            found: dict[str, float] | None = await self.page.evaluate("probe.picture()")
            alive = found and found["mean"] > 25 and found["spread"] > 6 and found["moved"] > 0.1
            more = await self.frames_decoded() - before
            return found if alive and more > 2 else None

        return await eventually(moving, within_s=within_s)

    async def picture(self, name: str, *, update: bool) -> None:
        """Keep a picture of the page where such are wanted; into the documents only when asked for."""
        if not (update or KEEP_PICTURES):
            return
        directory = PICTURES if update else ARTIFACTS
        directory.mkdir(parents=True, exist_ok=True)
        await self.settles()
        await self.page.screenshot(path=directory / f"{name}.png")

    async def settles(self) -> None:
        """Wait until no colour or place is on its way to another."""
        await self.page.evaluate(SETTLED)

    async def complaints(self) -> list[str]:
        """What the page complained about, policy violations of the present document included."""
        broken: list[str] = []
        if not self.page.is_closed():
            broken = await self.page.evaluate("window.probe ? probe.violations : []")
        return [*self.watch.complaints, *(f"policy: {each}" for each in broken)]


@asynccontextmanager
async def a_person(
    name: str, browser: Browser, system: System, **options: Any
) -> AsyncIterator[Person]:
    """A member with a fresh browser profile."""
    context = await new_context(browser, system.url, **options)
    watch = Watch()
    page = await context.new_page()
    watch.follow(page)
    person = Person(name, page, watch, system)
    try:
        yield person
    finally:
        await context.close()


async def behaved(person: Person) -> None:
    """Fail if their page complained about something, or asked anybody but the instance."""
    complaints = await person.complaints()
    assert not complaints, f"{person.name}'s page: {complaints}"
    ours = (person.system.url, "data:", "blob:")
    strangers = {url for url in person.watch.requests if not url.startswith(ours)}
    assert not strangers, f"{person.name}'s page asked {strangers}"


async def keep_evidence(person: Person) -> None:
    """A picture and the words of the page at the moment of a failure."""
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    base: Path = ARTIFACTS / f"failed-{person.name}"
    if person.page.is_closed():
        return
    # The words first: a page too busy to be painted can still be read.
    words = await person.page.locator("body").aria_snapshot()
    said = "\n".join(person.watch.complaints)
    base.with_suffix(".txt").write_text(f"{person.page.url}\n\n{words}\n\n{said}\n")
    with contextlib.suppress(PlaywrightError):
        await person.page.screenshot(path=f"{base}.png")


def words(text: str | re.Pattern[str]) -> re.Pattern[str]:
    """A sentence as it may stand on a page: names in it may carry marks of their direction."""
    if isinstance(text, re.Pattern):
        return text
    return re.compile("".join(f"{ISOLATES}{re.escape(each)}" for each in text))


def rfc3339(at_ms: int) -> str:
    """An instant as REST takes it."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat().replace("+00:00", "Z")


def local_time(at_ms: int) -> str:
    """The time of day as a page in Berlin shows it."""
    here = datetime.fromtimestamp(at_ms / 1000, ZoneInfo("Europe/Berlin"))
    return f"{here.hour}:{here.minute:02}"


def next_start(now_ms: int, grid_min: int, *, ahead_min: int = 0) -> int:
    """The first start on the grid at least so far ahead."""
    grid = grid_min * MINUTE
    return -(-(now_ms + ahead_min * MINUTE) // grid) * grid
