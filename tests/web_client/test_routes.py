"""The page is served whole: its files, its addresses, and nothing that is not its own."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from web_client.web.routes import NotBuilt, add_page, is_page, load, other_name

SCRIPT = "console.log('" + "side by side " * 200 + "');"


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>Alongside</title>", "utf-8")
    (tmp_path / "assets" / "index-Ab12.js").write_text(SCRIPT, "utf-8")
    (tmp_path / "icon.svg").write_text("<svg/>", "utf-8")
    return tmp_path


@pytest.fixture
async def client(dist: Path, aiohttp_client: Any) -> Any:
    async def me(request: web.Request) -> web.Response:
        return web.json_response({"name": "Ana"})

    app = web.Application()
    app.router.add_get("/api/v1/me", me)
    add_page(app, dist)
    return await aiohttp_client(app)


async def test_large_files_are_sent_as_the_build_packed_them(
    dist: Path, aiohttp_client: Any
) -> None:
    (dist / "assets" / "engine-Ab12.wasm").write_bytes(b"engine" * 1000)
    packed = gzip.compress(b"engine" * 1000, mtime=0)
    (dist / "assets" / "engine-Ab12.wasm.gz").write_bytes(packed)
    files = load(dist)
    assert files["/assets/engine-Ab12.wasm"].packed == packed
    assert files["/assets/engine-Ab12.wasm"].type == "application/wasm"
    assert "/assets/engine-Ab12.wasm.gz" not in files


@pytest.mark.parametrize("path", ["/", "/sessions", "/room/b17", "/you/standing"])
async def test_every_address_of_the_page_is_the_page(client: Any, path: str) -> None:
    answer = await client.get(path)
    assert answer.status == 200
    assert answer.content_type == "text/html"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "Alongside" in await answer.text()


async def test_what_is_named_after_its_content_is_kept_forever(client: Any) -> None:
    answer = await client.get("/assets/index-Ab12.js")
    assert answer.content_type == "text/javascript"
    assert "immutable" in answer.headers["Cache-Control"]
    assert (await client.get("/icon.svg")).headers["Cache-Control"] == "no-cache"


async def test_scripts_are_sent_packed_to_whoever_takes_it(dist: Path, client: Any) -> None:
    packed = load(dist)["/assets/index-Ab12.js"].packed
    assert packed is not None
    assert gzip.decompress(packed).decode() == SCRIPT
    taken = await client.get("/assets/index-Ab12.js", headers={"Accept-Encoding": "gzip"})
    assert taken.headers["Content-Encoding"] == "gzip"
    assert await taken.text() == SCRIPT
    plain = await client.get("/assets/index-Ab12.js", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "path", ["/api/v1/nothing", "/ws", "/assets/gone-Xy.js", "/robots.txt", "/../secret.txt"]
)
async def test_what_is_not_the_page_is_not_found(client: Any, path: str) -> None:
    assert (await client.get(path)).status == 404


async def test_other_answers_come_first(client: Any) -> None:
    assert await (await client.get("/api/v1/me")).json() == {"name": "Ana"}


async def test_only_reading_is_answered(client: Any) -> None:
    assert (await client.post("/sessions")).status == 405


def test_pages_have_no_dot_in_their_last_part() -> None:
    assert is_page("/room/b17")
    assert not is_page("/favicon.ico")
    assert not is_page("/api/v1")


def test_without_a_build_there_is_nothing_to_serve(tmp_path: Path) -> None:
    with pytest.raises(NotBuilt, match="npm run build"):
        add_page(web.Application(), tmp_path / "dist")


@pytest.mark.parametrize("path", ["/../secret", "/assets/../../secret", "/%2e%2e/secret"])
async def test_no_address_leads_out_of_the_folder(client: Any, dist: Path, path: str) -> None:
    (dist.parent / "secret").write_text("secret", "utf-8")
    assert "secret" not in await (await client.get(path)).text()


@pytest.mark.parametrize(
    ("host", "origin", "other"),
    [
        ("localhost:8080", "http://127.0.0.1:8080", True),
        ("127.0.0.1:8080", "http://localhost:8080", True),
        ("127.0.0.1:8080", "http://127.0.0.1:8080", False),
        ("localhost:9090", "http://127.0.0.1:8080", False),
        ("evil.example:8080", "http://127.0.0.1:8080", False),
        ("localhost", "https://work.example", False),
        ("localhost:8080", "", False),
    ],
)
def test_only_this_machines_own_names_count_as_other_names(
    host: str, origin: str, other: bool
) -> None:
    assert other_name(host, origin) is other


async def test_localhost_is_sent_on_to_the_origin_with_the_whole_address(
    aiohttp_client: Any, tmp_path: Path
) -> None:
    (tmp_path / "index.html").write_text("page")
    app = web.Application()
    add_page(app, tmp_path, origin="http://127.0.0.1:8080")
    client = await aiohttp_client(app)
    headers = {"Host": "localhost:8080"}
    answer = await client.get("/room/b1?x=1", headers=headers, allow_redirects=False)
    assert answer.headers["Location"] == "http://127.0.0.1:8080/room/b1?x=1"
