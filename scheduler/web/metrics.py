"""What operators see of the REST face. Names and labels as in docs/operations.md; no label names anybody."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

RTT = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)

auth = Counter("cw_auth", "Sign-ins: link (sent), ok, refused, out, demo.", ["result"])
ratelimited = Counter("cw_ratelimited", "Calls refused by a rate limit.", ["route"])
links_limited = Counter(
    "cw_links_limited",
    "Slots not held or taken, because so many were through the same invite link.",
)
api_seconds = Histogram(
    "cw_api_seconds",
    "REST calls, by route and first digit of the status.",
    ["route", "status"],
    buckets=RTT,
)
