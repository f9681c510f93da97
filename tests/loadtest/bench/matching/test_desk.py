"""A slot fills as the ledger would fill it, and what members see change is counted."""

from __future__ import annotations

from loadtest.bench.matching.desk import Desk
from loadtest.bench.matching.play import play
from loadtest.bench.matching.policies import POLICIES
from scheduler.bookings import Gender
from tests.loadtest.bench.matching.stories import minutes, told, wants, who

ANA, BEN, CEM, DIA = (who(name) for name in ("ana", "ben", "cem", "dia"))
FAN = who("fan", favourites=frozenset({"ana"}))


def partners(desk: Desk) -> dict[str, str]:
    name = {one: desk.claims[one].member for one in range(len(desk.claims))}
    return {
        name[one]: name[place.partner]
        for one, place in desk.places.items()
        if place.partner is not None
    }


def changes(desk: Desk) -> dict[str, tuple[int, int]]:
    """Forced and voluntary ones, of whom there were any."""
    return {
        desk.claims[one].member: (place.forced, place.voluntary)
        for one, place in desk.places.items()
        if place.forced or place.voluntary
    }


def test_who_comes_is_matched_with_who_waits() -> None:
    desk = play(told(wants(ANA, 50), wants(BEN, 40), wants(CEM, 30)), POLICIES["ours"], {})
    assert partners(desk) == {"ana": "ben", "ben": "ana"}
    assert changes(desk) == {}


def test_of_two_who_wait_scores_choose_and_else_the_time() -> None:
    apart = who("ben", avoided=frozenset({"ana"}))
    scene = told(
        wants(ANA, 50), wants(apart, 40), wants(who("fan", favourites=frozenset({"ben"})), 30)
    )
    assert partners(play(scene, POLICIES["greedy"], {}))["fan"] == "ben"
    assert partners(play(scene, POLICIES["first-come"], {}))["fan"] == "ana"


def test_who_met_lately_is_the_second_choice() -> None:
    apart = who("ben", avoided=frozenset({"ana"}))
    scene = told(wants(ANA, 50), wants(apart, 40), wants(CEM, 30))
    met = {"cem": {"ana": scene.start_ms - minutes(60)}}
    assert partners(play(scene, POLICIES["greedy"], met))["cem"] == "ben"
    long_ago = {"cem": {"ana": 0}}
    assert partners(play(scene, POLICIES["greedy"], long_ago))["cem"] == "ana"


def test_a_cancellation_is_a_forced_change_for_the_partner_who_is_matched_anew() -> None:
    scene = told(
        wants(ANA, 50), wants(BEN, 40, cancels_ms=minutes(-20)), wants(CEM, 30), wants(DIA, 10)
    )
    desk = play(scene, POLICIES["ours"], {})
    assert partners(desk) == {"ana": "cem", "cem": "ana"}
    assert changes(desk) == {"ana": (1, 0)}


def test_a_lock_in_goes_before_a_match_and_the_displaced_is_matched_anew() -> None:
    scene = told(wants(ANA, 50), wants(BEN, 40), wants(FAN, 30, locks=True), wants(CEM, 20))
    desk = play(scene, POLICIES["ours"], {})
    assert partners(desk) == {"ana": "fan", "fan": "ana", "ben": "cem", "cem": "ben"}
    assert changes(desk) == {"ana": (1, 0), "ben": (1, 0)}
    assert desk.places[0].locked


def test_close_to_t_a_lock_in_breaks_no_match() -> None:
    scene = told(wants(ANA, 50), wants(BEN, 40), wants(FAN, 9, locks=True))
    assert partners(play(scene, POLICIES["ours"], {}))["ana"] == "ben"


def torn(*, ben_here: float | None = None, ana_here: float | None = None) -> Desk:
    """Ana and Ben are matched; Cem, who may only meet Ana, and Dia, who may only meet Ben, wait."""
    man = {"gender": Gender.MAN}
    ana, ben = who("ana"), who("ben", **man)
    cem = who("cem", gender=Gender.MAN, only_gender=Gender.WOMAN)
    dia = who("dia", only_gender=Gender.MAN, avoided=frozenset({"cem"}))
    come = {
        name: None if at is None else minutes(-at)
        for name, at in [("ana", ana_here), ("ben", ben_here)]
    }
    scene = told(
        wants(ana, 50, comes_ms=come["ana"]), wants(ben, 40, comes_ms=come["ben"]),
        wants(cem, 30), wants(dia, 20),
    )  # fmt: skip
    return play(scene, POLICIES["ours"], {})


def test_the_pass_breaks_a_pair_for_two_and_nobody_is_dropped() -> None:
    desk = torn()
    assert partners(desk) == {"ana": "cem", "cem": "ana", "ben": "dia", "dia": "ben"}
    assert changes(desk) == {"ana": (0, 1), "ben": (0, 1)}
    assert {place.changed_ms for place in desk.places.values()} == {None, minutes(-1)}
    assert desk.dropped == 0


def test_one_who_sits_alone_may_get_another_partner_two_who_sit_together_may_not() -> None:
    assert partners(torn(ana_here=2))["ana"] == "cem"
    assert partners(torn(ana_here=2, ben_here=1.5))["ana"] == "ben"


def test_before_names_are_told_a_change_is_none() -> None:
    scene = told(wants(ANA, 50), wants(BEN, 40), wants(FAN, 35), wants(CEM, 30))
    desk = play(scene, POLICIES["ours-preset-t2"], {})
    assert partners(desk)["ana"] == "fan"
    assert changes(desk) == {}
    assert {place.known_ms for place in desk.places.values()} == {minutes(-2)}
    assert partners(play(scene, POLICIES["ours"], {}))["ana"] == "ben"
