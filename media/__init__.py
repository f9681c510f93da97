"""The SFU: carries sound and picture between the two people of a pair who cannot meet directly.

A worker is one process, one thread, one UDP port. It does not take part in the call: descriptions
go from page to page with only the addresses exchanged (`sdp`), and packets go from leg to leg with
only the encryption exchanged, so loss repair, key-frame requests and bandwidth estimation stay
between the two browsers. Nothing is ever decoded.

    hub ──control──► web/control ──► rtc/sfu ◄──handler── udp/port ◄── datagrams ──► browsers
                                       │                     │
                              rtc/leg, rtc/dtls         short way: decrypt, encrypt, send

Pure, at this root: `control` and `codec` (the link's messages and frames), `sdp`, `demux` (what a
datagram is), `ice` (whose credentials, whose address), `limits`, `pair` (generations, orphans),
`watch` (camera, liveness), `rtcp`, `config`, `errors`. They are given the time and never wait.
Outside worlds: `udp` (socket, loop, STUN bytes, metrics), `rtc` (DTLS, SRTP keys, legs, relay),
`web` (control link, `Worker`).

Three rules carry the rest. A stranger gets no answer: STUN only for known credentials of proven
integrity, everything else only from addresses that passed such a check. A new connection on either
side is a new generation of the pair, with both legs new. The keys of a leg are used by exactly one
SRTP session. `docs/media.md` says more.
"""
