"""The doors of this machine, and the demo's."""

from __future__ import annotations

from typing import Any

from scheduler.mail.letters import sign_in_letter, sign_in_link
from scheduler.mail.mailbox import Kept
from scheduler.rules import MINUTE_MS
from scheduler.web import views
from scheduler.web.schemas import instant
from scheduler.web.schemas.dev import AdvanceIn, ClockOut, DemoIn, MailsOut
from tests.scheduler.web.examples.world import ANA, CONFIG, ME, NOW

LETTER = sign_in_letter(
    id="signin-5f0c",
    to=ANA.mail,
    name=CONFIG.name,
    link=sign_in_link(CONFIG.origin, "q0PZr1s", "/room/b41"),
)

EXAMPLES: dict[str, tuple[Any, Any]] = {
    "GET /dev/mail": (None, MailsOut(mails=[views.mail(Kept(letter=LETTER, at_ms=NOW))])),
    "POST /dev/sign-in": (DemoIn(who="Ana"), ME),
    "POST /dev/clock": (AdvanceIn(advance_s=60), ClockOut(server_time=instant(NOW + MINUTE_MS))),
}
