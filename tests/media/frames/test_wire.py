"""What worker and decoder say to each other comes back as it was."""

from __future__ import annotations

import pytest

from media.frames.wire import LENGTH, Answer, Ask, answer_of, ask_of, encode
from media.keyframe import KeyFrame


def body_of(message: bytes) -> bytes:
    (length,) = LENGTH.unpack_from(message)
    assert len(message) == LENGTH.size + length
    return message[LENGTH.size :]


def test_an_ask_and_its_answers() -> None:
    ask = Ask(3, 7, True, KeyFrame("vp8", [b"one", b"two"]))
    assert ask_of(body_of(encode(ask))) == ask
    for verdict in ("ok", "frozen", None):
        answer = Answer(3, verdict)  # type: ignore[arg-type]
        assert answer_of(body_of(encode(answer))) == answer


def test_a_word_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="Invalid enum value"):
        answer_of(body_of(encode(Answer(3, "asleep"))))  # type: ignore[arg-type]
