"""The documents name every error and every rule, as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.errors import BY_CODE, SchedulerError
from scheduler.rules import DEFAULT, MINUTE_MS, SECOND_MS, Rules

DOCS = Path(__file__).parents[2] / "docs"
UNITS = (("d", 24 * 60 * MINUTE_MS), ("h", 60 * MINUTE_MS), ("min", MINUTE_MS), ("s", SECOND_MS))


def rows(page: str) -> dict[str, list[str]]:
    """The rows of a page's tables whose first cell is code, by that code."""
    lines = (DOCS / page).read_text().splitlines()
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines if "| " in line
    ]
    return {cell[0].strip("`"): cell[1:] for cell in cells if cell[0].startswith("`")}


def shown(name: str) -> str:
    """A rule's default as the page writes it."""
    value = getattr(DEFAULT, name)
    if name.endswith("_share"):
        return f"{value * 100:.0f} %"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if value is None:
        return "none"
    if name.endswith("_ms"):
        unit, length = next(each for each in UNITS if value % each[1] == 0)
        return f"{value // length} {unit}"
    return str(value)


@pytest.mark.parametrize("error", BY_CODE.values(), ids=BY_CODE)
def test_every_error_is_listed_with_its_status_and_text(error: type[SchedulerError]) -> None:
    assert rows("errors.md")[error.code][:2] == [str(error.status), error.text]


def test_no_error_is_listed_that_does_not_exist() -> None:
    assert set(rows("errors.md")) == set(BY_CODE)


@pytest.mark.parametrize("name", Rules.__struct_fields__)
def test_every_rule_is_listed_with_its_default(name: str) -> None:
    default, meaning = rows("rules.md")[name]
    assert default == shown(name)
    assert meaning


def test_no_rule_is_listed_that_does_not_exist() -> None:
    assert set(rows("rules.md")) == set(Rules.__struct_fields__)
