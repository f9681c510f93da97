"""The request for a key frame, read by another library."""

from __future__ import annotations

from aiortc.rtp import RtcpPacket, RtcpPsfbPacket

from media.rtcp import key_frame_request


def test_is_a_picture_loss_indication_about_the_stream() -> None:
    [packet] = RtcpPacket.parse(key_frame_request(0xCAFE))
    assert isinstance(packet, RtcpPsfbPacket)
    assert (packet.fmt, packet.media_ssrc) == (1, 0xCAFE)
