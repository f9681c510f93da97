"""The description of the interface, made from the table of routes and the types it names."""

from __future__ import annotations

from typing import Any

import msgspec

from scheduler.config import Config
from scheduler.signin import cookie_name
from scheduler.web.endpoint import PARAMETER, Route
from scheduler.web.guard import CSRF_HEADER, READING, Access
from scheduler.web.schemas import ProblemOut

REF = "#/components/schemas/{name}"


def document(routes: tuple[Route, ...], config: Config) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the routes that exist on this instance."""
    there = [route for route in routes if route.exists(config)]
    types = [ProblemOut, *(each for route in there for each in (route.body, route.answer) if each)]
    _, components = msgspec.json.schema_components(types, ref_template=REF)
    paths: dict[str, dict[str, Any]] = {}
    for route in there:
        operation = _operation(route)
        paths.setdefault(route.plain_path, {})[route.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": config.name, "version": config.build},
        "servers": [{"url": f"{config.origin}/api/v1"}],
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": _security(config)},
    }


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": route.about,
        "operationId": f"{route.handle.__module__.rpartition('.')[2]}_{route.handle.__name__}",
        "parameters": [*_in_path(route), *_in_query(route), *_in_header(route)],
        "responses": {
            str(route.status): {"description": "Done.", **_content(route.answer)},
            "default": {"description": "Refused; nothing changed.", **_content(ProblemOut)},
        },
    }
    if route.scope:
        operation["x-scope"] = route.scope
    if route.also:
        operation["x-scope-also"] = route.also
    if route.token_fields is not None:
        operation["x-scope-fields"] = sorted(route.token_fields)
    if route.body is not None:
        operation["requestBody"] = {"required": True, **_content(route.body)}
    if route.access is not Access.PUBLIC:
        token: list[dict[str, list[str]]] = [{"token": []}] if route.scope else []
        operation["security"] = [{"cookie": []}, *token]
    return operation


def _content(type_: Any) -> dict[str, Any]:
    if type_ is None:
        return {}
    schema = {"$ref": REF.format(name=type_.__name__)}
    return {"content": {"application/json": {"schema": schema}}}


def _in_path(route: Route) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "pattern": f"^{pattern}$"},
        }
        for name, pattern in PARAMETER.findall(route.path)
    ]


def _in_query(route: Route) -> list[dict[str, Any]]:
    if route.query is None:
        return []
    (_,), components = msgspec.json.schema_components([route.query], ref_template=REF)
    schema = components[route.query.__name__]
    return [
        {"name": name, "in": "query", "required": name in schema["required"], "schema": of}
        for name, of in schema["properties"].items()
    ]


def _in_header(route: Route) -> list[dict[str, Any]]:
    if route.method in READING or route.access is Access.PUBLIC:
        return []
    return [
        {
            "name": CSRF_HEADER,
            "in": "header",
            "required": route.scope is None,
            "schema": {"type": "string"},
            "description": "`csrf` of the own account; needed with the cookie.",
        }
    ]


def _security(config: Config) -> dict[str, Any]:
    return {
        "cookie": {"type": "apiKey", "in": "cookie", "name": cookie_name(config.origin)},
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "A personal token that has the operation's `x-scope`.",
        },
    }
