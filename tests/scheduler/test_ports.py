"""What the use cases ask for is what the stores have, argument by argument."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from scheduler import ports
from scheduler.store.accounts import AccountStore
from scheduler.store.clock import StoreClock
from scheduler.store.holds import HoldStore
from scheduler.store.invites import InviteStore
from scheduler.store.ledger import Ledger
from scheduler.store.people import PeopleStore
from scheduler.web.app import SignInPost

PAIRS: list[tuple[Any, Any]] = [
    (ports.Ledger, Ledger),
    (ports.People, PeopleStore),
    (ports.Invites, InviteStore),
    (ports.Holds, HoldStore),
    (ports.Accounts, AccountStore),
    (ports.Clock, StoreClock),
    (ports.SignInMail, SignInPost),
]
ASKED = [
    (port, store, name)
    for port, store in PAIRS
    for name in vars(port)
    if inspect.isfunction(vars(port)[name]) and not name.startswith("_")
]


@pytest.mark.parametrize(("port", "store", "name"), ASKED, ids=lambda each: str(each))
def test_the_store_has_it(port: Any, store: Any, name: str) -> None:
    wanted, there = getattr(port, name), getattr(store, name)
    assert list(inspect.signature(wanted).parameters) == list(inspect.signature(there).parameters)
    assert inspect.iscoroutinefunction(wanted) == inspect.iscoroutinefunction(there)
