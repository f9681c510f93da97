"""Everything the scheduler refuses, as one tree.

    SchedulerError
    ├── BadRequest              the request itself is wrong
    │   ├── OffGrid             start is not on the grid
    │   ├── BadLength           length is not offered
    │   ├── InThePast           start has passed
    │   ├── BeyondHorizon       start is too far ahead
    │   └── BadField            a field's value is not acceptable
    ├── Unauthenticated         nobody is signed in
    │   └── BadToken            a sign-in link is unknown, used or expired
    ├── Forbidden               signed in, but not allowed
    │   ├── ForeignOrigin       the request came from another site
    │   ├── NotWelcomed         name, age and rules are not confirmed yet
    │   ├── Suspended           matching is paused for this member
    │   └── OutOfScope          the token does not cover this call
    ├── NotFound                no such thing, or not yours
    ├── Conflict                the state does not allow it
    │   ├── Overlap             an own session lies there already
    │   ├── TooLate             the session has begun; leave it instead
    │   ├── AlreadyOver         the booking is cancelled or done
    │   ├── NotAvailable        that member cannot be locked in then; never says why
    │   ├── Taken               somebody else was faster
    │   ├── NeedsRematch        the change would end the match; say so to do it
    │   ├── PartnerHere         the partner is in the room: there is nobody to change
    │   ├── NotYet              too early for that
    │   ├── Full                there are as many of these already as may be
    │   ├── NoContact           the two may not write to each other (any more)
    │   └── OtherRequest        the request id was used for something else
    ├── TooMany                 a rate limit; try later
    ├── Unavailable             the store cannot answer now; nothing is known to have changed
    └── OtherKind               the store belongs to an instance of another kind: a demo, or none

Each class has a stable `code` and the HTTP status it becomes; `field` names the request's field
at fault, `data` holds the numbers its text needs. Faces map them in one place only.
"""

from __future__ import annotations

from typing import Any, ClassVar


class SchedulerError(Exception):
    """Base of the tree. `str()` is a sentence for a person."""

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    text: ClassVar[str] = "That did not work. Nothing changed."

    def __init__(self, *, field: str | None = None, **data: Any) -> None:
        super().__init__(self.text)
        self.field = field
        self.data = data


class BadRequest(SchedulerError):
    code, status, text = "bad_request", 400, "The request could not be read."


class OffGrid(BadRequest):
    code, text = "off_grid", "Sessions start on the grid of this instance."


class BadLength(BadRequest):
    code, text = "bad_length", "This length is not offered."


class InThePast(BadRequest):
    code, text = "in_the_past", "That time has passed."


class BeyondHorizon(BadRequest):
    code, text = "beyond_horizon", "That is further ahead than sessions can be booked."


class BadField(BadRequest):
    code, text = "bad_field", "A field needs another value."


class Unauthenticated(SchedulerError):
    code, status, text = "unauthenticated", 401, "Sign in first."


class BadToken(Unauthenticated):
    code, text = "bad_token", "This link was used already or has expired. Ask for a new one."


class Forbidden(SchedulerError):
    code, status, text = "forbidden", 403, "That is not yours to do."


class ForeignOrigin(Forbidden):
    code, text = "foreign_origin", "This request came from another site."


class NotWelcomed(Forbidden):
    code, text = "not_welcomed", "Tell us your name and accept the rules first."


class Suspended(Forbidden):
    code, text = "suspended", "Matching is paused for you."


class OutOfScope(Forbidden):
    code, text = "out_of_scope", "This token does not cover that."


class NotFound(SchedulerError):
    code, status, text = "not_found", 404, "There is no such thing here."


class Conflict(SchedulerError):
    code, status, text = "conflict", 409, "That is not possible any more."


class Overlap(Conflict):
    code, text = "overlap", "You already have a session then."


class TooLate(Conflict):
    code, text = "too_late", "The session has begun; leave it instead."


class AlreadyOver(Conflict):
    code, text = "already_over", "That booking is over already."


class NotAvailable(Conflict):
    code, text = "not_available", "That time is not available."


class Taken(Conflict):
    code, text = "taken", "That time was just taken."


class NeedsRematch(Conflict):
    code, text = "needs_rematch", "With that you would need another partner."


class PartnerHere(Conflict):
    code, text = "partner_here", "Your partner just arrived."


class NotYet(Conflict):
    code, text = "not_yet", "It is too early for that."


class NoContact(Conflict):
    code, text = "no_contact", "You cannot write to each other any more."


class Full(Conflict):
    code, text = "full", "You have as many of these as there can be."


class OtherRequest(Conflict):
    code, text = "other_request", "This request id was used for something else."


class TooMany(SchedulerError):
    code, status, text = "too_many", 429, "That was too often. Try again in a while."


class Unavailable(SchedulerError):
    code, status, text = "unavailable", 503, "We could not save that. Try again."


class OtherKind(SchedulerError):
    """Raised by the release step: nothing of either instance may end up in the other."""

    code, text = (
        "other_kind",
        "This store belongs to another kind of instance. Nothing was changed.",
    )

    def __str__(self) -> str:
        held, wanted = self.data.get("held"), self.data.get("wanted")
        return f"This store holds a {held} instance; a {wanted} instance needs a store of its own."


def _tree(cls: type[SchedulerError]) -> dict[str, type[SchedulerError]]:
    found = {cls.code: cls}
    for child in cls.__subclasses__():
        found |= _tree(child)
    return found


BY_CODE: dict[str, type[SchedulerError]] = _tree(SchedulerError)
"""Every error by its stable code; the ledger's functions answer with these codes."""
