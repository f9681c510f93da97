"""All use cases of members in one hand, as the REST face gets them: each topic is in `services/`."""

from __future__ import annotations

from collections.abc import Callable

from scheduler import ports
from scheduler.config import Config
from scheduler.services.bookings import Bookings
from scheduler.services.history import History
from scheduler.services.invites import Invites
from scheduler.services.members import Members
from scheduler.services.people import People
from scheduler.services.sign_ins import SignIns


class Service:
    """What members can do. One of these serves a process."""

    def __init__(
        self,
        *,
        ledger: ports.Ledger,
        accounts: ports.Accounts,
        people: ports.People,
        invites: ports.Invites,
        holds: ports.Holds,
        mail: ports.SignInMail,
        clock: ports.Clock,
        config: Config,
        random: Callable[[int], bytes],
    ) -> None:
        self.members = Members(ledger=ledger, accounts=accounts, config=config)
        self.sign_ins = SignIns(
            ledger=ledger,
            accounts=accounts,
            holds=holds,
            members=self.members,
            mail=mail,
            clock=clock,
            config=config,
            random=random,
        )
        self.bookings = Bookings(ledger=ledger, people=people, invites=invites)
        self.people = People(
            ledger=ledger, people=people, members=self.members, clock=clock, config=config
        )
        self.invites = Invites(
            ledger=ledger,
            invites=invites,
            holds=holds,
            bookings=self.bookings,
            members=self.members,
            clock=clock,
            config=config,
            random=random,
        )
        self.history = History(
            ledger=ledger, accounts=accounts, bookings=self.bookings, config=config
        )
