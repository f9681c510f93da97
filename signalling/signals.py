"""Offers, answers and candidates on their way from one page to the other.

On the direct path they go through without what is nobody's business (`candidates`). On the relay each
page talks to its own leg of the worker: the worker learns whom to expect, the other page gets the
description with its own leg in it, and candidates stay here. Where one leg restarts, its page's offer
is answered here, from what the partner's page said of this generation: that is all the hub remembers,
and it forgets it with the generation.
"""

from __future__ import annotations

import re

import msgspec

from media import sdp
from media.control import Leg, SetRemote
from media.errors import BadSdp
from signalling import candidates
from signalling.commands import AnyCommand, TellWorker
from signalling.errors import BadSignal, NotYourOffer
from signalling.legs import Legs
from signalling.negotiation import Negotiation
from signalling.steps import Phase
from signalling.wire import Signal

OPEN = (Phase.RUNNING, Phase.SETTLED, Phase.RESTARTING)
"""When signals pass."""
CANDIDATES_MAX = 40
"""Per page and generation or round; what comes on top is not passed on."""
_ROLE = re.compile(r"^a=setup:(active|passive)\r?$", re.MULTILINE)
_SETUP = re.compile(r"a=setup:\w+")
_OTHER = {"active": "passive", "passive": "active"}


class Passed(msgspec.Struct, frozen=True):
    """What to tell a worker, and what a page gets."""

    tell: list[AnyCommand] = []
    to: int = 0
    signal: Signal | None = None


class Signals:
    """The passing of signals for one pair."""

    def __init__(self, pair: str, offerer: int, turn_addresses: tuple[str, ...] = ()) -> None:
        self.offerer = offerer
        """The side that holds the negotiation token."""
        self._pair = pair
        self._turn_addresses = turn_addresses
        self._now = (0, 0)
        """The generation and round that is counted."""
        self._candidates = [0, 0]
        self._said: dict[int, str] = {}
        """Each side's last description of this generation. Never logged."""
        self._roles: dict[int, str] = {}
        """Which end of DTLS each page is, as the first answer of this generation settled it."""

    @property
    def remembers(self) -> bool:
        """Whether there is a description in memory."""
        return bool(self._said)

    def forget_but(self, gen: int) -> None:
        """What was said of another generation than this one is not needed any more."""
        if gen != self._now[0]:
            self._said, self._roles = {}, {}

    def passing(self, signal: Signal, side: int, negotiation: Negotiation) -> Passed:
        """What follows from a page's signal. Raises `Refusal`."""
        newest = negotiation.gen, negotiation.round
        if (signal.gen, signal.round) != newest or negotiation.phase not in OPEN:
            return Passed()
        self._count_for(newest)
        if signal.kind == "candidate":
            return self._candidate(signal, side, negotiation)
        if negotiation.path == "relay" and signal.round:
            return self._answer(signal, side, negotiation)
        if (signal.kind == "offer") is not (side == self.offerer):
            raise NotYourOffer
        return self._description(signal, side, negotiation)

    def _count_for(self, newest: tuple[int, int]) -> None:
        self.forget_but(newest[0])
        if newest != self._now:
            self._now, self._candidates = newest, [0, 0]

    def _description(self, signal: Signal, side: int, negotiation: Negotiation) -> Passed:
        expect = self._read(signal, side, negotiation.legs)
        if negotiation.path == "direct":
            text = candidates.cleaned_description(signal.sdp, self._policy(negotiation))
            return Passed([], 1 - side, msgspec.structs.replace(signal, sdp=text))
        legs = negotiation.legs
        if legs is None or legs.ends is None:
            return Passed()
        self._remember(side, signal.sdp, negotiation)
        self._note_roles(signal, side)
        text = sdp.for_leg(signal.sdp, legs.ends[1 - side])
        changed = Signal(gen=signal.gen, kind=signal.kind, sdp=text)
        return Passed([TellWorker(legs.worker, expect)], 1 - side, changed)

    def _answer(self, signal: Signal, side: int, negotiation: Negotiation) -> Passed:
        """A page restarts its leg: its partner has said before all that is to be said."""
        legs, partner = negotiation.legs, self._said.get(1 - side)
        if signal.kind != "offer":
            raise NotYourOffer
        if legs is None or legs.ends is None or partner is None:
            return Passed()
        expect = self._read(signal, side, legs)
        text = _as_answer(partner, legs.ends[side], self._roles.get(1 - side, "passive"))
        self._remember(side, signal.sdp, negotiation)
        answer = Signal(gen=signal.gen, kind="answer", round=signal.round, sdp=text)
        return Passed([TellWorker(legs.worker, expect)], side, answer)

    def _read(self, signal: Signal, side: int, legs: Legs | None) -> SetRemote:
        """What the description says of its page, if it is one."""
        try:
            blind = legs is not None and legs.blind
            return sdp.set_remote(self._pair, signal.gen, 1 if side else 0, signal.sdp, blind=blind)
        except BadSdp:
            raise BadSignal from None

    def _remember(self, side: int, text: str, negotiation: Negotiation) -> None:
        self._said[side] = text
        negotiation.described(side)

    def _note_roles(self, signal: Signal, side: int) -> None:
        if signal.kind == "answer" and (found := _ROLE.search(signal.sdp)):
            self._roles = {side: found[1], 1 - side: _OTHER[found[1]]}

    def _candidate(self, signal: Signal, side: int, negotiation: Negotiation) -> Passed:
        if negotiation.path == "relay":
            return Passed()
        if signal.sdp or not candidates.well_made(signal):
            raise BadSignal
        clean = candidates.cleaned(signal.candidate, self._policy(negotiation))
        self._candidates[side] += 1
        if self._candidates[side] > CANDIDATES_MAX:
            return Passed()
        return Passed([], 1 - side, msgspec.structs.replace(signal, candidate=clean))

    def _policy(self, negotiation: Negotiation) -> candidates.Policy:
        return candidates.Policy(negotiation.hides, self._turn_addresses)


def _as_answer(partner: str, leg: Leg, role: str) -> str:
    """What a page said once, offer or answer, as the answer to its partner's new offer."""
    text = sdp.for_leg(partner, leg)
    # Blind: the two browsers keep the roles that they have had since they began.
    return text if leg.fingerprint else _SETUP.sub(f"a=setup:{role}", text)
