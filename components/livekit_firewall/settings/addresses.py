"""Addresses as the services' files write them: `HOST:PORT`."""

from __future__ import annotations

import ipaddress

from ..model.ports import MAX_PORT


def host_and_port(text: str) -> tuple[str, int] | None:
    """`HOST:PORT` as Go's net.SplitHostPort splits it, an IPv6 address in brackets; None for anything else."""
    host, _, port = text.rpartition(":")
    if not (port.isascii() and port.isdigit() and len(port) < 6 and 1 <= int(port) <= MAX_PORT):
        return None
    if host.startswith("[") and host.endswith("]"):
        return host[1:-1], int(port)
    is_name = bool(host) and not any(one in ":[]/@" or one.isspace() for one in host)
    return (host, int(port)) if is_name else None


def split_address(address: str, default: int) -> tuple[str, int]:
    """Host and port; the default port if the address has none, or none from 1 to 65535."""
    try:
        return str(ipaddress.ip_address(address)), default
    except ValueError:
        host, colon, port = address.rpartition(":")
    if colon and port.isascii() and port.isdigit() and len(port) < 6 and 1 <= int(port) <= MAX_PORT and "]" not in port:
        return host.strip("[]"), int(port)
    return address.strip("[]"), default
