"""The description of the interface is made from the same table and types, and is whole."""

from __future__ import annotations

from typing import Any

from scheduler.accounts import MATCHING
from scheduler.web.openapi import document
from scheduler.web.routes import ROUTES
from tests.scheduler.desk import Desk, OpenDesk, a_config
from tests.scheduler.web.test_dev import Carrier


def operations(described: dict[str, Any]) -> set[tuple[str, str]]:
    return {(method, path) for path, methods in described["paths"].items() for method in methods}


def references(part: Any) -> set[str]:
    if isinstance(part, dict):
        own = {part["$ref"]} if "$ref" in part else set()
        return own.union(*(references(each) for each in part.values()))
    return set().union(*(references(each) for each in part)) if isinstance(part, list) else set()


async def test_it_is_served_and_names_every_route(desk: Desk) -> None:
    described = await desk.browser().get("/openapi.json")
    assert described["openapi"].startswith("3.1")
    there = {(route.method.lower(), route.plain_path) for route in ROUTES}
    assert operations(described) == there


async def test_doors_that_do_not_exist_are_not_described(open_desk: OpenDesk) -> None:
    desk = await open_desk(demo=False, loopback=False, mailer=Carrier())
    described = await desk.browser().get("/openapi.json")
    assert not [path for _, path in operations(described) if path.startswith("/dev")]


def test_every_type_it_refers_to_is_there() -> None:
    described = document(ROUTES, a_config())
    there = {f"#/components/schemas/{name}" for name in described["components"]["schemas"]}
    assert references(described) <= there


def test_operations_have_names_of_their_own() -> None:
    described = document(ROUTES, a_config())
    names = [
        each["operationId"] for methods in described["paths"].values() for each in methods.values()
    ]
    assert len(set(names)) == len(names)


def test_parameters_say_where_they_stand_and_changes_name_the_token() -> None:
    paths = document(ROUTES, a_config())["paths"]
    cancel = paths["/bookings/{booking}"]["delete"]
    stands = {each["name"]: (each["in"], each["required"]) for each in cancel["parameters"]}
    assert stands == {
        "booking": ("path", True), "request_id": ("query", True), "X-CSRF-Token": ("header", False),
    }  # fmt: skip
    assert cancel["x-scope"] == "book"
    assert {"token": []} in cancel["security"]
    make = paths["/tokens"]["post"]
    assert [each["required"] for each in make["parameters"]] == [True]
    assert make["security"] == [{"cookie": []}]
    assert paths["/auth/link"]["post"]["parameters"] == []


def test_a_change_that_a_token_may_make_in_part_says_which() -> None:
    change = document(ROUTES, a_config())["paths"]["/me"]["patch"]
    assert change["x-scope"] == "book"
    assert change["x-scope-fields"] == sorted(MATCHING)
    assert "private_calls" not in change["x-scope-fields"]
