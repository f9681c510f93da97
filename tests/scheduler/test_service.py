"""All use cases in one hand share the stores they were handed."""

from __future__ import annotations

from scheduler.bookings import Wish
from tests.scheduler.desk import Desk


async def test_what_one_topic_does_the_others_know(desk: Desk) -> None:
    service = desk.parts.service
    ana = await desk.member("Ana")
    start = await desk.slot()
    wish = Wish(start_ms=start, length_min=25)
    [booking] = await service.bookings.book_all("request-1", ana.me["id"], [wish])
    assert (await ana.get("/bookings/" + booking.id))["id"] == booking.id  # type: ignore[union-attr]
    assert set(await service.members.named([ana.me["id"], "m_nobody"])) == {ana.me["id"]}
