"""Members: the own account, and others as far as they may be known."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from scheduler import accounts as rules_of
from scheduler.accounts import Account, Changes, Member
from scheduler.bookings import Wish
from scheduler.config import Config
from scheduler.ports import Accounts, Ledger


class Members:
    """Accounts, and what others see of them."""

    def __init__(self, *, ledger: Ledger, accounts: Accounts, config: Config) -> None:
        self._ledger = ledger
        self._accounts = accounts
        self._config = config

    async def account(self, member: str) -> Account:
        return await self._accounts.account(member)

    async def change(self, member: str, changes: Changes) -> Account:
        """Change the own account; matching follows."""
        edit = functools.partial(rules_of.change, changes=changes, rules=self._config.rules)
        changed = await self._accounts.change(member, edit)
        # Told even if nothing of it changed, so that trying again mends a call that was cut off.
        await self._ledger.set_profile(
            f"v{changed.version}", member, changed.profile, version=changed.version
        )
        return changed

    async def remember(self, account: Account, wish: Wish) -> None:
        """Propose this wish next time."""
        if rules_of.remembering(account, wish) != account:
            edit = functools.partial(rules_of.remembering, wish=wish)
            await self._accounts.change(account.id, edit)

    async def named(self, members: Iterable[str]) -> dict[str, Member]:
        """These members as others may know them; who is unknown is absent."""
        found = await self._accounts.accounts(members)
        kept = await self._ledger.kept_of(list(found))
        return {
            id: Member(
                id=id,
                name=account.name,
                zone=account.zone,
                sessions=kept.get(id, 0),
                hide_address=account.hide_address,
                private_calls=account.private_calls,
            )
            for id, account in found.items()
        }

    async def kept(self, member: str) -> int:
        """Sessions this member kept so far."""
        return (await self._ledger.kept_of([member])).get(member, 0)
