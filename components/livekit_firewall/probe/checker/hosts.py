"""The addresses of HOST as the user gave it, and this server's own."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence

from ...model.addresses import Address, Family
from ...model.text import quoted


def addresses_of(hosts: Sequence[str]) -> dict[Family, str]:
    """One address of each family that the names and addresses have, IPv4 first.

    Raises `ValueError`: a name that is not found, two addresses of one family, or what is no single host.
    """
    found: dict[Family, str] = {}
    for host in hosts:
        for address in _addresses(host):
            family = Family.IPV4 if address.version == 4 else Family.IPV6
            _refuse_many(host, address)
            if str(address) != found.setdefault(family, str(address)):
                raise ValueError(f"HOST: {host} and {found[family]} are both {family.label}; name one host at a time")
    return {family: found[family] for family in Family if family in found}


def _addresses(host: str) -> list[Address]:
    try:
        return [ipaddress.ip_address(host.strip("[]"))]
    except ValueError:
        pass
    try:
        resolved = socket.getaddrinfo(host, None, type=socket.SOCK_DGRAM)
    except (OSError, ValueError):  # junk: UnicodeError, or a NUL byte
        raise ValueError(f"HOST: there is no host called {quoted(host, 255)} that this machine can find") from None
    first: dict[int, Address] = {}
    for *_, where in resolved:
        address = ipaddress.ip_address(str(where[0]))
        first.setdefault(address.version, address)
    return list(first.values())


def _refuse_many(host: str, address: Address) -> None:
    many = address.is_multicast or address.is_unspecified or str(address) == "255.255.255.255"
    if many or getattr(address, "ipv4_mapped", None):
        raise ValueError(f"HOST: {host} is not the address of one host")


def own_address(configured: str) -> str | None:
    """This server's address for others: a public one that it has, unless its configuration announces some.

    Args:
        configured: `rtc.node_ip`: "", an address, or one of each family with a comma between, which becomes a space.
    """
    if configured:
        return " ".join(configured.replace(",", " ").split())
    for kind, elsewhere in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(kind, socket.SOCK_DGRAM) as one:
                one.connect((elsewhere, 9))  # sends nothing: it asks for the route
                address = ipaddress.ip_address(one.getsockname()[0])
        except OSError:
            continue
        if address.is_global:
            return str(address)
    return None
