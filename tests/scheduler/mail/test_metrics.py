"""What the post counts names nobody."""

from __future__ import annotations

from scheduler.mail import metrics


def test_letters_are_counted_by_what_became_of_them() -> None:
    assert metrics.mail._name == "cw_mail"
    assert metrics.mail._labelnames == ("result",)
