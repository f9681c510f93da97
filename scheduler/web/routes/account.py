"""The instance, signing in, and the own account."""

from __future__ import annotations

from scheduler.accounts import MATCHING, Changes
from scheduler.web import flags, instance, me, signin
from scheduler.web.endpoint import Route
from scheduler.web.guard import Access
from scheduler.web.schemas import Nothing
from scheduler.web.schemas.account import InstanceOut, LinkIn, MeOut, TokenIn
from scheduler.web.schemas.flags import FlagsOut

ROUTES = (
    Route(
        method="GET", path="/instance", handle=instance.show, access=Access.PUBLIC,
        answer=InstanceOut, about="Name, rules and time of this instance.",
    ),
    Route(
        method="POST", path="/auth/link", handle=signin.send_link, access=Access.PUBLIC,
        body=LinkIn, answer=Nothing, status=202, limits=(signin.LINKS_FROM,),
        about="Send a sign-in link. The answer is the same whether or not the address is known.",
    ),
    Route(
        method="POST", path="/auth/session", handle=signin.sign_in, access=Access.PUBLIC,
        body=TokenIn, answer=MeOut, limits=(signin.TOKENS_FROM,),
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
        method="GET", scope="read", path="/me", handle=me.show, access=Access.SIGNED_IN,
        answer=MeOut, about="The own account.",
    ),
    Route(
        method="PATCH", scope="book", token_fields=MATCHING, path="/me", handle=me.change,
        access=Access.SIGNED_IN, body=Changes, answer=MeOut,
        about="Change the own account; what is absent stays.",
    ),
    Route(
        method="GET", scope="read", path="/flags", handle=flags.listed, answer=FlagsOut,
        about="Own flags with their evidence, the newest first.",
    ),
)  # fmt: skip
