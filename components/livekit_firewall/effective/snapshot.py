"""What one firewall admits at one time, whatever the platform: the common ground of old and new.

Each platform's `from_pulumi.py` makes them of a stack's resources; `of_rules` makes one of a rule set.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from ..model.addresses import Direction, Identity
from ..model.packets import EVERYBODY, PacketSet, everything
from ..model.rules import RuleSet
from .evaluate import EffectiveRules, ParsedRule, evaluate
from .labels import Label, labels_of
from .native_rule import NativeRule

NOTHING = EffectiveRules("", PacketSet())
EVERYTHING = EffectiveRules("", everything())


class Size(Struct, frozen=True):
    """How full a firewall is.

    Attributes:
        what: what is counted ("ingress rules for IPv4").
        count: how many there are.
        limit: how many there may be.
        rules: those of them that are resources of their own, which come before others go.
    """

    what: str
    count: int
    limit: int
    rules: frozenset[str] = frozenset()


class Snapshot(Struct, frozen=True):
    """One firewall at one time.

    Attributes:
        key: equal for the same firewall before and after.
        name: for people.
        platform: `aws`, `gcp`, `digitalocean`, `azure`, `nftables`; "" for a rule set.
        ways: what it admits, by direction.
        others: protocols without ports that it admits, by direction: ("icmp", "0.0.0.0/0").
        labels: what its rules are for, as far as they say so, by direction.
        sizes: what its limits count.
        absent: what holds where it is not there, by direction; nothing is admitted unless said.
        denied: what its rules deny to anybody, by direction.
        gone: what holds once it is removed, where that is more than nothing; by direction.
        limits: where it admits only to some of a machine's addresses: what is admitted, by those addresses.
        place: where it is, as far as that decides whom it is for ("" if it is not told): another place is another one.
        otherwise: the key of what holds in its place where it is not there; "" for none.
        is_kept_back: whether all its rules are a secret, or known after the update only.
        is_told: whether the firewall itself is among the resources, and not only rules of it.
    """

    key: str
    name: str
    platform: str
    ways: Mapping[Direction, EffectiveRules]
    others: Mapping[Direction, frozenset[tuple[str, str]]] = {}
    labels: Mapping[Direction, tuple[Label, ...]] = {}
    sizes: tuple[Size, ...] = ()
    absent: Mapping[Direction, EffectiveRules] = {}
    gone: Mapping[Direction, EffectiveRules] = {}
    denied: Mapping[Direction, PacketSet] = {}
    limits: Mapping[Direction, Mapping[str, PacketSet]] = {}
    otherwise: str = ""
    place: str = ""
    is_told: bool = True
    is_kept_back: bool = False


def admission(
    key: str,
    name: str,
    platform: str,
    rules: Iterable[NativeRule],
    sizes: tuple[Size, ...] = (),
    last: Mapping[Direction, ParsedRule] | None = None,
) -> Snapshot:
    """A firewall of rules, in its platform's order.

    Args:
        last: what decides after all of them, by direction; otherwise what none matches is denied.
    """
    ways, others, labels, limits, denied = {}, {}, {}, {}, {}
    given = [(rule, rule.said) for rule in rules]
    for way in Direction:
        mine = [(rule, said) for rule, said in given if rule.direction is way]
        said = [said for _, said in mine]
        if last and way in last:
            said.append(last[way])
        ways[way] = evaluate(name, said)
        others[way] = frozenset(found for rule, _ in mine for found in rule.others)
        labels[way] = tuple(
            dict.fromkeys(label for rule, _ in mine for label in labels_of(rule.description, rule.ranges))
        )
        limits[way] = _limits(mine)
        denied[way] = PacketSet.union(region for _, said in mine if not said.allows for region in _regions(said))
    return Snapshot(key, name, platform, ways, others, labels, sizes, limits=limits, denied=denied)


def _limits(rules: Iterable[tuple[NativeRule, ParsedRule]]) -> Mapping[str, PacketSet]:
    found: dict[str, list[PacketSet]] = {}
    for rule, said in rules:
        if rule.limit:
            found.setdefault(rule.limit, []).extend(_regions(said))
    return {limit: PacketSet.union(regions) for limit, regions in found.items()}


def _regions(said: ParsedRule) -> tuple[PacketSet, ...]:
    """Of all its sources."""
    return (said.region, *said.named.values())


def of_rules(rules: RuleSet, key: str, name: str) -> Snapshot:
    """A rule set as if one firewall held it: `diff` compares configurations with it."""
    by_name: dict[str, list[PacketSet]] = {}
    said = []
    labels = [Label(rule.ports, rule.service, rule.key) for rule in rules.ingress]
    for rule in rules.ingress:
        if rule.peer.identity is None:
            said.append(ParsedRule(name, True, PacketSet.box([rule.ports], rule.peer.blocks)))
        else:
            by_name.setdefault(IDENTITIES[rule.peer.identity], []).append(PacketSet.box([rule.ports], EVERYBODY))
    named = {who: PacketSet.union(regions) for who, regions in by_name.items()}
    found = evaluate(name, [*said, ParsedRule(name, True, named=named)])
    return Snapshot(
        key, name, "", {Direction.INGRESS: found, Direction.EGRESS: NOTHING}, {}, {Direction.INGRESS: tuple(labels)}
    )


IDENTITIES = {Identity.LOAD_BALANCER: "load balancer", Identity.SAME_GROUP: "nodes of the same group"}
