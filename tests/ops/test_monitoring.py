"""Alerts and boards speak of metrics that exist, in a language Prometheus understands."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
from prometheus_client import REGISTRY
from ruamel.yaml import YAML

from ops.grafana import build

ROOT = Path(__file__).parents[2]
OPS = ROOT / "ops"
PACKAGES = ("media", "signalling", "scheduler", "ops")


def yaml(path: Path) -> Any:
    return YAML(typ="safe").load(path)


def rules() -> list[dict[str, Any]]:
    groups = yaml(OPS / "prometheus/rules.yml")["groups"]
    return [rule for group in groups for rule in group["rules"]]


def expressions() -> Iterator[tuple[str, str]]:
    for rule in rules():
        yield rule.get("alert") or rule["record"], rule["expr"]
    for uid, (_, panels) in build.TABLE.items():
        for panel in panels:
            for expr in panel.lines.values():
                yield f"{uid}: {panel.title}", expr


EXPRESSIONS = [pytest.param(expr, id=name) for name, expr in expressions()]


@pytest.fixture(scope="module")
def declared() -> set[str]:
    """The name of every sample that our processes can tell."""
    for path in (path for name in PACKAGES for path in (ROOT / name).rglob("metrics.py")):
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return set(REGISTRY._names_to_collectors)


@pytest.mark.parametrize("expr", EXPRESSIONS)
def test_an_expression_is_valid(expr: str) -> None:
    promql_parser.parse(expr)


@pytest.mark.parametrize("expr", EXPRESSIONS)
def test_an_expression_uses_only_metrics_that_are_told(expr: str, declared: set[str]) -> None:
    assert set(re.findall(r"\bcw_\w+", expr)) <= declared


@pytest.mark.parametrize("expr", EXPRESSIONS)
def test_an_expression_uses_only_records_that_are_kept(expr: str) -> None:
    kept = {rule["record"] for rule in rules() if "record" in rule}
    assert set(re.findall(r"\balongside:[\w:]+", expr)) <= kept


def test_an_alert_says_how_urgent_it_is_and_what_it_means() -> None:
    alerts = [rule for rule in rules() if "alert" in rule]
    assert {rule["labels"]["severity"] for rule in alerts} == {"page", "ticket"}
    assert all(rule["annotations"]["summary"] for rule in alerts)


def test_every_alert_has_its_first_five_minutes_written_down() -> None:
    text = (ROOT / "docs/operations.md").read_text()
    named = {rule["alert"] for rule in rules() if "alert" in rule}
    assert {name for name in named if f"**{name}**" not in text} == set()


def test_buckets_that_alerts_ask_for_exist(declared: set[str]) -> None:
    asked = {
        (metric, bound)
        for expr in (rule["expr"] for rule in rules())
        for metric, bound in re.findall(r'(cw_\w+)_bucket\{[^}]*le="([\d.]+)"', expr)
    }
    for metric, bound in asked:
        assert float(bound) in REGISTRY._names_to_collectors[metric]._upper_bounds  # type: ignore[attr-defined]


def test_committed_boards_are_what_the_tables_say() -> None:
    committed = {path.name: path.read_text() for path in build.BOARDS.glob("*.json")}
    assert committed == build.built()


def test_boards_have_their_own_ids_and_panels_a_place_each() -> None:
    boards = [json.loads(text) for text in build.built().values()]
    assert len({board["uid"] for board in boards}) == len(boards)
    for board in boards:
        places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in board["panels"]]
        assert len(set(places)) == len(places)


def test_every_role_of_the_composition_is_scraped() -> None:
    jobs = yaml(OPS / "prometheus/prometheus.yml")["scrape_configs"]
    services = yaml(ROOT / "docker-compose.yml")["services"]
    targets = {
        target for job in jobs for each in job["static_configs"] for target in each["targets"]
    }
    ours = {name for name in services if services[name].get("command") == ["sfu"]}
    assert {target.partition(":")[0] for target in targets} == {"hub", "scheduler", *ours}


def test_boards_ask_the_datasource_that_is_set_up() -> None:
    sources = yaml(OPS / "grafana/provisioning/datasources/prometheus.yml")["datasources"]
    assert [source["uid"] for source in sources] == [build.DATASOURCE["uid"]]
