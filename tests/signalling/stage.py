"""Ana and Ben, their session, and a hub to play it with: what the playbooks have in common."""

from __future__ import annotations

from typing import Any

from media.control import Leg
from scheduler.bookings import Booking, Pair, State
from scheduler.events import AnyEvent
from scheduler.presence import PresenceEvent
from scheduler.rules import DEFAULT, MINUTE_MS, SECOND_MS, Rules
from scheduler.standby import Outcome, Search
from signalling import wire
from signalling.backlog import Backlog
from signalling.commands import (
    Count,
    Here,
    LookUp,
    LookUpNext,
    Observe,
    Record,
    Seek,
    Send,
    Standby,
)
from signalling.config import HubConfig
from signalling.events import (
    Found,
    Lost,
    Missed,
    NotFound,
    Opened,
    Received,
    Sought,
    StandbyFailed,
    Told,
    Woke,
)
from signalling.hub import Hub
from signalling.ports import Member
from tests.support.playbook import Playbook

T = 1_790_000_100_000
LENGTH_MIN = 50
E = T + LENGTH_MIN * MINUTE_MS
MINUTE, SECOND = MINUTE_MS, SECOND_MS
DOORS_OPEN = T - DEFAULT.doors_open_ms
DOORS_CLOSE = E + DEFAULT.doors_close_ms

ANA = Member(id="m_ana", name="Ana", zone="Europe/Lisbon", sessions=3, hide_address=False)
BEN = Member(id="m_ben", name="Ben", zone="Europe/Warsaw", sessions=12, hide_address=False)
DOV = Member(id="m_dov", name="Dov", zone="UTC", sessions=0, hide_address=False)
EVA = Member(id="m_eva", name="Eva", zone="UTC", sessions=5, hide_address=False)
PAIR = Pair(
    id="p9", start_ms=T, length_min=LENGTH_MIN, members=("m_ana", "m_ben"), bookings=("b1", "b2")
)
LEGS = (
    Leg(ufrag="aaaa", pwd="a" * 22, fingerprint="sha-256 AA:BB", host="192.0.2.1", port=40_000),
    Leg(ufrag="bbbb", pwd="b" * 22, fingerprint="sha-256 CC:DD", host="192.0.2.1", port=40_000),
)
CONFIG = HubConfig(origins=("https://work.example",))
PING_MS = 10 * SECOND
"""So often does a page ask for the time."""
EPOCH, BEGIN = "outbox-1", "1000-0"
MEMBERS = {member.id: member for member in (ANA, BEN, DOV, EVA)}


def booking(
    id: str = "b1", member: str = "m_ana", state: State = State.MATCHED, **more: Any
) -> Booking:
    fields: dict[str, Any] = {
        "id": id,
        "member": member,
        "start_ms": T,
        "length_min": LENGTH_MIN,
        "state": state,
        "title": "Thesis",
        "created_ms": T - 86_400_000,
        "version": 1,
        "pair": "p9" if state in (State.MATCHED, State.DONE) else None,
    }
    return Booking(**(fields | more))


def hub_of(rules: Rules = DEFAULT, config: HubConfig = CONFIG, name: str = "hub-1") -> Hub:
    return Hub(name, rules, config, Backlog(EPOCH, BEGIN, 100))


class Stage(Playbook):
    """A hub with shorthands for what pages do and what the ledger answers."""

    def __init__(
        self,
        *,
        now_ms: int = T - 5 * MINUTE,
        rules: Rules = DEFAULT,
        config: HubConfig = CONFIG,
        pair: Pair = PAIR,
        members: dict[str, Member] = MEMBERS,
        log: list[PresenceEvent] | None = None,
    ) -> None:
        self.hub = hub_of(rules, config, "hub-2" if log else "hub-1")
        super().__init__(self.hub, now_ms=now_ms, ignore=(Count, Observe), woke=Woke())
        self.pair: Pair | None = pair
        self.members = members
        self.log = log or []
        self.recorded: list[PresenceEvent] = []
        self.by_pair: dict[str, list[PresenceEvent]] = {}
        self.wanted: list[Standby] = []
        """What members without a partner wanted of the ledger."""
        self.here: list[str] = []
        """The bookings of whom the ledger was told that they are here."""
        self.onward: list[LookUpNext] = []
        self.offset = 1000
        self.asks: dict[str, int] = {}
        self.asked: dict[str, str] = {}

    def feed(self, *events: Any) -> Stage:
        before = len(self._said)
        super().feed(*events)
        for command in self._said[before:]:
            if isinstance(command, Record):
                self.recorded += command.events
                self.by_pair.setdefault(command.pair, []).extend(command.events)
            elif isinstance(command, Standby):
                self.wanted.append(command)
            elif isinstance(command, Here):
                self.here.append(command.booking)
            elif isinstance(command, LookUpNext):
                self.onward.append(command)
            elif isinstance(command, LookUp):
                self.asks[command.conn] = command.ask
                self.asked[command.conn] = command.booking
        return self

    def hello(
        self, conn: str, member: str, tab: str = "", epoch: str = "", offset: str = ""
    ) -> Stage:
        """A socket opens and greets."""
        self.feed(Opened(conn, member, f"session-of-{member}"))
        greeting = wire.Hello(v=wire.PROTOCOL, tab=tab or f"tab-{conn}", epoch=epoch, offset=offset)
        return self.say(conn, greeting)

    def say(self, conn: str, *messages: wire.Message) -> Stage:
        return self.feed(*(Received(conn, message) for message in messages))

    def answer(
        self,
        conn: str,
        found: Booking,
        *,
        alone: bool = False,
        pair: Pair | None = None,
        **more: Any,
    ) -> Stage:
        """The ledger answers the newest look-up of this socket."""
        return self.feed(self.found(found, conn, alone=alone, pair=pair, **more))

    def found(
        self,
        found: Booking,
        conn: str = "",
        *,
        alone: bool = False,
        pair: Pair | None = None,
        **more: Any,
    ) -> Found:
        with_whom = None if alone else pair or self.pair
        who = with_whom.members if with_whom else (found.member,)
        members = tuple(self.members[member] for member in who)
        return Found(conn, self.asks.get(conn, 0), found, with_whom, members, self.log, **more)

    def tell(self, *happened: AnyEvent) -> Stage:
        """The outbox tells of these."""
        for event in happened:
            self.offset += 1
            self.feed(Told(f"{self.offset}-0", event))
        return self

    def searched(self, conn: str, outcome: Outcome, *, until_ms: int = 0) -> Stage:
        """The ledger answers the newest search of this page."""
        seek = [want for want in self.wanted if isinstance(want, Seek) and want.conn == conn][-1]
        own = booking(seek.booking, seek.member)
        found = Search(outcome=outcome, booking=own, until_ms=until_ms)
        return self.feed(Sought(conn, seek.request, found))

    def refused(self, conn: str, what: Any, code: str, **more: Any) -> Stage:
        """The ledger refuses the newest wish of this page."""
        want = [want for want in self.wanted if want.conn == conn][-1]
        return self.feed(StandbyFailed(conn, want.request, what, code, **more))

    def no_answer(self, conn: str, *, away: bool) -> Stage:
        return self.feed(NotFound(conn, self.asks[conn], away))

    def enter(
        self,
        conn: str,
        found: Booking,
        *,
        camera: bool = True,
        mic: bool = True,
        alone: bool = False,
        pair: Pair | None = None,
        missed: Missed | None = None,
        held_for: str | None = None,
        **held: Any,
    ) -> Stage:
        """A page asks for its seat and gets it. The connection it holds is `held_for` this pair."""
        if held.get("gen"):
            held["pair"] = found.pair if held_for is None else held_for
        self.say(conn, wire.Enter(booking=found.id, camera=camera, mic=mic, **held))
        return self.answer(conn, found, alone=alone, pair=pair, missed=missed)

    def ana_enters(self, conn: str = "ana", **how: Any) -> Stage:
        return self.hello(conn, "m_ana", how.pop("tab", "")).enter(conn, booking(), **how)

    def ben_enters(self, conn: str = "ben", **how: Any) -> Stage:
        tab = how.pop("tab", "")
        return self.hello(conn, "m_ben", tab).enter(conn, booking("b2", "m_ben"), **how)

    def both_enter(self) -> Stage:
        """Both in their seats, nothing said yet that a test must expect."""
        self.ana_enters().ben_enters()
        self.told()
        return self

    def awake_for(self, by_ms: int, *conns: str) -> Stage:
        """Let so much time pass, in which these pages ask for the time as pages do."""
        for _ in range(by_ms // PING_MS):
            self.after(PING_MS).say_ping(*conns)
        return self.after(by_ms % PING_MS)

    def say_ping(self, *conns: str) -> Stage:
        for conn in conns:
            self.say(conn, wire.Ping(n=1))
        return self

    def both_connected(self, gen: int = 1) -> Stage:
        self.both_enter()
        connected = wire.Connected(gen=gen, first_frame_ms=200)
        self.say("ana", connected).say("ben", connected)
        self.told()
        return self

    def lose(self, conn: str, *, closed: bool = False) -> Stage:
        return self.feed(Lost(conn, closed))

    def told(self, conn: str | None = None, kind: type = wire.Message) -> list[Any]:
        """What pages were told since the last look, and nothing else."""
        sent = self.see(Send)
        return [s.message for s in sent if conn in (None, s.conn) and isinstance(s.message, kind)]

    def seen(self, member: str = "m_ana") -> list[str]:
        """The transitions recorded of a member so far."""
        return [event.seen.value for event in self.recorded if event.member == member]
