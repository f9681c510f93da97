"""Every error has a code of its own."""

from __future__ import annotations

from media.errors import BadSdp, MediaError


def everything(cls: type[MediaError]) -> list[type[MediaError]]:
    return [cls, *(found for child in cls.__subclasses__() for found in everything(child))]


def test_codes_are_unique() -> None:
    codes = [cls.code for cls in everything(MediaError)]
    assert len(codes) == len(set(codes))


def test_a_bad_sdp_says_why() -> None:
    assert str(BadSdp("codec", "evil")) == "codec: evil"
    assert str(BadSdp("syntax")) == "syntax"
