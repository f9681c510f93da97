"""docs/protocol.md shows every message as the golden files have it, and every code."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from signalling.close_codes import CloseCode
from signalling.errors import ProtocolError, Refusal, SignallingError, tree
from signalling.wire import PROTOCOL
from tests.support import golden_wire

PAGE = (Path(__file__).parent.parent.parent / "docs" / "protocol.md").read_text()

MEANS = {
    CloseCode.GOING_AWAY: "the hub restarts",
    CloseCode.SLOW: "the page did not read fast enough",
    CloseCode.RESYNC: "the hub lost its place; the next welcome says what to do",
    CloseCode.LATE_HELLO: "no hello within five seconds",
    CloseCode.FLOODING: "far too many messages",
    CloseCode.BAD_FRAME: "a frame that is no message",
    CloseCode.BAD_VERSION: "the protocol's version differs",
    CloseCode.SIGNED_OUT: "the sign-in ended, or there was none",
    CloseCode.REPLACED: "the same tab opened a newer socket",
    CloseCode.TOO_MANY_TABS: "more sockets than a member may have",
}


RANGES = {40: "comes back at once", 41: "comes back after ten seconds", 42: "stays away"}


def close_code_rows() -> list[str]:
    return [
        f"| {code.value} | `{code.name.lower()}` | {MEANS[code]} | {_page_does(code)} |"
        for code in CloseCode
    ]


def _page_does(code: CloseCode) -> str:
    return RANGES[code // 100]


def refusal_rows() -> list[str]:
    return _rows(Refusal)


def protocol_error_rows() -> list[str]:
    return _rows(ProtocolError)


def _rows(root: type[SignallingError]) -> list[str]:
    return [f"| `{code}` | {kind.text} |" for code, kind in tree(root).items()]


def block(name: str) -> str:
    """A message as the page shows it: short parts on one line."""
    message = golden_wire.good()[name]["message"]
    flat = json.dumps(message, ensure_ascii=False)
    if len(flat) <= 110:
        return f"```json\n{flat}\n```"
    parts = [
        f'  "{key}": {json.dumps(value, ensure_ascii=False)}' for key, value in message.items()
    ]
    return "```json\n{\n" + ",\n".join(parts) + "\n}\n```"


@pytest.mark.parametrize("name", golden_wire.good())
def test_each_message_is_shown_once_and_as_it_is(name: str) -> None:
    assert PAGE.count(block(name)) == 1, f"docs/protocol.md lacks\n{block(name)}"


def test_no_other_message_is_shown() -> None:
    shown = [json.loads(text)["t"] for text in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]
    assert sorted(shown) == sorted(golden_wire.good())


@pytest.mark.parametrize("row", [*close_code_rows(), *refusal_rows(), *protocol_error_rows()])
def test_each_code_is_explained(row: str) -> None:
    assert row in PAGE


def test_every_close_code_has_a_meaning_and_a_range() -> None:
    assert set(MEANS) == set(CloseCode)
    assert {code // 100 for code in CloseCode} == set(RANGES)


def test_codes_of_errors_are_their_own() -> None:
    kinds = list(_leaves(SignallingError))
    assert len({kind.code for kind in kinds}) == len(kinds)


def _leaves(kind: type[SignallingError]) -> list[type[SignallingError]]:
    below = [leaf for child in kind.__subclasses__() for leaf in _leaves(child)]
    own = [kind] if "code" in vars(kind) and kind is not SignallingError else []
    return [*own, *below]


def test_other_fields_are_another_version() -> None:
    """Both ends refuse what they do not know: a page that is older has to be told to load anew."""
    known = golden_wire.versions()
    assert list(known)[-1] == str(PROTOCOL), "write the golden files anew"
    assert known[str(PROTOCOL)] == golden_wire.fields(), (
        "the fields changed: raise PROTOCOL in signalling/wire.py and web_client/src/core/wire.ts,"
        " then write the golden files anew"
    )
    assert len(set(known.values())) == len(known)
