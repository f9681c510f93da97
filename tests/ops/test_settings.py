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
        (SECRET | {"ALONGSIDE_TURN_ADDRESSES": "192.0.2.9, t.example"}, "t.example"),
    ],
)
def test_what_cannot_be_used_is_named(environ: dict[str, str], word: str) -> None:
    with pytest.raises(BadSettings, match=word):
        settings_from(environ)


@pytest.mark.parametrize(
    ("environ", "alone"),
    [
        ({}, True),
        ({"HOST": "localhost"}, True),
        ({"HOST": "::1", "ORIGIN": "http://[::1]:8080"}, True),
        ({"ORIGIN": "http://LOCALHOST:9000"}, True),
        ({"HOST": "0.0.0.0"}, False),
        ({"HOST": "0.0.0.0", "ORIGIN": "http://127.0.0.1:8080"}, False),
        ({"ORIGIN": "https://alongside.example"}, False),
        ({"ORIGIN": "https://127.0.0.1.alongside.example"}, False),
        ({"ORIGIN": "https://127.0.0.1@alongside.example"}, False),
    ],
)
def test_an_instance_is_its_machines_own_if_it_listens_there_and_is_opened_there(
    environ: dict[str, str], alone: bool
) -> None:
    given = {f"ALONGSIDE_{name}": value for name, value in environ.items()}
    assert settings_from(SECRET | given).loopback is alone
    if not alone:
        with pytest.raises(BadSettings, match="loopback"):
            settings_from(SECRET | given | {"ALONGSIDE_DEMO": "1"})


@pytest.mark.parametrize(
    "contact", ["help@example.org", "team@localhost", "https://example.org/help?from=page#form"]
)
def test_a_contact_is_a_mail_address_or_a_link(contact: str) -> None:
    assert settings_from(SECRET | {"ALONGSIDE_CONTACT": contact}).contact == contact


@pytest.mark.parametrize(
    "contact",
    ["help", "http://example.org", "https://", "javascript:alert(1)", "a@b c", "a@b?bcc=c@d.e"],
)
def test_a_contact_of_which_pages_could_make_no_safe_link_is_refused(contact: str) -> None:
    with pytest.raises(BadSettings, match="CONTACT"):
        settings_from(SECRET | {"ALONGSIDE_CONTACT": contact})


def test_a_typo_is_refused_but_the_suites_own_variables_are_not() -> None:
    assert settings_from(SECRET | {"ALONGSIDE_TEST_NETNS": "0"}).port == 8080


def test_the_origin_has_no_trailing_slash() -> None:
    origin = settings_from(SECRET | {"ALONGSIDE_ORIGIN": "https://work.example/"}).public_origin
    assert origin == "https://work.example"
