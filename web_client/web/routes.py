"""Serves the built page: files whose names carry their hash for ever, everything else asked for anew.

Any address that is not a file is the page itself, which has a router of its own; addresses below
`/api/` and `/dev/` that nobody serves stay 404, so that a mistyped call is not answered with HTML.
"""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from web_client import DIST

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
NOT_PAGES = ("/api/", "/ws")


class NotBuilt(RuntimeError):
    """There is no built page; `npm run build` in web_client makes it."""


def add_page(app: web.Application, dist: Path = DIST) -> None:
    """Serve the page of `dist` on every address that has no route of its own. Add it last."""
    if not (dist / "index.html").exists():
        raise NotBuilt("the page is not built: run `npm run build` in web_client")
    files = {
        f"/{path.relative_to(dist).as_posix()}": path for path in dist.rglob("*") if path.is_file()
    }
    index = dist / "index.html"

    async def page(request: web.Request) -> web.StreamResponse:
        if request.path.startswith(NOT_PAGES):
            raise web.HTTPNotFound
        path = files.get(request.path, index)
        return web.FileResponse(path, headers={"Cache-Control": caching(request.path, path, index)})

    app.router.add_get("/{path:.*}", page)


def caching(asked: str, path: Path, index: Path) -> str:
    """Only the files that Vite named by their content may be kept without asking."""
    return FOR_EVER if asked.startswith("/assets/") and path != index else ASK_AGAIN
