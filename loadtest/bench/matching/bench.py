"""`bench matching`: every policy in the same communities, a few people, and the optimiser's cost."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import product
from multiprocessing import get_context

from loadtest.bench.figures import Figure
from loadtest.bench.matching import cost
from loadtest.bench.matching.play import life
from loadtest.bench.matching.policies import POLICIES
from loadtest.bench.matching.report import FIGURES, of_policy, of_small
from loadtest.bench.matching.small import CALENDARS, day
from loadtest.bench.matching.tally import Tally, total

SLOTS = {4: 1560, 8: 780, 20: 390, 60: 260}
"""Bookings a slot in the mean, and how many slots a community lives through."""
COMMUNITIES = ("1", "2", "3", "4")
"""Seeds. The figures of a version change only with the code."""
QUICK_SHARE, QUICK_COMMUNITIES = 6, ("1",)
PEOPLE = (3, 5, 10, 20, 30, 60)
DAYS, QUICK_DAYS = 300, 40
PROCESSES = 2

Job = tuple[str, int, str, int]
"""Policy, size, seed, slots."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--policy", action="append", choices=list(POLICIES), help="only this one; may be repeated"
    )


def figures(options: argparse.Namespace) -> Iterator[Figure]:
    """Figure by figure, all policies below each other."""
    names = options.policy or list(POLICIES)
    seeds = QUICK_COMMUNITIES if options.quick else COMMUNITIES
    slots = {size: slots // (QUICK_SHARE if options.quick else 1) for size, slots in SLOTS.items()}
    found = {
        (name, size): list(of_policy(name, size, tally, len(seeds)))
        for (name, size), tally in tallies(names, seeds, slots).items()
    }
    for number, _ in enumerate(FIGURES):
        yield from (each[number] for each in found.values())
    yield from small(QUICK_DAYS if options.quick else DAYS)
    yield from cost.figures(quick=options.quick)


def tallies(
    names: list[str], seeds: tuple[str, ...], slots: dict[int, int]
) -> dict[tuple[str, int], Tally]:
    """What each policy came to, by name and size."""
    subjects = list(product(names, slots))
    jobs = [(name, size, seed, slots[size]) for (name, size), seed in product(subjects, seeds)]
    longest_first = sorted(jobs, key=lambda job: -job[1] * job[3])
    with get_context("spawn").Pool(PROCESSES) as pool:
        done = dict(zip(longest_first, pool.map(_run, longest_first, chunksize=1), strict=True))
    return {
        (name, size): total(done[job] for job in jobs if job[:2] == (name, size))
        for name, size in subjects
    }


def _run(job: Job) -> Tally:
    name, size, seed, slots = job
    return life(size, seed, slots, POLICIES[name])


def small(days: int) -> Iterator[Figure]:
    """Each calendar with each number of people."""
    found = [
        list(of_small(name, people, [day(people, offer, str(seed)) for seed in range(days)]))
        for (name, offer), people in product(CALENDARS.items(), PEOPLE)
    ]
    for number in range(2):
        yield from (each[number] for each in found)
