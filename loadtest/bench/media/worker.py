"""`python -m loadtest.bench.media.worker HOST SECRET`: our worker as shipped, its limits lifted.

One browser of the bench sends what many would; a worker with its limits on would rightly drop it.
Prints the port of its control link, and ends with its input.
"""

from __future__ import annotations

import asyncio
import logging
import sys

import structlog
import uvloop
from aiohttp import web

from media.config import MediaConfig
from media.web.worker import Worker

NO_LIMIT = 10**6


def config(host: str, secret: str) -> MediaConfig:
    return MediaConfig(
        secret=secret,
        host=host,
        packets_per_s=NO_LIMIT,
        bytes_per_s=NO_LIMIT * 1_500,
        handshakes_per_s=NO_LIMIT,
        strangers_per_s=NO_LIMIT,
        freeze=True,
    )


async def main(host: str, secret: str) -> None:
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    worker = Worker(config(host, secret))
    await worker.start()
    runner = web.AppRunner(worker.app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()
    await worker.stop()


if __name__ == "__main__":
    uvloop.run(main(*sys.argv[1:3]))
