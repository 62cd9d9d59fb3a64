"""`ports` of a service in every form (docker/go-connections nat.ParsePortSpec, compose-go transform/ports.go)."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

from ...model.errors import Place
from ...model.ports import MAX_PORT, PortRange, Protocol
from .model import Published

EXPECTED = 'must be a port such as "7880:7880", "127.0.0.1:7880:7880" or "50000-50100:50000-50100/udp"'
_OTHERS = ("sctp",)
"""Protocols that Docker forwards and that no service here uses."""


def read_port(value: Any, place: Place) -> Published | None:
    """One entry; None for a protocol that no service here uses.

    Raises:
        ValueError: with what is expected.
    """
    if isinstance(value, Mapping):
        return _long(value, place)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(int(value))
    if not isinstance(value, str):
        raise ValueError(EXPECTED)
    return _short(value, place)


def _short(text: str, place: Place) -> Published | None:
    head, _, target = text.rpartition(":")
    address, _, host = head.rpartition(":")
    target, slash, protocol = target.partition("/")
    protocol = (protocol.partition("/")[0] if slash else "") or "tcp"
    return _published(target, host, protocol, _address(address), "ingress", place)


def _long(value: Mapping[str, Any], place: Place) -> Published | None:
    target, published = value.get("target"), value.get("published")
    if isinstance(target, bool) or not isinstance(target, int | str) or isinstance(published, bool | list | dict):
        raise ValueError("must hold target, a port")
    texts = {key: value.get(key) for key in ("protocol", "host_ip", "mode")}
    if not all(one is None or isinstance(one, str) for one in texts.values()):
        raise ValueError("must hold protocol, host_ip and mode as texts")
    host = "" if published is None else str(int(published) if isinstance(published, int) else published)
    protocol, address, mode = (texts[key] or "" for key in ("protocol", "host_ip", "mode"))
    target = str(int(target) if isinstance(target, int) else target)
    return _published(target, host, protocol or "tcp", _address(address), mode or "ingress", place)


def _published(target: str, host: str, protocol: str, address: str, mode: str, place: Place) -> Published | None:
    first, last = _range(target)
    start, end = _range(host) if host else (None, None)
    if protocol.lower() in _OTHERS:
        return None
    if protocol.lower() not in [one.value for one in Protocol]:
        raise ValueError("must be of the protocol tcp or udp")
    if start is not None and end is not None and first != last and end - start != last - first:
        raise ValueError("must publish as many ports as the container's range has")
    return Published(PortRange(Protocol(protocol.lower()), first, last), start, end, address, mode, place)


def _range(text: str) -> tuple[int, int]:
    first, dash, last = text.partition("-")
    ends = [first, last] if dash else [first, first]
    if not all(end.isascii() and end.isdigit() and len(end) < 9 and int(end) <= MAX_PORT for end in ends):
        raise ValueError(EXPECTED)
    if not 0 < int(ends[0]) <= int(ends[1]):
        raise ValueError(EXPECTED)
    return int(ends[0]), int(ends[1])


def _address(text: str) -> str:
    plain = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    try:
        return str(ipaddress.ip_address(plain)) if plain else ""
    except ValueError:
        raise ValueError("must name an address of the host, or none") from None
