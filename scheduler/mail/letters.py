"""What our letters say. Plain words, as text and as HTML; nothing a stranger wrote is in a header."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from html import escape
from urllib.parse import quote

import msgspec

from scheduler.rules import MINUTE_MS
from scheduler.signin import LINK_MS


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """One mail, before anybody carries it."""

    id: str
    """Without the host; the same letter always has the same, so that a repeat is recognised."""
    to: str
    subject: str
    text: str
    html: str


SUBJECT = "Sign in to {name}"

TEXT = """\
Open this link to sign in to {name}:

{link}

It works once, for {minutes} minutes. If you did not ask for it, leave this mail alone:
nobody gets in without the link.
"""

HTML = """\
<!doctype html>
<html lang="en">
<body style="font: 16px/1.5 system-ui, sans-serif; color: #1c2430; margin: 24px">
<p>Open this link to sign in to {name}:</p>
<p><a href="{link}" style="display: inline-block; padding: 12px 20px; border-radius: 8px;
 background: #23406b; color: #ffffff; text-decoration: none">Sign in</a></p>
<p>It works once, for {minutes} minutes. If you did not ask for it, leave this mail alone:
nobody gets in without the link.</p>
</body>
</html>
"""


def sign_in_link(origin: str, token: str, next_path: str) -> str:
    """The token stands after `#`, so that it reaches no server's log and no `Referer`."""
    onward = f"&next={quote(next_path, safe='')}" if next_path else ""
    return f"{origin}/signin#token={token}{onward}"


def sign_in_letter(*, id: str, to: str, name: str, link: str) -> Letter:
    """The letter that holds a sign-in link; the same whether or not the address is known here."""
    minutes = LINK_MS // MINUTE_MS
    return Letter(
        id=id,
        to=to,
        subject=SUBJECT.format(name=name),
        text=TEXT.format(name=name, link=link, minutes=minutes),
        html=HTML.format(name=escape(name), link=escape(link), minutes=minutes),
    )


def as_message(letter: Letter, *, sender: str, host: str) -> EmailMessage:
    """The letter as a MIME message; `ValueError` if anything would break out of a header."""
    message = EmailMessage()
    message["From"] = Address(addr_spec=sender)
    message["To"] = Address(addr_spec=letter.to)
    message["Subject"] = letter.subject
    message["Message-ID"] = f"<{letter.id}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message
