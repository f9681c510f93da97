"""The pair's replicated log: chat and tasks, as the hub holds it.

A set of entries merged by id, so that the order and the road they come by do not matter; pages keep
the same set and mend each other over the data channel. The hub checks what a page may write: its own
name, texts within the rules, nobody else's tasks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from scheduler.rules import Rules
from signalling.errors import BadEntry, LogFull, NotYours, TooLong
from signalling.wire import Entry

ENTRIES_MAX = 1_000
BYTES_MAX = 160 * 1024
"""What the hub holds of one pair; below what may wait for one socket, since all of it may be sent."""
ID_MAX = 64
AHEAD_MAX_MS = 60_000
"""A page's clock may be so far ahead; the latest tick wins, so nobody may write into the future."""
ENTRY_OVERHEAD = 96


class Desk:
    """The entries of one pair."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._entries: dict[str, Entry] = {}
        self._bytes = 0

    @property
    def entries(self) -> list[Entry]:
        """All entries, oldest first."""
        return sorted(self._entries.values(), key=lambda entry: (entry.at_ms, entry.id))

    def write(self, entry: Entry, author: str, now_ms: int) -> bool:
        """Take an entry from a page, or raise `BadEntry` or `LogFull`. False if it was here."""
        self._check(entry, author, now_ms)
        if entry.id in self._entries:
            return False
        size = weight(entry)
        if len(self._entries) >= ENTRIES_MAX or self._bytes + size > BYTES_MAX:
            raise LogFull
        self._entries[entry.id] = entry
        self._bytes += size
        return True

    def merge(self, entries: Iterable[Entry]) -> None:
        """Take entries that were checked before; what does not fit stays away."""
        for entry in entries:
            size = weight(entry)
            fits = len(self._entries) < ENTRIES_MAX and self._bytes + size <= BYTES_MAX
            if fits and entry.id not in self._entries:
                self._entries[entry.id] = entry
                self._bytes += size

    def tasks_of(self, member: str) -> list[Entry]:
        """What a member takes along to another partner: the own tasks, and no word of the chat."""
        return [e for e in self.entries if e.by == member and e.kind != "chat"]

    def _check(self, entry: Entry, author: str, now_ms: int) -> None:
        if entry.by != author:
            raise NotYours
        if not is_id(entry.id) or not 0 <= entry.at_ms <= now_ms + AHEAD_MAX_MS:
            raise BadEntry
        CHECKS[entry.kind](self, entry)

    def _check_chat(self, entry: Entry) -> None:
        self._check_text(entry, self._rules.chat_max)

    def _check_task(self, entry: Entry) -> None:
        self._check_text(entry, self._rules.task_max)

    def _check_text(self, entry: Entry, limit: int) -> None:
        if not entry.text.strip() or entry.ref:
            raise BadEntry
        if len(entry.text) > limit:
            raise TooLong(limit=limit)

    def _check_ref(self, entry: Entry) -> None:
        if not is_id(entry.ref) or entry.text:
            raise BadEntry
        task = self._entries.get(entry.ref)
        if task is not None and task.by != entry.by:
            raise NotYours
        if task is not None and task.kind != "task":
            raise BadEntry


CHECKS: dict[str, Callable[[Desk, Entry], None]] = {
    "chat": Desk._check_chat,
    "task": Desk._check_task,
    "tick": Desk._check_ref,
    "drop": Desk._check_ref,
}


def weight(entry: Entry) -> int:
    """About how many bytes an entry takes in a frame."""
    return ENTRY_OVERHEAD + len(entry.id) + len(entry.ref) + len(entry.text.encode())


def portions(entries: list[Entry], limit: int) -> tuple[list[Entry], list[Entry]]:
    """The newest entries that fit into so many bytes, and those before them."""
    room = limit
    for index in range(len(entries) - 1, -1, -1):
        room -= weight(entries[index])
        if room < 0:
            return entries[index + 1 :], entries[: index + 1]
    return entries, []


def is_id(text: str) -> bool:
    """Whether a text can be an id at all: short and plain."""
    return 0 < len(text) <= ID_MAX and text.isascii() and text.isprintable()
