"""Offers, answers and candidates on their way from one page to the other.

On the direct path they go through as they are, once they are well made. On the relay each page talks
to its own leg of the worker: the worker learns whom to expect, the other page gets the description
with its own leg in it, and candidates stay here.
"""

from __future__ import annotations

from media import sdp
from media.errors import BadSdp
from signalling.commands import AnyCommand, TellWorker
from signalling.errors import BadSignal, NotYourOffer
from signalling.negotiation import Negotiation, Phase
from signalling.wire import Signal

CANDIDATES_MAX = 40
"""Per page and generation; what comes on top is not passed on."""
CANDIDATE_TEXT_MAX = 512
LINES_MAX = 64


class Signals:
    """The passing of signals for one pair."""

    def __init__(self, pair: str, offerer: int) -> None:
        self.offerer = offerer
        """The side that holds the negotiation token."""
        self._pair = pair
        self._gen = 0
        self._candidates = [0, 0]

    def passing(
        self, signal: Signal, side: int, negotiation: Negotiation
    ) -> tuple[list[AnyCommand], Signal | None]:
        """What to tell the worker, and what the other page gets. Raises `Refusal`."""
        running = negotiation.phase in (Phase.RUNNING, Phase.SETTLED)
        if signal.gen != negotiation.gen or not running:
            return [], None
        if signal.kind == "candidate":
            return [], self._candidate(signal, side, negotiation)
        if (signal.kind == "offer") is not (side == self.offerer):
            raise NotYourOffer
        return self._description(signal, side, negotiation)

    def _description(
        self, signal: Signal, side: int, negotiation: Negotiation
    ) -> tuple[list[AnyCommand], Signal]:
        legs = negotiation.legs
        try:
            expect = sdp.set_remote(self._pair, signal.gen, 1 if side else 0, signal.sdp)
            if legs is None or legs.ends is None:
                return [], Signal(gen=signal.gen, kind=signal.kind, sdp=signal.sdp)
            text = sdp.for_leg(signal.sdp, legs.ends[1 - side])
        except BadSdp:
            raise BadSignal from None
        changed = Signal(gen=signal.gen, kind=signal.kind, sdp=text)
        return [TellWorker(legs.worker, expect)], changed

    def _candidate(self, signal: Signal, side: int, negotiation: Negotiation) -> Signal | None:
        if negotiation.path == "relay":
            return None
        if signal.sdp or not _well_made(signal):
            raise BadSignal
        if self._gen != signal.gen:
            self._gen, self._candidates = signal.gen, [0, 0]
        self._candidates[side] += 1
        return signal if self._candidates[side] <= CANDIDATES_MAX else None


def _well_made(signal: Signal) -> bool:
    texts = (signal.candidate, signal.mid)
    plain = all(text.isascii() and (text.isprintable() or not text) for text in texts)
    short = len(signal.candidate) <= CANDIDATE_TEXT_MAX and len(signal.mid) <= 16
    named = not signal.candidate or signal.candidate.startswith("candidate:")
    return plain and short and named and 0 <= signal.line < LINES_MAX
