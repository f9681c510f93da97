"""What a first visit fetches before anything is drawn stays small, as it goes over the line."""

from __future__ import annotations

import re

from web_client import DIST
from web_client.web.routes import load

MOST_BYTES = 60_000
FIRST = re.compile(r'<(?:script[^>]* src|link rel="modulepreload"[^>]* href)="(/assets/[^"]+\.js)"')
NEEDED = re.compile(r'(?:\bfrom|\bimport)\s*"\./([^"]+\.js)"')
"""Scripts that a script cannot begin without; `import("./…")` fetches later."""


def test_the_scripts_of_a_first_visit_are_small() -> None:
    files = load(DIST)
    found: set[str] = set()
    due = set(FIRST.findall((DIST / "index.html").read_text("utf-8")))
    assert due
    while due:
        path = due.pop()
        found.add(path)
        script = (DIST / path.lstrip("/")).read_text("utf-8")
        due |= {f"/assets/{name}" for name in NEEDED.findall(script)} - found
    sizes = {path: len(files[path].packed or files[path].body) for path in found}
    assert sum(sizes.values()) <= MOST_BYTES, sizes
