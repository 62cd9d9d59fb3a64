"""Addresses as the services' files write them: `HOST:PORT`."""

from __future__ import annotations

import ipaddress

from ..model.ports import MAX_PORT


def split_address(address: str, default: int) -> tuple[str, int]:
    """Host and port; the default where the address names none, or none that there is."""
    try:
        return str(ipaddress.ip_address(address)), default
    except ValueError:
        host, colon, port = address.rpartition(":")
    if colon and port.isascii() and port.isdigit() and len(port) < 6 and 1 <= int(port) <= MAX_PORT and "]" not in port:
        return host.strip("[]"), int(port)
    return address.strip("[]"), default
