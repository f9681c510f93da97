"""Which lines of a description pass, in whose parser whatsoever."""

from __future__ import annotations

from pathlib import Path

import pytest

from media.lines import attribute, passes, readdressed

GOLDEN = Path(__file__).parents[1] / "golden" / "sdp"
WHERE = "1 1 udp 2130706431 198.51.100.66 6666 typ host"


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.sdp")), ids=lambda path: path.stem)
def test_what_a_browser_writes_passes_but_for_several_encodings(path: Path) -> None:
    kept = [line for line in path.read_bytes().decode().split("\r\n") if line]
    assert {attribute(line) for line in kept if not passes(line)} <= {
        "rid",
        "simulcast",
        "ice-lite",
    }


@pytest.mark.parametrize(
    "line",
    [
        f"a=Candidate:{WHERE}",
        f"a=CANDIDATE:{WHERE}",
        f"a=candidate {WHERE}",
        f"a=candidate\t{WHERE}",
        f"a=candidate :{WHERE}",
        f"a= candidate:{WHERE}",
        f" a=candidate:{WHERE}",
        f"A=candidate:{WHERE}",
        "a=candidate",
        "a=FINGERPRINT:sha-256 AB",
        "a=Setup:passive",
        "a=inactive ",
        "a=inactive:",
        "a=Inactive",
        "a=remote-candidates:1 198.51.100.66 6666",
        "a=Remote-Candidates:1 198.51.100.66 6666",
        "a=x-unknown:1",
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x",
        "a=ssrc-group:sim 1 2",
        "a=rid:h send",
        "a=simulcast:send h",
        "b=AS:1",
        "b=TIAS:1",
        "i=198.51.100.66",
        "u=http://198.51.100.66",
        "",
    ],
)
def test_what_is_in_no_browsers_own_form_does_not_pass(line: str) -> None:
    assert not passes(line)


@pytest.mark.parametrize("name", ["Candidate", "CANDIDATE", "candidate"])
@pytest.mark.parametrize("end", [":", " ", "\t", ""])
def test_a_name_is_read_as_the_most_lenient_parser_reads_it(name: str, end: str) -> None:
    assert attribute(f"a={name}{end}{WHERE if end else ''}") == "candidate"


def test_what_is_no_attribute_has_no_name() -> None:
    assert attribute("c=IN IP4 0.0.0.0") == ""


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("c=IN IP6 2001:db8::7", "c=IN IP4 0.0.0.0"),
        ("a=rtcp:50001 IN IP4 198.51.100.66", "a=rtcp:9 IN IP4 0.0.0.0"),
        ("o=- 1 2 IN IP4 198.51.100.66", "o=- 1 2 IN IP4 127.0.0.1"),
        ("m=audio 50001 UDP/TLS/RTP/SAVPF 111", "m=audio 9 UDP/TLS/RTP/SAVPF 111"),
        ("m=audio 0 UDP/TLS/RTP/SAVPF 111", "m=audio 0 UDP/TLS/RTP/SAVPF 111"),
        ("a=mid:0", "a=mid:0"),
    ],
)
def test_no_line_keeps_an_address_or_a_port(line: str, instead: str) -> None:
    assert readdressed(line) == instead
