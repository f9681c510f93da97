"""Numbers in a description, from a page that may have been changed; all else in `test_sdp`."""

from __future__ import annotations

import pytest

from media.description import SSRC_MAX
from media.errors import BadSdp
from media.sdp import remote_of
from tests.media.test_sdp import OFFER

STREAM = next(line.split(" ")[0] for line in OFFER.split("\r\n") if line.startswith("a=ssrc:"))


@pytest.mark.parametrize(
    "number", ["9" * 5000, str(SSRC_MAX + 1), "99999999999", "-1", "1.0", "", "\u0663"]
)
def test_a_stream_that_can_have_no_such_number(number: str) -> None:
    with pytest.raises(BadSdp, match="ssrc"):
        remote_of(OFFER.replace(STREAM, f"a=ssrc:{number}", 1))


def test_the_largest_number_of_a_stream() -> None:
    assert SSRC_MAX in remote_of(OFFER.replace(STREAM, f"a=ssrc:{SSRC_MAX}")).ssrcs


@pytest.mark.parametrize("number", ["9" * 5000, "128", "-1", "\u0663"])
def test_a_payload_type_that_is_none(number: str) -> None:
    heading = next(line for line in OFFER.split("\r\n") if line.startswith("m=audio"))
    with pytest.raises(BadSdp, match="media"):
        remote_of(OFFER.replace(heading, f"{heading} {number}"))


@pytest.mark.parametrize("pwd", ["", "a" * 21, "a" * 257, "not of ice, at all at all"])
def test_a_password_by_which_nobody_could_be_checked(pwd: str) -> None:
    own = f"a=ice-pwd:{remote_of(OFFER).pwd}"
    assert own in OFFER
    with pytest.raises(BadSdp, match="pwd"):
        remote_of(OFFER.replace(own, f"a=ice-pwd:{pwd}" if pwd else "a=nothing"))
