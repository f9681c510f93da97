"""docs/scenarios.md leaves out no point, leaves none unanswered, and names only tests that exist."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import msgspec
import pytest

TESTS = Path(__file__).parent
PAGE = TESTS.parent / "docs/scenarios.md"
POINTS = {
    "D1": 3, "D2": 7, "D3": 5, "D4": 5, "D5": 4, "D6": 4, "D7": 4, "D8": 6, "D9": 5, "D10": 4, "D14": 4, "D15": 7,
}  # fmt: skip
"""How many numbered points each scenario has."""

NUMBERED = re.compile(r"(D\d+)\.(\d+)")
BESIDE = re.compile(r"(D\d+) (edge|race)")
PROOF = re.compile(r"`([^`]+\.(?:py|ts))::([^`]+)`")
PARTS = ("accounts", "moderation", "profiles", "standing", "web push")
"""Of the product, beside scheduling and calls, which these scenarios touch."""
MISSING = re.compile(rf"to come with (?:{'|'.join(PARTS)}): \S+")


class Row(msgspec.Struct, frozen=True):
    """One row of the page: which point, what must hold, and the tests or the words that answer it."""

    point: str
    promise: str
    answers: list[str]


def rows() -> list[Row]:
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in PAGE.read_text().splitlines()
        if re.match(r"\| D\d", line)
    ]
    return [Row(point, promise, answer.split("<br>")) for point, promise, answer in cells]


def proofs() -> list[tuple[str, str]]:
    """Every test that is named, once, as path and name."""
    return sorted(set(PROOF.findall(PAGE.read_text())))


@cache
def named_in(path: str) -> frozenset[str]:
    """What a module's tests are called; it is read and not imported."""
    text = (TESTS / path).read_text()
    if path.endswith(".ts"):
        return frozenset(re.findall(r'\b(?:it|test)\("([^"]+)"', text))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.parse(text).body if isinstance(node, functions))


@pytest.mark.parametrize("scenario", POINTS)
def test_every_numbered_point_has_a_row_in_its_order(scenario: str) -> None:
    numbered = [NUMBERED.fullmatch(row.point) for row in rows()]
    found = [int(each[2]) for each in numbered if each and each[1] == scenario]
    assert found == list(range(1, POINTS[scenario] + 1))


@pytest.mark.parametrize("scenario", POINTS)
def test_every_scenario_is_the_name_of_a_test(scenario: str) -> None:
    named = re.compile(rf"test_{scenario}_", re.IGNORECASE)
    assert [name for _, name in proofs() if named.match(name)]


def test_points_are_of_these_scenarios() -> None:
    named = [NUMBERED.fullmatch(row.point) or BESIDE.fullmatch(row.point) for row in rows()]
    assert None not in named
    assert {each[1] for each in named if each} == set(POINTS)


def test_no_row_is_empty() -> None:
    answered = [
        bool(row.promise) and all(PROOF.fullmatch(a) or MISSING.match(a) for a in row.answers)
        for row in rows()
    ]
    assert [row.point for row, whole in zip(rows(), answered, strict=True) if not whole] == []


def test_every_row_is_held_by_a_test_whatever_else_is_to_come() -> None:
    held = [any(PROOF.fullmatch(answer) for answer in row.answers) for row in rows()]
    assert [row.promise for row, is_held in zip(rows(), held, strict=True) if not is_held] == []


@pytest.mark.parametrize(("path", "name"), proofs(), ids=["::".join(each) for each in proofs()])
def test_what_is_named_exists(path: str, name: str) -> None:
    assert name in named_in(path)


def test_a_test_that_is_named_after_a_scenario_is_on_the_page() -> None:
    named = re.compile(rf"test_(?:{'|'.join(POINTS)})_", re.IGNORECASE)
    modules = [path.relative_to(TESTS).as_posix() for path in TESTS.rglob("test_*.py")]
    there = {(path, name) for path in modules for name in named_in(path) if named.match(name)}
    assert there - set(proofs()) == set()
