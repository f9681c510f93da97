"""What our letters say. Plain words, as text and as HTML; nothing a stranger wrote is in a header."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from html import escape
from urllib.parse import quote

import msgspec

from scheduler.calendars import Place
from scheduler.notices import Words, day_and_time
from scheduler.people import Held
from scheduler.rules import MINUTE_MS
from scheduler.signin import LINK_MS

SETTINGS = "/you/settings/notifications"
"""Where a member says which mails they want."""


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """One mail, before anybody carries it."""

    id: str
    """Without the host; the same letter always has the same, so that a repeat is recognised."""
    to: str
    subject: str
    text: str
    html: str
    calendar: str = ""
    """An iCalendar part, for the reader's own calendar."""
    method: str = ""
    """What that part asks for, as in itself."""
    settings: str = ""
    """Where such letters are turned off."""


SUBJECT = "Sign in to {name}"

TEXT = """\
Open this link to sign in to {name}:

{link}

{taking}It works once, for {minutes} minutes. If you did not ask for it, leave this mail alone:
nobody gets in without the link.
"""

HTML = """\
<!doctype html>
<html lang="en">
<body style="font: 16px/1.5 system-ui, sans-serif; color: #1c2430; margin: 24px">
<p>Open this link to sign in to {name}:</p>
<p><a href="{link}" style="display: inline-block; padding: 12px 20px; border-radius: 8px;
 background: #23406b; color: #ffffff; text-decoration: none">Sign in</a></p>
{taking}<p>It works once, for {minutes} minutes. If you did not ask for it, leave this mail alone:
nobody gets in without the link.</p>
</body>
</html>
"""


TAKING = (
    "A time on an invite's page is held for you: {when}. "
    "Unless you chose it in this browser yourself, the page asks before it is taken."
)
"""The time alone: what the one who invites calls themselves is not for us to mail to an address that anybody may name."""


def sign_in_link(origin: str, token: str, next_path: str) -> str:
    """The token stands after `#`, so that it reaches no server's log and no `Referer`."""
    onward = f"&next={quote(next_path, safe='')}" if next_path else ""
    return f"{origin}/signin#token={token}{onward}"


def sign_in_letter(*, id: str, to: str, name: str, link: str, held: Held | None = None) -> Letter:
    """The letter that holds a sign-in link; the same whether or not the address is known here. With `held`
    the link takes a chosen time along, and says which."""
    minutes = LINK_MS // MINUTE_MS
    taking = TAKING.format(when=day_and_time(held.start_ms, held.length_min, "UTC")) if held else ""
    return Letter(
        id=id,
        to=to,
        subject=SUBJECT.format(name=name),
        text=TEXT.format(
            name=name, link=link, minutes=minutes, taking=f"{taking}\n\n" if taking else ""
        ),
        html=HTML.format(
            name=escape(name),
            link=escape(link),
            minutes=minutes,
            taking=f"<p>{escape(taking)}</p>\n" if taking else "",
        ),
    )


NOTICE = """\
{lines}

{action}: {link}

--
{name}. You decide which mails you get: {settings}
"""

NOTICE_HTML = """\
<!doctype html>
<html lang="en">
<body style="font: 16px/1.5 system-ui, sans-serif; color: #1c2430; margin: 24px">
{lines}
<p><a href="{link}" style="display: inline-block; padding: 12px 20px; border-radius: 8px;
 background: #23406b; color: #ffffff; text-decoration: none">{action}</a></p>
<p style="font-size: 14px; color: #5b6675">{name}.
<a href="{settings}" style="color: #5b6675">You decide which mails you get.</a></p>
</body>
</html>
"""


def notice_letter(*, id: str, to: str, words: Words, place: Place) -> Letter:
    """The letter that carries a notice."""
    link, settings = f"{place.origin}{words.path}", f"{place.origin}{SETTINGS}"
    return Letter(
        id=id,
        to=to,
        subject=words.subject,
        text=NOTICE.format(
            lines="\n\n".join(words.lines),
            action=words.action,
            link=link,
            name=place.name,
            settings=settings,
        ),
        html=NOTICE_HTML.format(
            lines="\n".join(f"<p>{escape(line)}</p>" for line in words.lines),
            action=escape(words.action),
            link=escape(link),
            name=escape(place.name),
            settings=escape(settings),
        ),
        settings=settings,
    )


def as_message(letter: Letter, *, sender: str, host: str) -> EmailMessage:
    """The letter as a MIME message; `ValueError` if anything would break out of a header."""
    message = EmailMessage()
    message["From"] = Address(addr_spec=sender)
    message["To"] = Address(addr_spec=letter.to)
    message["Subject"] = letter.subject
    message["Message-ID"] = f"<{letter.id}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    if letter.settings:
        message["List-Unsubscribe"] = f"<{letter.settings}>"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    if letter.calendar:
        message.add_alternative(
            letter.calendar, subtype="calendar", params={"method": letter.method}
        )
    return message
