"""Messages."""

from __future__ import annotations

from scheduler.web import messages
from scheduler.web.endpoint import Route
from scheduler.web.routes.patterns import MEMBER
from scheduler.web.schemas.messages import Empty, LineIn, LineView, ThreadsOut, ThreadView

ROUTES = (
    Route(
        method="GET", scope="messages", path="/threads", handle=messages.threads,
        answer=ThreadsOut, about="Own threads with their last message, the newest first.",
    ),
    Route(
        method="GET", scope="messages", path=f"/threads/{MEMBER}", handle=messages.thread,
        answer=ThreadView, about="The messages with one member.",
    ),
    Route(
        method="POST", scope="messages", path=f"/threads/{MEMBER}", handle=messages.write,
        body=LineIn, answer=LineView, about="Write to a member.",
    ),
    Route(
        method="POST", scope="messages", path=f"/threads/{MEMBER}/read", handle=messages.read,
        body=Empty, status=204, about="Say that all messages of one member were seen.",
    ),
)  # fmt: skip
