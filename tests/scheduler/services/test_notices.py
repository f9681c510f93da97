"""Mails about bookings and people: one a change, with the calendar entry, to who wants them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from icalendar import Calendar

from scheduler.mail.letters import Letter, as_message
from scheduler.mail.post import NotCarried
from scheduler.notices import LINES_MS, OLD_MS, WINDOW_MS
from scheduler.presence import PresenceEvent, Seen
from scheduler.rules import DAY_MS, MINUTE_MS
from scheduler.rules import of as rules_of
from scheduler.services.notices import PAUSES_MS
from scheduler.services.planning import Planning
from scheduler.store import keys
from scheduler.store.planner import Planner
from scheduler.store.plans import Plans
from scheduler.store.standby import Standby
from tests.scheduler.desk import Browser, Desk, OpenDesk
from tests.scheduler.postroom import Postroom, to


class Stubborn:
    """A mail server that is away for so many letters; keeps what it took."""

    def __init__(self, away: int) -> None:
        self.away = away
        self.took: list[Letter] = []

    async def send(self, letter: Letter) -> None:
        if self.away:
            self.away -= 1
            raise NotCarried
        self.took.append(letter)


def entry(letter: Letter) -> tuple[str, Any]:
    """Method and event of a letter's calendar part."""
    calendar = Calendar.from_ical(letter.calendar)
    [event] = calendar.walk("VEVENT")
    assert calendar["METHOD"] == letter.method
    return letter.method, event


async def booked_both(
    desk: Desk, number: int = 8, **wish: Any
) -> tuple[Browser, Browser, Any, Any]:
    ana = await desk.member("Ana")
    eva = await desk.member("Eva", zone="Asia/Kathmandu")
    start = await desk.slot(number)
    own = await eva.booked(start, **wish)
    theirs = await ana.booked(start, title="Private matters")
    return ana, eva, theirs, own


async def cancel(browser: Browser, booking: Any, request_id: str = "cancel-1") -> None:
    answer = await browser.call("DELETE", f"/bookings/{booking['id']}?request_id={request_id}")
    assert answer.status == 200


async def test_D1_2_both_are_told_of_a_match_by_mail_with_a_calendar_entry(desk: Desk) -> None:
    room = Postroom(desk)
    ana, eva, theirs, own = await booked_both(desk)
    letters = await room.turn()
    assert len(letters) == 2
    [to_eva], [to_ana] = to(letters, eva), to(letters, ana)
    method, event = entry(to_eva)
    assert (method, str(event["UID"])) == ("REQUEST", f"{own['id']}@desk.example")
    assert str(event["SUMMARY"]) == "Session, with Ana"
    assert event["SEQUENCE"] == (await desk.ledger.booking(own["id"])).version
    assert str(entry(to_ana)[1]["SUMMARY"]) == "Private matters, with Eva"
    assert "Private matters" not in to_eva.text + to_eva.html + to_eva.calendar
    assert "Asia/Kathmandu" in to_eva.text
    assert "first session of Eva" in to_ana.text
    for letter in letters:
        assert all(mail not in letter.text + letter.html for mail in ("ana@", "eva@"))
    assert eva.me["mail"] not in to_ana.calendar
    assert str(event["ATTENDEE"]) == f"mailto:{eva.me['mail']}"
    assert theirs["id"] in to_ana.calendar


async def test_D1_1_a_booking_that_waits_is_no_mail(desk: Desk) -> None:
    room = Postroom(desk)
    ana = await desk.member("Ana")
    own = await ana.booked(await desk.slot(8))
    assert await room.turn() == []
    await cancel(ana, own)
    assert await room.turn() == []


async def test_D8_2_a_cancellation_withdraws_the_entry_and_tells_who_stays(desk: Desk) -> None:
    room = Postroom(desk)
    ana, eva, theirs, _ = await booked_both(desk)
    await room.turn()
    await cancel(ana, theirs)
    letters = await room.turn()
    method, event = entry(to(letters, ana)[0])
    assert (method, str(event["UID"])) == ("CANCEL", f"{theirs['id']}@desk.example")
    method, event = entry(to(letters, eva)[0])
    assert (method, str(event["SUMMARY"])) == ("REQUEST", "Session, waiting for a partner")
    assert event["STATUS"] == "TENTATIVE"
    assert len(letters) == 2
    await cancel(ana, theirs)
    assert await room.turn() == []


async def test_a_new_partner_in_the_same_step_is_one_mail(desk: Desk) -> None:
    room = Postroom(desk)
    ana, eva, theirs, own = await booked_both(desk)
    before = to(await room.turn(), eva)[0]
    chi = await desk.member("Chi")
    start = (await desk.ledger.booking(own["id"])).start_ms
    await chi.booked(start)
    await cancel(ana, theirs)
    letters = await room.turn()
    [changed] = to(letters, eva)
    assert str(entry(changed)[1]["SUMMARY"]) == "Session, with Chi"
    assert entry(changed)[1]["SEQUENCE"] > entry(before)[1]["SEQUENCE"]
    assert entry(changed)[1]["UID"] == entry(before)[1]["UID"]
    assert len(to(letters, chi)) == 1


@pytest.mark.parametrize("later_ms", [WINDOW_MS, 6 * MINUTE_MS])
async def test_D3_5_whoever_is_matched_anew_reads_that_they_may_be_released(
    desk: Desk, later_ms: int
) -> None:
    room = Postroom(desk)
    ana, ben, theirs, own = await booked_both(desk, 4)
    await ana.send("PUT", f"/people/{ben.me['id']}/favourite", {"request_id": "favour-1"})
    slot = {"start": own["start"], "length_min": own["length_min"]}
    await ben.send(
        "POST", "/bookings/lock", {"request_id": "lock-in-1", "member": ana.me["id"], **slot}
    )
    cem = await desk.member("Cem")
    await cem.booked(await desk.slot(4))
    await room.turn(6 * MINUTE_MS)  # a lock-in that stands
    await cancel(ana, theirs)
    [letter] = to(await room.turn(later_ms), ben)
    assert "Cem" in letter.text
    assert ("that is not noted" in letter.text) == (later_ms == WINDOW_MS)


async def test_several_changes_within_seconds_are_one_mail_that_tells_how_it_ended(
    desk: Desk,
) -> None:
    room = Postroom(desk)
    ana, eva, theirs, own = await booked_both(desk)
    await room.hear()
    await cancel(ana, theirs)
    assert await room.turn() == []  # neither had heard of the match: nothing is left to tell
    ben = await desk.member("Ben")
    await ben.booked((await desk.ledger.booking(own["id"])).start_ms)
    assert [letter.to for letter in await room.turn()] in (
        [eva.me["mail"], ben.me["mail"]], [ben.me["mail"], eva.me["mail"]],
    )  # fmt: skip


async def test_an_event_told_twice_is_one_mail(desk: Desk) -> None:
    room = Postroom(desk)
    await booked_both(desk)
    assert len(await room.turn()) == 2
    for offset, event in await desk.ledger.outbox_after("0-0"):
        await room.notifier.on_event(offset, event)
    assert await room.turn() == []


async def test_a_letter_sent_twice_has_the_same_id(desk: Desk) -> None:
    _, eva, _, own = await booked_both(desk)
    [letter] = to(await Postroom(desk).turn(), eva)
    version = (await desk.ledger.booking(own["id"])).version
    assert letter.id == f"booking-{own['id']}-{version}"


async def test_a_mail_server_that_is_away_delays_the_mail_and_loses_none(desk: Desk) -> None:
    stubborn = Stubborn(away=3)
    room = Postroom(desk, stubborn)
    await booked_both(desk)
    await room.turn()
    assert stubborn.took == []
    await room.turn(PAUSES_MS[0])
    assert len(stubborn.took) == 1
    await room.turn(PAUSES_MS[1])
    assert len({letter.to for letter in stubborn.took}) == 2


async def test_a_letter_nobody_takes_is_given_up_some_hours_later(desk: Desk) -> None:
    stubborn = Stubborn(away=1_000)
    room = Postroom(desk, stubborn)
    await booked_both(desk, number=80)
    for pause_ms in (WINDOW_MS, *PAUSES_MS, DAY_MS):
        await room.turn(pause_ms)
    assert 1_000 - stubborn.away == 2 * (1 + len(PAUSES_MS))


async def test_who_does_not_want_mails_gets_none(desk: Desk) -> None:
    room = Postroom(desk)
    ana = await desk.member("Ana", mail_changes=False)
    ben = await desk.member("Ben")
    start = await desk.slot(8)
    await ana.booked(start)
    await ben.booked(start)
    assert [letter.to for letter in await room.turn()] == [ben.me["mail"]]


async def test_an_entry_is_withdrawn_though_its_owner_wants_no_mails_any_more(desk: Desk) -> None:
    room = Postroom(desk)
    ana, eva, theirs, own = await booked_both(desk)
    await room.turn()
    await ana.send("PATCH", "/me", {"mail_changes": False})
    await cancel(eva, own)
    assert to(await room.turn(), ana) == []
    await cancel(ana, theirs)
    [letter] = to(await room.turn(), ana)
    method, event = entry(letter)
    assert (method, str(event["UID"])) == ("CANCEL", f"{theirs['id']}@desk.example")
    assert "your calendar still has the entry" in letter.text


async def test_who_never_was_sent_an_entry_hears_of_no_cancellation(desk: Desk) -> None:
    room = Postroom(desk)
    ana, eva, theirs, _ = await booked_both(desk)
    await ana.send("PATCH", "/me", {"mail_changes": False})
    await room.turn()
    await ana.send("PATCH", "/me", {"mail_changes": True})
    await cancel(ana, theirs)
    letters = await room.turn()
    assert to(letters, ana) == []
    assert "your calendar still has the entry" not in to(letters, eva)[0].text


async def test_reminders_come_to_who_wants_them_and_only_in_time(desk: Desk) -> None:
    room = Postroom(desk)
    ana = await desk.member("Ana", mail_reminders=True)
    ben = await desk.member("Ben")
    start = await desk.slot(8)
    await ana.booked(start)
    await ben.booked(start)
    await room.turn()
    await desk.go_to(start - 10 * MINUTE_MS)
    await desk.ledger.tick()
    [ten] = await room.turn(0)
    assert (ten.to, ten.subject, ten.calendar) == (
        ana.me["mail"],
        "In 10 minutes: your session",
        "",
    )
    assert "with Ben" in ten.text
    await desk.go_to(start - MINUTE_MS)
    await desk.ledger.tick()
    await room.hear()
    assert await room.turn(10 * MINUTE_MS) == []


async def the_partner_waits(desk: Desk) -> tuple[Postroom, Browser, Callable[..., Awaitable[None]]]:
    """Ben is in the room at T, Ana is not; gives what writes into the log."""
    room = Postroom(desk)
    ana = await desk.member("Ana", mail_reminders=True)
    ben = await desk.member("Ben", mail_reminders=True)
    start = await desk.slot(8)
    await ana.booked(start)
    theirs = await ben.booked(start)
    await desk.go_to(start - 30_000)
    await desk.ledger.tick()
    await room.turn()
    await desk.go_to(start - 5_000)
    pair = str((await desk.ledger.booking(theirs["id"])).pair)
    browsers = {"ana": ana, "ben": ben}

    async def see(who: str, *seen: Seen) -> None:
        at_ms, member = await desk.ledger.now_ms(), browsers[who].me["id"]
        for each in seen:
            line = PresenceEvent(id=f"h:{who}:{each}", member=member, seen=each, at_ms=at_ms)
            await desk.ledger.record(pair, [line])

    await see("ben", Seen.JOIN)
    await Standby(desk.ledger.calls).here(ben.me["id"], theirs["id"])
    await desk.go_to(start)
    await desk.ledger.tick()
    await room.hear()
    return room, ana, see


async def test_D5_1_who_wants_reminders_is_mailed_that_the_partner_waits(desk: Desk) -> None:
    room, ana, _ = await the_partner_waits(desk)
    [letter] = await room.turn(0)
    assert (letter.to, letter.subject) == (ana.me["mail"], "Your session has begun")
    assert "Ben is in the room" in letter.text


@pytest.mark.parametrize(
    ("who", "seen"), [("ana", (Seen.JOIN,)), ("ben", (Seen.LEAVE,))], ids=["came", "partner left"]
)
async def test_nobody_is_mailed_that_the_partner_waits_once_they_do_not(
    desk: Desk, who: str, seen: tuple[Seen, ...]
) -> None:
    room, _, see = await the_partner_waits(desk)
    await see(who, *seen)
    assert await room.turn(1_000) == []


async def test_of_several_messages_one_mail_and_none_of_what_was_read(desk: Desk) -> None:
    room = Postroom(desk)
    ana, eva, _, _ = await booked_both(desk)
    await room.turn()
    for number in range(3):
        body = {"request_id": f"message-{number}", "text": "Something private"}
        await ana.call("POST", f"/threads/{eva.me['id']}", body)
    [letter] = await room.turn(LINES_MS)
    assert (letter.to, letter.subject) == (eva.me["mail"], "You have a new message")
    assert "Something private" not in letter.text + letter.html
    assert f"/messages/{ana.me['id']}" in letter.text
    body = {"request_id": "message-9", "text": "One more"}
    await ana.call("POST", f"/threads/{eva.me['id']}", body)
    await eva.call("POST", f"/threads/{ana.me['id']}/read", {})
    assert await room.turn(LINES_MS) == []


async def test_a_friendship_is_asked_for_and_answered_by_mail(desk: Desk) -> None:
    room = Postroom(desk)
    ana, eva, _, _ = await booked_both(desk)
    await room.turn()
    body = {"request_id": "friends-1"}
    await ana.call("PUT", f"/people/{eva.me['id']}/friend", body)
    [asked] = await room.turn()
    assert (asked.to, asked.subject) == (eva.me["mail"], "Somebody would like to be friends")
    await eva.call("PUT", f"/people/{ana.me['id']}/friend", body)
    [made] = await room.turn()
    assert (made.to, made.subject) == (ana.me["mail"], "You have a new friend")


async def test_a_letter_goes_out_as_text_page_and_calendar(desk: Desk) -> None:
    await booked_both(desk)
    letter = (await Postroom(desk).turn())[0]
    message = as_message(letter, sender="desk@example.org", host="example.org")
    assert [part.get_content_type() for part in message.iter_parts()] == [
        "text/plain", "text/html", "text/calendar",
    ]  # fmt: skip
    calendar = list(message.iter_parts())[-1]
    assert calendar.get_param("method") == "REQUEST"
    assert calendar.get_content().replace("\r\n", "\n") == letter.calendar.replace("\r\n", "\n")
    assert message["List-Unsubscribe"].endswith("/you/settings/notifications>")


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "{name}", "A % B"])
async def test_names_are_quoted_in_mails(desk: Desk, name: str) -> None:
    room = Postroom(desk)
    ana = await desk.member("Ana")
    evil = await desk.member("Evil")
    await evil.call("PATCH", "/me", {"name": name})
    start = await desk.slot(8)
    await ana.booked(start)
    await evil.booked(start)
    [letter] = to(await room.turn(), ana)
    assert name in letter.text
    assert "<script>" not in letter.html


async def test_D1_2_where_names_are_told_later_a_second_mail_tells_them(
    open_desk: OpenDesk,
) -> None:
    desk = await open_desk(rules_of(reveal="t60"))
    room = Postroom(desk)
    _, eva, _, own = await booked_both(desk)
    [before] = to(await room.turn(), eva)
    assert "Ana" not in before.text + before.calendar
    await desk.go_to((await desk.ledger.booking(own["id"])).start_ms - 60 * MINUTE_MS)
    while (await desk.ledger.tick()).fired:
        pass
    planning = Planning(Plans(desk.ledger.calls), Planner())
    for offset, event in await desk.ledger.outbox_after("0-0"):
        await planning.on_event(offset, event)
    [after] = to(await room.turn(), eva)
    assert "you will work with Ana" in after.text
    assert str(entry(after)[1]["SUMMARY"]) == "Session, with Ana"
    assert entry(after)[1]["SEQUENCE"] > entry(before)[1]["SEQUENCE"]
    assert await room.turn() == []


async def test_however_often_somebody_asks_it_is_one_mail_a_day(desk: Desk) -> None:
    room = Postroom(desk)
    ana, eva, *_ = await booked_both(desk)
    await room.turn()
    letters: list[Letter] = []
    for number in range(5):
        await ana.send("PUT", f"/people/{eva.me['id']}/friend", {"request_id": f"friend-{number}"})
        letters += await room.turn()
        await ana.send("DELETE", f"/people/{eva.me['id']}/friend?request_id=take-back-{number}")
    assert [letter.to for letter in letters] == [eva.me["mail"]]
    await desk.later(DAY_MS)
    await ana.send("PUT", f"/people/{eva.me['id']}/friend", {"request_id": "friend-day"})
    assert len(await room.turn()) == 1


async def test_however_often_somebody_invites_it_is_one_mail_a_day(desk: Desk) -> None:
    room = Postroom(desk)
    ana, eva, theirs, _ = await booked_both(desk)
    await room.turn()
    for number in range(5):
        again = {"request_id": f"once-again-{number}", "days": 3}
        made = await ana.send("POST", f"/bookings/{theirs['id']}/again", again)
        await cancel(ana, made["booking"], f"cancel-{number}")
        await ana.send("DELETE", f"/invites/{made['invite']['id']}?request_id=revoke-it-{number}")
    letters = [each for each in await room.turn() if "invited" in each.subject]
    assert [letter.to for letter in letters] == [eva.me["mail"]]


async def test_of_messages_there_is_one_mail_until_they_are_read_or_a_day_has_passed(
    desk: Desk,
) -> None:
    room = Postroom(desk)
    ana, eva, *_ = await booked_both(desk, number=400)
    await room.turn()

    async def mails_of(number: int) -> int:
        said = {"request_id": f"message-{number}", "text": "Hello"}
        await ana.send("POST", f"/threads/{eva.me['id']}", said)
        return len(await room.turn(later_ms=LINES_MS))

    assert [await mails_of(number) for number in range(4)] == [1, 0, 0, 0]
    await eva.call("POST", f"/threads/{ana.me['id']}/read", {})
    assert [await mails_of(number) for number in range(4, 6)] == [1, 0]
    await desk.later(DAY_MS)
    assert [await mails_of(number) for number in range(6, 8)] == [1, 0]


async def test_whoever_reads_the_outbox_anew_mails_nobody_their_history(desk: Desk) -> None:
    room = Postroom(desk)
    ana, eva, _, own = await booked_both(desk, number=400)
    assert len(await room.turn()) == 2
    await ana.send("PUT", f"/people/{eva.me['id']}/friend", {"request_id": "friend-1"})
    await desk.later(OLD_MS + MINUTE_MS)
    assert await room.turn() == []  # it was asked for too long ago
    await desk.redis.xgroup_destroy(keys.outbox("a"), "notices")
    assert await room.turn() == []
    # What a calendar knows is put right all the same.
    await cancel(eva, own)
    await desk.later(OLD_MS + MINUTE_MS)
    assert {letter.method for letter in await room.turn()} == {"CANCEL", "REQUEST"}
