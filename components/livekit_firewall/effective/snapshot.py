"""What one firewall admits at one time, whatever the platform: what `review` and `diff` compare.

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
        rules: how many of them each resource of its own is, by its URN: Pulumi makes new ones before it deletes old
            ones.
        of: what it is counted in, where several things are counted in the same way; "" for the firewall.
        is_default: whether the limit is the platform's own, and not one that was raised.
    """

    what: str
    count: int
    limit: int
    rules: Mapping[str, int] = {}
    of: str = ""
    is_default: bool = True

    @property
    def allowed(self) -> str:
        """The limit, for people."""
        return f"{self.limit} by default" if self.is_default else str(self.limit)


class Snapshot(Struct, frozen=True):
    """One firewall at one time.

    Attributes:
        key: equal for the same firewall before and after.
        name: for people.
        platform: `aws`, `gcp`, `digitalocean`, `azure`, `nftables`; "" for a rule set.
        effective: what it admits, by direction.
        others: protocols without ports that it admits, by direction: ("icmp", "0.0.0.0/0").
        labels: the services that its rules name in their descriptions, by direction.
        sizes: what its limits count.
        absent: what is admitted where it does not exist, by direction; nothing where it is not given.
        denied: what its rules deny to anybody, by direction.
        after_removal: what is admitted once it is removed, where that is more than nothing; by direction.
        limits: where it admits only to some of a machine's addresses: what is admitted, by those addresses.
        place: the network it belongs to; "" if it is not known. In another network it is another firewall.
        fallback: the key of the snapshot that applies where this one does not exist; "" for none.
        has_hidden_rules: whether all its rules are a secret, or known after the update only.
        is_declared: whether the firewall itself is among the resources, not only its rules.
    """

    key: str
    name: str
    platform: str
    effective: Mapping[Direction, EffectiveRules]
    others: Mapping[Direction, frozenset[tuple[str, str]]] = {}
    labels: Mapping[Direction, tuple[Label, ...]] = {}
    sizes: tuple[Size, ...] = ()
    absent: Mapping[Direction, EffectiveRules] = {}
    after_removal: Mapping[Direction, EffectiveRules] = {}
    denied: Mapping[Direction, PacketSet] = {}
    limits: Mapping[Direction, Mapping[str, PacketSet]] = {}
    fallback: str = ""
    place: str = ""
    is_declared: bool = True
    has_hidden_rules: bool = False


def snapshot_of(
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
    effective, others, labels, limits, denied = {}, {}, {}, {}, {}
    given = [(rule, rule.parsed) for rule in rules]
    for way in Direction:
        mine = [(rule, parsed) for rule, parsed in given if rule.direction is way]
        parsed_rules = [parsed for _, parsed in mine]
        if last and way in last:
            parsed_rules.append(last[way])
        effective[way] = evaluate(name, parsed_rules)
        others[way] = frozenset(found for rule, _ in mine for found in rule.others)
        labels[way] = tuple(
            dict.fromkeys(label for rule, _ in mine for label in labels_of(rule.description, rule.ranges))
        )
        limits[way] = _limits(mine)
        denied[way] = PacketSet.union(region for _, parsed in mine if not parsed.allows for region in _regions(parsed))
    return Snapshot(key, name, platform, effective, others, labels, sizes, limits=limits, denied=denied)


def _limits(rules: Iterable[tuple[NativeRule, ParsedRule]]) -> Mapping[str, PacketSet]:
    found: dict[str, list[PacketSet]] = {}
    for rule, parsed in rules:
        if rule.limit:
            found.setdefault(rule.limit, []).extend(_regions(parsed))
    return {limit: PacketSet.union(regions) for limit, regions in found.items()}


def _regions(parsed: ParsedRule) -> tuple[PacketSet, ...]:
    """Of all its sources."""
    return (parsed.region, *parsed.named.values())


def of_rules(rules: RuleSet, key: str, name: str) -> Snapshot:
    """A rule set as if one firewall held it: `diff` compares configurations with it."""
    by_name: dict[str, list[PacketSet]] = {}
    by_address = []
    labels = [Label(rule.ports, rule.service, rule.key) for rule in rules.ingress]
    for rule in rules.ingress:
        if rule.peer.identity is None and rule.peer.named is None:
            by_address.append(ParsedRule(name, True, PacketSet.box([rule.ports], rule.peer.blocks)))
        else:
            who = str(rule.peer.named) if rule.peer.identity is None else IDENTITIES[rule.peer.identity]
            by_name.setdefault(who, []).append(PacketSet.box([rule.ports], EVERYBODY))
    named = {who: PacketSet.union(regions) for who, regions in by_name.items()}
    found = evaluate(name, [*by_address, ParsedRule(name, True, named=named)])
    return Snapshot(
        key, name, "", {Direction.INGRESS: found, Direction.EGRESS: NOTHING}, {}, {Direction.INGRESS: tuple(labels)}
    )


IDENTITIES = {one: one.value.replace("-", " ") for one in Identity} | {Identity.SAME_GROUP: "nodes of the same group"}
