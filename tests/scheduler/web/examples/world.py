"""The small invented world the examples are about."""

from __future__ import annotations

from scheduler.accounts import Account, Member
from scheduler.bookings import Booking, Gender, State, Task
from scheduler.config import Config
from scheduler.errors import Overlap
from scheduler.people import FreeTime, Friendship, Relation
from scheduler.rules import DAY_MS, DEFAULT, MINUTE_MS
from scheduler.services.people import Acquaintance
from scheduler.web import views
from scheduler.web.schemas.bookings import BookingOut
from scheduler.web.views.bookings import booking

NOW = 1_795_509_000_000
T = 1_795_510_800_000
CONFIG = Config(
    origin="http://127.0.0.1:8080",
    secret="an example of a secret, which never leaves the server",
    build="4ffe8cc",
    contact="help@example.org",
    demo=True,
    loopback=True,
)
ANA = Account(
    id="m_0Tn8s2LqVbPa",
    mail="ana@example.org",
    created_ms=NOW,
    name="Ana",
    zone="Europe/Berlin",
    adult=True,
    rules_accepted=1,
    gender=Gender.WOMAN,
)
BEN = Member(
    id="m_7YwKd93xRmCe", name="Ben", zone="America/New_York", sessions=12, hide_address=False
)
ME = views.me(ANA, "0" * 64, 3, CONFIG)
OWN = Booking(
    id="b41",
    member=ANA.id,
    start_ms=T,
    length_min=50,
    state=State.MATCHED,
    title="Thesis",
    task=Task.DESK,
    created_ms=NOW,
    version=2,
    pair="p17",
    partner=BEN.id,
    partner_booking="b39",
)
TIE = Relation(
    member=BEN.id,
    favourite=True,
    friendship=Friendship.ASKING,
    sessions=2,
    last_ms=T - 7 * DAY_MS,
)
FREE = FreeTime(member=BEN.id, start_ms=T + DAY_MS, length_min=50)
KNOWN = Acquaintance(member=BEN, relation=TIE, free=(FREE,))
BOOKED = BookingOut(booking=booking(OWN, {BEN.id: KNOWN}, DEFAULT))
TAKEN = Overlap(field="start", booking="b41", start_ms=T, end_ms=T + 50 * MINUTE_MS)
