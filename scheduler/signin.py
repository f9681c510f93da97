"""Sign-in: how tokens and cookies are made, what of them is kept, and when they end. Pure.

A magic link carries a random token; the store keeps its hash alone, for a quarter of an hour, and
gives it up once. A browser then carries a random cookie; the store keeps its hash with the member
and two dates. Whoever reads the store can therefore neither sign in nor take over a session.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping

import msgspec

from scheduler.rules import DAY_MS, MINUTE_MS

TOKEN_BYTES = 32
"""Random bytes of a link's token and of a cookie: 256 bits, of which half would do."""

LINK_MS = 15 * MINUTE_MS
"""How long a link works."""

IDLE_MS = 14 * DAY_MS
"""A session unused for this long is over."""

ABSOLUTE_MS = 90 * DAY_MS
"""A session is over after this long, used or not."""

TOUCH_MS = 60 * MINUTE_MS
"""How stale the date of last use may grow before it is written again."""

NEXT_MAX = 200
"""Longest page address a link may lead on to."""

PARTS = ("cancel", "report")
"""Parts of a page that a link may lead on to: those that calendar entries name."""

LOCAL_PATH = re.compile(rf"/(?!/)[A-Za-z0-9/_.~%?&=:+,@-]*(?:#(?:{'|'.join(PARTS)}))?")
"""A path within this site; two slashes would name another host."""


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """What a sent link is worth: kept under the hash of its token."""

    mail: str
    made_ms: int
    hold: str = ""
    """Hash of the key to a slot that whoever asked for the link holds: it follows them to the browser that
    opens the mail."""


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One browser's sign-in: kept under the hash of its cookie."""

    member: str
    made_ms: int
    used_ms: int
    era: int
    """The member's sign-in era it was made in; signing out everywhere begins the next."""


def token_of(random: bytes) -> str:
    """Random bytes as text for a link or a cookie."""
    return base64.urlsafe_b64encode(random).rstrip(b"=").decode()


def hash_of(token: str) -> str:
    """What the store knows a token by. Unsalted, because 256 random bits cannot be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed_hash(secret: str, purpose: str, text: str) -> str:
    """A name for something guessable (a mail address, a network address) that only we can make."""
    return hmac.new(secret.encode(), f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()


def member_id(random: bytes) -> str:
    """A new member's id."""
    return f"m_{token_of(random)}"


def link_lives(link: Link, now_ms: int) -> bool:
    return now_ms - link.made_ms <= LINK_MS


def session_lives(session: Session, now_ms: int) -> bool:
    """Whether a session still signs its browser in."""
    idle, age = now_ms - session.used_ms, now_ms - session.made_ms
    return idle <= IDLE_MS and age <= ABSOLUTE_MS


def session_left_ms(session: Session, now_ms: int) -> int:
    """How long the store needs to keep a session if it is not used again."""
    return max(1, min(IDLE_MS, session.made_ms + ABSOLUTE_MS - now_ms))


def csrf_of(secret: str, session: str) -> str:
    """The token a page must send with every change; another site cannot know it."""
    return keyed_hash(secret, "csrf", session)[:43]


def same(one: str, other: str) -> bool:
    """Whether two secrets are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def local_path(text: str) -> str:
    """A page of this site to go to after signing in; empty for anything else."""
    return text if len(text) <= NEXT_MAX and LOCAL_PATH.fullmatch(text) else ""


def cookie_name(origin: str) -> str:
    """Over https the prefix makes the browser bind the cookie to this very host."""
    return "__Host-alongside" if origin.startswith("https:") else "alongside"


def cookie_in(cookies: Mapping[str, str], origin: str) -> str:
    """The sign-in cookie among a request's cookies, or empty."""
    return cookies.get(cookie_name(origin), "")
