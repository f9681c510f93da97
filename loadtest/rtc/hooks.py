"""The private names of aiortc and aioice this package leans on, and nowhere else.

Both hooks are set on single objects, never on a library: an SFU in the same process must not notice.
They are checked at import, so that another version of a library fails here and says why.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aioice import Connection
from aiortc import RTCIceGatherer, RTCPeerConnection, RTCRtpReceiver

LOOPBACK = "127.0.0.1"


def _check() -> None:
    wanted = (
        (Connection, "get_component_candidates"),
        (RTCRtpReceiver, "_handle_disconnect"),
        (RTCRtpReceiver, "receive"),
    )
    missing = [f"{owner.__name__}.{name}" for owner, name in wanted if not hasattr(owner, name)]
    if not hasattr(RTCIceGatherer(iceServers=[]), "_connection"):
        missing.append("RTCIceGatherer._connection")
    if missing:
        raise ImportError(f"this version of aiortc or aioice lacks {', '.join(missing)}")


_check()


def offer_loopback(pc: RTCPeerConnection) -> None:
    """Make this connection offer 127.0.0.1 as well, which aioice leaves out.

    A demo lives on one computer, which may have no other address at all.
    """
    for transport in {r.transport for r in pc.getReceivers()}:
        connection: Any = transport.transport.iceGatherer._connection
        connection.get_component_candidates = _with_loopback(connection.get_component_candidates)


def do_not_decode(receiver: RTCRtpReceiver) -> None:
    """Receive and report, but never decode: robots do not look.

    Decoding a person's camera would cost a robot more than all the rest it does. Asking twice is fine.
    """
    if "receive" in vars(receiver):
        return
    begin = receiver.receive

    async def receive_only(parameters: Any) -> None:
        await begin(parameters)
        receiver._handle_disconnect()

    receiver.receive = receive_only  # type: ignore[method-assign]


def _with_loopback(gather: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def wider(component: int, addresses: list[str], **rest: Any) -> Any:
        also = [] if LOOPBACK in addresses else [LOOPBACK]
        return await gather(component=component, addresses=addresses + also, **rest)

    return wider
