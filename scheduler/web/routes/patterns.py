"""What a path's parameters look like: a path with another one is not there at all."""

from __future__ import annotations

BOOKING = "{booking:b[0-9]{1,15}}"
INVITE = "{invite:i[0-9]{1,15}}"
LINK = "{token:[A-Za-z0-9_-]{20,80}}"
MEMBER = "{member:m_[A-Za-z0-9_-]{1,40}}"
TOKEN = "{token:t_[0-9a-f]{18}}"
WEBHOOK = "{webhook:w_[0-9a-f]{18}}"
REPEAT = "{repeat:r_[0-9a-f]{20}}"
SLOT = "{start:[0-9TtZz:.+-]{16,40}}/{length:[0-9]{1,4}}"
