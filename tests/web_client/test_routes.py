"""The page is served: its files to keep, itself on every other address, and nothing for a lost call."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp import web

from web_client.web.routes import ASK_AGAIN, FOR_EVER, NotBuilt, add_page


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>page")
    (tmp_path / "assets/app-1a2b.js").write_text("1")
    (tmp_path / "favicon.svg").write_text("<svg/>")
    return tmp_path


@pytest.fixture
async def client(aiohttp_client, dist):  # type: ignore[no-untyped-def]
    app = web.Application()
    add_page(app, dist)
    return await aiohttp_client(app)


@pytest.mark.parametrize("address", ["/", "/sessions", "/room/b12", "/dev/mail"])
async def test_the_page_answers_on_addresses_of_its_own(client, address: str) -> None:  # type: ignore[no-untyped-def]
    answer = await client.get(address)
    assert await answer.text() == "<!doctype html>page"
    assert answer.headers["Cache-Control"] == ASK_AGAIN


async def test_files_named_by_their_content_are_kept(client) -> None:  # type: ignore[no-untyped-def]
    answer = await client.get("/assets/app-1a2b.js")
    assert answer.headers["Cache-Control"] == FOR_EVER
    assert "javascript" in answer.headers["Content-Type"]


async def test_other_files_are_asked_for_anew(client) -> None:  # type: ignore[no-untyped-def]
    assert (await client.get("/favicon.svg")).headers["Cache-Control"] == ASK_AGAIN


@pytest.mark.parametrize("address", ["/api/v1/nothing", "/ws"])
async def test_a_lost_call_is_not_answered_with_the_page(client, address: str) -> None:  # type: ignore[no-untyped-def]
    assert (await client.get(address)).status == 404


@pytest.mark.parametrize("address", ["/../secret", "/assets/../../secret", "/%2e%2e/secret"])
async def test_no_address_leads_out_of_the_folder(client, dist: Path, address: str) -> None:  # type: ignore[no-untyped-def]
    (dist.parent / "secret").write_text("secret")
    assert "secret" not in await (await client.get(address)).text()


def test_without_a_build_the_start_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(NotBuilt, match="npm run build"):
        add_page(web.Application(), tmp_path)
