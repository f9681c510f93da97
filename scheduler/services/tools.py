"""The use cases beside booking and meeting, in one hand: repeats, messages, feeds, tokens, webhooks."""

from __future__ import annotations

import msgspec

from scheduler.services.repeats import Repeats


class Tools(msgspec.Struct, frozen=True, kw_only=True):
    """What a process that serves members can do besides."""

    repeats: Repeats
