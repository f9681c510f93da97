"""The loop that carries media in batches: one system call in, one out, nothing made per packet.

`FastPort` does what `Port` does. What it adds is a short way for the packets a call consists of:
RTP of a stream that the rules have let pass before. Everything else goes through the plain port's
own code, so that each rule is written once: the first packet of a stream and RTCP one by one, in
their place among the others; STUN, DTLS and strangers after the batch has been sent, as the handler
may change what the loop goes by.
"""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Callable

from media.demux import DATAGRAM_MAX, RTP_HEADER, Kind, kind_of, ssrc_of
from media.ice import Address
from media.rtc.dtls import Keys, raw_session, srtp
from media.udp.batch import BATCH, Arena, Inbox, Outbox, ffi, place_of
from media.udp.names import V6_SIZE, address_of, key_of, name_of
from media.udp.port import Port
from media.udp.route import REST, Route

ROUNDS = 4
"""Batches read at one wake-up; then the event loop gets its turn."""

GATHER_S = 0.0003
"""A wake-up that comes so soon after the one before waits as long for company: it costs as much as three
packets, whatever it brings. Little enough for no one to hear or see."""

_VERSION_AND_TYPE = 0xFFC0 if sys.byteorder == "little" else 0xC0FF
"""Of a packet's first two bytes as one number: RTP's version, marker and payload type."""


class FastPort(Port):
    """The loop with two system calls a batch."""

    def __init__(
        self,
        opened: socket.socket,
        *others: socket.socket,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(opened, *others)
        self._pause = pause
        self._stepped = -1.0
        self.arena = Arena()
        self._inboxes = [Inbox(each, self.arena) for each in self.sockets]
        self._outboxes = {each: Outbox(each, self.arena) for each in self.sockets}
        self._by_name: dict[int | bytes, Route] = {}

    def close(self) -> None:
        self._by_name.clear()
        super().close()

    # What the loop goes by. Pointers into keys are set and cleared together with the keys.

    def attach(self, address: Address, route: Route) -> None:
        if self._routes.get(address) is not route:
            super().attach(address, route)
            self._by_name[key_of(name_of(address))] = route

    def detach(self, address: Address, route: Route) -> None:
        super().detach(address, route)
        key = key_of(name_of(address))
        if self._by_name.get(key) is route:
            del self._by_name[key]

    def aim(self, route: Route, target: Address | None) -> None:
        if target != route.target:
            super().aim(route, target)
            self._settle(route)

    def arm(self, route: Route, keys: Keys | None) -> None:
        route.rx = raw_session(keys.rx) if keys else None
        route.tx = raw_session(keys.tx) if keys else None
        route.tag = keys.tag if keys else 0
        route.flows.clear()
        super().arm(route, keys)
        self._settle(route)

    def _settle(self, route: Route) -> None:
        """Let packets be put out for a leg exactly while it can get any."""
        route.out = None
        if route.target is None or not (route.keys or route.blind):
            return
        if route.place is None:
            route.place = ffi.new("unsigned char[]", V6_SIZE)
            route.name = place_of(route.place)
        name = name_of(route.target)
        ffi.memmove(route.place, name, len(name))
        route.out = self._outboxes[self._socket_for(route.target)]

    # The loop.

    def step(self, at: int = 0) -> None:
        """Deal with what has arrived at one of the sockets, `ROUNDS` batches at most.

        Under load it waits a moment first. The loop around it may wait too: nothing else a worker
        does is as urgent, and a timer of the loop's would be five times as long.
        """
        if self.clock() - self._stepped < GATHER_S:
            self._pause(GATHER_S)
        self._read(self._inboxes[at])
        self._stepped = self.clock()

    def _read(self, inbox: Inbox) -> None:
        for _ in range(ROUNDS):
            try:
                count = inbox.receive()
            except OSError:
                self.totals.drop("receive")
                return
            if count:
                self._deal(inbox, count)
            if count < BATCH:
                return

    def _deal(self, inbox: Inbox, count: int) -> None:
        """Carry one batch over, then deal with what was not media of a leg."""
        arena, totals = self.arena, self.totals
        lengths = inbox.lengths[:count].tolist()
        totals.packets_in += count
        totals.bytes_in += sum(lengths)
        try:
            left = self._carry_all(inbox, count, lengths)
        except BaseException:
            for outbox in self._outboxes.values():
                outbox.clear()  # or the next batch would send what is no longer there
            raise
        arena.set_lengths(inbox.lengths[:count])
        for outbox in self._outboxes.values():
            if outbox.slots:
                self._flush(outbox)
        for slot in left:
            self._take(arena.datagram(slot, lengths[slot]), address_of(inbox.name(slot)))

    def _carry_all(self, inbox: Inbox, count: int, lengths: list[int]) -> list[int]:
        """Change every packet of a known stream where it lies and put it out for the partner.

        Gives back the buffers that hold something else. For the order of the rules see `Port`.
        """
        arena, drop, routes = self.arena, self.totals.drop, self._by_name
        protect, unprotect = srtp.srtp_protect, srtp.srtp_unprotect
        left: list[int] = []
        for slot, data, size, length, key, head, ssrc in zip(
            arena.slots,
            arena.data,
            inbox.sizes,
            lengths,
            inbox.keys(count),
            arena.heads(count),
            arena.ssrcs(count),
            strict=False,  # the first three are as long as a full batch
        ):
            route = routes.get(key)
            if route is None or not RTP_HEADER <= length <= DATAGRAM_MAX:
                left.append(slot)
                continue
            flow = (head & _VERSION_AND_TYPE) << 32 | ssrc
            role = route.flows.get(flow)
            if role is None:
                self._carry_one(inbox, slot, route, flow, left)
                continue

            if route.packets_left <= 0 or route.bytes_left <= 0:
                drop("rate")
                continue
            route.packets_left -= 1
            route.bytes_left -= length

            rx = route.rx
            if rx is not None and unprotect(rx, data, size):
                drop("srtp")
                continue
            if role == REST:
                route.others += 1
            else:
                route.video_packets += 1
                route.video_bytes += length - route.tag
                route.frames += role

            peer = route.peer
            if peer is None or peer.out is None:
                drop("peer")
                continue
            if rx is not None and protect(peer.tx, data, size):
                drop("srtp")
                continue
            out = peer.out
            out.slots.append(slot)
            out.names.append(peer.name)
        return left

    def _carry_one(self, inbox: Inbox, slot: int, route: Route, flow: int, left: list[int]) -> None:
        """A datagram of a leg that the loop knows nothing about yet, by the plain port's rules."""
        datagram = self.arena.datagram(slot, inbox.sizes[slot][0])
        kind = kind_of(datagram)
        if kind is not Kind.RTP and kind is not Kind.RTCP:
            left.append(slot)
            return
        carried = self._carry(route, kind, datagram)
        if carried is None or route.peer is None or route.peer.out is None:
            return
        if kind is Kind.RTP:
            route.learn(flow, datagram[1], ssrc_of(datagram, kind))
        self.arena.write(slot, carried)
        inbox.sizes[slot][0] = len(carried)
        route.peer.out.slots.append(slot)
        route.peer.out.names.append(route.peer.name)

    def _flush(self, outbox: Outbox) -> None:
        packets, octets, failed = outbox.flush()
        self.totals.packets_out += packets
        self.totals.bytes_out += octets
        for _ in range(failed):
            self.totals.drop("send")
