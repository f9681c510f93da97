"""The golden files of the browser protocol: one example of each message, and frames to refuse.

    python -m tests.support.golden_wire        writes them anew

`tests/golden/wire/<name>.json` holds `{name, from, message, msgpack}`, where `from` is page, hub or
both; `tests/golden/wire/bad/<name>.json` holds `{name, msgpack, code}`. The page's own tests read
the same files, so both ends agree on every byte.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, get_args

import msgpack
import msgspec

from signalling import codec, wire
from signalling.codec import DEPTH_MAX
from signalling.errors import BadMessage, FrameTooBig, NotMsgpack, TooDeep

FOLDER = Path(__file__).parent.parent / "golden" / "wire"
VERSIONS = FOLDER.parent / "protocol.json"

T = 1_790_000_100_000
"""A start on the grid."""
ANA, BEN = "m_ana", "m_ben"
NOTE = wire.Entry(
    id="m_ana:1", kind="task", by=ANA, at_ms=T - 90_000, text="Thesis: opening paragraph"
)
YOU = wire.Seat(here=True, joined=True, camera=True, mic=False)
THEM = wire.Seat(
    here=True,
    joined=True,
    camera=False,
    mic=False,
    break_until_ms=T + 1_380_000,
    breaks_used_ms=60_000,
)
PERSON = wire.Person(member=BEN, name="Ben Kowalski", zone="Europe/Warsaw", sessions=12)

MESSAGES: tuple[wire.Message, ...] = (
    wire.Hello(v=wire.PROTOCOL, tab="t_5f2c", epoch="e_91", offset="1790000000000-4"),
    wire.Ping(n=7),
    wire.Enter(booking="b17", camera=True, mic=False),
    wire.Leave(),
    wire.Signal(
        gen=1,
        kind="candidate",
        candidate="candidate:1 1 udp 2122260223 192.0.2.7 50000 typ host",
        mid="0",
    ),
    wire.Connected(gen=1, first_frame_ms=212),
    wire.Failed(gen=1),
    wire.Silent(gen=1, silent=True),
    wire.Seen(gen=1, picture="off"),
    wire.Figures(gen=1, figures={"rtt_ms": 41, "loss_per_mille": 3}),
    wire.Media(camera=False, mic=False),
    wire.Break(minutes=3),
    wire.Back(),
    wire.TellCamera(),
    wire.CamerasOff(on=True),
    wire.EndTogether(),
    wire.GoOn(),
    wire.Seek(newcomers=True),
    wire.StopSeeking(),
    wire.Answer(accept=True),
    NOTE,
    wire.Welcome(
        v=wire.PROTOCOL,
        member=ANA,
        server_ms=T - 300_000,
        epoch="e_91",
        offset="1790000000000-9",
        resumed=True,
    ),
    wire.Pong(n=7, server_ms=T - 299_940, offset="1790000000000-9"),
    wire.Changed(
        what="booking",
        offset="1790000000001-0",
        booking="b17",
        reason="matched",
        start_ms=T,
        length_min=50,
    ),
    wire.Room(
        booking="b17",
        pair="p9",
        start_ms=T,
        end_ms=T + 3_000_000,
        opens_ms=T - 600_000,
        closes_ms=T + 3_300_000,
        title="Thesis",
        partner=PERSON,
        you=YOU,
        them=THEM,
        log=[NOTE],
        break_budget_ms=600_000,
        break_max_ms=300_000,
    ),
    wire.Seats(you=YOU, them=THEM),
    wire.PartnerChanged(pair="p12", partner=PERSON),
    wire.Negotiate(
        gen=2,
        path="relay",
        offer=True,
        ice_servers=[
            wire.IceServer(urls=["stun:stun.example.org:3478"]),
            wire.IceServer(
                urls=["turns:turn.example.org:443?transport=tcp"],
                username="1790000400:3f1a",
                credential="not-a-real-credential",
            ),
        ],
    ),
    wire.Nudge(kind="camera_off"),
    wire.PartnerLate(no_show=False, next_ms=T + 300_000, change_from_ms=T + 120_000),
    wire.Search(outcome="asking", until_ms=T + 145_000),
    wire.Asked(newcomer=False, until_ms=T + 145_000),
    wire.AskOver(),
    wire.Over(reason="closed"),
    wire.Refused(
        code="too_early",
        text="The doors are not open yet.",
        ref="enter",
        data={"opens_ms": T - 600_000},
    ),
)


def name_of(message: wire.Message) -> str:
    return name_of_type(type(message))


def name_of_type(kind: type[wire.Message]) -> str:
    return str(kind.__struct_config__.tag)


def good() -> dict[str, dict[str, Any]]:
    """Each good file's contents by message name."""
    return {
        name_of(message): {
            "name": name_of(message),
            "from": _speaker(type(message)),
            "message": msgspec.to_builtins(message),
            "msgpack": codec.encode(message).hex(),
        }
        for message in MESSAGES
    }


def bad() -> dict[str, dict[str, Any]]:
    """Each bad file's contents by name."""
    return {
        name: {"name": name, "msgpack": frame.hex(), "code": code}
        for name, (frame, code) in _bad_frames().items()
    }


def _bad_frames() -> dict[str, tuple[bytes, str]]:
    hello = msgspec.to_builtins(MESSAGES[0])
    pack = msgpack.packb
    return {
        "empty": (b"", NotMsgpack.code),
        "cut_short": (pack(hello)[:-1], NotMsgpack.code),
        "something_after": (pack(hello) + b"\x00", NotMsgpack.code),
        "array_header_of_millions": (b"\xdd\x7f\xff\xff\xff", NotMsgpack.code),
        "map_header_of_millions": (b"\xdf\x7f\xff\xff\xff", NotMsgpack.code),
        "string_header_of_millions": (b"\xdb\x7f\xff\xff\xff", NotMsgpack.code),
        "binary": (pack({"t": "ping", "n": b"\x01"}), NotMsgpack.code),
        "extension": (pack({"t": "ping", "n": msgpack.ExtType(5, b"x")}), NotMsgpack.code),
        "key_that_is_no_string": (pack({1: "ping"}), NotMsgpack.code),
        "text_that_is_no_utf8": (b"\x81\xa1t\xa1\xff", NotMsgpack.code),
        "nested_too_deep": (pack(_nest(DEPTH_MAX + 1)), TooDeep.code),
        "no_map": (pack([1, 2]), BadMessage.code),
        "no_name": (pack({"n": 1}), BadMessage.code),
        "unknown_name": (pack({"t": "shout"}), BadMessage.code),
        "said_by_the_hub_only": (pack({"t": "nudge", "kind": "camera_off"}), BadMessage.code),
        "unknown_field": (pack({"t": "ping", "n": 1, "from": "m_ben"}), BadMessage.code),
        "missing_field": (pack({"t": "ping"}), BadMessage.code),
        "text_for_a_number": (pack({"t": "ping", "n": "1"}), BadMessage.code),
        "fraction_for_a_number": (pack({"t": "ping", "n": 1.5}), BadMessage.code),
        "unknown_word": (pack({"t": "signal", "gen": 1, "kind": "shout"}), BadMessage.code),
        "time_for_a_number": (b"\x82\xa1t\xa4ping\xa1n\xd6\xff\x00\x00\x00\x00", NotMsgpack.code),
    }


def too_big() -> tuple[bytes, str]:
    """Not a file: it would be all filler."""
    return msgpack.packb({"t": "ping", "n": "x" * wire.FRAME_MAX}), FrameTooBig.code


def _nest(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


def _speaker(kind: type[wire.Message]) -> str:
    page = kind in get_args(wire.ClientMessage)
    hub = kind in get_args(wire.ServerMessage)
    return "both" if page and hub else "page" if page else "hub"


def text(contents: dict[str, Any]) -> str:
    """A golden file as it is written."""
    return json.dumps(contents, indent=2, ensure_ascii=False) + "\n"


def fields() -> str:
    """All that a message may hold, in short: changes with any field, its type or its default."""
    kinds = [kind for kind in vars(wire).values() if isinstance(kind, type)]
    shown = [
        f"{kind.__struct_config__.tag or kind.__name__}.{field.name}: {field.type} = {field.default}"
        for kind in kinds
        if issubclass(kind, msgspec.Struct)
        for field in msgspec.structs.fields(kind)
    ]
    return hashlib.sha256("\n".join(sorted(shown)).encode()).hexdigest()


def versions() -> dict[str, str]:
    """The fields of each version of the protocol, newest last."""
    found: dict[str, str] = json.loads(VERSIONS.read_text()) if VERSIONS.exists() else {}
    return found


def write() -> None:
    """Write all files, and remove those that are no more."""
    wanted = {FOLDER / f"{name}.json": contents for name, contents in good().items()}
    wanted |= {FOLDER / "bad" / f"{name}.json": contents for name, contents in bad().items()}
    (FOLDER / "bad").mkdir(parents=True, exist_ok=True)
    for path in {*FOLDER.glob("*.json"), *FOLDER.glob("bad/*.json")} - wanted.keys():
        path.unlink()
    for path, contents in wanted.items():
        path.write_text(text(contents))
    # What a version has held once it holds for good.
    known = versions()
    known.setdefault(str(wire.PROTOCOL), fields())
    VERSIONS.write_text(text(known))


if __name__ == "__main__":
    write()
