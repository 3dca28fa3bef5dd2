"""Which addresses may be meant by a URL that somebody typed in."""

from ipaddress import ip_address

import pytest

from console.platforms.ssrf_guard import is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "192.88.99.1",
        "::1",
        "::",
        "::10.0.0.1",
        "::8.8.8.8",
        "::ffff:127.0.0.1",
        "::ffff:192.88.99.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b:1::8.8.8.8",
        "2002:7f00:1::",
        "2002:808:808::",
        "2001:0:4136:e378::",
        "fec0::1",
        "fe80::1",
        "fc00::1",
        "ff02::1",
    ],
)
def test_private_and_translated_addresses_are_refused(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2a00:1450:4010::8b", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8"]
)
def test_public_ones_are_not(address):
    assert is_public(ip_address(address))
