"""The SDP of a caller, and what is read of a server's."""

from __future__ import annotations

from aiortc.sdp import SessionDescription

from loadtest.bench.media.descriptions import End, Stream, description, mids_of, server_end

OWN = End(ufrag="call", pwd="p" * 22, fingerprint="sha-256 AB:CD", host="192.0.2.2", port=4000)
SERVERS = (
    "v=0\r\na=ice-lite\r\na=fingerprint:sha-256 01:02\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n"
    "a=mid:v0\r\na=ice-ufrag:abcd\r\na=ice-pwd:efgh\r\n"
    "a=candidate:1 1 udp 2015363327 2001:db8::1 5000 typ host\r\n"
    "a=candidate:2 2 udp 2015363326 192.0.2.9 5003 typ host\r\n"
    "a=candidate:2 1 udp 2015363327 192.0.2.9 5001 typ host\r\n"
    "a=candidate:3 1 UDP 2015363328 127.0.0.1 5002 typ host\r\n"
)


def test_a_description_is_one_that_others_understand() -> None:
    streams = [Stream(media="audio", ssrc=8, mid="0"), Stream(media="video", ssrc=7, mid="1")]
    parsed = SessionDescription.parse(description(OWN, streams))
    assert [section.kind for section in parsed.media] == ["audio", "video"]
    video = parsed.media[1]
    assert (video.ice.usernameFragment, video.dtls.role) == ("call", "client")
    assert [each.ssrc for each in video.ssrc] == [7]
    assert [(each.ip, each.port) for each in video.ice_candidates] == [("192.0.2.2", 4000)]


def test_a_server_is_where_its_first_usable_candidate_says() -> None:
    end = server_end(SERVERS)
    assert (end.host, end.port) == ("192.0.2.9", 5001)
    assert (end.ufrag, end.pwd, end.fingerprint) == ("abcd", "efgh", "sha-256 01:02")


def test_of_several_addresses_a_known_one_is_taken() -> None:
    assert server_end(SERVERS, "127.0.0.1").port == 5002
    assert server_end(SERVERS, "198.51.100.1").port == 5001


def test_an_answer_keeps_the_names_of_sections() -> None:
    assert mids_of(SERVERS) == ["v0"]
