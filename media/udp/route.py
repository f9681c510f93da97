"""One leg as the loop sees it: what may pass, where to, and what has passed so far."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from media.demux import Kind, kind_of, ssrc_of
from media.ice import Address
from media.limits import Spacing
from media.rtc.dtls import Keys
from media.rtcp import asks_key_frame, loosened, thinned
from media.watch import Counts

if TYPE_CHECKING:
    from media.udp.batch import Outbox

ASK_EVERY_S = 0.5
"""Requests for a key frame of one stream pass at most this often; each costs the sender a burst."""

STREAMS_MAX = 32
"""Streams (SSRCs) of one leg; libsrtp keeps a state for each, so their number has an end."""

FLOWS_MAX = 256
"""Verdicts the fast loop remembers of one leg; a browser has about ten. Then it learns anew."""

REST, PICTURE, LAST_OF_FRAME = -1, 0, 1
"""What a packet is to the watch. Of a picture's packets the number is the frames they complete."""


Tap = Callable[[bytes], None]


class Route:
    """One leg as the loop sees it: keys, where to send, whom to pass packets to, counters."""

    __slots__ = (
        "asked",
        "blind",
        "bytes_left",
        "camera_ssrcs",
        "flows",
        "frames",
        "keys",
        "name",
        "others",
        "out",
        "packets_left",
        "payloads",
        "peer",
        "pictures",
        "place",
        "rx",
        "ssrcs",
        "streams",
        "tag",
        "tap",
        "target",
        "tx",
        "video_bytes",
        "video_packets",
        "video_pts",
    )

    def __init__(self) -> None:
        self.keys: Keys | None = None
        """Set while DTLS is connected."""
        self.target: Address | None = None
        """Where this leg's browser is."""
        self.blind = False
        """Its bytes go to the partner as they are: no keys, no DTLS end here."""
        self.payloads: frozenset[int] = frozenset()
        """Payload types that may pass; empty: any."""
        self.ssrcs: frozenset[int] = frozenset()
        """Streams that may pass; empty: any."""
        self.asked = Spacing(ASK_EVERY_S)
        """Key frames this leg has asked for, by stream."""
        self.peer: Route | None = None
        self.video_pts: frozenset[int] = frozenset()
        self.camera_ssrcs: frozenset[int] = frozenset()
        self.pictures: dict[int, None] = {}
        """Video streams seen, for asking key frames of them."""
        self.streams: set[int] = set()
        """All streams seen, by which a leg is known when it comes from an unknown address."""
        self.video_packets = 0
        self.video_bytes = 0
        self.frames = 0
        self.others = 0
        self.packets_left = 0
        self.bytes_left = 0
        self.tap: Tap | None = None
        """Hears every decrypted RTP packet while a key frame is looked for; see `listen`."""

        # What the fast loop keeps of a leg, so that a packet costs it no look-up of these.
        self.flows: dict[int, int] = {}
        """What packets with these first bytes and this stream are; only of authentic ones."""
        self.rx: Any = None
        """libsrtp's pointer inside `keys.rx`; only ever set while `keys` is."""
        self.tx: Any = None
        self.tag = 0
        """Bytes that protection adds to a packet of this leg."""
        self.out: Outbox | None = None
        """Where packets for this leg are put; None while it can get none."""
        self.place: Any = None
        """Memory that holds the target as the kernel wants it, for as long as the route lives."""
        self.name = 0
        """Where that memory is."""

    def listen(self, tap: Tap | None) -> None:
        """Hand decrypted RTP to this, too. Meanwhile the fast loop learns nothing of the leg, so that
        every packet of it takes the plain way; else it costs nothing."""
        self.tap = tap
        self.forget()

    def forget(self) -> None:
        """After other things were negotiated: what the fast loop learnt may not hold any more."""
        self.flows.clear()

    def learn(self, flow: int, second: int, ssrc: int) -> None:
        """Remember what such packets are, once the rules have let one pass."""
        if len(self.flows) >= FLOWS_MAX:
            self.flows.clear()
        if ssrc in self.streams and self.tap is None:
            self.flows[flow] = self.role(second, ssrc)

    def counts(self) -> Counts:
        return Counts(self.video_packets, self.video_bytes, self.frames, self.others)

    def refill(self, packets: int, octets: int, *, packets_max: int, bytes_max: int) -> None:
        """Grant more to send, up to a most."""
        self.packets_left = min(self.packets_left + packets, packets_max)
        self.bytes_left = min(self.bytes_left + octets, bytes_max)

    def spend(self, octets: int) -> bool:
        """Whether this leg may have one more datagram looked at; if so, it is counted."""
        if self.packets_left <= 0 or self.bytes_left <= 0:
            return False
        self.packets_left -= 1
        self.bytes_left -= octets
        return True

    def allows(self, payload: int, ssrc: int) -> bool:
        """Whether RTP of this kind was negotiated."""
        known = not self.payloads or payload in self.payloads
        return known and (not self.ssrcs or ssrc in self.ssrcs)

    def thinned(self, packet: bytes, now: float) -> bytes:
        """Decrypted RTCP without requests for key frames that come too soon, and without limits too low;
        empty: nothing left that may go on."""
        packet = loosened(packet)
        if asks_key_frame(packet):
            known = self.peer.streams | self.peer.ssrcs if self.peer else frozenset()
            packet = thinned(packet, lambda ssrc: self.asked.take(ssrc, now), known=known)
        return packet if self._leads(packet) else b""

    def _leads(self, packet: bytes) -> bool:
        """Whether what is left begins as RTCP of a stream of this leg. What followed a part that was cut
        out may begin with anything, and goes out in clear: as a check, say. And libsrtp would keep a
        stream for each name it is given."""
        return kind_of(packet) is Kind.RTCP and ssrc_of(packet, Kind.RTCP) in self.streams

    def knows(self, ssrc: int) -> bool:
        """Whether this stream is one of the leg's, or may become one."""
        return ssrc in self.streams or len(self.streams) < STREAMS_MAX

    def see(self, kind: Kind, datagram: bytes) -> None:
        """Count a packet that passes unread. Streams beyond a most are not told apart."""
        ssrc = ssrc_of(datagram, kind)
        if kind is Kind.RTP and self.knows(ssrc):
            self.take_in(kind, ssrc, datagram)
        else:
            self.others += 1

    def take_in(self, kind: Kind, ssrc: int, packet: bytes) -> None:
        """Count an authentic packet."""
        self.streams.add(ssrc)
        role = REST
        if kind is Kind.RTP:
            role = self.role(packet[1], ssrc)
            if packet[1] & 0x7F in self.video_pts:
                self.pictures[ssrc] = None
        if role == REST:
            self.others += 1
        else:
            self.video_packets += 1
            self.video_bytes += len(packet)
            self.frames += role

    def role(self, second: int, ssrc: int) -> int:
        """What RTP with this second byte is. Another picture than the camera's is of the rest."""
        if second & 0x7F not in self.video_pts:
            return REST
        if self.camera_ssrcs and ssrc not in self.camera_ssrcs:
            return REST
        return LAST_OF_FRAME if second > 127 else PICTURE
