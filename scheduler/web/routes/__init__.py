"""The whole interface below /api/v1: one table a topic, put together here."""

from __future__ import annotations

from scheduler.web.routes import account, bookings, dev, repeats

ROUTES = (*account.ROUTES, *bookings.ROUTES, *repeats.ROUTES, *dev.ROUTES)
