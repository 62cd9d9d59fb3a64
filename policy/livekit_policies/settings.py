"""What an organisation sets for a policy: lists of blocks and of ports, as texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from livekit_firewall.model.addresses import Cidr
from livekit_firewall.model.errors import ConfigurationError, Place, Problem
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.text import printable

One = TypeVar("One")


class InvalidSettings(ConfigurationError):
    """The configuration of a policy cannot be used, so that the policy cannot judge."""

    title = "{count} problem{s} in the configuration of this policy"


def blocks(config: Mapping[str, Any], key: str) -> tuple[Cidr, ...]:
    """Blocks such as `203.0.113.0/24`; none if the key is absent.

    Raises:
        WrongSettings: with every entry that is none, or a key that the policy does not have.
    """
    return _each(config, key, Cidr.parse, "a list of blocks such as 203.0.113.0/24")


def ports(config: Mapping[str, Any], key: str) -> tuple[PortRange, ...]:
    """Ports such as `tcp/7880` or `udp/50000-60000`; none if the key is absent.

    Raises:
        WrongSettings: with every entry that is none, or a key that the policy does not have.
    """
    return _each(config, key, port_range, "a list of ports such as tcp/7880 or udp/50000-60000")


def port_range(text: object) -> PortRange:
    """Read `tcp/7880` or `udp/50000-60000`. Raises `ValueError` whose text says what is expected."""
    try:
        return PortRange.parse(str(text))
    except ValueError:
        hint = "" if "/" in str(text) else f"; write tcp/{text} or udp/{text}"
        raise ValueError(f"must be a protocol and ports, such as tcp/7880 or udp/50000-60000{hint}") from None


def _each(config: Mapping[str, Any], key: str, read: Callable[[object], One], shape: str) -> tuple[One, ...]:
    problems = [
        Problem(Place(other), "", f"this policy has no such key; it has {key}") for other in config if other != key
    ]
    given = config.get(key, [])
    found: list[One] = []
    if not isinstance(given, list):
        problems.append(Problem(Place(key), printable(repr(given)), f"must be {shape}"))
        given = []
    elif key in config and not given:
        problems.append(Problem(Place(key), "[]", f"must be {shape}", "leave the key out if nobody is meant"))
    for place, one in enumerate(given):
        try:
            found.append(read(one))
        except ValueError as error:
            problems.append(Problem(Place(f"{key}[{place}]"), printable(repr(one)), str(error)))
    if problems:
        raise InvalidSettings(problems)
    return tuple(found)
