"""The SFU: carries sound and picture between the two people of a pair who cannot meet directly.

A worker is one process, one thread, one UDP port. It does not take part in the call: descriptions
go from page to page with only the addresses exchanged (`sdp`), and packets go from leg to leg with
only the encryption exchanged, so loss repair, key-frame requests and bandwidth estimation stay
between the two browsers. A worker decodes nothing; where the operator has asked for it, a process
of its own (`frames`) looks at single key frames.

    hub ──control──► web/control ──► rtc/sfu ◄──handler── udp/port ◄── datagrams ──► browsers
                                       │                     │
                              rtc/leg, rtc/dtls         short way: decrypt, encrypt, send

Pure, at this root: `control` and `codec` (the link's messages and frames), `sdp`, `description` and
`lines` (what pages write), `demux` (what a datagram is), `ice` and `reach` (whose credentials, whose
address), `limits`, `stress`, `pair` (generations, orphans), `watch` (camera, liveness), `picture`,
`keyframe` and `samples` (what a picture shows), `rtcp`, `config`, `errors`. They are given the time
and never wait. Outside worlds: `udp` (sockets, loops, STUN bytes, metrics), `rtc` (DTLS, SRTP keys,
legs, relay), `web` (control link, `Worker`), `frames` (the process that looks at pictures).

Three rules carry the rest. A stranger gets no answer: STUN only for known credentials of proven
integrity, everything else only from addresses that passed such a check, and media only to addresses
that answered. A new connection on either
side is a new generation of the pair, with both legs new. The keys of a leg are used by exactly one
SRTP session. `docs/media.md` says more.
"""
