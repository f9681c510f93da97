"""A dialogue with a pure machine: feed events, expect commands, turn the clock by hand.

    book = Playbook(hub, now_ms=T)
    book.feed(Opened("c1", "m_ana", "s1")).expect()
    book.at(T + 5_000).feed(Woke()).expect(Close("c1", CloseCode.LATE_HELLO))

`expect` lists the commands exactly, in order; a place may hold a type (any command of it), or a
`Matching` predicate. A failure prints both transcripts. `see` hands back what came instead.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

C = TypeVar("C")


class Machine(Protocol):
    def handle(self, event: Any, now_ms: int) -> list[Any]: ...

    def next_deadline(self) -> int | None: ...


class Matching:
    """A place in a transcript: any command of this type for which the test is true."""

    def __init__(self, kind: type, test: Callable[[Any], bool], words: str = "…") -> None:
        self._kind = kind
        self._test = test
        self._words = words

    def __eq__(self, other: object) -> bool:
        return isinstance(other, self._kind) and self._test(other)

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self) -> str:
        return f"{self._kind.__name__}({self._words})"


class Playbook:
    """One machine, its clock, and what it has said since the last `expect`."""

    def __init__(
        self, machine: Machine, *, now_ms: int, ignore: tuple[type, ...] = (), woke: Any = None
    ) -> None:
        """`ignore` leaves out commands of types a test is not about; `woke` is the timer's event."""
        self.now_ms = now_ms
        self._machine = machine
        self._ignore = ignore
        self._woke = woke
        self._said: list[Any] = []

    def feed(self, *events: Any) -> Playbook:
        """Give the machine events, one after the other."""
        for event in events:
            self._said += self._machine.handle(event, self.now_ms)
        return self

    def at(self, now_ms: int) -> Playbook:
        """Turn the clock to this moment, stopping at every deadline on the way."""
        assert now_ms >= self.now_ms, "time does not go back"
        while (due := self._machine.next_deadline()) is not None and due <= now_ms:
            self.now_ms = max(self.now_ms, due)
            self.feed(self._woke)
            later = self._machine.next_deadline()
            assert later is None or later > self.now_ms, "a deadline that does not move on"
        self.now_ms = now_ms
        return self

    def after(self, by_ms: int) -> Playbook:
        """Let so much time pass."""
        return self.at(self.now_ms + by_ms)

    def expect(self, *commands: Any) -> Playbook:
        """What the machine has said since the last time is exactly this."""
        said = self._spoken()
        wanted = list(commands)
        same = len(said) == len(wanted) and all(
            _fits(want, got) for want, got in zip(wanted, said, strict=True)
        )
        assert same, _difference(wanted, said)
        return self

    def see(self, kind: type[C], test: Callable[[C], bool] = lambda _: True) -> list[C]:
        """Hand back the commands of a type since the last `expect` or `see`, and forget the rest."""
        return [said for said in self._spoken() if isinstance(said, kind) and test(said)]

    def _spoken(self) -> list[Any]:
        said, self._said = self._said, []
        return [command for command in said if not isinstance(command, self._ignore)]


def _fits(want: Any, got: Any) -> bool:
    return isinstance(got, want) if isinstance(want, type) else bool(want == got)


def _difference(wanted: list[Any], said: list[Any]) -> str:
    lines = difflib.unified_diff(
        [repr(command) for command in wanted],
        [repr(command) for command in said],
        "expected",
        "said",
        lineterm="",
        n=20,
    )
    return "\n" + "\n".join(lines)
