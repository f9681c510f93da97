"""What is compared is what instances with these rules do."""

from __future__ import annotations

import pytest

from loadtest.bench.matching.policies import POLICIES, policy
from scheduler.rules import DEFAULT, MINUTE_MS, of


def test_ours_is_what_is_shipped() -> None:
    ours = POLICIES["ours"]
    assert ours == policy(DEFAULT)
    assert (ours.reveal_ms, ours.pass_ms, ours.lock_until_ms) == (
        DEFAULT.reveal_ms, DEFAULT.pass_ms, DEFAULT.lock_until_ms
    )  # fmt: skip


@pytest.mark.parametrize(
    ("subject", "reveal"), [("ours-preset-t60", "t60"), ("ours-preset-t2", "t2")]
)
def test_the_presets_are_those_an_operator_can_choose(subject: str, reveal: str) -> None:
    assert POLICIES[subject] == policy(of(reveal=reveal))


def test_names_known_at_once_are_changed_only_from_the_pass_on() -> None:
    ours = POLICIES["ours"]
    assert not ours.hidden(-DEFAULT.horizon_ms)
    assert not ours.may_swap(-DEFAULT.pass_ms - 1)
    assert ours.may_swap(-DEFAULT.pass_ms)


def test_hidden_names_may_change_until_they_are_told() -> None:
    late = POLICIES["ours-names-t60"]
    assert late.may_swap(-61 * MINUTE_MS)
    assert not late.may_swap(-60 * MINUTE_MS)
    assert late.may_swap(-DEFAULT.pass_ms)


def test_the_others_never_change_what_they_matched() -> None:
    assert not POLICIES["greedy"].may_swap(-1)
    assert not POLICIES["first-come"].may_swap(-1)
