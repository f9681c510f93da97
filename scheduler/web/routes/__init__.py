"""The whole interface below /api/v1: one table a topic, put together here."""

from __future__ import annotations

from scheduler.web.routes import account, bookings, dev, invites, messages, people, repeats, tools

ROUTES = (
    *account.ROUTES,
    *bookings.ROUTES,
    *people.ROUTES,
    *invites.ROUTES,
    *repeats.ROUTES,
    *messages.ROUTES,
    *tools.ROUTES,
    *dev.ROUTES,
)
