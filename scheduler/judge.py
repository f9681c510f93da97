"""The judge: a finished session's event log in, flags with their evidence out.

Pure and repeatable: the same log, rules and outages of ours give the same flags, on appeal too. Each member is judged
by the own log; the partner's can only excuse. One session gives a member one flag at most, the
heaviest. Faults of platform and network are nobody's misconduct, so

- a connection that was lost and did not come back is no early leave. A goodbye is one, and so is a page
  that its member closed and did not open again: the browser ended that connection in order. A goodbye
  said while the connection was lost counts only within the grace of that loss;
- the picture is judged only while the member is connected. A camera that broke, a permission that was
  withdrawn or a line too weak is a fault, and the log says so: there is a time to mend it. Beyond that
  it counts, whatever the page says of it: of a fault there is no other witness;
- time in which the platform was away counts for nothing (nobody is late, absent or without a picture
  in it, no partner gone), and who went in it, went from a room that was not there;
- what the log does not say (a hub died before it could record) is read as having stayed.

Nor is a change of partners. Who went on with somebody else because the partner was absent is judged by
the new pair, and by the old for when they came; the absent one by the old: late, missing, or gone. Two
who met after T are judged from then on, and neither is late.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

import msgspec

from scheduler.bookings import Pair
from scheduler.cancelling import in_time_until_ms
from scheduler.events import Cancelled
from scheduler.flags import Fault, Flag
from scheduler.presence import PresenceEvent
from scheduler.rules import Rules
from scheduler.spans import Span, beginning, merged, overlaps, total_ms, without
from scheduler.timeline import Story, story_of


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A fault that was found, before it is written down as a flag."""

    fault: Fault
    at_ms: int
    measured_ms: int
    limit_ms: int


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One member of a session, before the judge."""

    pair: Pair
    rules: Rules
    own: Story
    other: Story
    outages: list[Span] = []
    """When the platform was away: in order, without overlap."""
    zero_gap: bool = False
    """The member's session before ended at T."""
    went_on: bool = False
    """The member left this pair for another partner."""

    @property
    def from_ms(self) -> int:
        """When the two were to meet: T, or when they were brought together."""
        return max(self.pair.start_ms, self.pair.met_ms)

    @property
    def late_ms(self) -> int:
        """Who comes from another room has a while longer."""
        return self.rules.zero_gap_late_ms if self.zero_gap else self.rules.late_ms

    def served_ms(self, from_ms: int, to_ms: int) -> int:
        """How long the platform was there between these two; below zero if they are the other way
        round, as "late" is before T."""
        span = Span(from_ms, to_ms)
        return span.length_ms - total_ms(overlaps([span], self.outages))

    def away_between(self, from_ms: int, to_ms: int) -> bool:
        """Whether the platform was away then, if only for the first or the last moment."""
        return any(span.from_ms <= to_ms and from_ms <= span.to_ms for span in self.outages)


def judge(
    pair: Pair,
    log: list[PresenceEvent],
    rules: Rules,
    outages: Iterable[tuple[int, int]] = (),
    announced: Collection[str] = (),
) -> list[Flag]:
    """The flags of a closed session, in the order of its members; none for a pair that dissolved.

    `outages` are the times, from and to, in which members could not reach the platform; `announced` is
    who wrote to the partner shortly before T.
    """
    if pair.dissolved:
        return []
    one, two = (story_of(pair, member, log, rules) for member in pair.members)
    away = merged(Span(*outage) for outage in outages)
    cases = [
        Case(
            pair=pair,
            rules=rules,
            own=own,
            other=other,
            outages=away,
            zero_gap=pair.zero_gap[side],
            went_on=pair.members[side] == pair.parted_by,
        )
        for side, (own, other) in enumerate([(one, two), (two, one)])
    ]
    found = [
        (side, finding)
        for side, case in enumerate(cases)
        if (finding := heaviest(case)) is not None
    ]
    return [
        _flag(pair, side, finding, rules, announced=pair.members[side] in announced)
        for side, finding in found
    ]


def heaviest(case: Case) -> Finding | None:
    """The one fault a session can give, or None."""
    possible = (fault for fault in Fault if fault in FINDERS and _can_be(fault, case))
    return next((finding for fault in possible if (finding := FINDERS[fault](case))), None)


ON_COMING = (Fault.NO_SHOW, Fault.LATE)


def _can_be(fault: Fault, case: Case) -> bool:
    """Nobody is late to a session made after T; no picture is missed by who is not there. Who went on
    answers to the old pair for their coming alone, and had come, whatever the log lacks."""
    if fault in ON_COMING:
        return not case.pair.met_ms and not (case.went_on and case.own.joined_ms is None)
    if case.went_on:
        return False
    return not (case.pair.parted_ms and fault is Fault.CAMERA_OFF)


def missed(case: Case) -> Finding | None:
    """No-show: no join up to T plus `no_show_ms`. Never joined measures the whole session."""
    if not _is_no_show(case.own, case):
        return None
    return Finding(
        fault=Fault.NO_SHOW,
        at_ms=case.from_ms,
        measured_ms=_missed_ms(case.own, case),
        limit_ms=case.rules.no_show_ms,
    )


def _is_no_show(story: Story, case: Case) -> bool:
    return not case.pair.met_ms and _missed_ms(story, case) > case.rules.no_show_ms


def _missed_ms(story: Story, case: Case) -> int:
    """How much of the session passed before the first join: all of it without one."""
    until = case.pair.end_ms if story.joined_ms is None else story.joined_ms
    return case.served_ms(case.from_ms, until)


def left_early(case: Case) -> Finding | None:
    """Early leave: gone by choice without return, more than `early_leave_ms` before E, unexcused.

    Who went before T missed the session from T on, not what came before it.
    """
    left = case.own.left_ms
    if left is None or case.pair.end_ms - left <= case.rules.early_leave_ms:
        return None
    if _no_way_back(case, left) or _agreed(case, left) or _partner_gone(case, left):
        return None
    if _partner_unseen(case, left):
        return None
    missed_from = max(left, case.from_ms)
    return Finding(
        fault=Fault.EARLY_LEAVE,
        at_ms=missed_from,
        measured_ms=case.pair.end_ms - missed_from,
        limit_ms=case.rules.early_leave_ms,
    )


def _no_way_back(case: Case, left_ms: int) -> bool:
    """Whether the platform was away when they went. A page may be closed to be opened again, as a
    reload does: for that the platform must have been there a while longer."""
    grace_ms = case.rules.drop_grace_ms if case.own.left_silently else 0
    return case.away_between(left_ms, left_ms + grace_ms)


def _agreed(case: Case, left_ms: int) -> bool:
    return all(
        story.agreed_ms is not None and story.agreed_ms <= left_ms
        for story in (case.own, case.other)
    )


def _partner_gone(case: Case, left_ms: int) -> bool:
    """Whether the partner's absence freed the member to leave.

    A partner who did not come at all, or said goodbye for good, frees at once: staying would keep
    nobody company. Any other absence must have lasted `partner_gone_ms` by then.
    """
    other, parted_ms = case.other, case.pair.parted_ms
    if 0 < parted_ms <= left_ms:
        return True
    if _is_no_show(other, case) or (other.left_ms is not None and other.left_ms <= left_ms):
        return True
    if other.is_here(left_ms):
        return False
    ends = [span.to_ms for span in other.here if span.to_ms <= left_ms]
    gone_from = max(ends, default=case.from_ms)
    return case.served_ms(gone_from, left_ms) > case.rules.partner_gone_ms


def _partner_unseen(case: Case, left_ms: int) -> bool:
    """Whether the partner had no picture by a fault just then, and time enough to mend it."""
    return any(
        fault.from_ms <= left_ms <= fault.to_ms
        and case.served_ms(max(fault.from_ms, case.from_ms), left_ms) >= case.rules.camera_repair_ms
        for fault in case.other.faults
    )


def came_late(case: Case) -> Finding | None:
    """Late: the first join is later than T plus `late_ms`, or plus `zero_gap_late_ms`."""
    joined, missed_ms = case.own.joined_ms, _missed_ms(case.own, case)
    if joined is None or missed_ms <= case.late_ms:
        return None
    return Finding(
        fault=Fault.LATE,
        at_ms=joined,
        measured_ms=missed_ms,
        limit_ms=case.late_ms,
    )


def without_picture(case: Case) -> Finding | None:
    """Camera off: too long in a row, or too much in sum, outside what breaks excuse.

    Breaks excuse `break_share` of the session in all, and where the picture was off only: a break
    with the camera on costs nothing. The excuse goes where it helps the member most. Whose partner
    never came is not asked for a picture nobody was there to see.
    """
    if _is_no_show(case.other, case):
        return None
    runs = _runs(case)
    cover = [total_ms(overlaps([run], case.own.breaks)) for run in runs]
    length_ms = case.pair.end_ms - case.from_ms
    budget_ms = round(length_ms * case.rules.break_share)
    return _too_long_in_a_row(case, runs, cover, budget_ms) or _too_much(
        case, runs, sum(cover), budget_ms
    )


def _runs(case: Case) -> list[Span]:
    """Each stretch in a row without a picture, connected, between T and E; an outage ends one, and so
    does a fault that is excused, or that both agreed to it."""
    session = Span(case.from_ms, case.pair.end_ms)
    agreed = overlaps(case.own.free, case.other.free)
    unseen = without(overlaps(overlaps(case.own.here, [session]), case.own.off), agreed)
    excused = _excused(case, overlaps(without(unseen, case.outages), case.own.faults))
    return without(without(unseen, excused), case.outages)


def _excused(case: Case, faulty: list[Span]) -> list[Span]:
    """The time there is to mend a fault, once a session; and where the partner is gone: who went
    because it took too long is not there to see."""
    met = overlaps(faulty, case.other.here)
    return [*beginning(met, case.rules.camera_repair_ms), *without(faulty, case.other.here)]


def _too_long_in_a_row(
    case: Case, runs: list[Span], cover: list[int], budget_ms: int
) -> Finding | None:
    """A run over `camera_off_ms` that breaks do not shorten enough; earlier runs are excused first."""
    limit = case.rules.camera_off_ms
    for run, covered in zip(runs, cover, strict=True):
        excess = max(0, run.length_ms - limit)
        if excess > min(covered, budget_ms):
            measured = run.length_ms - min(covered, budget_ms)
            return _off_finding(run.from_ms, measured, limit)
        budget_ms -= excess
    return None


def _too_much(case: Case, runs: list[Span], covered: int, budget_ms: int) -> Finding | None:
    limit = round((case.pair.end_ms - case.from_ms) * case.rules.camera_off_share)
    measured = total_ms(runs) - min(covered, budget_ms)
    return _off_finding(runs[0].from_ms, measured, limit) if measured > limit else None


def _off_finding(at_ms: int, measured_ms: int, limit_ms: int) -> Finding:
    return Finding(fault=Fault.CAMERA_OFF, at_ms=at_ms, measured_ms=measured_ms, limit_ms=limit_ms)


FINDERS: dict[Fault, Callable[[Case], Finding | None]] = {
    Fault.NO_SHOW: missed,
    Fault.EARLY_LEAVE: left_early,
    Fault.LATE: came_late,
    Fault.CAMERA_OFF: without_picture,
}
"""How each fault of a session is found; their weight is their order in `Fault`."""


def _flag(pair: Pair, side: int, finding: Finding, rules: Rules, *, announced: bool) -> Flag:
    return Flag(
        pair=pair.id,
        member=pair.members[side],
        booking=pair.bookings[side],
        fault=finding.fault,
        at_ms=finding.at_ms,
        measured_ms=finding.measured_ms,
        limit_ms=finding.limit_ms,
        start_ms=pair.start_ms,
        length_min=pair.length_min,
        rules_version=rules.version,
        announced=announced and finding.fault is Fault.LATE,
    )


def judge_cancel(event: Cancelled, rules: Rules) -> Flag | None:
    """The flag of a late cancellation, or None: nobody was let down, or it was in time. Who first parted
    from the partner by choice has let them down then."""
    pair, at_ms = event.pair or event.gave_up, event.at_ms if event.pair else event.gave_up_ms
    if pair is None or event.by_system or event.free:
        return None
    if at_ms <= in_time_until_ms(event.start_ms, event.created_ms, rules, event.left_ms):
        return None
    return Flag(
        pair=pair,
        member=event.member,
        booking=event.booking,
        fault=Fault.LATE_CANCEL,
        at_ms=event.at_ms,
        measured_ms=event.start_ms - event.at_ms,
        limit_ms=rules.late_cancel_ms,
        start_ms=event.start_ms,
        length_min=event.length_min,
        rules_version=rules.version,
    )
