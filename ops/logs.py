"""Logs: one JSON object a line on standard error, our own and the libraries' alike.

Nothing that names a person goes in: no mail address, name, network address, description or token.
"""

from __future__ import annotations

import logging

import structlog


def log_as_json(level: str) -> None:
    """One JSON object a line on standard error, our own logs and the libraries' alike."""
    stamp: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*stamp, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=stamp, processor=structlog.processors.JSONRenderer()
        )
    )
    logging.basicConfig(level=level.upper(), handlers=[handler])
    logging.getLogger("aioice").setLevel(logging.ERROR)  # it names addresses
    logging.getLogger("aiohttp.server").addFilter(without_address)


def without_address(record: logging.LogRecord) -> bool:
    """aiohttp's own words about a failed request name who asked; its traceback says enough."""
    record.msg, record.args = "a request failed", ()
    return True
