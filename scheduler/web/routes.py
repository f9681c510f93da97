"""The whole interface in one table, below /api/v1."""

from __future__ import annotations

from scheduler.accounts import Changes
from scheduler.checkins import Checkin
from scheduler.config import Config
from scheduler.web import bookings, dev, flags, instance, me, schemas, signin
from scheduler.web.endpoint import Route
from scheduler.web.guard import Access

BOOKING = "{booking:b[0-9]{1,15}}"


def _demo(config: Config) -> bool:
    return config.demo


def _loopback(config: Config) -> bool:
    return config.loopback


ROUTES = (
    Route(
        method="GET", path="/instance", handle=instance.show, access=Access.PUBLIC,
        answer=schemas.InstanceOut, about="Name, rules and time of this instance.",
    ),
    Route(
        method="POST", path="/auth/link", handle=signin.send_link, access=Access.PUBLIC,
        body=schemas.LinkIn, answer=schemas.Nothing, status=202, limits=(signin.LINKS_FROM,),
        about="Send a sign-in link. The answer is the same whether or not the address is known.",
    ),
    Route(
        method="POST", path="/auth/session", handle=signin.sign_in, access=Access.PUBLIC,
        body=schemas.TokenIn, answer=schemas.MeOut, limits=(signin.TOKENS_FROM,),
        about="Sign in with a link's token, which works once. Sets the cookie.",
    ),
    Route(
        method="DELETE", path="/auth/session", handle=signin.sign_out, access=Access.SIGNED_IN,
        status=204, about="Sign out here.",
    ),
    Route(
        method="DELETE", path="/auth/sessions", handle=signin.sign_out_everywhere,
        access=Access.SIGNED_IN, status=204, about="Sign out everywhere.",
    ),
    Route(
        method="GET", path="/me", handle=me.show, access=Access.SIGNED_IN,
        answer=schemas.MeOut, about="The own account.",
    ),
    Route(
        method="PATCH", path="/me", handle=me.change, access=Access.SIGNED_IN,
        body=Changes, answer=schemas.MeOut, about="Change the own account; what is absent stays.",
    ),
    Route(
        method="GET", path="/bookings", handle=bookings.listed, query=schemas.Span,
        answer=schemas.BookingsOut, about="Own bookings that start in a span, by start.",
    ),
    Route(
        method="POST", path="/bookings", handle=bookings.book, body=schemas.BookIn,
        answer=schemas.ResultsOut, about="Book slots, each by itself.",
    ),
    Route(
        method="POST", path="/bookings/soon", handle=bookings.book_soon, body=schemas.SoonIn,
        answer=schemas.BookingOut, about="Book the soonest start, beside somebody who waits if there is one.",
    ),
    Route(
        method="GET", path=f"/bookings/{BOOKING}", handle=bookings.show,
        answer=schemas.BookingView, about="One own booking.",
    ),
    Route(
        method="DELETE", path=f"/bookings/{BOOKING}", handle=bookings.cancel,
        query=schemas.RequestQuery, answer=schemas.BookingOut, about="Cancel an own booking.",
    ),
    Route(
        method="GET", path=f"/bookings/{BOOKING}/checkin", handle=bookings.checkin,
        answer=Checkin, about="How an own session went; empty if nothing was said.",
    ),
    Route(
        method="PUT", path=f"/bookings/{BOOKING}/checkin", handle=bookings.check_in,
        body=Checkin, status=204, about="Say how an own session went. Nobody else reads it.",
    ),
    Route(
        method="GET", path="/slots", handle=bookings.slots, query=schemas.SlotSpan,
        answer=schemas.SlotsOut, about="Starts at which somebody waits whom you may meet.",
    ),
    Route(
        method="GET", path="/flags", handle=flags.listed, answer=schemas.FlagsOut,
        about="Own flags with their evidence, the newest first.",
    ),
    Route(
        method="GET", path="/dev/mail", handle=dev.mails, access=Access.PUBLIC,
        answer=schemas.MailsOut, exists=_loopback,
        about="The last hundred mails. Only where nobody but this machine reaches the instance.",
    ),
    Route(
        method="POST", path="/dev/sign-in", handle=dev.sign_in, access=Access.PUBLIC,
        body=schemas.DemoIn, answer=schemas.MeOut, exists=_demo, about="Be somebody of the demo.",
    ),
    Route(
        method="POST", path="/dev/clock", handle=dev.advance, access=Access.SIGNED_IN,
        body=schemas.AdvanceIn, answer=schemas.ClockOut, exists=_demo,
        about="Travel forward in time. Demo only.",
    ),
)  # fmt: skip
