"""What operators see of the post."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

mail = Counter("cw_mail", "Letters: sent, failed, refused (no room in the queue).", ["result"])
mail_waiting = Gauge("cw_mail_waiting", "Letters that wait to be sent.")
