"""The composition is valid, keeps private what is private, and asks for every secret."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docker-compose.yml"


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return dict(YAML(typ="safe").load(FILE)["services"])


def test_it_is_a_composition_by_the_published_schema() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*command, str(FILE)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_part_is_there(services: dict[str, Any]) -> None:
    assert set(services) == {
        "redis", "release", "hub", "scheduler", "sfu", "sfu2", "caddy", "coturn", "prometheus", "grafana",
    }  # fmt: skip


def test_images_are_pinned_to_a_version(services: dict[str, Any]) -> None:
    images = {each["image"] for each in services.values()} - {"alongside:local"}
    assert all(re.search(r":v?\d+\.\d+\.\d+", image) for image in images), images


def test_turn_is_not_older_than_the_fix_for_mapped_addresses(services: dict[str, Any]) -> None:
    found = re.search(r":(\d+)\.(\d+)", services["coturn"]["image"])
    assert found
    assert (int(found[1]), int(found[2])) >= (4, 9)


def test_the_world_reaches_the_proxy_the_relays_and_nothing_else(services: dict[str, Any]) -> None:
    public = {
        name
        for name, each in services.items()
        if any(not port.startswith("127.0.0.1:") for port in each.get("ports", []))
    }
    assert public == {"caddy", "coturn", "sfu", "sfu2"}


def test_the_relay_for_strangers_shares_no_network_with_anything(services: dict[str, Any]) -> None:
    others = [networks(each) for name, each in services.items() if name != "coturn"]
    assert networks(services["coturn"]).isdisjoint(set().union(*others))


def networks(service: dict[str, Any]) -> set[str]:
    return set(service["networks"])


def test_the_store_keeps_everything_and_forgets_nothing(services: dict[str, Any]) -> None:
    assert "store:/data" in services["redis"]["volumes"]
    settings = (ROOT / "ops/valkey/valkey.conf").read_text().splitlines()
    assert {"appendonly yes", "appendfsync everysec", "maxmemory-policy noeviction"} <= {*settings}


def test_every_value_asked_for_is_in_the_example_and_none_has_a_default() -> None:
    asked = set(re.findall(r"\$\{(\w+)([^}]*)\}", FILE.read_text()))
    assert {default for _, default in asked} == {":?"}
    example = (ROOT / "ops/env.example").read_text()
    assert {name for name, _ in asked} == set(re.findall(r"^(\w+)=", example, re.MULTILINE))


def test_roles_are_given_settings_that_exist(services: dict[str, Any]) -> None:
    from serve import Settings

    known = {f"ALONGSIDE_{name.upper()}" for name in Settings.__struct_fields__}
    for role in ("release", "hub", "scheduler", "sfu", "sfu2"):
        assert set(services[role]["environment"]) <= known


def test_who_carries_mail_is_told_how_and_nobody_else(services: dict[str, Any]) -> None:
    told = {name for name, each in services.items() if "SMTP" in str(each.get("environment"))}
    assert told == {"hub", "scheduler"}


def test_files_that_are_mounted_exist(services: dict[str, Any]) -> None:
    mounted = [
        volume.partition(":")[0] for each in services.values() for volume in each.get("volumes", [])
    ]
    assert [path for path in mounted if path.startswith("./") and not (ROOT / path).exists()] == []


def test_hubs_know_every_relay_worker_and_each_has_a_port_of_its_own(
    services: dict[str, Any],
) -> None:
    workers = [name for name in services if name.startswith("sfu")]
    known = services["hub"]["environment"]["ALONGSIDE_SFU_URLS"]
    assert known == ",".join(f"http://{name}:9100" for name in workers)
    ports = [services[name]["environment"]["ALONGSIDE_MEDIA_PORT"] for name in workers]
    assert [services[name]["ports"] for name in workers] == [[f"{p}:{p}/udp"] for p in ports]
    assert len(set(ports)) == len(workers)
