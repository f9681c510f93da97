"""The settings: read once, from one place, with errors that say what to do."""

from __future__ import annotations

import pytest

from ops.settings import BadSettings, settings_from

SECRET = {"ALONGSIDE_SECRET": "s" * 32}


def test_defaults_listen_on_loopback_only() -> None:
    settings = settings_from(SECRET)
    assert settings.loopback
    assert settings.public_origin == "http://127.0.0.1:8080"


def test_numbers_and_switches_are_read_from_text() -> None:
    settings = settings_from(SECRET | {"ALONGSIDE_PORT": "9000", "ALONGSIDE_DEMO": "1"})
    assert settings.port == 9000
    assert settings.demo is True


def test_redis_url_is_known_by_its_usual_name() -> None:
    assert settings_from(SECRET | {"REDIS_URL": "redis://store"}).redis_url == "redis://store"


def test_own_name_wins_over_the_usual_one() -> None:
    both = {"REDIS_URL": "redis://usual", "ALONGSIDE_REDIS_URL": "redis://own"}
    assert settings_from(SECRET | both).redis_url == "redis://own"


@pytest.mark.parametrize(
    ("environ", "word"),
    [
        ({}, "ALONGSIDE_SECRET"),
        ({"ALONGSIDE_SECRET": "short"}, "32"),
        (SECRET | {"ALONGSIDE_PROT": "80"}, "prot"),
        (SECRET | {"ALONGSIDE_PORT": "eighty"}, "port"),
        (SECRET | {"ALONGSIDE_DEMO": "1", "ALONGSIDE_HOST": "0.0.0.0"}, "loopback"),
    ],
)
def test_what_cannot_be_used_is_named(environ: dict[str, str], word: str) -> None:
    with pytest.raises(BadSettings, match=word):
        settings_from(environ)


def test_a_typo_is_refused_but_the_suites_own_variables_are_not() -> None:
    assert settings_from(SECRET | {"ALONGSIDE_TEST_NETNS": "0"}).port == 8080


def test_the_origin_has_no_trailing_slash() -> None:
    origin = settings_from(SECRET | {"ALONGSIDE_ORIGIN": "https://work.example/"}).public_origin
    assert origin == "https://work.example"
