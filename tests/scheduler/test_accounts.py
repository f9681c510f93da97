"""What an account accepts, and when it is welcome."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from scheduler.accounts import (
    Account,
    Changes,
    change,
    clean_mail,
    clean_name,
    clean_title,
    clean_zone,
    day_of,
    length_of,
    remembering,
    welcomed,
)
from scheduler.bookings import Gender, Lockable, Profile, Task, Wish
from scheduler.errors import BadField
from scheduler.rules import DEFAULT, DEMO

NEW = Account(id="m_a", mail="ana@example.org", created_ms=0)
COMPLETE = Changes(name="Ana", zone="Asia/Kathmandu", adult=True, rules_accepted=DEFAULT.version)


def refused(**fields: Any) -> str | None:
    with pytest.raises(BadField) as refusal:
        change(NEW, Changes(**fields), DEFAULT)
    return refusal.value.field


def test_an_account_is_welcome_once_it_is_complete() -> None:
    assert not welcomed(NEW, DEFAULT)
    assert welcomed(change(NEW, COMPLETE, DEFAULT), DEFAULT)


@pytest.mark.parametrize("missing", ["name", "zone", "adult", "rules_accepted"])
def test_each_part_of_the_welcome_is_needed(missing: str) -> None:
    part = msgspec.structs.replace(COMPLETE, **{missing: msgspec.UNSET})
    assert not welcomed(change(NEW, part, DEFAULT), DEFAULT)


def test_newer_rules_ask_for_agreement_again() -> None:
    newer = msgspec.structs.replace(DEFAULT, version=DEFAULT.version + 1)
    assert not welcomed(change(NEW, COMPLETE, DEFAULT), newer)


def test_who_accepted_a_demos_rules_accepted_no_others() -> None:
    demo = msgspec.structs.replace(COMPLETE, rules_accepted=DEMO.version)
    assert welcomed(change(NEW, demo, DEMO), DEMO)
    assert not welcomed(change(NEW, demo, DEMO), DEFAULT)
    assert not welcomed(change(NEW, COMPLETE, DEFAULT), DEMO)


def test_nobody_accepts_rules_that_were_not_shown() -> None:
    assert refused(rules_accepted=DEFAULT.version + 1) == "rules_accepted"


def test_who_is_too_young_gets_no_account() -> None:
    assert refused(adult=False) == "adult"


def test_what_is_not_named_stays_and_the_version_rises() -> None:
    before = change(NEW, COMPLETE, DEFAULT)
    after = change(before, Changes(gender=Gender.WOMAN, only_gender=Gender.WOMAN), DEFAULT)
    assert (after.name, after.zone) == ("Ana", "Asia/Kathmandu")
    assert after.version == before.version + 1
    assert after.profile == Profile(gender=Gender.WOMAN, only_gender=Gender.WOMAN)


def test_only_one_gender_can_be_taken_back() -> None:
    strict = change(NEW, Changes(only_gender=Gender.WOMAN), DEFAULT)
    assert change(strict, Changes(only_gender=None), DEFAULT).only_gender is None


def test_nobody_can_ask_for_the_undeclared_only() -> None:
    assert refused(only_gender=Gender.UNSAID) == "only_gender"


def test_the_day_is_the_instances_until_it_is_changed() -> None:
    assert day_of(NEW, DEFAULT) == (8, 22)
    assert day_of(change(NEW, Changes(day_start_hour=5), DEFAULT), DEFAULT) == (5, 22)


@pytest.mark.parametrize("hours", [(22, 8), (9, 9), (-1, 10), (10, 25)])
def test_a_day_begins_before_it_ends(hours: tuple[int, int]) -> None:
    assert refused(day_start_hour=hours[0], day_end_hour=hours[1]) == "day_end_hour"


def test_what_was_booked_last_is_proposed_again_and_is_no_change_of_the_account() -> None:
    wish = Wish(start_ms=0, length_min=25, quiet=True, task=Task.MOVING, also_shorter=True)
    after = remembering(NEW, wish)
    assert (after.last_length_min, after.last_quiet, after.last_task) == (25, True, Task.MOVING)
    assert (after.last_also_shorter, after.last_prefer_favourites) == (True, True)
    assert after.version == NEW.version
    assert length_of(after, DEFAULT) == 25


def test_a_length_that_is_not_offered_any_more_is_not_proposed() -> None:
    assert length_of(NEW, DEFAULT) == 50
    remembered = change(NEW, Changes(last_length_min=75), DEFAULT)
    assert length_of(remembered, DEFAULT) == 75
    assert length_of(remembered, DEMO) == 3
    assert refused(last_length_min=30) == "last_length_min"


def test_who_may_lock_in_is_for_matching_to_know() -> None:
    assert NEW.profile.lockable is Lockable.FAVOURITES
    after = change(NEW, Changes(lockable=Lockable.NOBODY), DEFAULT)
    assert after.profile.lockable is Lockable.NOBODY


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("  Ana   Lúcia ", "Ana Lúcia"),
        ("Jose\u0301", "José"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("李", "李"),
        ("<b>Ana</b>", "<b>Ana</b>"),
        ("x" * 60, "x" * 60),
    ],
)
def test_names_are_kept_as_people_write_them(text: str, name: str) -> None:
    assert clean_name(text) == name


@pytest.mark.parametrize(
    "text", ["", "   ", "x" * 61, "Ana\nBen", "Ana\x00", "\u202eanA", "\u2028", "\u200b", "..."]
)
def test_names_hold_no_controls_and_are_not_empty(text: str) -> None:
    with pytest.raises(BadField):
        clean_name(text)


@pytest.mark.parametrize("mail", ["ana@example.org", " Ana@Example.ORG ", "ANA@example.org"])
def test_one_address_has_one_form(mail: str) -> None:
    assert clean_mail(mail) == "ana@example.org"


@pytest.mark.parametrize(
    "mail",
    ["", "ana", "@example.org", "ana@", "a b@example.org", "a@b@c.example", "ana@example.org\r\nBcc: x@y.z",
     "ana@exa mple.org", '"a b"@example.org', "<ana@example.org>", "ana@example..org", "ана@example.org",
     "a" * 65 + "@example.org", "ana@" + "x" * 250 + ".org", "ana,ben@example.org"],
)  # fmt: skip
def test_what_is_no_plain_address_is_refused(mail: str) -> None:
    with pytest.raises(BadField):
        clean_mail(mail)


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "localtime", "../etc/passwd", "CEST"])
def test_zones_are_iana_names(zone: str) -> None:
    assert clean_zone("Europe/Berlin") == "Europe/Berlin"
    with pytest.raises(BadField):
        clean_zone(zone)


def test_a_title_is_one_line_and_may_be_empty() -> None:
    assert clean_title("  Chapter   three ") == "Chapter three"
    assert clean_title(" ") == ""


@pytest.mark.parametrize("mark", ["\n", "\x07", "\x0b", "\x85", "\u2028", "\u202e"])
def test_a_title_holds_nothing_that_breaks_a_calendars_lines(mark: str) -> None:
    with pytest.raises(BadField) as refusal:
        clean_title(f"a{mark}ATTENDEE:b")
    assert (refusal.value.field, refusal.value.data["why"]) == ("title", "characters")
