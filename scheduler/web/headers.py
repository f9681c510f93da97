"""Security headers, on every response of the public port: page, API, socket and refusals alike."""

from __future__ import annotations

from aiohttp import web

from scheduler.config import Config

YEAR_S = 365 * 24 * 60 * 60


def policy(config: Config) -> str:
    """The content security policy: this site's own code, and nothing that was written into it.

    `wasm-unsafe-eval` lets our own files be compiled as WebAssembly (blur, noise); it evaluates no text.
    """
    return "; ".join(
        [
            "default-src 'self'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "media-src 'self' blob:",
            "worker-src 'self' blob:",
            f"connect-src 'self' {config.socket_origin}",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
        ]
    )


def security_headers(config: Config) -> dict[str, str]:
    """What every response carries."""
    always = {
        "Content-Security-Policy": policy(config),
        "Permissions-Policy": "camera=(self), microphone=(self), display-capture=(self), geolocation=()",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    secure = {"Strict-Transport-Security": f"max-age={YEAR_S}; includeSubDomains"}
    return always | (secure if config.https else {})


def add_headers(app: web.Application, config: Config) -> None:
    """Put them on whatever this application and its parts answer."""
    headers = security_headers(config)

    async def on_prepare(request: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(headers)

    app.on_response_prepare.append(on_prepare)
