"""Every input of the hub has somebody who handles it."""

from __future__ import annotations

from typing import get_args

from signalling.events import AnyInput
from signalling.hub import HANDLE


def test_every_input_is_handled() -> None:
    assert set(HANDLE) == set(get_args(AnyInput))
