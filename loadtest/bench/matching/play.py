"""A slot under a policy, from the first booking until everybody works or has given up; and many of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from loadtest.bench.matching.arrivals import HOUR_MS, Scene, scene
from loadtest.bench.matching.desk import Desk, Met
from loadtest.bench.matching.hindsight import best
from loadtest.bench.matching.late import here_by, worked
from loadtest.bench.matching.people import Community, community
from loadtest.bench.matching.policies import Policy
from loadtest.bench.matching.tally import Tally, total
from scheduler.rules import DEFAULT

Pairs = list[tuple[int, int]]
Act = tuple[int, int, Callable[[], None]]
"""When, which of several at once, what."""


def life(size: float, seed: str, slots: int, policy: Policy) -> Tally:
    """A community's slots one after the other; who met lately is remembered from slot to slot."""
    found, met = community(size, seed), Met()
    return total(
        play_and_remember(found, size, seed, number, policy, met) for number in range(slots)
    )


def play_and_remember(
    found: Community, size: float, seed: str, number: int, policy: Policy, met: Met
) -> Tally:
    desk = play(scene(found, size, number, seed), policy, met)
    at_work = worked(desk)
    tally = counted(desk, at_work)
    for pair in at_work:
        one, other = (desk.claims[number].member for number in pair)
        met.setdefault(one, {})[other] = desk.scene.start_ms
        met.setdefault(other, {})[one] = desk.scene.start_ms
    return tally


def play(scene: Scene, policy: Policy, met: Met) -> Desk:
    """The slot as it is at T."""
    desk = Desk(scene, policy, met)
    for _, _, act in sorted(_acts(desk), key=lambda act: act[:2]):
        act()
    return desk


def _acts(desk: Desk) -> Iterator[Act]:
    policy = desk.policy
    if policy.reveal_ms is not None:
        yield _at(-policy.reveal_ms, 0, desk.improve, "reveal")
        yield _at(-policy.reveal_ms, 1, desk.tell_names)
    if policy.pass_ms is not None:
        yield _at(-policy.pass_ms, 2, desk.improve, "pass")
    for one, intent in enumerate(desk.scene.intents):
        yield _at(intent.books_ms, 4, desk.book, one)
        if intent.cancels_ms is not None:
            yield _at(intent.cancels_ms, 5, desk.cancel, one)


def _at(at_ms: int, order: int, act: Callable[..., None], *what: object) -> Act:
    return at_ms, order, lambda: act(*what, at_ms)


def counted(desk: Desk, at_work: Pairs) -> Tally:
    """What came of a slot, beside what could have."""
    board, places = desk.board, desk.places
    pairs = [
        (one, place.partner)
        for one, place in places.items()
        if place.partner is not None and one < place.partner
    ]
    ideal = best(board, places)
    here = here_by(desk, DEFAULT.no_show_ms)
    return Tally(
        slots=1,
        live=len(places),
        matched=2 * len(pairs),
        best_matched=2 * len(ideal),
        worth=sum(board.worth(*pair) for pair in pairs),
        best_worth=sum(board.worth(*pair) for pair in ideal),
        voluntary=sum(place.voluntary for place in places.values()),
        forced=sum(place.forced for place in places.values()),
        early=sum(_early(place.changed_ms, desk.policy) for place in places.values()),
        dropped=desk.dropped,
        left_over=desk.left_over,
        written_broken=desk.written_broken,
        favourites=sum(_liked(desk, *pair) for pair in pairs),
        repeats=sum(desk.claims[b].member in desk.claims[a].met for a, b in pairs),
        pairs=len(pairs),
        known_early=sum(
            place.known_ms is not None and place.known_ms <= -HOUR_MS for place in places.values()
        ),
        here=len(here),
        worked=2 * len(at_work),
        best_worked=2 * len(best(board, here)),
    )


def _early(changed_ms: int | None, policy: Policy) -> bool:
    return changed_ms is not None and changed_ms < -(policy.pass_ms or 0)


def _liked(desk: Desk, one: int, other: int) -> bool:
    a, b = desk.board.seats[one], desk.board.seats[other]
    return b.claim.member in a.liked or a.claim.member in b.liked
