"""Which addresses a user's words stand for; the resolver is replaced, so that no name leaves this machine."""

from __future__ import annotations

import socket
from contextlib import closing
from typing import Any

import pytest

from livekit_firewall.model.addresses import Family
from livekit_firewall.probe.checker.hosts import addresses_of, own_address

V4, V6 = Family.IPV4, Family.IPV6
NAMES = {
    "both.example": ["203.0.113.1", "2001:db8::1"],
    "v6first.example": ["2001:db8::1", "203.0.113.1"],
    "many.example": ["203.0.113.1", "203.0.113.2", "2001:db8::1", "2001:db8::2"],
    "v4.example": ["203.0.113.1"],
    "v6.example": ["2001:db8::1"],
    "near.example": ["fe80::1%lo"],
    "group.example": ["224.0.0.1"],
    "mapped.example": ["::ffff:203.0.113.1"],
}


@pytest.fixture(autouse=True)
def resolver(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(host: str, port: object, **_more: Any) -> list[Any]:
        host.encode("idna")  # as the real one does; it raises UnicodeError
        if "\0" in host:
            raise ValueError("embedded null character")
        if host not in NAMES:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(0, 0, 0, "", (address, port)) for address in NAMES[host]]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (["203.0.113.1"], {V4: "203.0.113.1"}),
        (["2001:db8::1"], {V6: "2001:db8::1"}),
        (["[2001:db8::1]"], {V6: "2001:db8::1"}),
        (["2001:0DB8:0::0001"], {V6: "2001:db8::1"}),
        (["fe80::1%eth0"], {V6: "fe80::1%eth0"}),
        (["[fe80::1%eth0]"], {V6: "fe80::1%eth0"}),
        (["127.0.0.1"], {V4: "127.0.0.1"}),
        (["both.example"], {V4: "203.0.113.1", V6: "2001:db8::1"}),
        (["v6first.example"], {V4: "203.0.113.1", V6: "2001:db8::1"}),
        (["many.example"], {V4: "203.0.113.1", V6: "2001:db8::1"}),
        (["near.example"], {V6: "fe80::1%lo"}),
        (["2001:db8::1", "203.0.113.1"], {V4: "203.0.113.1", V6: "2001:db8::1"}),
        (["v4.example", "v6.example"], {V4: "203.0.113.1", V6: "2001:db8::1"}),
        (["both.example", "203.0.113.1"], {V4: "203.0.113.1", V6: "2001:db8::1"}),
        ([], {}),
    ],
)
def test_one_address_of_each_family_ipv4_first(given: list[str], found: dict[Family, str]) -> None:
    assert list(addresses_of(given).items()) == list(found.items())


@pytest.mark.parametrize(
    "host",
    [
        *("224.0.0.1", "239.1.2.3", "ff02::1", "ff02::1%eth0", "[ff02::1]", "group.example"),
        *("0.0.0.0", "::", "[::]", "255.255.255.255"),
        *("::ffff:203.0.113.1", "[::ffff:203.0.113.1]", "mapped.example"),
    ],
)
def test_what_is_no_single_host_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match=r"^HOST: ") as raised:
        addresses_of([host])

    assert str(raised.value) == f"HOST: {host} is not the address of one host"


@pytest.mark.parametrize(
    "host",
    ["", "nowhere.example", "203.0.113.0/24", "203.0.113.256", "a" * 64 + ".example", "x..y", "host\0.example", "[]"],
)
def test_a_name_that_is_not_found_is_named(host: str) -> None:
    with pytest.raises(ValueError, match=r"^HOST: ") as raised:
        addresses_of([host])

    assert str(raised.value) == f"HOST: there is no host called {host!r} that this machine can find"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["203.0.113.1", "203.0.113.2"], "HOST: 203.0.113.2 and 203.0.113.1 are both IPv4; name one host at a time"),
        (["v6.example", "2001:db8::9"], "HOST: 2001:db8::9 and 2001:db8::1 are both IPv6; name one host at a time"),
    ],
)
def test_two_of_one_family_are_refused(given: list[str], words: str) -> None:
    with pytest.raises(ValueError, match=r"^HOST: ") as raised:
        addresses_of(given)

    assert str(raised.value) == words


# --- this server's own


class Route:
    """A socket whose own address is given."""

    def __init__(self, address: str) -> None:
        self.address = address

    def connect(self, _where: object) -> None:
        pass

    def getsockname(self) -> tuple[str, int]:
        return self.address, 9

    def close(self) -> None:
        pass


def routes_of(v4: str | None = None, v6: str | None = None) -> Any:
    """A stand-in for `socket.socket`: which address a route of each family would begin with."""

    def opened(kind: int, _type: int) -> Any:
        address = v4 if kind == socket.AF_INET else v6
        if address is None:
            raise OSError("no such family")
        return closing(Route(address))

    return opened


@pytest.mark.parametrize(
    ("configured", "routes", "own"),
    [
        ("203.0.113.1", {"v4": "8.8.8.8"}, "203.0.113.1"),
        ("", {"v4": "8.8.8.8", "v6": "2606:4700::1"}, "8.8.8.8"),
        ("", {"v4": "10.0.0.5", "v6": "2606:4700::1"}, "2606:4700::1"),
        ("", {"v6": "2606:4700::1"}, "2606:4700::1"),
        ("", {"v4": "10.0.0.5", "v6": "fd00::1"}, None),
        ("", {}, None),
    ],
)
def test_the_own_address_is_the_configured_one_or_a_public_one(
    monkeypatch: pytest.MonkeyPatch, configured: str, routes: dict[str, str], own: str | None
) -> None:
    monkeypatch.setattr(socket, "socket", routes_of(**routes))

    assert own_address(configured) == own
