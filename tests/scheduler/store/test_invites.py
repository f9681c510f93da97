"""Invites: ways past an availability setting and past nothing else, and slots held for newcomers."""

from __future__ import annotations

import pytest

from scheduler import errors
from scheduler.bookings import Gender, Lockable, State, Task
from scheduler.events import Invited
from scheduler.people import Invite, InviteKind
from scheduler.rules import DAY_MS, DEFAULT, MINUTE_MS
from tests.scheduler.store.town import Town


async def again(town: Town, member: str, to: str, at: int | None = None) -> Invite:
    """An invite for one member to one slot, as "book again" makes it."""
    return await town.invite(
        member, InviteKind.MEMBER, to=to, start_ms=at or town.noon, length_min=25
    )


async def times(town: Town, invite: Invite, viewer: str | None = None) -> list[int]:
    found = await town.invites.times(invite.id, viewer, 0, town.noon + 14 * DAY_MS)
    assert {time.member for time in found} <= {invite.by}
    return [time.start_ms for time in found]


# Making them


async def test_a_link_is_found_by_its_hash(town: Town) -> None:
    invite = await town.invite("ana", token_hash="abc")
    assert await town.invites.by_token("abc") == invite
    assert (invite.by, invite.kind, invite.uses, invite.to) == ("ana", "personal", 0, None)
    assert invite.expires_ms == invite.created_ms + DEFAULT.invite_ms
    assert await town.invites.mine("ana") == [invite]
    with pytest.raises(errors.NotFound):
        await town.invites.by_token("xyz")


async def test_a_new_personal_link_turns_the_one_before_off(town: Town) -> None:
    await town.invite("ana", token_hash="first")
    single = await town.invite("ana", InviteKind.SINGLE, token_hash="single")
    second = await town.invite("ana", token_hash="second")
    with pytest.raises(errors.NotFound):
        await town.invites.by_token("first")
    assert {each.id for each in await town.invites.mine("ana")} == {single.id, second.id}


async def test_a_link_turned_off_or_expired_is_as_unknown_as_any(town: Town) -> None:
    off = await town.invite("ana", token_hash="off")
    await town.invite("ben", token_hash="old")
    assert (await town.revoke("ana", off)).revoked
    with pytest.raises(errors.NotFound):
        await town.invites.by_token("off")
    await town.go_to(await town.ledger.now_ms() + DEFAULT.invite_ms)
    with pytest.raises(errors.NotFound):
        await town.invites.by_token("old")
    assert await town.invites.mine("ana") == await town.invites.mine("ben") == []


async def test_turning_off_twice_is_turning_off(town: Town) -> None:
    invite = await town.invite("ana")
    assert await town.revoke("ana", invite) == await town.revoke("ana", invite)


async def test_nobody_else_turns_it_off(town: Town) -> None:
    invite = await town.invite("ana")
    with pytest.raises(errors.NotFound):
        await town.revoke("ben", invite)


async def test_an_invite_for_a_member_is_told_to_them(town: Town) -> None:
    await town.book("ana")
    await town.news()
    invite = await again(town, "ana", "ben")
    [told] = await town.news()
    assert isinstance(told, Invited)
    assert (told.member, told.by, told.start_ms) == ("ben", "ana", town.noon)
    assert await town.invites.for_me("ben") == [invite]
    assert invite.expires_ms == town.noon


async def test_who_keeps_away_hears_of_no_invite(town: Town) -> None:
    await town.book("ana")
    await town.snooze("ben", "ana")
    await town.news()
    invite = await again(town, "ana", "ben")
    assert await town.news() == []
    assert await town.invites.for_me("ben") == []
    assert await town.invites.mine("ana") == [invite]


@pytest.mark.parametrize(
    ("error", "wrong"),
    [
        (errors.BadField, {"to": "ana"}),
        (errors.BadField, {"to": ""}),
        (errors.BadLength, {"length_min": 26}),
        (errors.InThePast, {"start_ms": 0}),
    ],
)
async def test_an_invite_for_a_member_names_them_and_a_slot(
    town: Town, error: type[errors.BadRequest], wrong: dict[str, object]
) -> None:
    right = {"to": "ben", "start_ms": town.noon, "length_min": 25}
    with pytest.raises(error):
        await town.invite("ana", InviteKind.MEMBER, **{**right, **wrong})


async def test_a_link_needs_a_token_of_its_own(town: Town) -> None:
    await town.invite("ana", token_hash="abc")
    for token in ("", "abc"):
        with pytest.raises(errors.BadField):
            await town.invite("ben", token_hash=token)


async def test_there_is_a_most_of_invites(town: Town) -> None:
    for _ in range(100):
        await town.invite("ana", InviteKind.SINGLE)
    with pytest.raises(errors.BadField):
        await town.invite("ana", InviteKind.SINGLE)


async def test_what_is_declined_is_gone(town: Town) -> None:
    await town.book("ana")
    invite = await again(town, "ana", "ben")
    await town.revoke("ben", invite)
    assert await town.invites.for_me("ben") == []
    with pytest.raises(errors.NotAvailable):
        await town.lock("ben", "ana", invite=invite.id)


@pytest.mark.parametrize("gone", ["cancelled", "locked", "past"])
async def test_invites_show_while_they_can_be_followed(town: Town, gone: str) -> None:
    booking = await town.book("ana")
    await again(town, "ana", "ben")
    if gone == "cancelled":
        await town.cancel("ana", booking)
    if gone == "locked":
        await town.favour("ana", "cem")
        await town.lock("cem", "ana")
    if gone == "past":
        await town.go_to(town.noon)
    assert await town.invites.for_me("ben") == []


# Following them


@pytest.mark.parametrize("kind", [InviteKind.PERSONAL, InviteKind.SINGLE])
async def test_a_link_goes_past_favourites_only_and_counts_its_uses(
    town: Town, kind: InviteKind
) -> None:
    await town.book("ana")
    await town.book("ana", town.noon + DAY_MS)
    invite = await town.invite("ana", kind)
    assert (await town.lock("eva", "ana", invite=invite.id)).locked
    assert [each.uses for each in await town.invites.mine("ana")] == [1]
    second = town.lock("fay", "ana", town.noon + DAY_MS, invite=invite.id)
    if kind is InviteKind.PERSONAL:
        assert (await second).locked
    else:
        with pytest.raises(errors.NotAvailable):
            await second


async def test_an_invite_for_a_member_is_for_nobody_else_and_no_other_slot(town: Town) -> None:
    await town.open_to(Lockable.NOBODY, "ana")
    await town.book("ana")
    await town.book("ana", town.noon + DAY_MS)
    invite = await again(town, "ana", "ben")
    with pytest.raises(errors.NotAvailable):
        await town.lock("cem", "ana", invite=invite.id)
    with pytest.raises(errors.NotAvailable):
        await town.lock("ben", "ana", town.noon + DAY_MS, invite=invite.id)
    assert (await town.lock("ben", "ana", invite=invite.id)).locked
    assert await town.invites.for_me("ben") == []


@pytest.mark.parametrize("always", [False, True])
async def test_to_nobody_leads_only_a_link_that_says_always(town: Town, always: bool) -> None:
    await town.open_to(Lockable.NOBODY, "ana")
    await town.book("ana")
    invite = await town.invite("ana", always=always)
    if always:
        assert await times(town, invite) == [town.noon]
        assert (await town.lock("eva", "ana", invite=invite.id)).locked
        return
    assert await times(town, invite) == []
    with pytest.raises(errors.NotAvailable):
        await town.lock("eva", "ana", invite=invite.id)


async def test_an_invite_of_one_leads_to_no_other(town: Town) -> None:
    await town.book("ben")
    invite = await town.invite("ana")
    with pytest.raises(errors.NotAvailable):
        await town.lock("eva", "ben", invite=invite.id)


async def test_a_refused_use_is_not_counted(town: Town) -> None:
    await town.book("ana", task=Task.DESK)
    invite = await town.invite("ana", InviteKind.SINGLE)
    with pytest.raises(errors.NotAvailable):
        await town.lock("eva", "ana", invite=invite.id, task=Task.MOVING)
    assert (await town.lock("eva", "ana", invite=invite.id)).locked


# What they offer


async def test_a_link_offers_open_bookings_to_who_has_no_account(town: Town) -> None:
    """Nothing is known of them yet; the preferences count once they have signed up."""
    await town.profile("ana", only_gender=Gender.WOMAN)
    await town.book("ana", quiet=True)
    invite = await town.invite("ana")
    assert await times(town, invite) == [town.noon]
    assert await times(town, invite, "eva") == []
    await town.profile("eva", gender=Gender.WOMAN)
    assert await times(town, invite, "eva") == [town.noon]


async def test_an_invite_for_a_slot_offers_that_slot(town: Town) -> None:
    await town.book("ana")
    await town.book("ana", town.noon + DAY_MS)
    assert await times(town, await again(town, "ana", "ben"), "ben") == [town.noon]


@pytest.mark.parametrize("viewer", ["ana", "blocked", "snoozed"])
async def test_to_its_owner_and_to_who_is_kept_away_a_link_is_off(town: Town, viewer: str) -> None:
    await town.book("ana")
    await town.block("ana", "blocked")
    await town.snooze("ana", "snoozed")
    with pytest.raises(errors.NotFound):
        await times(town, await town.invite("ana"), viewer)


async def test_times_of_a_link_that_is_off_are_not_found(town: Town) -> None:
    invite = await town.invite("ana")
    await town.revoke("ana", invite)
    with pytest.raises(errors.NotFound):
        await times(town, invite)


# Holding


async def hold(town: Town, invite: Invite, key: str, at: int | None = None) -> int:
    return await town.ledger.hold(invite.id, key, at or town.noon, 25)


async def test_a_held_slot_is_for_its_holder_alone(town: Town) -> None:
    await town.open_to(Lockable.EVERYONE, "ana")
    booking = await town.book("ana")
    invite = await town.invite("ana")
    await town.news()
    until_ms = await hold(town, invite, "key")
    assert until_ms >= await town.ledger.now_ms() + DEFAULT.hold_ms - MINUTE_MS
    assert (await town.ledger.booking(booking.id)).held_until_ms == until_ms
    assert await town.news() == []
    for holder_key in ("", "other"):
        with pytest.raises(errors.Taken):
            await town.lock("ben", "ana", holder_key=holder_key)
    assert await times(town, invite) == []
    assert (await town.lock("eva", "ana", invite=invite.id, holder_key="key")).locked
    assert (await town.ledger.booking(booking.id)).held_until_ms == 0


async def test_times_say_which_is_held_by_ones_own_key_and_not_once_it_was_used(town: Town) -> None:
    await town.open_to(Lockable.EVERYONE, "ana")
    await town.book("ana")
    await town.book("ana", town.noon + DAY_MS)
    invite = await town.invite("ana")
    await hold(town, invite, "key")

    async def held() -> list[tuple[int, bool]]:
        span = (town.noon, town.noon + 2 * DAY_MS)
        times = await town.invites.times(invite.id, "eva", *span, holder="key")
        return [(each.start_ms, each.held) for each in times]

    assert await held() == [(town.noon, True), (town.noon + DAY_MS, False)]
    mine = await town.lock("eva", "ana", invite=invite.id, holder_key="key")
    await town.cancel("eva", mine)
    assert await held() == [(town.noon, False), (town.noon + DAY_MS, False)]


async def test_a_hold_ends_by_itself(town: Town) -> None:
    await town.open_to(Lockable.EVERYONE, "ana")
    await town.book("ana")
    await hold(town, await town.invite("ana"), "key")
    await town.go_to(await town.ledger.now_ms() + DEFAULT.hold_ms)
    assert (await town.lock("ben", "ana")).locked


@pytest.mark.parametrize("anew", [False, True])
async def test_a_hold_ends_with_its_invite(town: Town, anew: bool) -> None:
    await town.open_to(Lockable.EVERYONE, "ana")
    await town.book("ana")
    invite = await town.invite("ana")
    await hold(town, invite, "key")
    await (town.invite("ana") if anew else town.revoke("ana", invite))
    assert (await town.lock("ben", "ana")).locked


async def test_an_invite_that_ends_leaves_the_holds_of_others(town: Town) -> None:
    await town.open_to(Lockable.EVERYONE, "ana")
    await town.book("ana")
    first = await town.invite("ana", InviteKind.SINGLE)
    second = await town.invite("ana", InviteKind.SINGLE)
    await hold(town, first, "key")
    await town.go_to(await town.ledger.now_ms() + DEFAULT.hold_ms)
    await hold(town, second, "other")
    await town.revoke("ana", first)
    with pytest.raises(errors.Taken):
        await town.lock("ben", "ana")


async def test_one_holds_a_booking_and_may_renew_it(town: Town) -> None:
    await town.book("ana")
    invite = await town.invite("ana")
    first = await hold(town, invite, "key")
    with pytest.raises(errors.Taken):
        await hold(town, invite, "other")
    await town.go_to(first - MINUTE_MS)
    assert await hold(town, invite, "key") > first


async def test_a_hold_keeps_nobody_from_meeting_by_chance(town: Town) -> None:
    booking = await town.book("ana")
    await hold(town, await town.invite("ana"), "key")
    assert (await town.book("ben")).partner == "ana"
    assert (await town.ledger.booking(booking.id)).held_until_ms > 0


@pytest.mark.parametrize("why", ["off", "no booking", "nobody", "paused"])
async def test_what_cannot_be_locked_in_cannot_be_held(town: Town, why: str) -> None:
    invite = await town.invite("ana")
    if why != "no booking":
        await town.book("ana")
    if why == "off":
        await town.revoke("ana", invite)
    if why == "nobody":
        await town.open_to(Lockable.NOBODY, "ana")
    if why == "paused":
        await town.suspend("ana")
    with pytest.raises(errors.NotAvailable):
        await hold(town, invite, "key")


async def test_what_is_locked_or_about_to_begin_cannot_be_held(town: Town) -> None:
    await town.locked_pair("ana", "ben")
    with pytest.raises(errors.Taken):
        await hold(town, await town.invite("ben"), "key")
    later = town.noon + DAY_MS
    await town.pair_of("cem", "dov", later)
    await town.go_to(later - DEFAULT.lock_until_ms + 1)
    with pytest.raises(errors.TooLate):
        await hold(town, await town.invite("cem"), "key", later)


async def test_a_hold_needs_a_key(town: Town) -> None:
    await town.book("ana")
    with pytest.raises(errors.BadField):
        await hold(town, await town.invite("ana"), "")


async def test_one_link_holds_a_few_slots_at_a_time(town: Town) -> None:
    invite = await town.invite("ana")
    for number in range(6):
        await town.book("ana", town.noon + number * DAY_MS)
    for number in range(5):
        await hold(town, invite, f"key-{number}", town.noon + number * DAY_MS)
    with pytest.raises(errors.Taken):
        await hold(town, invite, "key-5", town.noon + 5 * DAY_MS)
    await hold(town, invite, "key-0")


async def test_a_key_is_kept_hashed(town: Town) -> None:
    booking = await town.book("ana")
    await hold(town, await town.invite("ana"), "secret-key")
    assert await town.state_of(booking) == State.WAITING
    kept = await town.redis.get("{a}:hold:" + booking.id)
    assert kept is not None
    assert b"secret" not in kept
