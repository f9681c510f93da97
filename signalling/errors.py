"""Everything the hub refuses, as one tree.

    SignallingError
    ├── ProtocolError           the frame itself; the socket is closed
    │   ├── FrameTooBig         longer than a frame may be
    │   ├── NotMsgpack          no msgpack map
    │   ├── TooDeep             nested deeper than any message
    │   └── BadMessage          no message of this protocol, or a field of another type
    └── Refusal                 understood and refused; nothing changed; told by `refused`
        ├── BadVersion          another version of the protocol
        ├── OutOfTurn           not allowed before `hello`, or said twice
        ├── Throttled           too many messages
        ├── NotAdmitted         no seat for this booking
        │   ├── TooEarly        doors open later
        │   ├── RoomClosed      doors are closed, or both agreed to end
        │   ├── BookingCancelled
        │   ├── BookingUnknown  no such booking, or not yours
        │   └── StoreAway       the booking cannot be looked up now
        ├── NotSeated           enter a room first
        ├── NotNow              only while the session runs
        ├── NotYet              only some time after the start
        ├── PartnerHere         no other partner for who has one
        ├── LockedIn            a locked-in partner is given up by an express wish only
        ├── NotAsked            an answer to what nobody asks
        ├── BadBreak            a break has another length
        ├── BreakUsedUp         no break time is left
        ├── NotYourOffer        the other page holds the negotiation token
        ├── BadSignal           a session description or candidate that is not passed on
        ├── BadEntry            an entry of the log that is not well made
        │   ├── NotYours        of another author, or about another's task
        │   └── TooLong         text beyond its limit
        └── LogFull             this pair's log holds no more

Each class has a stable `code` and a sentence for a person; `data` holds the numbers its text needs.
"""

from __future__ import annotations

from typing import ClassVar


class SignallingError(Exception):
    """Base of the tree."""

    code: ClassVar[str] = "internal"
    text: ClassVar[str] = "That did not work. Nothing changed."

    def __init__(self, **data: int | str) -> None:
        super().__init__(self.text)
        self.data = data


class ProtocolError(SignallingError):
    code, text = "bad_frame", "That frame is no message."


class FrameTooBig(ProtocolError):
    code, text = "frame_too_big", "That frame is too big."


class NotMsgpack(ProtocolError):
    code, text = "not_msgpack", "That frame is no msgpack map within the limits."


class TooDeep(ProtocolError):
    code, text = "too_deep", "That frame is nested too deep."


class BadMessage(ProtocolError):
    code, text = "bad_message", "That is no message of this protocol."


class Refusal(SignallingError):
    """Base of what is understood and refused."""


class BadVersion(Refusal):
    code, text = "bad_version", "This page is older or newer than the server. Reload it."


class OutOfTurn(Refusal):
    code, text = "out_of_turn", "That message has no place here."


class Throttled(Refusal):
    code, text = "too_many", "That was too much at once."


class NotAdmitted(Refusal):
    """Base of the reasons for which there is no seat."""


class TooEarly(NotAdmitted):
    code, text = "too_early", "The doors are not open yet."


class RoomClosed(NotAdmitted):
    code, text = "closed", "This session is over."


class BookingCancelled(NotAdmitted):
    code, text = "cancelled", "This booking was cancelled."


class BookingUnknown(NotAdmitted):
    code, text = "not_found", "There is no such booking here."


class StoreAway(NotAdmitted):
    code, text = "unavailable", "We could not look that up. Try again."


class NotSeated(Refusal):
    code, text = "not_seated", "Enter the room first."


class NotNow(Refusal):
    code, text = "not_now", "That is possible while the session runs."


class NotYet(Refusal):
    code, text = "not_yet", "It is too early for that."


class PartnerHere(Refusal):
    code, text = "partner_here", "Your partner just arrived."


class LockedIn(Refusal):
    code, text = "locked_in", "You two locked this session in."


class NotAsked(Refusal):
    code, text = "not_asked", "Nobody asks that any more."


class BadBreak(Refusal):
    code, text = "bad_break", "A break takes one minute or a few."


class BreakUsedUp(Refusal):
    code, text = "break_used_up", "No break time is left in this session."


class NotYourOffer(Refusal):
    code, text = "not_your_offer", "The other page makes the offer."


class BadSignal(Refusal):
    code, text = "bad_signal", "This description of a connection is not passed on."


class BadEntry(Refusal):
    code, text = "bad_entry", "That entry is not well made."


class NotYours(BadEntry):
    code, text = "not_yours", "That is not yours to write."


class TooLong(BadEntry):
    code, text = "too_long", "That text is too long."


class LogFull(Refusal):
    code, text = "log_full", "This session's chat and tasks hold no more."


def tree(root: type[SignallingError] = SignallingError) -> dict[str, type[SignallingError]]:
    """Every class below `root` by its code; bases without a code of their own are left out."""
    found = {} if root.code == "internal" else {root.code: root}
    for child in root.__subclasses__():
        found |= tree(child)
    return found
