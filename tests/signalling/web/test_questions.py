"""What the hub asks the ledger is answered by an event, whatever ails the store."""

from __future__ import annotations

from typing import Any

import msgspec

from scheduler.bookings import Pair, State
from scheduler.errors import NotYet, PartnerHere
from scheduler.rules import DEFAULT, Rules
from scheduler.standby import Outcome
from signalling import commands, events
from signalling.web.questions import Questions
from tests.signalling.stage import LENGTH_MIN, PAIR, E, T, booking
from tests.signalling.web.border import HandAccounts, HandLedger, HandPeople, HandStandby

FRIENDS_ONLY = msgspec.structs.replace(DEFAULT, media_direct="friends")
WISH = {"conn": "c1", "request": "r1", "member": "m_ana", "booking": "b1"}


class Desk:
    """Questions to hands."""

    def __init__(self, rules: Rules = DEFAULT) -> None:
        self.ledger = HandLedger()
        self.people = HandPeople()
        self.standby = HandStandby(self.ledger)
        accounts = HandAccounts()
        self._questions = Questions(rules, self.ledger, accounts, self.people, self.standby)

    async def ask(self, command: commands.Command) -> Any:
        return await self._questions.answer(command)


async def test_a_booking_is_found_with_its_pair_and_members() -> None:
    found = await Desk().ask(commands.LookUp("c1", 4, "b1"))
    assert isinstance(found, events.Found)
    assert (found.conn, found.ask, found.pair) == ("c1", 4, PAIR)
    assert [member.id for member in found.members] == ["m_ana", "m_ben"]


async def test_no_booking_and_no_store_are_told_apart() -> None:
    desk = Desk()
    assert await desk.ask(commands.LookUp("c1", 1, "b404")) == events.NotFound("c1", 1, False)
    desk.ledger.away = True
    assert await desk.ask(commands.LookUp("c1", 1, "b1")) == events.NotFound("c1", 1, True)


async def test_whether_two_are_friends_is_asked_only_where_it_matters() -> None:
    for rules, friends in ((DEFAULT, False), (FRIENDS_ONLY, True)):
        desk = Desk(rules)
        desk.people.pairs.add(frozenset(("m_ana", "m_ben")))
        assert (await desk.ask(commands.LookUp("c1", 1, "b1"))).friends is friends


async def test_who_was_given_up_is_found_with_the_partner_of_then() -> None:
    desk = Desk()
    desk.ledger.pairs["p9"] = msgspec.structs.replace(PAIR, parted_ms=T + 9)
    desk.ledger.bookings["b2"] = booking("b2", "m_ben", State.WAITING, missed="p9")
    found = await desk.ask(commands.LookUp("c1", 1, "b2"))
    assert found.pair is None
    assert found.missed == events.Missed(pair="p9", former="Ana", at_ms=T + 9)


NEXT = Pair(
    id="p20",
    start_ms=E,
    length_min=LENGTH_MIN,
    members=("m_ben", "m_ana"),
    bookings=("b12", "b11"),
)
LOOK = commands.LookUpNext("p9", ("m_ana", "m_ben"), E, E + 1)


def with_next(partner: str) -> Desk:
    desk = Desk()
    desk.ledger.pairs["p20"] = NEXT
    desk.ledger.bookings |= {
        "b11": booking("b11", start_ms=E, pair="p20", partner=partner, title="Letters"),
        "b12": booking("b12", "m_ben", start_ms=E, pair="p20", partner="m_ana", title="Cello"),
    }
    return desk


async def test_the_next_session_of_the_same_two_is_found_with_both_titles() -> None:
    answer = await with_next("m_ben").ask(LOOK)
    assert answer.room == "p9"
    assert answer.next.pair == NEXT
    assert answer.titles == ("Cello", "Letters")


async def test_a_next_session_with_somebody_else_is_none() -> None:
    assert await with_next("m_dov").ask(LOOK) == events.FoundNext("p9", None)


async def test_a_next_session_that_cannot_be_read_is_asked_for_again() -> None:
    desk = with_next("m_ben")
    desk.ledger.away = True
    assert await desk.ask(LOOK) == events.FoundNext("p9", None, away=True)


async def test_a_search_is_answered_by_what_came_of_it() -> None:
    desk = Desk()
    desk.standby.outcome = Outcome.ASKING
    answer = await desk.ask(commands.Seek(**WISH, newcomers=True, locked=False))
    assert isinstance(answer, events.Sought)
    assert (answer.conn, answer.request, answer.search.outcome) == ("c1", "r1", Outcome.ASKING)


async def test_a_refusal_says_why_and_from_when() -> None:
    desk = Desk()
    desk.standby.refusal = NotYet(from_ms=T + 7)
    answer = await desk.ask(commands.Seek(**WISH, newcomers=False, locked=False))
    assert answer == events.StandbyFailed("c1", "r1", "seek", "not_yet", T + 7)


async def test_an_answer_is_taken_or_refused() -> None:
    desk = Desk()
    yes = commands.AnswerAsk(**WISH, accept=True)
    assert await desk.ask(yes) == events.Answered("c1", "r1")
    desk.standby.refusal = PartnerHere()
    assert (await desk.ask(yes)).code == "partner_here"


async def test_stopping_needs_no_answer_unless_the_store_is_away() -> None:
    desk = Desk()
    assert await desk.ask(commands.StopSeeking(**WISH)) is None
    desk.ledger.away = True
    answer = await desk.ask(commands.StopSeeking(**WISH))
    assert answer == events.StandbyFailed("c1", "r1", "stop_seeking", "unavailable")
