"""Descriptions of real browsers, read and readdressed.

The golden files were written by Chromium 156. Those ending in `.for-leg.sdp` are what the partner's
page gets; to write them anew: `python -m tests.media.test_sdp`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from aiortc import RTCPeerConnection
from aiortc.sdp import SessionDescription
from hypothesis import given
from hypothesis import strategies as st

from media.control import Leg
from media.description import SDP_MAX, SSRCS_MAX
from media.errors import BadSdp
from media.sdp import for_leg, remote_of, set_remote

GOLDEN = Path(__file__).parents[1] / "golden" / "sdp"
NAMES = ["chromium-offer", "chromium-answer", "chromium-offer-balanced", "chromium-offer-simulcast"]
LEG = Leg(
    ufrag="wwww",
    pwd="pwpwpwpwpwpwpwpwpwpwpw",
    fingerprint="sha-256 " + ":".join(["AB"] * 32),
    host="203.0.113.5",
    port=7000,
)


def golden(name: str) -> str:
    return (GOLDEN / f"{name}.sdp").read_bytes().decode()


OFFER = golden("chromium-offer")


@pytest.mark.parametrize("name", NAMES)
def test_readdressed_as_the_golden_file(name: str) -> None:
    assert for_leg(golden(name), LEG) == golden(f"{name}.for-leg")


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_the_browsers_address_remains(name: str) -> None:
    sdp = for_leg(golden(name), LEG)
    assert "192.0.2.2" not in sdp
    assert "fd00::2" not in sdp
    remote = remote_of(golden(name))
    assert f"a=ice-ufrag:{remote.ufrag}\r\n" not in sdp
    assert all(fingerprint not in sdp for fingerprint in remote.fingerprints)


@pytest.mark.parametrize("name", NAMES)
def test_every_other_line_stays_byte_for_byte_and_in_order(name: str) -> None:
    own = ("c=", "m=", "o=", "a=ice", "a=candidate", "a=end-of", "a=fingerprint", "a=setup")
    own += ("a=rid", "a=simulcast")

    def rest(sdp: str) -> list[str]:
        return [line for line in sdp.split("\r\n") if not line.startswith(own)]

    assert rest(for_leg(golden(name), LEG)) == rest(golden(name))


@pytest.mark.parametrize("name", NAMES)
def test_another_parser_finds_the_worker_in_every_section(name: str) -> None:
    parsed = SessionDescription.parse(for_leg(golden(name), LEG))
    for media in parsed.media:
        assert media.dtls is not None
        assert (media.ice.usernameFragment, media.ice.iceLite) == ("wwww", True)
        assert [(c.ip, c.port) for c in media.ice_candidates] == [("203.0.113.5", 7000)]
        assert media.dtls.role == "server"
        assert (media.host, media.port) == ("0.0.0.0", 9)


def test_read_of_a_browser() -> None:
    remote = remote_of(OFFER)
    assert f"a=ice-ufrag:{remote.ufrag}" in OFFER
    assert len(remote.fingerprints) == 1
    assert 111 in remote.audio_pts
    assert 96 in remote.video_pts


def test_the_first_section_speaks_for_the_bundle() -> None:
    apart = OFFER.replace("a=ice-ufrag:", "a=ice-ufrag:first+", 1)
    assert remote_of(apart).ufrag.startswith("first+")


async def test_an_offer_of_aiortc_is_passed_on_too() -> None:
    pc = RTCPeerConnection()
    pc.addTransceiver("audio")
    pc.addTransceiver("video")
    pc.createDataChannel("desk", negotiated=True, id=0)
    offer = (await pc.createOffer()).sdp
    await pc.close()
    assert remote_of(offer).video_pts
    parsed = SessionDescription.parse(for_leg(offer, LEG))
    assert [media.ice.iceLite for media in parsed.media] == [True, True, True]


def test_repair_formats_carry_no_picture() -> None:
    assert not {97, 103, 120} & set(remote_of(OFFER).video_pts)


def test_only_the_first_video_section_is_the_camera() -> None:
    sections = OFFER.split("m=video")
    assert len(sections) == 3
    for ssrc in remote_of(OFFER).camera_ssrcs:
        assert f"a=ssrc:{ssrc} " in sections[1]
        assert f"a=ssrc:{ssrc} " not in sections[2]
    assert len(remote_of(OFFER).camera_ssrcs) == 2


def test_set_remote_says_what_was_read() -> None:
    message, remote = set_remote("p1", 3, 1, OFFER), remote_of(OFFER)
    assert (message.pair, message.gen, message.side) == ("p1", 3, 1)
    assert message.camera_ssrcs == remote.camera_ssrcs


def test_everything_negotiated_counts_repair_and_the_screen_too() -> None:
    remote = remote_of(OFFER)
    assert {96, 97, 103, 111, 120} <= set(remote.payloads)
    assert set(remote.audio_pts) | set(remote.video_pts) < set(remote.payloads)
    assert set(remote.camera_ssrcs) < set(remote.ssrcs)
    assert {int(ssrc) for ssrc in re.findall(r"a=ssrc:(\d+) ", OFFER)} == set(remote.ssrcs)


def test_a_payload_type_of_fixed_meaning_needs_no_line_of_its_own() -> None:
    short = OFFER.replace("a=rtpmap:0 PCMU/8000\r\n", "")
    assert short != OFFER
    assert 0 in remote_of(short).payloads


def test_where_a_section_that_sends_names_no_stream_any_stream_may_come() -> None:
    nameless = re.sub(r"a=ssrc(-group)?:.*\r\n", "", OFFER.split("m=video")[2])
    first, camera, _ = OFFER.split("m=video")
    assert remote_of("m=video".join([first, camera, nameless])).ssrcs == []
    silent = nameless.replace("a=sendrecv", "a=recvonly")
    assert remote_of("m=video".join([first, camera, silent])).ssrcs != []


def test_more_streams_than_a_leg_may_send_are_refused() -> None:
    many = "".join(f"a=ssrc:{ssrc} cname:x\r\n" for ssrc in range(SSRCS_MAX + 1))
    with pytest.raises(BadSdp, match="too_many_streams"):
        remote_of(OFFER.replace("a=ssrc:", many + "a=ssrc:", 1))


BLIND = msgspec.structs.replace(LEG, fingerprint="")


@pytest.mark.parametrize("name", NAMES)
def test_on_a_blind_leg_the_browsers_stay_each_others_dtls_ends(name: str) -> None:
    def identity(sdp: str) -> list[str]:
        return [line for line in sdp.split("\r\n") if line.startswith(("a=finger", "a=setup"))]

    assert identity(for_leg(golden(name), BLIND)) == identity(golden(name))
    assert LEG.ufrag in for_leg(golden(name), BLIND)
    assert "192.0.2.2" not in for_leg(golden(name), BLIND)


def test_on_a_blind_leg_either_may_be_the_server() -> None:
    passive = golden("chromium-answer").replace("setup:active", "setup:passive")
    assert "a=setup:passive" in for_leg(passive, BLIND)
    assert set_remote("p1", 1, 0, passive, blind=True).payloads
    with pytest.raises(BadSdp, match="setup"):
        remote_of(passive)


def test_every_address_of_the_worker_is_a_candidate_the_first_one_first() -> None:
    both = msgspec.structs.replace(LEG, more=[("2001:db8::5", 7001)])
    for media in SessionDescription.parse(for_leg(OFFER, both)).media:
        first, second = media.ice_candidates
        assert [(c.ip, c.port) for c in (first, second)] == [
            ("203.0.113.5", 7000),
            ("2001:db8::5", 7001),
        ]
        assert first.priority > second.priority
        assert first.foundation != second.foundation


def test_simulcast_is_taken_out() -> None:
    sdp = for_leg(golden("chromium-offer-simulcast"), LEG)
    assert "simulcast" not in sdp
    assert "a=rid:" not in sdp


def test_a_rejected_section_stays_rejected_and_gets_no_transport() -> None:
    rejected = OFFER.replace("m=application 9", "m=application 0")
    last = for_leg(rejected, LEG).split("m=application")[1]
    assert last.startswith(" 0 ")
    assert "candidate" not in last


def test_a_section_that_rides_on_the_bundle_is_not_taken_for_rejected() -> None:
    bundled = OFFER.replace("m=application 9", "m=application 0").replace(
        "a=sctp-port", "a=bundle-only\r\na=sctp-port"
    )
    assert "candidate" in for_leg(bundled, LEG).split("m=application")[1]


def test_lines_ending_in_lf_alone_are_read_too() -> None:
    assert for_leg(OFFER.replace("\r\n", "\n"), LEG) == for_leg(OFFER, LEG)


def with_section(kind: str, edit: Callable[[str], str]) -> str:
    """The offer with its first section of this kind changed."""
    before, found, after = OFFER.partition(f"m={kind} ")
    section, following, rest = after.partition("m=")
    return before + edit(found + section) + following + rest


@pytest.mark.parametrize("kind", ["audio", "video"])
@pytest.mark.parametrize(
    "direction", ["inactive", "sendonly", "recvonly", "sendrecv\r\na=inactive"]
)
def test_who_takes_no_sound_or_picture_is_not_passed_on(kind: str, direction: str) -> None:
    """Else the partner's browser would send none, and the partner would be judged for it."""
    turned = with_section(kind, lambda text: text.replace("a=sendrecv", f"a={direction}"))
    session_wide = OFFER.replace("a=sendrecv\r\n", "").replace("t=0 0", f"t=0 0\r\na={direction}")
    refused = with_section(kind, lambda text: re.sub(r"^m=(\w+) \d+ ", r"m=\1 0 ", text))
    for sdp in (turned, session_wide, refused):
        with pytest.raises(BadSdp, match="takes_nothing"):
            set_remote("p1", 1, 0, sdp)
        with pytest.raises(BadSdp, match="takes_nothing"):
            for_leg(sdp, BLIND)


def test_a_screen_need_not_be_taken() -> None:
    first, camera, screen = OFFER.split("m=video")
    assert remote_of("m=video".join([first, camera, screen.replace("sendrecv", "inactive")]))


def test_a_camera_that_may_come_in_no_usual_format_is_not_taken() -> None:
    first, rest = OFFER.split("m=video", 1)
    for sdp in (
        OFFER.replace("VP8/90000", "AV1/90000"),
        OFFER.replace("VP8/90000", "VP8/8000"),
        first + "m=video" + re.sub(r"SAVPF [\d ]+", "SAVPF 98", rest, count=1),
        OFFER.replace("m=video", "m=audio"),
    ):
        with pytest.raises(BadSdp, match="takes_nothing"):
            remote_of(sdp)


def test_no_format_is_said_twice() -> None:
    with pytest.raises(BadSdp, match="rtpmap"):
        remote_of(with_section("video", lambda text: text + "a=rtpmap:96 AV1/90000\r\n"))


def test_how_much_a_page_sends_is_not_its_partners_to_say() -> None:
    narrow = re.sub(r"(c=.*\r\n)", r"\1b=AS:1\r\nb=TIAS:1\r\n", OFFER)
    assert narrow != OFFER
    assert "b=" not in for_leg(narrow, LEG)
    with pytest.raises(BadSdp, match="fmtp"):
        remote_of(with_section("video", lambda text: text + "a=fmtp:96 X-Google-max-bitrate=1\r\n"))


FINGERPRINT = remote_of(OFFER).fingerprints[0]
CANDIDATE = "a=candidate:1 1 udp 1 192.0.2.9 9 typ host\r\n"


@pytest.mark.parametrize(
    ("sdp", "reason"),
    [
        ("", "syntax"),
        ("hello", "syntax"),
        ("v=0\r\n", "no_media"),
        (OFFER + "a=x:" + "x" * SDP_MAX, "too_long"),
        (OFFER.replace("s=-", "s=\x00"), "syntax"),
        (OFFER.replace("s=-", "so what"), "syntax"),
        (OFFER + CANDIDATE * 21, "too_many_candidates"),
        (OFFER.replace("VP8/90000", "evil/90000"), "codec"),
        (OFFER.replace("rtpmap:96 VP8", "rtpmap:999 VP8"), "rtpmap"),
        (OFFER.replace("rtpmap:96 VP8/90000", "rtpmap:96"), "rtpmap"),
        (OFFER.replace("UDP/TLS/RTP/SAVPF", "RTP/AVP"), "media"),
        (OFFER.replace("m=audio", "m=text"), "media"),
        (OFFER.replace("a=ice-ufrag", "a=no-ufrag"), "ufrag"),
        (OFFER.replace("a=ice-ufrag:", "a=ice-ufrag:more\r\na=ice-ufrag:", 1), "ufrag"),
        (OFFER.replace("a=group:BUNDLE", "a=group:LS"), "not_bundled"),
        (OFFER.replace("a=fingerprint", "a=no-fingerprint"), "fingerprint"),
        (OFFER.replace("sha-256", "sha-1"), "fingerprint"),
        (OFFER.replace(FINGERPRINT, "sha-256 what"), "fingerprint"),
        (OFFER.replace("setup:actpass", "setup:passive"), "setup"),
        (OFFER.replace("c=IN IP4 0.0.0.0\r\n", ""), "no_connection_line"),
        (OFFER + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 0.0.0.0\r\n" * 8, "too_many_sections"),
    ],
)
def test_what_we_do_not_pass_on(sdp: str, reason: str) -> None:
    for use in (remote_of, lambda text: for_leg(text, LEG)):
        with pytest.raises(BadSdp) as refused:
            use(sdp)
        assert refused.value.reason == reason


@given(st.data())
def test_any_damage_is_a_bad_sdp_or_none(data: st.DataObject) -> None:
    lines = OFFER.split("\r\n")
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(lines) - 1))
        lines[at] = data.draw(st.sampled_from(lines) | st.text(max_size=30))
    try:
        sdp = for_leg("\r\n".join(lines), LEG)
    except BadSdp:
        return
    assert "192.0.2.2 " not in sdp


def _write_golden() -> None:
    for name in NAMES:
        (GOLDEN / f"{name}.for-leg.sdp").write_bytes(for_leg(golden(name), LEG).encode())


if __name__ == "__main__":
    _write_golden()
