"""The documents name what exists: a setting, a rule or a picture cannot be forgotten."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from ops.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
DOCS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def settings_rows() -> list[str]:
    """Each setting as a row of docs/configuration.md, in the order of the code."""
    info = msgspec.inspect.type_info(Settings)
    assert isinstance(info, msgspec.inspect.StructType)
    return [_row(field) for field in info.fields]


def _row(field: msgspec.inspect.Field) -> str:
    assert isinstance(field.type, msgspec.inspect.Metadata)
    extra = field.type.extra_json_schema or {}
    default = field.default if field.default not in ("", False) else ""
    shown = f"`{default}`" if default != "" else ""
    return f"| `{PREFIX}{field.name.upper()}` | {shown} | {extra['description']} |"


def test_every_setting_stands_in_the_configuration_page() -> None:
    page = (ROOT / "docs/configuration.md").read_text()
    missing = [row for row in settings_rows() if row not in page]
    assert not missing, "add to docs/configuration.md:\n" + "\n".join(missing)


def test_the_configuration_page_names_no_setting_that_does_not_exist() -> None:
    page = (ROOT / "docs/configuration.md").read_text()
    named = set(re.findall(rf"^\| `({PREFIX}\w+)`", page, flags=re.MULTILINE))
    assert named == {PREFIX + name.upper() for name in Settings.__struct_fields__}


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[\w-]+)?\)", page.read_text())
    local = [target for target in targets if "://" not in target]
    broken = [target for target in local if not (page.parent / target).exists()]
    assert not broken
