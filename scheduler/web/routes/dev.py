"""Doors of this machine alone, and of the demo."""

from __future__ import annotations

from scheduler.config import Config
from scheduler.web import dev
from scheduler.web.endpoint import Route
from scheduler.web.guard import Access
from scheduler.web.schemas.account import MeOut
from scheduler.web.schemas.dev import AdvanceIn, ClockOut, DemoIn, MailsOut


def _demo(config: Config) -> bool:
    return config.demo


def _loopback(config: Config) -> bool:
    return config.loopback


ROUTES = (
    Route(
        method="GET", path="/dev/mail", handle=dev.mails, access=Access.PUBLIC,
        answer=MailsOut, exists=_loopback,
        about="The last hundred mails. Only where nobody but this machine reaches the instance.",
    ),
    Route(
        method="POST", path="/dev/sign-in", handle=dev.sign_in, access=Access.PUBLIC,
        body=DemoIn, answer=MeOut, exists=_demo, about="Be somebody of the demo.",
    ),
    Route(
        method="POST", path="/dev/clock", handle=dev.advance, access=Access.SIGNED_IN,
        body=AdvanceIn, answer=ClockOut, exists=_demo,
        about="Travel forward in time. Demo only.",
    ),
)  # fmt: skip
