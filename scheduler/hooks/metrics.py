"""What operators see of webhooks."""

from __future__ import annotations

from prometheus_client import Counter

calls = Counter(
    "cw_webhook_calls", "Calls of webhooks: ok, refused (their answer), unreachable.", ["result"]
)
