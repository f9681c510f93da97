"""One example of each call, as `docs/api.md` shows it and `tests/golden/api` keeps it.

Made by the same views as real answers, from a small invented world.
"""

from __future__ import annotations

from typing import Any

from scheduler.accounts import Account, Changes, Member
from scheduler.bookings import Booking, Gender, State, Task, WaitingSlot
from scheduler.checkins import Checkin, Outcome, TaskOutcome
from scheduler.config import Config
from scheduler.errors import Overlap
from scheduler.flags import Fault, Flag
from scheduler.mail.letters import sign_in_letter, sign_in_link
from scheduler.mail.mailbox import Kept
from scheduler.presence import PresenceEvent, Seen
from scheduler.rules import DEFAULT, MINUTE_MS
from scheduler.service import Evidence
from scheduler.web import schemas, views

NOW = 1_795_509_000_000
T = 1_795_510_800_000
CONFIG = Config(
    origin="http://127.0.0.1:8080",
    secret="an example of a secret, which never leaves the server",
    build="4ffe8cc",
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
BOOKED = schemas.BookingOut(booking=views.booking(OWN, {BEN.id: BEN}, DEFAULT))
ITEM = schemas.ItemIn(start=schemas.instant(T), length_min=50, title="Thesis", task=Task.DESK)
TAKEN = Overlap(field="start", booking="b41", start_ms=T, end_ms=T + 50 * MINUTE_MS)
FLAG = Flag(
    pair="p16",
    member=ANA.id,
    booking="b37",
    fault=Fault.LATE,
    at_ms=T + 3 * MINUTE_MS + 12_000,
    measured_ms=192_000,
    limit_ms=120_000,
    start_ms=T,
    length_min=50,
    rules_version=1,
)
LOG = [
    PresenceEvent(id="1", member=BEN.id, seen=Seen.JOIN, at_ms=T - MINUTE_MS),
    PresenceEvent(id="2", member=ANA.id, seen=Seen.JOIN, at_ms=FLAG.at_ms),
    PresenceEvent(id="3", member=BEN.id, seen=Seen.BREAK, at_ms=T + 20 * MINUTE_MS, minutes=3),
    PresenceEvent(id="4", member=BEN.id, seen=Seen.BACK, at_ms=T + 22 * MINUTE_MS),
]
LETTER = sign_in_letter(
    id="signin-5f0c",
    to=ANA.mail,
    name=CONFIG.name,
    link=sign_in_link(CONFIG.origin, "q0PZr1s", "/room/b41"),
)
CHECKIN = Checkin(
    outcomes=[
        TaskOutcome(task="Write the introduction", outcome=Outcome.DONE),
        TaskOutcome(task="Find two sources", outcome=Outcome.NOT_TODAY),
    ],
    again=True,
)

EXAMPLES: dict[str, tuple[Any, Any]] = {
    "GET /instance": (None, views.instance(CONFIG, NOW)),
    "POST /auth/link": (schemas.LinkIn(mail=ANA.mail, next="/room/b41"), schemas.Nothing()),
    "POST /auth/session": (schemas.TokenIn(token="q0PZr1s"), ME),
    "GET /me": (None, ME),
    "PATCH /me": (
        Changes(name="Ana", zone="Europe/Berlin", adult=True, rules_accepted=1),
        ME,
    ),
    "GET /bookings": (None, schemas.BookingsOut(bookings=[BOOKED.booking])),
    "POST /bookings": (
        schemas.BookIn(request_id="3f9c6e0a-8d52", items=[ITEM, ITEM]),
        schemas.ResultsOut(
            results=[
                schemas.Result(booking=BOOKED.booking),
                schemas.Result(error=views.problem(TAKEN)),
            ]
        ),
    ),
    "POST /bookings/soon": (schemas.SoonIn(request_id="3f9c6e0a-8d53", length_min=50), BOOKED),
    "GET /bookings/{booking}": (None, BOOKED.booking),
    "DELETE /bookings/{booking}": (
        None,
        schemas.BookingOut(
            booking=views.booking(
                Booking(
                    id="b41",
                    member=ANA.id,
                    start_ms=T,
                    length_min=50,
                    state=State.CANCELLED,
                    title="Thesis",
                    task=Task.DESK,
                    created_ms=NOW,
                    version=3,
                ),
                {},
                DEFAULT,
            )
        ),
    ),
    "GET /bookings/{booking}/checkin": (None, CHECKIN),
    "PUT /bookings/{booking}/checkin": (CHECKIN, None),
    "GET /slots": (
        None,
        schemas.SlotsOut(
            slots=[
                views.slot(
                    WaitingSlot(start_ms=T, length_min=50, members=(BEN.id,)), {BEN.id: BEN.name}
                )
            ]
        ),
    ),
    "GET /flags": (
        None,
        schemas.FlagsOut(flags=[views.flag(Evidence(flag=FLAG, log=LOG))]),
    ),
    "GET /dev/mail": (
        None,
        schemas.MailsOut(mails=[views.mail(Kept(letter=LETTER, at_ms=NOW))]),
    ),
    "POST /dev/sign-in": (schemas.DemoIn(who="Ana"), ME),
    "POST /dev/clock": (
        schemas.AdvanceIn(advance_s=60),
        schemas.ClockOut(server_time=schemas.instant(NOW + MINUTE_MS)),
    ),
    "refusal": (None, schemas.ProblemOut(error=views.problem(TAKEN))),
}
"""Request and answer, by route; routes without either have none."""
