"""The machine for as many steps as are asked for: `python -m tests.scheduler.store.long_run --steps 1000000`.

Two processes, each with a store of its own, go through numbered batches: the same number is the same
histories. A history that fails is shrunk, and printed with the call that repeats its batch.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import os
import sys
import tempfile
import time
import traceback
from collections import Counter
from multiprocessing.queues import Queue
from pathlib import Path
from queue import Empty

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.scheduler.store.machine import LedgerMachine, server
from tests.scheduler.store.machine.base import Server

EXAMPLES, STEPS = 20, 50
"""Of one batch."""
EVERY_S = 30.0
SHRINKS = "ALONGSIDE_TEST_NO_SHRINK" not in os.environ
"""Shrinking takes minutes; whoever only wants to know whether it fails goes without."""

SETTINGS = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    database=None,
    print_blob=False,
    phases=[Phase.generate, Phase.shrink] if SHRINKS else [Phase.generate],
    suppress_health_check=list(HealthCheck),
)

Report = tuple[int, int, Counter[str], str]
"""Batch, steps, what happened in it, and how it failed ("" if it did not)."""


def work(first: int, stride: int, reports: Queue[Report]) -> None:
    """Batches first, first + stride, ... until one fails or nobody listens any more."""
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as running:
        for batch in itertools.count(first, stride):
            failure = try_batch(running, batch)
            reports.put((batch, running.steps, running.told, failure))
            running.steps, running.told = 0, Counter()
            if failure:
                return


def try_batch(running: Server, batch: int) -> str:
    @seed(batch)
    def machine() -> LedgerMachine:
        return LedgerMachine(running)

    try:
        run_state_machine_as_test(machine, settings=SETTINGS)
    except Exception:
        return traceback.format_exc()
    return ""


class Run:
    """What came of it so far."""

    def __init__(self, wanted: int) -> None:
        self.wanted, self.steps, self.batches = wanted, 0, 0
        self.told: Counter[str] = Counter()
        self.began = self.shown = time.monotonic()

    def add(self, report: Report) -> bool:
        """Whether to go on."""
        batch, steps, told, failure = report
        if failure:
            say(f"{failure}\nbatch {batch} failed; once more: --batch {batch}")
            return False
        self.steps, self.batches = self.steps + steps, self.batches + 1
        self.told += told
        if time.monotonic() - self.shown > EVERY_S:
            self.show()
        return self.steps < self.wanted

    def show(self) -> None:
        self.shown = time.monotonic()
        took = self.shown - self.began
        say(f"{self.steps} steps clean in {self.batches} batches, {self.steps / took:.0f} a second")

    def sum_up(self) -> None:
        self.show()
        for what, times in sorted(self.told.items()):
            say(f"  {times:>9} {what}")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def run_long(wanted: int, first: int, processes: int) -> int:
    """Until so many steps are clean, or a batch fails; gives the exit code."""
    context = multiprocessing.get_context("spawn")
    reports: Queue[Report] = context.Queue()
    workers = [
        context.Process(target=work, args=(first + n, processes, reports), daemon=True)
        for n in range(processes)
    ]
    for worker in workers:
        worker.start()
    run, good = Run(wanted), True
    try:
        while run.steps < wanted and good:
            good = next_report(reports, run)
    except KeyboardInterrupt:
        say("stopped")
    finally:
        for worker in workers:
            worker.terminate()
            worker.join()
    run.sum_up()
    return int(not good and run.steps < wanted)


def next_report(reports: Queue[Report], run: Run) -> bool:
    try:
        return run.add(reports.get(timeout=600))
    except Empty:
        say("nothing was heard for ten minutes")
        return False


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.scheduler.store.long_run")
    parser.add_argument("--steps", type=int, default=1_000_000, help="1000000")
    parser.add_argument("--first", type=int, default=0, help="the first batch (0)")
    parser.add_argument("--processes", type=int, default=2, help="2")
    parser.add_argument("--batch", type=int, help="this one batch alone, as it failed before")
    options = parser.parse_args(arguments)
    if options.batch is None:
        return run_long(options.steps, options.first, options.processes)
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as running:
        failure = try_batch(running, options.batch)
    say(failure or f"batch {options.batch} is clean")
    return int(bool(failure))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
