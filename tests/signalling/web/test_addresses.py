"""Where a request counts as coming from."""

from __future__ import annotations

import pytest
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from signalling.web.addresses import Quota, origin_of

PROXIES = {"10.0.0.1", "10.0.0.2"}


@pytest.mark.parametrize(
    ("remote", "forwarded", "place"),
    [
        ("203.0.113.5", "", "203.0.113.5"),
        ("203.0.113.5", "198.51.100.9", "203.0.113.5"),
        ("10.0.0.1", "198.51.100.9", "198.51.100.9"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.9", "198.51.100.9"),
        ("10.0.0.1", "198.51.100.9, 10.0.0.2", "198.51.100.9"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.5", "", "203.0.113.5"),
        ("10.0.0.1", "not an address", "10.0.0.1"),
    ],
)
def test_the_nearest_address_that_is_no_proxy_of_ours(
    remote: str, forwarded: str, place: str
) -> None:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = make_mocked_request("GET", "/ws", headers=headers)
    request = request.clone(remote=remote)
    assert origin_of(request, PROXIES) == place


def test_every_line_of_the_header_counts() -> None:
    lines = CIMultiDict([("X-Forwarded-For", "1.1.1.1"), ("X-Forwarded-For", "198.51.100.9")])
    request = make_mocked_request("GET", "/ws", headers=lines).clone(remote="10.0.0.1")
    assert origin_of(request, PROXIES) == "198.51.100.9"


def test_a_quota_is_each_place_s_own_and_is_given_back() -> None:
    quota = Quota(1)
    assert quota.take("a")
    assert not quota.take("a")
    assert quota.take("b")
    quota.give_back("a")
    assert quota.take("a")
