"""Whatever pages, ledger and workers do, in any order: the hub stands, and keeps what it promises."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from media import control
from scheduler.bookings import Pair, State
from scheduler.events import (
    Asked,
    AskOver,
    Cancelled,
    Closed,
    LateDue,
    Matched,
    NobodyFree,
    SignedOut,
    Unmatched,
)
from scheduler.standby import Outcome
from signalling import wire
from signalling.commands import AnswerAsk, Close, Gone, Here, Record, Seek, Send, StopSeeking
from signalling.events import (
    FoundNext,
    Lost,
    Missed,
    StandbyFailed,
    Told,
    WorkerDown,
    WorkerSaid,
    WorkerUp,
)
from tests.signalling.stage import (
    DOORS_CLOSE,
    DOORS_OPEN,
    LEGS,
    LENGTH_MIN,
    MINUTE,
    E,
    Stage,
    T,
    booking,
)

BOOKINGS = {"m_ana": "b1", "m_ben": "b2", "m_dov": "b3"}
OWNERS = {booking: member for member, booking in BOOKINGS.items()}
SLOT = {"start_ms": T, "length_min": LENGTH_MIN}
MEMBERS = ("m_ana", "m_ben", "m_dov")
NEXT_BOOKINGS = {"m_ana": "b11", "m_ben": "b12"}
DOORS = {"p20": (E - 10 * MINUTE, E + 30 * MINUTE)}
WHAT: dict[type, Any] = {Seek: "seek", StopSeeking: "stop_seeking", AnswerAsk: "answer"}

MESSAGES: tuple[wire.Message, ...] = (
    wire.Leave(),
    wire.Media(camera=False, mic=False),
    wire.Media(camera=True, mic=True),
    wire.Break(minutes=3),
    wire.Back(),
    wire.EndTogether(),
    wire.Ping(n=1),
    wire.Signal(gen=1, kind="candidate"),
    wire.GoOn(),
    wire.Seek(),
    wire.Seek(newcomers=True, locked=True),
    wire.StopSeeking(),
    wire.Answer(accept=True),
    wire.Answer(accept=False),
)
ANA_AND_DOV = Pair(
    id="p12", members=("m_ana", "m_dov"), bookings=("b1", "b3"), met_ms=T + 3 * MINUTE, **SLOT
)
AFTER = Pair(
    id="p20", start_ms=E, length_min=25, members=("m_ben", "m_ana"), bookings=("b12", "b11")
)
MISSED = Missed(pair="p9", former="Ana", at_ms=T + 3 * MINUTE)
PAIRS = {"p9": ("m_ana", "m_ben"), "p12": ("m_ana", "m_dov"), "p20": ("m_ana", "m_ben")}


who = st.sampled_from(MEMBERS)
acts = st.one_of(
    st.tuples(st.just("open"), who, st.sampled_from(["tab1", "tab2"])),
    st.tuples(st.just("seat"), who, st.sampled_from(["pair", "pair", "alone"])),
    st.tuples(st.just("enter"), who, st.sampled_from([*BOOKINGS.values(), "b404"])),
    st.tuples(
        st.just("answer"), who, st.sampled_from(["pair", "alone", "cancelled", "away", "other"])
    ),
    st.tuples(st.just("scene"), who, st.sampled_from(["together", "late", "late", "end"])),
    st.tuples(st.just("replace"), who, st.booleans()),
    st.tuples(st.just("sought"), who, st.sampled_from(Outcome)),
    st.tuples(
        st.just("failed"), who, st.sampled_from(["not_yet", "partner_here", "taken", "unavailable"])
    ),
    st.tuples(st.just("ask"), who, st.sampled_from(["asked", "newcomer", "over", "nobody"])),
    st.tuples(st.just("onward"), who, st.sampled_from(["next", "none", "away"])),
    st.tuples(st.just("say"), who, st.sampled_from(MESSAGES)),
    st.tuples(st.just("connected"), who, st.booleans()),
    st.tuples(st.just("lose"), who, st.none()),
    st.tuples(
        st.just("told"), who, st.sampled_from(["matched", "cancelled", "late", "out", "closed"])
    ),
    st.tuples(st.just("worker"), who, st.sampled_from(["up", "down", "opened", "off", "stalled"])),
    st.tuples(
        st.just("wait"), who, st.sampled_from([100, 3_000, 31_000, 90_000, 600_000, 3_000_000])
    ),
)


class Play:
    """Carries acts out on a stage, and watches what is said."""

    def __init__(self) -> None:
        self.stage = Stage(now_ms=DOORS_OPEN)
        self.open: dict[str, list[str]] = {member: [] for member in MEMBERS}
        self.member_of: dict[str, str] = {}
        self.closed: set[str] = set()
        self.ids: set[str] = set()
        self.seats: dict[str, tuple[wire.Seat, wire.Seat]] = {}
        self.count = 0
        self.gen = 0

    def act(self, act: str, member: str, how: Any) -> None:
        getattr(self, f"_{act}")(member, how)
        self._watch()

    def _open(self, member: str, tab: str) -> None:
        self.count += 1
        conn = f"c{self.count}"
        self.open[member].append(conn)
        self.member_of[conn] = member
        self.stage.hello(conn, member, tab)

    def _seat(self, member: str, how: str) -> None:
        self._open(member, "tab1")
        self._enter(member, BOOKINGS[member])
        self._answer(member, how)

    def _newest(self, member: str) -> str | None:
        return self.open[member][-1] if self.open[member] else None

    def _enter(self, member: str, wanted: str) -> None:
        if conn := self._newest(member):
            self.stage.say(conn, wire.Enter(booking=wanted, camera=True, mic=True))

    def _answer(self, member: str, how: str) -> None:
        conn = self._newest(member)
        if conn is None or conn not in self.stage.asks:
            return
        asked = self.stage.asked[conn]
        owner = OWNERS.get(asked)
        if how == "away" or owner is None:
            self.stage.no_answer(conn, away=how == "away")
        elif how == "pair" and owner != "m_dov":
            self.stage.answer(conn, booking(asked, owner))
        elif how == "other" and owner != "m_ben":
            self.stage.answer(conn, booking(asked, owner, pair="p12"), pair=ANA_AND_DOV)
        elif how == "other":
            waits = booking(asked, owner, State.WAITING, missed="p9")
            self.stage.answer(conn, waits, alone=True, missed=MISSED)
        else:
            state = State.CANCELLED if how == "cancelled" else State.WAITING
            self.stage.answer(conn, booking(asked, owner, state), alone=True)

    def _scene(self, member: str, which: str) -> None:
        """What chance alone would seldom bring about."""
        if which == "together":
            self._seat("m_ana", "pair")
            self._seat("m_ben", "pair")
        elif which == "late":
            self.stage.at(max(self.stage.now_ms, T + 5 * MINUTE))
            self._seat(member, "alone" if member == "m_dov" else "pair")
            self._say(member, wire.Seek())
        else:
            self.stage.at(max(self.stage.now_ms, E))
            self._onward(member, "next")

    def _replace(self, member: str, looked_up: bool) -> None:
        """The ledger brought Ana and Dov together; Ben was late."""
        at = {"at_ms": self.stage.now_ms}
        late = {"booking": "b2", "member": "m_ben", "former": "m_ana", "pair": "p9"}
        both = {"members": ("m_ana", "m_dov"), "bookings": ("b1", "b3")}
        self.count += 1
        told = (
            Unmatched(**at, **late, why="replaced", **SLOT),
            Matched(**at, pair="p12", **both, **SLOT),
        )
        for n, event in enumerate(told):
            self.stage.feed(Told(f"{2_000 + self.count}-{n}", event))
        for one in ("m_ana", "m_dov") if looked_up else ():
            self._answer(one, "other")

    def _sought(self, member: str, outcome: Outcome) -> None:
        wants = [w for w in self.stage.wanted if w.member == member and isinstance(w, Seek)]
        if wants:
            self.stage.searched(wants[-1].conn, outcome, until_ms=self.stage.now_ms + 15_000)

    def _failed(self, member: str, code: str) -> None:
        wants = [want for want in self.stage.wanted if want.member == member]
        if wants:
            what = WHAT[type(wants[-1])]
            self.stage.feed(StandbyFailed(wants[-1].conn, wants[-1].request, what, code))

    def _ask(self, member: str, what: str) -> None:
        self.count += 1
        own = {"at_ms": self.stage.now_ms, "booking": BOOKINGS[member], "member": member}
        until_ms = self.stage.now_ms + 15_000
        happened: dict[str, Any] = {
            "asked": Asked(**own, by="m_ana", newcomer=False, until_ms=until_ms),
            "newcomer": Asked(**own, by="m_dov", newcomer=True, until_ms=until_ms),
            "over": AskOver(**own),
            "nobody": NobodyFree(**own),
        }
        self.stage.feed(Told(f"{2_000 + self.count}-0", happened[what]))

    def _onward(self, member: str, how: str) -> None:
        if not self.stage.onward:
            return
        found = None
        if how == "next":
            following = booking("b12", "m_ben", start_ms=E, length_min=25, pair="p20")
            found = self.stage.found(following, pair=AFTER)
        titles = ("Cello", "Letters") if found else ()
        self.stage.feed(FoundNext("p9", found, titles, away=how == "away"))

    def _say(self, member: str, message: wire.Message) -> None:
        if conn := self._newest(member):
            self.stage.say(conn, message)

    def _connected(self, member: str, well: bool) -> None:
        message = (
            wire.Connected(gen=self.gen, first_frame_ms=9) if well else wire.Failed(gen=self.gen)
        )
        self._say(member, message)

    def _lose(self, member: str, _: None) -> None:
        if self.open[member]:
            conn = self.open[member].pop(0)
            self.closed.add(conn)
            self.stage.feed(Lost(conn))

    def _told(self, member: str, what: str) -> None:
        self.count += 1
        own, at = BOOKINGS[member], {"at_ms": self.stage.now_ms}
        pair = {"bookings": ("b1", "b2"), "members": ("m_ana", "m_ben")}
        happened: dict[str, list[Any]] = {
            "matched": [Matched(**at, pair="p9", **pair, **SLOT)],
            "cancelled": [
                Cancelled(**at, booking=own, member=member, **SLOT, created_ms=0, pair="p9"),
                Unmatched(**at, booking="b1", member="m_ana", former=member, **SLOT),
            ],
            "late": [LateDue(**at, pair="p9", booking=own, member=member)],
            "out": [SignedOut(**at, member=member)],
            "closed": [Closed(**at, pair="p9")],
        }
        for n, event in enumerate(happened[what]):
            self.stage.feed(Told(f"{2_000 + self.count}-{n}", event))

    def _worker(self, member: str, what: str) -> None:
        side: control.Side = 0 if member == "m_ana" else 1
        said: dict[str, Any] = {
            "up": WorkerUp("w1"),
            "down": WorkerDown("w1"),
            "opened": WorkerSaid("w1", control.PairOpened(pair="p9", gen=self.gen + 1, legs=LEGS)),
            "off": WorkerSaid(
                "w1",
                control.Camera(pair="p9", gen=self.gen, side=side, state="off", since_ms=2_000),
            ),
            "stalled": WorkerSaid(
                "w1", control.LegState(pair="p9", gen=self.gen, side=side, state="stalled")
            ),
        }
        self.stage.feed(said[what])

    def _wait(self, member: str, by_ms: int) -> None:
        self.stage.after(by_ms)

    def _watch(self) -> None:
        for command in self.stage.see(object):
            if isinstance(command, Send):
                assert command.conn not in self.closed, "nothing is said to who is gone"
                self._watch_seat(command)
                if isinstance(command.message, wire.Negotiate):
                    assert command.message.gen >= self.gen or command.message.gen == 1
                    self.gen = command.message.gen
            elif isinstance(command, Seek):
                self._watch_seek(command)
            elif isinstance(command, Here | Gone):
                assert command.booking in {*OWNERS, *NEXT_BOOKINGS.values()}
            elif isinstance(command, Close):
                assert command.conn not in self.closed
            elif isinstance(command, Record):
                self._watch_record(command)

    def _watch_seat(self, command: Send) -> None:
        member, message = self.member_of[command.conn], command.message
        if isinstance(message, wire.Room | wire.Changed) and message.booking:
            own = {BOOKINGS[member], NEXT_BOOKINGS.get(member)}
            assert message.booking in own, "nobody sits in another's seat"
        if isinstance(message, wire.Room | wire.Seats):
            self.seats[command.conn] = message.you, message.them
        elif isinstance(message, wire.Over):
            assert message.reason != "replaced" or member == "m_ben"

    def _watch_seek(self, command: Seek) -> None:
        _, them = self.seats[command.conn]
        assert not them.here, "nobody is looked for beside a partner who is here"
        assert T + 2 * MINUTE <= self.stage.now_ms < E

    def _watch_record(self, command: Record) -> None:
        assert command.pair in PAIRS
        opens_ms, closes_ms = DOORS.get(command.pair, (DOORS_OPEN, DOORS_CLOSE))
        for line in command.events:
            assert line.id not in self.ids, "an id is used once"
            self.ids.add(line.id)
            assert opens_ms <= line.at_ms <= closes_ms
            assert line.at_ms <= self.stage.now_ms
            assert line.member in PAIRS[command.pair]


@settings(max_examples=250, deadline=None)
@given(st.lists(acts, max_size=60))
def test_the_hub_stands(acts: list[tuple[str, str, Any]]) -> None:
    play = Play()
    for act, member, how in acts:
        play.act(act, member, how)
