"""Links from outside, followed to the end: those of mails and of calendar entries find what they promise."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from playwright.async_api import expect

from scheduler.bookings import Booking, Lockable, Profile, State, Wish
from scheduler.mail.letters import SETTINGS
from scheduler.notices import (
    OF_BOOKINGS,
    PEOPLE_WORDS,
    WINDOW_MS,
    Kind,
    Notice,
    Other,
    booking_words,
    reminder_words,
)
from scheduler.people import InviteKind
from scheduler.store.invites import InviteStore
from scheduler.store.messages import MessageStore
from scheduler.store.people import PeopleStore
from tests.browser.conftest import Enrol
from tests.support.people import MINUTE, Person, next_start, words
from tests.support.system import System, eventually, running_system

LENGTH_MIN = 25
HOUR = 60 * MINUTE
LINK = re.compile(r"^[\w ]+: (http\S+)$", re.MULTILINE)


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """An instance with the usual rules."""
    async with running_system(tmp_path_factory.mktemp("links")) as system:
        yield system


# Of mails.


class Letters:
    """What reaches one member's mailbox, letter by letter."""

    def __init__(self, reader: Person, system: System) -> None:
        self._reader = reader
        self._system = system
        self._read = 0

    async def next_link(self, subject: str) -> str:
        """Wait for the next letter, which has this in its subject; gives where its button leads."""
        mail = f"{self._reader.name.lower()}@example.org"

        async def come() -> list[dict[str, str]]:
            # What waits for others of its kind waits by the clock that tests turn.
            await self._system.ledger.move_clock(WINDOW_MS)
            letters = (await self._reader.call("GET", "/dev/mail"))["mails"]
            own = [
                each for each in letters if each["to"] == mail and "Sign in" not in each["subject"]
            ]
            return own[: len(own) - self._read]

        [letter] = await eventually(come, within_s=30, every_s=0.5)
        self._read += 1
        assert subject in letter["subject"]
        assert SETTINGS in letter["text"]
        found = LINK.search(letter["text"])
        assert found, letter["text"]
        return found[1]


async def invites(store: InviteStore, by: str, to: str, start_ms: int) -> None:
    """One member asks another to a slot, as "book again" does."""
    await store.create(
        f"{by} invites", by, InviteKind.MEMBER, to=to, start_ms=start_ms, length_min=LENGTH_MIN
    )


class Town:
    """Ana or Amy reads mails; what the others do for her to be written to goes through the store."""

    def __init__(self, system: System, reader: str, start_ms: int) -> None:
        ledger = system.ledger
        self.system, self.ledger, self.reader = system, ledger, reader
        self.people = PeopleStore(ledger.calls)
        self.invites = InviteStore(ledger.calls)
        self.messages = MessageStore(ledger.calls)
        self.starts = [start_ms + n * HOUR for n in range(3)]
        self.own: dict[int, str] = {}

    async def book(self, member: str, number: int) -> str:
        wish = Wish(start_ms=self.starts[number], length_min=LENGTH_MIN)
        request = f"book-{member}-{self.starts[number]}"
        return (await self.ledger.book(request, member, wish)).id

    async def matched(self) -> None:
        self.own[0] = await self.book(self.reader, 0)
        self.bens = await self.book("m_ben", 0)

    async def matched_again(self) -> None:
        self.own[1] = await self.book(self.reader, 1)
        await self.book("m_cem", 1)

    async def locked(self) -> None:
        await self.ledger.set_profile("open", self.reader, Profile(lockable=Lockable.EVERYONE))
        self.own[1] = await self.book(self.reader, 1)
        wish = Wish(start_ms=self.starts[1], length_min=LENGTH_MIN)
        await self.ledger.lock_in("lock", "m_cem", self.reader, wish)

    async def waiting(self) -> None:
        await self.ledger.cancel("cancel-ben", "m_ben", self.bens)

    async def cancelled(self) -> None:
        await self.ledger.cancel("cancel-own", self.reader, self.own[0])

    async def friend_asked(self) -> None:
        await self.people.ask_friend("ask", "m_ben", self.reader)

    async def friend_made(self) -> None:
        await self.people.ask_friend("ask", self.reader, "m_cem")
        await self.people.accept_friend("accept", "m_cem", self.reader)

    async def invited(self) -> None:
        """By somebody open to favourites, of whom she is none: no free time of theirs is shown to her."""
        await self.book("m_ben", 2)
        await invites(self.invites, "m_ben", self.reader, self.starts[2])

    async def written(self) -> None:
        await self.messages.write("write", "m_ben", self.reader, "Until tomorrow then")

    async def reminded(self) -> None:
        await self.system.move_to(self.starts[1] - 10 * MINUTE)


async def shows_ben(her: Person) -> None:
    await her.sees("Ben")
    await expect(her.page.get_by_role("button", name=words("Cancel"))).to_be_visible()


async def shows_a_lock_in(her: Person) -> None:
    await her.sees("Cem")
    await her.sees(re.compile("locked in", re.IGNORECASE))


async def shows_the_search(her: Person) -> None:
    await her.sees(re.compile("finding", re.IGNORECASE))


async def shows_the_calendar(her: Person) -> None:
    await expect(her.page.get_by_role("heading", name="Next up")).to_be_visible()


async def asks_to_be_friends(her: Person) -> None:
    await her.sees("Ben would like to be friends")
    name = words("Accept Ben as a friend")
    await expect(her.page.get_by_role("button", name=name)).to_be_visible()


async def shows_free_times(her: Person) -> None:
    await her.sees("Cem")
    await expect(her.page.get_by_role("heading", name="Free times")).to_be_visible()


async def can_be_answered(her: Person) -> None:
    await her.sees(re.compile("Ben.* would like to work with you"))
    for name in (re.compile("^Accept .* with .*Ben"), re.compile("^Not this time, .*Ben")):
        await expect(her.page.get_by_role("button", name=name)).to_be_visible()
    await her.picture("person-invites", update=False)


async def shows_the_line(her: Person) -> None:
    await her.sees("Until tomorrow then")
    await expect(her.page.get_by_label(words("Write to Ben"))).to_be_visible()


Happens = Callable[[Town], Awaitable[None]]
Step = tuple[Kind, Happens, str, Callable[[Person], Awaitable[None]]]
OF_SESSIONS: list[Step] = [
    (Kind.MATCHED, Town.matched, "you have a partner", shows_ben),
    (Kind.LOCKED, Town.locked, "a session is locked in", shows_a_lock_in),
    (Kind.WAITING, Town.waiting, "looking for another partner", shows_the_search),
    (Kind.CANCELLED, Town.cancelled, "session cancelled", shows_the_calendar),
    (Kind.REMINDER, Town.reminded, "In 10 minutes", Person.through_the_check),
]
OF_PEOPLE: list[Step] = [
    (Kind.FRIEND_ASKED, Town.friend_asked, "Somebody would like to be friends", asks_to_be_friends),
    (Kind.FRIEND_MADE, Town.friend_made, "You have a new friend", shows_free_times),
    (Kind.INVITED, Town.invited, "You are invited to a session", can_be_answered),
    (Kind.WRITTEN, Town.written, "You have a new message", shows_the_line),
]


async def a_reader(system: System, her: Person) -> tuple[Town, Letters]:
    await her.sign_in_quickly()
    for name in ("Ben", "Cem"):
        await system.settle_in(name, [], LENGTH_MIN)
    start_ms = next_start(await system.now_ms(), 60, ahead_min=180)
    return Town(system, (await her.me())["id"], start_ms), Letters(her, system)


async def follows(her: Person, steps: list[Step], town: Town, letters: Letters) -> None:
    for _, happens, subject, is_there in steps:
        await happens(town)
        await her.page.goto(await letters.next_link(subject))
        await is_there(her)


def test_every_kind_of_mail_leads_where_one_led_that_is_followed_here() -> None:
    """A few kinds come of what takes long to bring about; they lead to the session or its room, too."""
    followed = {kind for kind, *_ in [*OF_SESSIONS, *OF_PEOPLE]}
    booking = Booking(
        id="b1",
        member="m_ana",
        start_ms=0,
        length_min=25,
        state=State.MATCHED,
        created_ms=0,
        version=1,
    )
    for kind in set(Kind) - followed:
        notice = Notice(kind=kind, member="m_ana", at_ms=0, booking="b1")
        if kind in OF_BOOKINGS:
            words = booking_words(kind, booking, Other(), "")
        else:
            words = reminder_words(notice, booking, Other(), "")
        assert kind not in PEOPLE_WORDS
        assert words.path in {"/sessions/b1", "/room/b1"}


async def test_mails_about_people_lead_to_what_they_promise(system: System, enrol: Enrol) -> None:
    amy = await enrol("Amy")
    town, letters = await a_reader(system, amy)
    for met in (town.matched, town.matched_again):
        await met()
        await letters.next_link("you have a partner")
    await follows(amy, OF_PEOPLE, town, letters)


async def test_mails_about_sessions_lead_to_what_they_promise(system: System, enrol: Enrol) -> None:
    ana = await enrol("Ana")
    town, letters = await a_reader(system, ana)
    await ana.call("PATCH", "/me", {"mail_reminders": True})
    town.starts = [each + 24 * HOUR for each in town.starts]  # after those of the test above
    await follows(ana, OF_SESSIONS, town, letters)


async def test_an_invitation_is_accepted_where_its_mail_leads(system: System, enrol: Enrol) -> None:
    fay = await enrol("Fay")
    await fay.sign_in_quickly()
    start_ms = next_start(await system.now_ms(), 60, ahead_min=240)
    gil = await system.settle_in("Gil", [start_ms, start_ms + HOUR], LENGTH_MIN)
    await fay.book(start_ms + HOUR, LENGTH_MIN)  # partners of a coming session may ask each other
    await invites(InviteStore(system.ledger.calls), gil, (await fay.me())["id"], start_ms)
    await fay.page.goto(f"/people/{gil}")
    await fay.sees("Gil has no other free time in the next two weeks.")
    await fay.press(re.compile("^Accept .* with .*Gil"))
    said = fay.page.locator("#main").get_by_text(words("Locked in with Gil"))
    await expect(said).to_have_count(1)
    await fay.sees("Gil has no free time in the next two weeks.")


# Of calendar entries.


async def test_a_calendar_entrys_links_survive_signing_in(system: System, enrol: Enrol) -> None:
    """On a phone whose browser nobody is signed in with."""
    hal, phone = await enrol("Hal"), await enrol("Hal")
    await hal.sign_in_quickly()
    start_ms = next_start(await system.now_ms(), 60, ahead_min=600)
    booking = await hal.book(start_ms, LENGTH_MIN)
    await system.settle_in("Ivy", [start_ms], LENGTH_MIN)
    await phone.page.goto(f"/sessions/{booking}#cancel")
    await signs_in(phone)
    await expect(phone.page.get_by_role("button", name="Cancel it")).to_be_visible()
    assert phone.page.url.endswith(f"/sessions/{booking}#cancel")

    await phone.press("Keep it")
    assert phone.page.url.endswith(f"/sessions/{booking}")
    await phone.page.evaluate("location.hash = 'cancel'")
    await expect(phone.page.get_by_role("button", name="Cancel it")).to_be_visible()
    await phone.page.evaluate("location.hash = 'report'")
    await expect(phone.page.locator("#report")).to_be_focused()


async def test_a_link_to_another_part_of_a_page_is_the_page(system: System, enrol: Enrol) -> None:
    jan = await enrol("Jan")
    await jan.page.goto("/sessions#token=stolen")
    await expect(jan.page.get_by_label("Mail address")).to_be_visible()
    assert jan.page.url.endswith("/signin?next=%2Fsessions")


async def signs_in(person: Person) -> None:
    """Asked to on the way to a page; who is welcomed lands there."""
    await person.page.get_by_label("Mail address").fill(f"{person.name.lower()}@example.org")
    await person.press("Send me a link")
    await person.sees("Look in your mail")
    await person.page.goto(await sign_in_link(person))


async def sign_in_link(person: Person) -> str:
    """In the newest letter of signing in."""
    letters = (await person.call("GET", "/dev/mail"))["mails"]
    mail = f"{person.name.lower()}@example.org"
    text = next(
        each["text"] for each in letters if each["to"] == mail and "#token=" in each["text"]
    )
    found = re.search(r"^(http\S+/signin#token=\S+)$", text, re.MULTILINE)
    assert found, text
    return found[1]
