"""Whatever pages, ledger and workers do, in any order: the hub stands, and keeps what it promises."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from media import control
from scheduler.bookings import State
from scheduler.events import Cancelled, Closed, LateDue, Matched, SignedOut, Unmatched
from signalling import wire
from signalling.commands import Close, Record, Send
from signalling.events import Lost, Told, WorkerDown, WorkerSaid, WorkerUp
from tests.signalling.stage import DOORS_CLOSE, DOORS_OPEN, LEGS, LENGTH_MIN, Stage, T, booking

BOOKINGS = {"m_ana": "b1", "m_ben": "b2", "m_dov": "b3"}
OWNERS = {booking: member for member, booking in BOOKINGS.items()}
SLOT = {"start_ms": T, "length_min": LENGTH_MIN}
MEMBERS = ("m_ana", "m_ben", "m_dov")

MESSAGES: tuple[wire.Message, ...] = (
    wire.Leave(),
    wire.Media(camera=False, mic=False),
    wire.Media(camera=True, mic=True),
    wire.Break(minutes=3),
    wire.Back(),
    wire.EndTogether(),
    wire.Ping(n=1),
    wire.Signal(gen=1, kind="candidate"),
)

who = st.sampled_from(MEMBERS)
acts = st.one_of(
    st.tuples(st.just("open"), who, st.sampled_from(["tab1", "tab2"])),
    st.tuples(st.just("seat"), who, st.sampled_from(["pair", "pair", "alone"])),
    st.tuples(st.just("enter"), who, st.sampled_from([*BOOKINGS.values(), "b404"])),
    st.tuples(st.just("answer"), who, st.sampled_from(["pair", "alone", "cancelled", "away"])),
    st.tuples(st.just("say"), who, st.sampled_from(MESSAGES)),
    st.tuples(st.just("connected"), who, st.booleans()),
    st.tuples(st.just("lose"), who, st.none()),
    st.tuples(
        st.just("told"), who, st.sampled_from(["matched", "cancelled", "late", "out", "closed"])
    ),
    st.tuples(st.just("worker"), who, st.sampled_from(["up", "down", "opened", "off", "stalled"])),
    st.tuples(st.just("wait"), who, st.sampled_from([100, 3_000, 31_000, 90_000, 600_000])),
)


class Play:
    """Carries acts out on a stage, and watches what is said."""

    def __init__(self) -> None:
        self.stage = Stage(now_ms=DOORS_OPEN)
        self.open: dict[str, list[str]] = {member: [] for member in MEMBERS}
        self.member_of: dict[str, str] = {}
        self.closed: set[str] = set()
        self.ids: set[str] = set()
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
        else:
            state = State.CANCELLED if how == "cancelled" else State.WAITING
            self.stage.answer(conn, booking(asked, owner, state), alone=True)

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
            elif isinstance(command, Close):
                assert command.conn not in self.closed
            elif isinstance(command, Record):
                self._watch_record(command)

    def _watch_seat(self, command: Send) -> None:
        own = BOOKINGS[self.member_of[command.conn]]
        if isinstance(command.message, wire.Room | wire.Changed) and command.message.booking:
            assert command.message.booking == own, "nobody sits in another's seat"

    def _watch_record(self, command: Record) -> None:
        assert command.pair == "p9"
        for line in command.events:
            assert line.id not in self.ids, "an id is used once"
            self.ids.add(line.id)
            assert DOORS_OPEN <= line.at_ms <= DOORS_CLOSE
            assert line.at_ms <= self.stage.now_ms
            assert line.member in ("m_ana", "m_ben")


@settings(max_examples=250, deadline=None)
@given(st.lists(acts, max_size=60))
def test_the_hub_stands(acts: list[tuple[str, str, Any]]) -> None:
    play = Play()
    for act, member, how in acts:
        play.act(act, member, how)
