"""Google's firewall rules as `pulumi import` needs them: `projects/PROJECT/global/firewalls/NAME`.

Source: the section Import of the provider's `Firewall`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...effective.evaluate import ImportEntry
from ...effective.syntax import block_of, range_of
from ..target_values import known
from .native import Native
from .record import GCP

(FIREWALL,) = GCP.made


def content(
    network: object,
    priority: int,
    allowed: Iterable[tuple[str, Iterable[str]]],
    ranges: Iterable[str],
    members: Iterable[Iterable[object]],
) -> tuple[object, ...]:
    """What an ingress rule allows, whatever its name and description, in any order.

    Args:
        network: its name or any of its links.
        allowed: protocols and their ports.
        members: tags and accounts: of the sources, then of the targets.
    """
    flows = frozenset((one.lower(), frozenset(range_of(text, text) for text in ports)) for one, ports in allowed)
    blocks = frozenset(str(block_of(text, text)) for text in ranges)
    return short_name(network), priority, flows, blocks, *(frozenset(map(str, one)) for one in members)


IN_NETWORK = "network"


def expected(native: Native) -> Iterator[ImportEntry]:
    """What `GcpFirewall` makes. The names hold that of the component already."""
    for rule in native:
        members = rule.members()
        ranges = map(str, members.pop("source_ranges"))
        allowed = [(one.protocol, one.ports) for one in rule.allows]
        says = content(native.network, rule.priority, allowed, ranges, members.values())
        home = known(**{IN_NETWORK: short_name(native.network)})
        targets = (*members["target_tags"], *members["target_service_accounts"])
        yield ImportEntry(type=FIREWALL, name=rule.name, content=says, home=home, members=tuple(map(str, targets)))


def short_name(network: object) -> str:
    """The name of a network, of it or any of its links."""
    return str(network).rpartition("/")[2]
