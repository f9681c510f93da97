"""Writes the golden files and the examples in docs/api.md anew: `python -m tests.scheduler.web.examples`.

The page's words are written by hand: a route needs its section there first. What this changes is a
change for every client, so look at the difference.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import msgspec

from scheduler.web.routes import ROUTES
from tests.scheduler.web.examples import EXAMPLES

ROOT = Path(__file__).parents[4]
GOLDEN = ROOT / "tests/golden/api"
PAGE = ROOT / "docs/api.md"
BLOCK = re.compile(r"(Answer \d+:\s+)?```json\n.*?```|Answer \d+: `\{\}`", re.DOTALL)


def file_of(name: str) -> Path:
    """Where the golden example of a call is kept."""
    return GOLDEN / f"{re.sub(r'[^A-Za-z]+', '_', name).strip('_').lower()}.json"


def example(name: str) -> dict[str, Any]:
    """Request and answer of a call, as they go over the wire."""
    request, answer = EXAMPLES[name]
    shown: dict[str, Any] = json.loads(msgspec.json.encode({"request": request, "answer": answer}))
    return shown


def write_golden() -> None:
    for left in set(GOLDEN.glob("*.json")) - {file_of(name) for name in EXAMPLES}:
        left.unlink()
    for name in EXAMPLES:
        file_of(name).write_text(json.dumps(example(name), indent=2, ensure_ascii=False) + "\n")


def write_page() -> None:
    """Each section's words stay, its blocks are made anew: the request's, then the answer's."""
    head, *sections = re.split(r"(?=^### `)", PAGE.read_text(), flags=re.MULTILINE)
    statuses = {f"{route.method} {route.plain_path}": route.status for route in ROUTES}
    written = "".join(_with_blocks(section, statuses) for section in sections)
    PAGE.write_text(f"{head}{written}".rstrip() + "\n")


def _with_blocks(section: str, statuses: dict[str, int]) -> str:
    name = section.partition("`")[2].partition("`")[0]
    if name not in EXAMPLES:
        return section
    words, rest = _apart(section)
    shown = example(name)
    parts = [words]
    if shown["request"] is not None:
        parts.append(_block(shown["request"]))
    if shown["answer"] == {}:
        parts.append(f"Answer {statuses[name]}: `{{}}`")
    elif shown["answer"] is not None:
        parts.append(f"Answer {statuses[name]}:\n\n{_block(shown['answer'])}")
    return "\n\n".join([*parts, rest] if rest else parts) + "\n\n"


def _apart(section: str) -> tuple[str, str]:
    """The section's own words, and the heading of the next chapter if it ends in one."""
    words = BLOCK.sub("", section)
    own, heading, rest = words.partition("\n## ")
    own = re.sub(r"\n{3,}", "\n\n", own).rstrip()
    return own, f"{heading}{rest}".strip()


def _block(shown: Any) -> str:
    return f"```json\n{json.dumps(shown, indent=2, ensure_ascii=False)}\n```"


if __name__ == "__main__":
    write_golden()
    write_page()
