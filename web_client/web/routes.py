"""Serve the built page: files under their own names, `index.html` for every address of the page.

Vite names what it builds after its content, so those files may be kept forever; `index.html` is asked
for anew each time. What text packs well is packed once, at start, and sent packed to whoever takes it.
"""

from __future__ import annotations

import gzip
import mimetypes
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from aiohttp import hdrs, web

from web_client import DIST

HASHED = "assets/"
"""Vite puts what it names after its content here."""

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"

PACKED = frozenset({".html", ".js", ".css", ".svg", ".json", ".webmanifest", ".txt", ".map"})
WORTH = 1_024
"""Smaller files gain nothing from being packed."""

NOT_PAGES = ("/api/", "/ws", "/assets/")
"""Addresses below these are answered by others or not at all, never by the page."""

LOOPBACK = {"127.0.0.1", "localhost", "::1"}

mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("application/wasm", ".wasm")


class NotBuilt(RuntimeError):
    """There is no built page; `npm run build` in web_client makes it."""


class File(msgspec.Struct, frozen=True, kw_only=True):
    """One built file, as it is sent."""

    body: bytes
    packed: bytes | None
    type: str
    cache: str


def _packed(path: Path, body: bytes) -> bytes | None:
    """What is sent to whoever takes it packed; large files were packed by the build."""
    built = path.with_name(f"{path.name}.gz")
    if built.is_file():
        return built.read_bytes()
    packs = path.suffix in PACKED and len(body) >= WORTH
    return gzip.compress(body, 9, mtime=0) if packs else None


def _read(path: Path, name: str) -> File:
    body = path.read_bytes()
    return File(
        body=body,
        packed=_packed(path, body),
        type=mimetypes.guess_type(path.name)[0] or "application/octet-stream",
        cache=FOR_EVER if name.startswith(HASHED) else ASK_AGAIN,
    )


def load(dist: Path) -> Mapping[str, File]:
    """Every file of the build by its address."""
    built = (p for p in dist.rglob("*") if p.is_file() and p.suffix != ".gz")
    names = {p: p.relative_to(dist).as_posix() for p in built}
    return {f"/{name}": _read(path, name) for path, name in names.items()}


def is_page(path: str) -> bool:
    """Whether an address without a file is one of the page's own."""
    last = path.rsplit("/", 1)[-1]
    return "." not in last and not any(f"{path}/".startswith(other) for other in NOT_PAGES)


def _answer(request: web.Request, file: File) -> web.Response:
    headers = {hdrs.CACHE_CONTROL: file.cache}
    body = file.body
    if file.packed is not None:
        headers[hdrs.VARY] = hdrs.ACCEPT_ENCODING
        if "gzip" in request.headers.get(hdrs.ACCEPT_ENCODING, ""):
            headers[hdrs.CONTENT_ENCODING] = "gzip"
            body = file.packed
    text = file.type.startswith("text/")
    charset = "utf-8" if text else None
    return web.Response(body=body, headers=headers, content_type=file.type, charset=charset)


def other_name(host: str, origin: str) -> bool:
    """Whether this machine was asked for by another of its own names than the origin has.

    `localhost` and 127.0.0.1 are the same machine and two origins to a browser: cookies and
    `Origin` would not fit.
    """
    asked, own = urlsplit(f"//{host}"), urlsplit(origin)
    names = {asked.hostname, own.hostname}
    return names <= LOOPBACK and len(names) == 2 and asked.port == own.port


def add_page(app: web.Application, dist: Path = DIST, *, origin: str = "") -> None:
    """Answer every GET that nothing else answers. Call it last: the address is a catch-all."""
    files = load(dist)
    if "/index.html" not in files:
        raise NotBuilt("the page is not built: run `npm run build` in web_client")

    async def page(request: web.Request) -> web.Response:
        if other_name(request.host, origin):
            raise web.HTTPTemporaryRedirect(f"{origin}{request.path_qs}")
        path = request.path
        file = files.get(path)
        if file is None and is_page(path):
            file = files["/index.html"]
        if file is None:
            raise web.HTTPNotFound(text="There is no such thing here.")
        return _answer(request, file)

    app.router.add_get("/{path:.*}", page)
