"""Which benches there are: a name, and the module that has it.

The module has `add_arguments(parser)` and `figures(options)`, which yields them as they are found.
`options.quick` asks for a short run, as in continuous integration.
"""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Iterator
from typing import Protocol, cast

from loadtest.bench.figures import Figure

BENCHES = {
    "changes": "loadtest.bench.store.changes",
    "matching": "loadtest.bench.matching.bench",
    "media": "loadtest.bench.media.bench",
    "scheduler": "loadtest.bench.store.bookings",
    "timers": "loadtest.bench.store.timers",
}


class Bench(Protocol):
    """What a bench's module has."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...
    def figures(self, options: argparse.Namespace) -> Iterator[Figure]: ...


def bench(name: str) -> Bench:
    """The bench of a name; only its module is imported."""
    return cast(Bench, importlib.import_module(BENCHES[name]))
