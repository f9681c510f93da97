"""The ICE-lite ends of all legs: whose credentials, whose address.

The answering half of RFC 8445 §2.5, plus three rules of ours: media is sent to the latest nominated
address; it is accepted from every address that passed an authenticated check; and nothing is
answered to, or kept for, anybody who did not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

CONSENT_S = 30.0
"""Without a check for this long nothing more is sent to a leg (RFC 7675)."""

LATCH_S = 5.0
"""An address taken over from authentic media must show a check within this time."""

HOLD_S = 5.0
"""An address heard from this recently is not given to another leg."""

ADDRESSES_MAX = 8
"""Accepted addresses of one leg; the one checked longest ago goes first."""

Address = tuple[str, int]


class Credentials:
    """A user name and password of ours, and the browser's part of the user name once it is known."""

    __slots__ = ("pwd", "remote_ufrag", "ufrag")

    def __init__(self, *, ufrag: str, pwd: str) -> None:
        self.ufrag = ufrag
        self.pwd = pwd
        self.remote_ufrag = ""
        """Empty until the browser's description is known; then checks must name it."""

    def admits(self, username: str) -> bool:
        """Whether a check's user name is for these and from their browser."""
        ours, _, theirs = username.partition(":")
        return ours == self.ufrag and (not self.remote_ufrag or theirs == self.remote_ufrag)


class IceEnd:
    """One leg's credentials and what its checks have shown so far."""

    __slots__ = ("checked", "credentials", "fresh", "latched", "nominated")

    def __init__(self, *, ufrag: str, pwd: str) -> None:
        self.credentials = Credentials(ufrag=ufrag, pwd=pwd)
        self.fresh: Credentials | None = None
        """New ones since a restart, beside the old until a check under these nominates."""
        self.nominated: Address | None = None
        """Where media is sent."""
        self.checked: dict[Address, float] = {}
        """Accepted addresses and when each last passed a check."""
        self.latched: tuple[float, Address | None] | None = None
        """Deadline, and the address to go back to, of a latch that no check has confirmed yet."""

    @property
    def newest(self) -> Credentials:
        """What the browser's next description is answered with."""
        return self.fresh or self.credentials

    def holding(self, username: str) -> Credentials | None:
        """The credentials that a check under this user name has to prove."""
        held = (self.credentials, *([self.fresh] if self.fresh else []))
        return next((each for each in held if each.admits(username)), None)

    def meet(self, ufrag: str) -> None:
        """Take in the browser's part; a new one belongs to the restart that is under way."""
        restarts = self.fresh is not None and ufrag != self.credentials.remote_ufrag
        (self.newest if restarts else self.credentials).remote_ufrag = ufrag


End = TypeVar("End", bound=IceEnd)


class IceTable(Generic[End]):
    """All ends by user name fragment and by address."""

    def __init__(self) -> None:
        self._by_ufrag: dict[str, End] = {}
        self._by_address: dict[Address, End] = {}

    def __iter__(self) -> Iterator[End]:
        """Every end; one that is restarted just now comes twice."""
        return iter(self._by_ufrag.values())

    def add(self, end: End) -> None:
        self._by_ufrag[end.newest.ufrag] = end

    def restart(self, end: End, fresh: Credentials) -> None:
        """Give an end new credentials. The ones it has stay until a check under these nominates."""
        self._forget(end.fresh)
        end.fresh = fresh
        self.add(end)

    def remove(self, end: End) -> None:
        """Forget an end and all its addresses."""
        self._forget(end.credentials)
        self._forget(end.fresh)
        for address in list(end.checked):
            self._drop(end, address)

    def named(self, username: str) -> End | None:
        """The end that may be checked under this user name."""
        end = self._by_ufrag.get(username.partition(":")[0])
        return end if end is not None and end.holding(username) is not None else None

    def owner(self, address: Address) -> End | None:
        """The end this address belongs to."""
        return self._by_address.get(address)

    def checked(
        self,
        end: End,
        source: Address,
        *,
        nominate: bool,
        now: float,
        by: Credentials | None = None,
    ) -> bool:
        """Take in a check of integrity proven `by` these credentials. False if the address is another
        live leg's."""
        if not self._accept(end, source, now):
            return False
        if end.latched and source == end.nominated:
            end.latched = None
        if nominate or end.nominated is None:
            end.nominated = source
            end.latched = None
        if nominate and end.fresh is not None and by is end.fresh:
            self._forget(end.credentials)
            end.credentials, end.fresh = end.fresh, None
        return True

    def latch(self, end: End, source: Address, now: float) -> bool:
        """Move to an address from which authentic media came, until a check confirms it."""
        if not self._accept(end, source, now):
            return False
        if end.latched is None:
            end.latched = (now + LATCH_S, end.nominated)
        end.nominated = source
        return True

    def expire(self, end: End, now: float) -> None:
        """Undo an unconfirmed latch; give up addresses and target when consent has run out."""
        if end.latched and now >= end.latched[0]:
            self._unlatch(end)
        for address, at in list(end.checked.items()):
            if now - at > CONSENT_S:
                self._drop(end, address)
        if end.nominated not in end.checked:
            end.nominated = None

    def _forget(self, credentials: Credentials | None) -> None:
        if credentials is not None:
            self._by_ufrag.pop(credentials.ufrag, None)

    def _unlatch(self, end: End) -> None:
        assert end.latched is not None
        if end.nominated is not None:
            self._drop(end, end.nominated)
        back = end.latched[1]
        end.nominated = back if back in end.checked else None
        end.latched = None

    def _accept(self, end: End, source: Address, now: float) -> bool:
        holder = self._by_address.get(source)
        if holder is not None and holder is not end:
            if now - holder.checked[source] < HOLD_S:
                return False
            self._drop(holder, source)
        end.checked[source] = now
        self._by_address[source] = end
        if len(end.checked) > ADDRESSES_MAX:
            self._drop(end, _oldest(end))
        return True

    def _drop(self, end: End, address: Address) -> None:
        end.checked.pop(address, None)
        self._by_address.pop(address, None)


def _oldest(end: IceEnd) -> Address:
    spare = (address for address in end.checked if address != end.nominated)
    return min(spare, key=lambda address: end.checked[address])
