"""The entries of DigitalOcean's cloud firewall, in final strings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from ...effective.native_rule import NativeRule, RuleSource, flows_of
from ...effective.planned import planned
from ...effective.resources import Resource
from ...effective.syntax import range_of
from ...model.addresses import ANY_IPV4, ANY_IPV6, Direction, Identity
from ...model.ports import MAX_PORT
from ..platform import PLACEHOLDER
from .record import DIGITALOCEAN

ALL_PORTS = "1-65535"
"""Not "0" or "all": the provider reads those back differently and would show a change for ever."""

BOTH = (str(ANY_IPV4), str(ANY_IPV6))


@dataclass(frozen=True, slots=True)
class InboundRule:
    """One entry; `port_range` is "7881" or "50000-60000", None for ICMP. At least one source is set.

    Attributes:
        source_droplet_ids: integers, or outputs of other resources.
        source_addresses, source_tags, source_load_balancer_uids: texts, or outputs of other resources.
        audiences: whom each of `source_tags` stands for besides nodes of the same group; no argument of the entry.
    """

    protocol: str
    port_range: str | None
    source_addresses: tuple[object, ...] = ()
    source_droplet_ids: tuple[object, ...] = ()
    source_tags: tuple[object, ...] = ()
    source_load_balancer_uids: tuple[object, ...] = ()
    audiences: tuple[tuple[object, Identity], ...] = ()


@dataclass(frozen=True, slots=True)
class OutboundRule:
    """One entry to `destination_addresses`."""

    protocol: str
    port_range: str | None
    destination_addresses: tuple[str, ...] = BOTH


OUTBOUND = (OutboundRule("tcp", ALL_PORTS), OutboundRule("udp", ALL_PORTS), OutboundRule("icmp", None))


@dataclass(frozen=True, slots=True)
class Native:
    """The firewall, without a name: that is the component's."""

    inbound: tuple[InboundRule, ...]
    outbound: tuple[OutboundRule, ...] = OUTBOUND
    droplet_ids: tuple[object, ...] = ()
    tags: tuple[object, ...] = ()

    def as_json(self) -> dict[str, object]:
        """In the words of the API: the body of `POST /v2/firewalls`, without its `name`. An output of another
        resource is `TARGET`.
        """
        return {
            "inbound_rules": [_inbound_json(entry) for entry in self.inbound],
            "outbound_rules": [
                {**_ports_json(entry), "destinations": {"addresses": list(entry.destination_addresses)}}
                for entry in self.outbound
            ],
            **({"droplet_ids": [_known(one) for one in self.droplet_ids]} if self.droplet_ids else {}),
            **({"tags": [_known(one) for one in self.tags]} if self.tags else {}),
        }

    def arguments(self) -> dict[str, object]:
        """Those of `Firewall`, without its `name`."""
        return {
            "inbound_rules": [_arguments(entry) for entry in self.inbound],
            "outbound_rules": [_arguments(entry) for entry in self.outbound],
            "droplet_ids": list(self.droplet_ids) or None,
            "tags": list(self.tags) or None,
        }

    def resources(self) -> Iterator[Resource]:
        """See `platform.Native`."""
        yield planned(DIGITALOCEAN.made[0], "digitalocean", self.arguments())


def _arguments(entry: InboundRule | OutboundRule) -> dict[str, object]:
    """Only what is set: an empty list would be written as one."""
    given = ((one.name, getattr(entry, one.name)) for one in fields(entry) if one.name != "audiences")
    return {name: list(value) if isinstance(value, tuple) else value for name, value in given if value}


def _inbound_json(entry: InboundRule) -> dict[str, object]:
    sources = {
        "addresses": entry.source_addresses,
        "droplet_ids": entry.source_droplet_ids,
        "tags": entry.source_tags,
        "load_balancer_uids": entry.source_load_balancer_uids,
    }
    return {
        **_ports_json(entry),
        "sources": {kind: [_known(one) for one in values] for kind, values in sources.items() if values},
    }


def _known(value: object) -> object:
    return value if isinstance(value, str | int) else PLACEHOLDER


def _ports_json(entry: InboundRule | OutboundRule) -> dict[str, object]:
    return {"protocol": entry.protocol, **({"ports": entry.port_range} if entry.port_range else {})}


WHOLE = ("", "0", "all")
"""As a port range: every port."""

ACTIONS = (None, "", "allow", "deny")
"""Those that are known; a rule that names none allows."""


def native_rule(
    name: str,
    protocol: str,
    ports: str | None,
    sources: tuple[RuleSource, ...],
    *,
    action: object = None,
    direction: Direction = Direction.INGRESS,
    unread: str = "",
) -> NativeRule:
    """One entry of a listing or of a resource.

    Args:
        unread: why it is not understood, besides an action that is not known.

    Raises:
        NotAFirewall: its ports are none.
    """
    ranges = ((0, MAX_PORT) if text in WHOLE else range_of(text, name) for text in (ports or "",))
    unread = unread or ("" if action in ACTIONS else f"the action {action} is not known")
    flows = flows_of(protocol, ranges, name)
    return NativeRule(name, flows, sources, allows=action != "deny", direction=direction, unread=unread)
