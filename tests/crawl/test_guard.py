from __future__ import annotations

import pytest

from crawler.network.guard import Guard, HostMap, parse_networks, read_address

LOOPBACK_FORMS = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "::1",
    "[::1]",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
]


@pytest.mark.parametrize("form", LOOPBACK_FORMS)
def test_loopback_is_refused_in_every_spelling(form):
    assert "not a global address" in Guard().refusal(form)


NOT_GLOBAL = """10.0.0.8 172.16.1.1 192.168.0.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255
    :: fe80::1 fe80::1%eth0 fc00::1 ff02::1 198.18.0.1"""


@pytest.mark.parametrize("address", NOT_GLOBAL.split())
def test_addresses_that_are_not_global_are_refused(address):
    assert Guard().refusal(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07::1", "::ffff:93.184.215.14", "8.8.8.8"])
def test_global_addresses_are_allowed(address):
    assert Guard().refusal(address) == ""


def test_allowed_networks_open_only_themselves():
    guard = Guard(parse_networks("127.0.0.0/8, 10.1.0.0/16"))
    assert guard.refusal("127.0.0.1") == ""
    assert guard.refusal("::ffff:127.0.0.1") == ""
    assert guard.refusal("10.1.2.3") == ""
    assert guard.refusal("10.2.2.3")
    assert guard.refusal("::1")


def test_bad_networks_are_named():
    with pytest.raises(ValueError, match=r"'10\.0\.0\.0/99' is no network"):
        parse_networks("127.0.0.1,10.0.0.0/99")


@pytest.mark.parametrize(
    "host", ["example.com", "1e100.net", "127.0.0.1.example", "", "a", "3com.example", "1.2.3.4.5"]
)
def test_names_are_no_addresses(host):
    assert read_address(host) is None


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("file:///etc/passwd", "only http and https"),
        ("ftp://a.example/x", "only http and https"),
        ("//a.example/x", "no scheme"),
        ("http:///x", "names no host"),
        ("http://0x7f000001/", "not a global address"),
        ("http://[::1]:80/", "not a global address"),
        ("http://[::1/", "cannot be read"),
        ("https://a.example/", ""),
    ],
)
def test_urls_are_judged_by_what_they_say_themselves(url, why):
    reason = Guard().url_refusal(url)
    assert (why in reason) if why else reason == ""


@pytest.mark.parametrize(
    "value",
    [
        {"*.example": "127.0.0.1:8765", "a.example": "10.0.0.1", "*.deep.example": "[::1]:81"},
        '{"*.example": "127.0.0.1:8765", "a.example": "10.0.0.1", "*.deep.example": "[::1]:81"}',
        "*.example=127.0.0.1:8765, A.example.=10.0.0.1,*.deep.example=[::1]:81",
    ],
)
def test_host_map_in_its_three_forms(value):
    names = HostMap.parse(value)
    assert names.find("b.example", 80) == ("127.0.0.1", 8765)
    assert names.find("x.b.example.", 443) == ("127.0.0.1", 8765)
    assert names.find("A.EXAMPLE", 443) == ("10.0.0.1", 443)
    assert names.find("x.deep.example", 80) == ("::1", 81)
    assert names.find("example", 80) == ("example", 80)
    assert names.find("example.com", 80) == ("example.com", 80)


@pytest.mark.parametrize(
    "value", ["a.example", "a.example=", "=127.0.0.1:1", "a.example=h:99999", "{not json", "a=h:x"]
)
def test_a_bad_host_map_is_refused_with_a_reason(value):
    with pytest.raises(ValueError, match="HOST_MAP"):
        HostMap.parse(value)


def test_an_empty_host_map_changes_nothing():
    assert not HostMap.parse("")
    assert HostMap.parse(None).find("a.example", 80) == ("a.example", 80)
