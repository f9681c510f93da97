"""The ICE-lite ends of all legs: whose credentials, whose address.

The answering half of RFC 8445 §2.5, plus four rules of ours: media is sent to the latest nominated
address; it is accepted from every address that passed an authenticated check; nothing is
answered to, or kept for, anybody who did not; and before a leg's media goes to another address, that
one has to answer a check of ours, as the source of a check can be forged.
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

ASKS_MAX = 4
"""Checks of ours to one address that is wanted; a network may lose some."""

Address = tuple[str, int]


class Credentials:
    """A user name and password of ours, and the browser's part of the user name once it is known."""

    __slots__ = ("pwd", "remote_pwd", "remote_ufrag", "ufrag")

    def __init__(self, *, ufrag: str, pwd: str) -> None:
        self.ufrag = ufrag
        self.pwd = pwd
        self.remote_ufrag = ""
        """Empty until the browser's description is known; then checks must name it."""
        self.remote_pwd = ""
        """What an answer to a check of ours proves; empty: the hub did not say."""

    def admits(self, username: str) -> bool:
        """Whether a check's user name is for these and from their browser."""
        ours, _, theirs = username.partition(":")
        return ours == self.ufrag and (not self.remote_ufrag or theirs == self.remote_ufrag)


class Latch:
    """A move to where authentic media came from, as long as nothing has confirmed it."""

    __slots__ = ("back", "source", "until")

    def __init__(self, source: Address, *, back: Address | None, until: float) -> None:
        self.source = source
        self.back = back
        self.until = until


class Wanted:
    """Where media is to be sent once a check of ours has been answered from there."""

    __slots__ = ("by", "left", "source", "transaction")

    def __init__(self, source: Address, by: Credentials) -> None:
        self.source = source
        self.by = by
        self.left = ASKS_MAX
        self.transaction = b""
        """Of the check that was sent; nobody else knows it."""


class IceEnd:
    """One leg's credentials and what its checks have shown so far."""

    __slots__ = (
        "careful",
        "checked",
        "credentials",
        "fresh",
        "heard",
        "latched",
        "nominated",
        "proven",
        "wanted",
    )

    def __init__(self, *, ufrag: str, pwd: str) -> None:
        self.credentials = Credentials(ufrag=ufrag, pwd=pwd)
        self.fresh: Credentials | None = None
        """New ones since a restart, beside the old until a check under these nominates."""
        self.nominated: Address | None = None
        """Where media is sent; one of the accepted addresses."""
        self.checked: dict[Address, float] = {}
        """Accepted addresses and when each last passed a check."""
        self.proven: set[Address] = set()
        """Those of them from which a check of ours, or a handshake, was answered."""
        self.wanted: Wanted | None = None
        self.latched: Latch | None = None
        self.careful = False
        """Set, media goes to proven addresses alone. Before that nothing but answers and handshakes
        is sent, and a handshake proves as much."""
        self.heard = float("-inf")
        """When authentic packets last came."""

    def is_confirmed(self, source: Address) -> bool:
        """Whether this accepted address is more than where one packet came from."""
        return self.latched is None or self.latched.source != source

    def asks_proof_of(self, source: Address) -> bool:
        """Whether a check of ours has to be answered before media goes there."""
        first = self.credentials
        asks = self.careful and bool(first.remote_pwd or not first.remote_ufrag)
        return asks and source not in self.proven

    @property
    def newest(self) -> Credentials:
        """What the browser's next description is answered with."""
        return self.fresh or self.credentials

    def holding(self, username: str) -> Credentials | None:
        """The credentials that a check under this user name has to prove."""
        held = (self.credentials, *([self.fresh] if self.fresh else []))
        return next((each for each in held if each.admits(username)), None)

    def meet(self, ufrag: str, pwd: str = "") -> None:
        """Take in the browser's part; a new one belongs to the restart that is under way."""
        restarts = self.fresh is not None and ufrag != self.credentials.remote_ufrag
        met = self.newest if restarts else self.credentials
        met.remote_ufrag, met.remote_pwd = ufrag, pwd


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
        if not end.is_confirmed(source):
            end.latched = None
        if nominate or end.nominated is None:
            self._unlatch(end)
            self._want(end, source, by or end.credentials)
        if nominate and end.fresh is not None and by is end.fresh:
            self._forget(end.credentials)
            end.credentials, end.fresh = end.fresh, None
        return True

    def latch(self, end: End, source: Address, now: float) -> bool:
        """Move to an address from which authentic media came, until a check confirms it."""
        if not self._accept(end, source, now):
            return False
        back, until = end.nominated, now + LATCH_S
        if end.latched is not None:
            back, until = end.latched.back, end.latched.until
            if end.latched.source != source:
                self._unlatch(end)
        end.latched = Latch(source, back=back, until=until)
        self._want(end, source, end.credentials)
        return True

    def answered(self, end: End, source: Address, now: float) -> None:
        """A check of ours was answered from an accepted address: its owner is there, and consents."""
        end.checked[source] = now
        end.proven.add(source)
        if not end.is_confirmed(source):
            end.latched = None
        if end.wanted is not None and end.wanted.source == source:
            end.nominated, end.wanted = source, None

    def reconsider(self, end: End) -> None:
        """The end's rules may have changed: what is wanted need not be proven, or what is used has to be."""
        if end.wanted is not None and not end.asks_proof_of(end.wanted.source):
            end.nominated, end.wanted = end.wanted.source, None
        if end.nominated is not None and end.asks_proof_of(end.nominated):
            end.wanted, end.nominated = Wanted(end.nominated, end.credentials), None

    def expire(self, end: End, now: float) -> None:
        """Undo an unconfirmed latch; give up addresses and target when consent has run out."""
        if end.latched and now >= end.latched.until:
            self._unlatch(end)
        for address, at in list(end.checked.items()):
            if now - at > CONSENT_S:
                self._drop(end, address)

    def _forget(self, credentials: Credentials | None) -> None:
        if credentials is not None:
            self._by_ufrag.pop(credentials.ufrag, None)

    def _want(self, end: End, source: Address, by: Credentials) -> None:
        """Send media there, at once or once it is proven that somebody there wants it."""
        if source == end.nominated:
            end.wanted = None
        elif not end.asks_proof_of(source):
            end.nominated, end.wanted = source, None
        elif end.wanted is None or end.wanted.source != source:
            end.wanted = Wanted(source, by)
        else:
            end.wanted.left = max(end.wanted.left, 1)

    def _unlatch(self, end: End) -> None:
        if end.latched is not None:
            self._drop(end, end.latched.source)

    def _accept(self, end: End, source: Address, now: float) -> bool:
        holder = self._by_address.get(source)
        if holder is not None and holder is not end:
            if now - _last_sign(holder, source) < HOLD_S:
                return False
            self._drop(holder, source)
        end.checked[source] = now
        self._by_address[source] = end
        if len(end.checked) > ADDRESSES_MAX:
            self._drop(end, _oldest(end))
        return True

    def _drop(self, end: End, address: Address) -> None:
        """Forget an address, and all that is built on it."""
        end.checked.pop(address, None)
        end.proven.discard(address)
        self._by_address.pop(address, None)
        back = None
        if end.latched is not None and end.latched.source == address:
            back, end.latched = end.latched.back, None
        if end.nominated == address:
            end.nominated = back if back in end.checked else None
        if end.wanted is not None and end.wanted.source == address:
            end.wanted = None


def _last_sign(holder: IceEnd, address: Address) -> float:
    """When an address was last in use: by a check, or by media of the leg that is there."""
    checked = holder.checked[address]
    return max(checked, holder.heard) if address == holder.nominated else checked


def _oldest(end: IceEnd) -> Address:
    spare = (address for address in end.checked if address != end.nominated)
    return min(spare, key=lambda address: end.checked[address])
