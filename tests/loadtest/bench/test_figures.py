"""A figure is one line, and what could not be measured is one too."""

from __future__ import annotations

import json

from loadtest.bench.figures import Figure, as_line, as_table

MEASURED = Figure(
    bench="media", figure="cpu", subject="ours", at="60000pps", value=10.6, unit="us", runs=3
)
NOT_MEASURED = Figure(
    bench="media", figure="cpu", subject="theirs", at="60000pps", value=None, unit="us", runs=0,
    why="it is not installed",
)  # fmt: skip


def test_a_figure_is_a_line_of_json_in_this_order() -> None:
    assert list(json.loads(as_line(MEASURED)).items()) == [
        ("bench", "media"),
        ("figure", "cpu"),
        ("subject", "ours"),
        ("at", "60000pps"),
        ("value", 10.6),
        ("unit", "us"),
        ("runs", 3),
    ]


def test_what_could_not_be_measured_says_why() -> None:
    line = json.loads(as_line(NOT_MEASURED))
    assert (line["value"], line["why"]) == (None, "it is not installed")


def test_for_the_eye_subjects_stand_below_their_figure() -> None:
    heading, ours, theirs = as_table([MEASURED, NOT_MEASURED])
    assert heading.strip() == "cpu [us]"
    assert ours.split() == ["ours", "60000pps", "10.6"]
    assert theirs.split()[:3] == ["theirs", "60000pps", "-"]
    assert theirs.endswith("it is not installed")
