"""Whose credentials, whose address: the ICE-lite ends of all legs."""

from __future__ import annotations

import pytest

from media.ice import (
    ADDRESSES_MAX,
    CONSENT_S,
    HOLD_S,
    LATCH_S,
    Credentials,
    IceEnd,
    IceTable,
)

HOME, CAFE, TRAIN = ("192.0.2.1", 1000), ("192.0.2.2", 2000), ("192.0.2.3", 3000)


@pytest.fixture
def end() -> IceEnd:
    return IceEnd(ufrag="ours", pwd="secret")


@pytest.fixture
def table(end: IceEnd) -> IceTable[IceEnd]:
    table: IceTable[IceEnd] = IceTable()
    table.add(end)
    return table


def test_found_by_its_own_part_of_the_user_name(table: IceTable[IceEnd], end: IceEnd) -> None:
    assert table.named("ours:theirs") is end
    assert table.named("other:theirs") is None
    assert table.named("") is None


def test_once_the_browser_is_known_its_part_has_to_fit(
    table: IceTable[IceEnd], end: IceEnd
) -> None:
    end.meet("theirs")
    assert table.named("ours:theirs") is end
    assert table.named("ours:others") is None
    assert table.named("ours") is None


def test_the_first_checked_address_is_used_until_one_is_nominated(
    table: IceTable[IceEnd], end: IceEnd
) -> None:
    table.checked(end, HOME, nominate=False, now=0)
    table.checked(end, CAFE, nominate=False, now=0)
    assert end.nominated == HOME
    table.checked(end, CAFE, nominate=True, now=1)
    assert end.nominated == CAFE


def test_every_checked_address_is_accepted(table: IceTable[IceEnd], end: IceEnd) -> None:
    table.checked(end, HOME, nominate=True, now=0)
    table.checked(end, CAFE, nominate=True, now=1)
    assert table.owner(HOME) is table.owner(CAFE) is end
    assert table.owner(TRAIN) is None


def test_a_live_legs_address_is_not_given_to_another(table: IceTable[IceEnd], end: IceEnd) -> None:
    other = IceEnd(ufrag="other", pwd="secret")
    table.add(other)
    table.checked(end, HOME, nominate=True, now=0)
    assert not table.checked(other, HOME, nominate=True, now=HOLD_S - 0.1)
    assert table.owner(HOME) is end
    assert table.checked(other, HOME, nominate=True, now=HOLD_S)
    assert table.owner(HOME) is other
    assert end.nominated is None, "and nothing more is sent there for the other"


def test_media_holds_an_address_as_checks_do(table: IceTable[IceEnd], end: IceEnd) -> None:
    other = IceEnd(ufrag="other", pwd="secret")
    table.checked(end, HOME, nominate=True, now=0)
    end.heard = 20
    assert not table.checked(other, HOME, nominate=True, now=20 + HOLD_S - 0.1)
    assert table.checked(other, HOME, nominate=True, now=20 + HOLD_S)


def test_media_holds_no_address_but_where_the_leg_is(table: IceTable[IceEnd], end: IceEnd) -> None:
    other = IceEnd(ufrag="other", pwd="secret")
    table.checked(end, HOME, nominate=True, now=0)
    table.checked(end, CAFE, nominate=True, now=1)
    end.heard = 20
    assert table.checked(other, HOME, nominate=True, now=20)


def test_an_address_taken_over_in_the_middle_of_a_move(
    table: IceTable[IceEnd], end: IceEnd
) -> None:
    other = IceEnd(ufrag="other", pwd="secret")
    table.checked(end, HOME, nominate=True, now=0)
    table.latch(end, CAFE, now=1)
    assert table.checked(other, CAFE, nominate=True, now=1 + HOLD_S)
    assert (end.nominated, end.latched) == (HOME, None)


def test_without_checks_consent_runs_out(table: IceTable[IceEnd], end: IceEnd) -> None:
    table.checked(end, HOME, nominate=True, now=0)
    table.expire(end, CONSENT_S)
    assert end.nominated == HOME
    table.expire(end, CONSENT_S + 0.1)
    assert (end.nominated, table.owner(HOME)) == (None, None)


def test_a_latch_moves_the_target_and_is_undone_without_a_check(
    table: IceTable[IceEnd], end: IceEnd
) -> None:
    table.checked(end, HOME, nominate=True, now=0)
    assert table.latch(end, CAFE, now=1)
    assert end.nominated == CAFE
    table.expire(end, 1 + LATCH_S)
    assert (end.nominated, table.owner(CAFE)) == (HOME, None)


def test_a_check_confirms_a_latch(table: IceTable[IceEnd], end: IceEnd) -> None:
    table.checked(end, HOME, nominate=True, now=0)
    table.latch(end, CAFE, now=1)
    table.checked(end, CAFE, nominate=False, now=2)
    table.expire(end, 1 + LATCH_S)
    assert end.nominated == CAFE


def test_a_nomination_elsewhere_ends_a_latch(table: IceTable[IceEnd], end: IceEnd) -> None:
    table.latch(end, CAFE, now=1)
    table.checked(end, TRAIN, nominate=True, now=2)
    assert table.owner(CAFE) is None, "one packet raced is not an address for long"
    table.expire(end, 1 + LATCH_S)
    assert end.nominated == TRAIN


def test_a_second_latch_ends_the_first(table: IceTable[IceEnd], end: IceEnd) -> None:
    table.checked(end, HOME, nominate=True, now=0)
    table.latch(end, CAFE, now=1)
    table.latch(end, TRAIN, now=2)
    assert (end.nominated, table.owner(CAFE)) == (TRAIN, None)
    table.expire(end, 1 + LATCH_S)
    assert end.nominated == HOME


def test_a_latch_cannot_take_a_live_legs_address(table: IceTable[IceEnd], end: IceEnd) -> None:
    other = IceEnd(ufrag="other", pwd="secret")
    table.checked(other, HOME, nominate=True, now=0)
    assert not table.latch(end, HOME, now=1)
    assert end.nominated is None


def test_addresses_of_one_leg_have_a_most(table: IceTable[IceEnd], end: IceEnd) -> None:
    table.checked(end, HOME, nominate=True, now=0)
    for port in range(ADDRESSES_MAX + 5):
        table.checked(end, ("192.0.2.9", port), nominate=False, now=1 + port)
    assert len(end.checked) == ADDRESSES_MAX
    assert HOME in end.checked
    assert table.owner(("192.0.2.9", 0)) is None


def test_removed_with_all_its_addresses(table: IceTable[IceEnd], end: IceEnd) -> None:
    table.checked(end, HOME, nominate=True, now=0)
    table.remove(end)
    assert (table.owner(HOME), end.nominated) == (None, None)
    assert table.named("ours:theirs") is None


@pytest.fixture
def restarted(table: IceTable[IceEnd], end: IceEnd) -> Credentials:
    end.meet("theirs")
    table.checked(end, HOME, nominate=True, now=0)
    fresh = Credentials(ufrag="fresh", pwd="new")
    table.restart(end, fresh)
    return fresh


def test_after_a_restart_both_credentials_are_good(
    table: IceTable[IceEnd], end: IceEnd, restarted: Credentials
) -> None:
    assert table.named("ours:theirs") is table.named("fresh:any") is end
    assert end.holding("ours:theirs") is end.credentials
    assert end.holding("fresh:any") is end.newest is restarted


def test_the_browsers_new_part_belongs_to_the_restart(
    table: IceTable[IceEnd], end: IceEnd, restarted: Credentials
) -> None:
    end.meet("theirs")
    assert restarted.remote_ufrag == ""
    end.meet("their-new")
    assert table.named("fresh:their-new") is table.named("ours:theirs") is end
    assert table.named("fresh:theirs") is None


def test_a_nomination_by_the_new_ones_ends_the_old_ones(
    table: IceTable[IceEnd], end: IceEnd, restarted: Credentials
) -> None:
    table.checked(end, CAFE, nominate=False, now=1, by=restarted)
    table.checked(end, HOME, nominate=True, now=2, by=end.credentials)
    assert end.fresh is restarted
    table.checked(end, CAFE, nominate=True, now=3, by=restarted)
    assert (end.credentials, end.fresh, end.nominated) == (restarted, None, CAFE)
    assert table.named("ours:theirs") is None
    assert table.named("fresh:any") is end


def test_a_second_restart_takes_the_place_of_the_first(
    table: IceTable[IceEnd], end: IceEnd, restarted: Credentials
) -> None:
    table.restart(end, Credentials(ufrag="fresher", pwd="newer"))
    assert table.named("fresh:any") is None
    assert table.named("fresher:any") is table.named("ours:theirs") is end


def test_removed_with_all_its_credentials(
    table: IceTable[IceEnd], end: IceEnd, restarted: Credentials
) -> None:
    assert set(table) == {end}
    table.remove(end)
    assert list(table) == []


# Whether somebody is there.


@pytest.fixture
def careful(table: IceTable[IceEnd], end: IceEnd) -> IceEnd:
    """A leg that gets media, at the address where its handshake was."""
    end.meet("theirs", "their secret")
    table.checked(end, HOME, nominate=True, now=0)
    end.careful = True
    end.proven.add(HOME)
    return end


def test_a_new_address_gets_nothing_before_it_has_answered(
    table: IceTable[IceEnd], careful: IceEnd
) -> None:
    assert table.checked(careful, CAFE, nominate=True, now=1)
    assert careful.nominated == HOME
    assert careful.wanted is not None
    assert careful.wanted.source == CAFE
    table.answered(careful, CAFE, now=1)
    assert (careful.nominated, careful.wanted) == (CAFE, None)


def test_one_that_answered_before_need_not_again(table: IceTable[IceEnd], careful: IceEnd) -> None:
    table.checked(careful, CAFE, nominate=True, now=1)
    table.checked(careful, HOME, nominate=True, now=2)
    assert (careful.nominated, careful.wanted) == (HOME, None)


def test_what_was_proven_is_forgotten_with_the_address(
    table: IceTable[IceEnd], careful: IceEnd
) -> None:
    table.expire(careful, CONSENT_S + 1)
    table.checked(careful, HOME, nominate=True, now=CONSENT_S + 1)
    assert careful.nominated is None


def test_an_answer_confirms_a_move(table: IceTable[IceEnd], careful: IceEnd) -> None:
    table.latch(careful, CAFE, now=1)
    assert careful.nominated == HOME
    assert not careful.is_confirmed(CAFE)
    table.answered(careful, CAFE, now=2)
    table.expire(careful, 1 + LATCH_S)
    assert (careful.nominated, careful.is_confirmed(CAFE)) == (CAFE, True)


def test_of_a_browser_whose_password_is_not_known_nothing_is_asked(
    table: IceTable[IceEnd], end: IceEnd
) -> None:
    end.meet("theirs")
    end.careful = True
    table.checked(end, HOME, nominate=True, now=0)
    assert end.nominated == HOME


def test_before_the_description_nobody_knows_which_it_will_be(
    table: IceTable[IceEnd], end: IceEnd
) -> None:
    end.careful = True
    table.checked(end, HOME, nominate=True, now=0)
    assert end.nominated is None
    end.meet("theirs")
    table.reconsider(end)
    assert end.nominated == HOME


def test_who_turns_careful_asks_about_the_address_in_use(
    table: IceTable[IceEnd], end: IceEnd
) -> None:
    end.meet("theirs", "their secret")
    table.checked(end, HOME, nominate=True, now=0)
    end.careful = True
    table.reconsider(end)
    assert end.nominated is None
    table.answered(end, HOME, now=1)
    assert end.nominated == HOME


def test_each_check_is_worth_one_of_ours_and_no_more(
    table: IceTable[IceEnd], careful: IceEnd
) -> None:
    table.checked(careful, CAFE, nominate=True, now=1)
    assert careful.wanted is not None
    careful.wanted.left = 0
    table.checked(careful, CAFE, nominate=True, now=2)
    assert careful.wanted.left == 1
