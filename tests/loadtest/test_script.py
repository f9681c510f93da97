"""A robot's timetable."""

from __future__ import annotations

import pytest

from loadtest.script import BREAK_CHANCE, EARLY_MS, Act, due, name_of, session_script

START, END = 600_000, 780_000


@pytest.fixture(params=range(8))
def beats(request: pytest.FixtureRequest) -> list:
    return session_script(f"seed {request.param}", START, END)


def times(beats: list, act: Act) -> list[int]:
    return [beat.at_ms for beat in beats if beat.act is act]


def test_the_same_seed_gives_the_same_session() -> None:
    assert session_script("a", START, END) == session_script("a", START, END)
    assert session_script("a", START, END) != session_script("b", START, END)


def test_a_robot_comes_a_little_before_the_start(beats: list) -> None:
    (entered,) = times(beats, Act.ENTER)
    assert START - EARLY_MS[1] <= entered <= START - EARLY_MS[0]
    assert beats[0].act is Act.ENTER


def test_it_writes_three_tasks_and_ticks_each_after_writing_it(beats: list) -> None:
    written = {b.task: b.at_ms for b in beats if b.act is Act.TASK}
    ticked = {b.task: b.at_ms for b in beats if b.act is Act.TICK}
    assert sorted(written) == sorted(ticked) == [0, 1, 2]
    assert all(START < written[n] < ticked[n] < END for n in written)


def test_it_says_goodbye_before_the_end_and_leaves_after_it(beats: list) -> None:
    assert times(beats, Act.GOODBYE)[0] < END
    assert times(beats, Act.LEAVE)[0] > END
    assert beats[-1].act is Act.CHECK_OUT


def test_a_break_is_rare_short_and_always_ends() -> None:
    scripts = [session_script(str(n), START, END) for n in range(200)]
    resting = [s for s in scripts if times(s, Act.BREAK)]
    assert abs(len(resting) / 200 - BREAK_CHANCE) < 0.12
    for beats in resting:
        assert 0 < times(beats, Act.BACK)[0] - times(beats, Act.BREAK)[0] <= 60_000


def test_nobody_is_greeted_before_they_are_there(beats: list) -> None:
    ripe, rest = due(beats, START, partner_here=False)
    assert Act.GREET not in {beat.act for beat in ripe}
    ripe, rest = due(rest, START, partner_here=True)
    assert [beat.act for beat in ripe] == [Act.GREET]
    assert Act.GREET not in {beat.act for beat in rest}


def test_robots_are_named_as_robots_and_never_alike() -> None:
    names = [name_of(n) for n in range(7)]
    assert names[:4] == ["Robo Ada", "Robo Bo", "Robo Cy", "Robo Ada 2"]
    assert len(set(names)) == 7
