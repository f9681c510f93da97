"""What a robot does in a session, and when: a timetable made from a seed.

A robot comes a little before T, greets its partner by name, writes three tasks, ticks them in
the course of the session, sometimes takes a short break, says goodbye and checks out after E.
"""

from __future__ import annotations

from enum import StrEnum
from random import Random

import msgspec

NAMES = ("Robo Ada", "Robo Bo", "Robo Cy")
"""What the robots are called; a fourth begins anew with a number behind it."""

EARLY_MS = (10_000, 25_000)
"""A robot comes between these before T, so that a person who is early is not alone for long."""

BREAK_CHANCE = 0.3
"""How often a session has a break; a demo should show one now and then, not each time."""

TASKS = (
    "Sort the small screws by length",
    "Draft the letter to the lighthouse",
    "Read two pages about tides",
    "Label the seed packets",
    "Write the tests before the code",
    "Oil the left elbow",
    "Answer the three oldest letters",
    "Draw a map of the bookshelf",
    "Count the lamps in the street",
    "Plan the week on one page",
)
GREETINGS = (
    "Hello {name}. I am {own}, a robot of this demo. Good to sit beside you.",
    "Good to see you, {name}. I am {own}, a robot of this demo, and I will be quiet now.",
    "Hi {name}, {own} here. I am a robot of this demo. Let us begin.",
)
GOODBYES = (
    "That was good company, {name}. Until next time.",
    "Thank you for the time, {name}.",
    "I got a lot done beside you, {name}. Goodbye.",
)


class Act(StrEnum):
    """One thing a robot does."""

    ENTER = "enter"
    GREET = "greet"
    TASK = "task"
    TICK = "tick"
    BREAK = "break"
    BACK = "back"
    SEEK = "seek"
    GOODBYE = "goodbye"
    LEAVE = "leave"
    CHECK_OUT = "check_out"


class Beat(msgspec.Struct, frozen=True, kw_only=True):
    """One act at its time. `line` is the text template of a greeting, a goodbye or a task."""

    at_ms: int
    act: Act
    line: str = ""
    task: int = 0
    """Which of the own tasks a TASK or TICK is about."""
    needs_partner: bool = False
    """Waits for the partner: nobody says hello into an empty room."""


def name_of(number: int) -> str:
    """The name of the robot with this number."""
    lap, place = divmod(number, len(NAMES))
    return NAMES[place] if lap == 0 else f"{NAMES[place]} {lap + 1}"


def session_script(seed: str, start_ms: int, end_ms: int) -> list[Beat]:
    """The whole timetable of one session, in order of time. The same seed gives the same."""
    chance = Random(f"{seed}/{start_ms}")
    length = end_ms - start_ms

    def at(share: float) -> int:
        return start_ms + int(length * share)

    enter_ms = start_ms - chance.randint(*EARLY_MS)
    tasks = chance.sample(TASKS, 3)
    beats = [
        Beat(at_ms=enter_ms, act=Act.ENTER),
        Beat(at_ms=enter_ms, act=Act.GREET, line=chance.choice(GREETINGS), needs_partner=True),
        *(
            Beat(at_ms=start_ms + 4_000 * (task + 1), act=Act.TASK, line=text, task=task)
            for task, text in enumerate(tasks)
        ),
        *(
            Beat(at_ms=at(chance.uniform(*part)), act=Act.TICK, task=task)
            for task, part in enumerate(((0.25, 0.35), (0.55, 0.65), (0.8, 0.88)))
        ),
        Beat(
            at_ms=end_ms - min(20_000, length // 10),
            act=Act.GOODBYE,
            line=chance.choice(GOODBYES),
            needs_partner=True,
        ),
        Beat(at_ms=end_ms + 12_000, act=Act.LEAVE),
        Beat(at_ms=end_ms + 12_000, act=Act.CHECK_OUT),
    ]
    if chance.random() < BREAK_CHANCE:
        beats += [
            Beat(at_ms=at(0.42), act=Act.BREAK),
            Beat(at_ms=at(0.5), act=Act.BACK),
        ]
    return sorted(beats, key=lambda beat: beat.at_ms)


def due(beats: list[Beat], now_ms: int, partner_here: bool) -> tuple[list[Beat], list[Beat]]:
    """Split into what is to be done now and what is left for later."""
    ripe = [b for b in beats if b.at_ms <= now_ms and (partner_here or not b.needs_partner)]
    return ripe, [b for b in beats if b not in ripe]
