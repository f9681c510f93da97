"""Which event tells whom what."""

from __future__ import annotations

from typing import get_args

import pytest

from scheduler import events as ledger
from scheduler.events import AnyEvent
from signalling.notices import notices

AT = {"at_ms": 0}
SLOT = {"start_ms": 7, "length_min": 50}
BOTH = {"bookings": ("b1", "b2"), "members": ("m_ana", "m_ben")}
OWN = {"booking": "b1", "member": "m_ana"}

TOLD: list[tuple[AnyEvent, list[tuple[str | None, str, str, str]]]] = [
    (ledger.Booked(**AT, **OWN, **SLOT), [("m_ana", "booking", "b1", "booked")]),
    (
        ledger.Matched(**AT, pair="p9", **BOTH, **SLOT),
        [("m_ana", "booking", "b1", "matched"), ("m_ben", "booking", "b2", "matched")],
    ),
    (
        ledger.Unmatched(**AT, **OWN, former="m_ben", **SLOT),
        [("m_ana", "booking", "b1", "unmatched")],
    ),
    (
        ledger.Matched(**AT, pair="p9", **BOTH, **SLOT, locked=True, by="m_ana"),
        [("m_ana", "booking", "b1", "locked"), ("m_ben", "booking", "b2", "locked")],
    ),
    (
        ledger.Locked(**AT, pair="p9", **BOTH, by="m_ana"),
        [("m_ana", "booking", "b1", "locked"), ("m_ben", "booking", "b2", "locked")],
    ),
    (
        ledger.Unmatched(**AT, **OWN, former="m_ben", **SLOT, why="replaced"),
        [("m_ana", "booking", "b1", "replaced")],
    ),
    (
        ledger.Unmatched(**AT, **OWN, former="m_ben", **SLOT, why="locked_in", rematched=True),
        [("m_ana", "booking", "b1", "locked")],
    ),
    (
        ledger.Unmatched(**AT, **OWN, former="m_ben", **SLOT, why="improved", rematched=True),
        [("m_ana", "booking", "b1", "improved")],
    ),
    (
        ledger.Revealed(**AT, pair="p9", **BOTH, **SLOT),
        [("m_ana", "booking", "b1", "matched"), ("m_ben", "booking", "b2", "matched")],
    ),
    (ledger.BookingChanged(**AT, **OWN, **SLOT), [("m_ana", "booking", "b1", "changed")]),
    (
        ledger.ReminderDue(**AT, **OWN, partner="m_ben", start_ms=7, minutes=10),
        [("m_ana", "booking", "b1", "reminder")],
    ),
    (
        ledger.Awaited(**AT, **OWN, partner="m_ben", start_ms=7, minutes=1),
        [("m_ana", "booking", "b1", "awaited")],
    ),
    (
        ledger.Cancelled(**AT, **OWN, **SLOT, created_ms=0),
        [("m_ana", "booking", "b1", "cancelled")],
    ),
    (ledger.PoolChanged(**AT, **SLOT), [(None, "pool", "", "")]),
    (ledger.LateDue(**AT, pair="p9", **OWN), [("m_ana", "booking", "b1", "late")]),
    (ledger.NoShowDue(**AT, pair="p9", **OWN), [("m_ana", "booking", "b1", "no_show")]),
    (
        ledger.Ended(**AT, **BOTH),
        [("m_ana", "booking", "b1", "ended"), ("m_ben", "booking", "b2", "ended")],
    ),
    (ledger.Closed(**AT, pair="p9"), []),
    (
        ledger.Settled(**AT, pair="p9", members=("m_ana", "m_ben"), flagged=("m_ben",)),
        [("m_ana", "flags", "", "settled"), ("m_ben", "flags", "", "settled")],
    ),
    (ledger.SignedOut(**AT, member="m_ana"), []),
    (ledger.ClockMoved(**AT, offset_ms=1), [(None, "clock", "", "")]),
    (ledger.PlanDue(**AT, **SLOT, stage="pass"), []),
    (ledger.Asked(**AT, **OWN, by="m_dov", newcomer=False, until_ms=9), []),
    (ledger.AskOver(**AT, **OWN), []),
    (ledger.NobodyFree(**AT, **OWN), []),
    (ledger.PeopleChanged(**AT, member="m_ana"), [("m_ana", "people", "", "")]),
    (
        ledger.FriendAsked(**AT, member="m_ana", by="m_ben"),
        [("m_ana", "people", "", ""), ("m_ben", "people", "", "")],
    ),
    (
        ledger.FriendMade(**AT, member="m_ana", by="m_ben"),
        [("m_ana", "people", "", ""), ("m_ben", "people", "", "")],
    ),
    (
        ledger.Invited(**AT, invite="i1", member="m_ana", by="m_ben", **SLOT),
        [("m_ana", "invites", "", "")],
    ),
    (
        ledger.Written(**AT, member="m_ana", by="m_ben"),
        [("m_ana", "messages", "", ""), ("m_ben", "messages", "", "")],
    ),
    (ledger.Flagged(**AT, member="m_ana", booking="b1"), [("m_ana", "flags", "", "")]),
    (ledger.Suspended(**AT, member="m_ana", until_ms=9), [("m_ana", "flags", "", "")]),
]


@pytest.mark.parametrize(("event", "told"), TOLD, ids=lambda value: type(value).__name__)
def test_who_is_told(event: AnyEvent, told: list[tuple[str | None, str, str, str]]) -> None:
    said = [
        (n.to, n.message.what, n.message.booking, n.message.reason) for n in notices("5-0", event)
    ]
    assert said == told
    assert all(notice.message.offset == "5-0" for notice in notices("5-0", event))


def test_no_event_is_forgotten_here() -> None:
    assert {type(event) for event, _ in TOLD} == set(get_args(AnyEvent))
