"""RuleSet -> security group rules: final strings and numbers, nothing left to decide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter

from ...model.addresses import ANY, NAMED, Cidr, Direction, Family, Identity, NamedBlock
from ...model.errors import RenderError
from ...model.ports import MAX_PORT, PortRange, Protocol
from ...model.rules import Rule, RuleSet
from ...model.services import Service
from ..facts import Baseline
from .limits import LIMITS, request_problems
from .merge import merged
from .native import SELF, Native, SecurityGroupRule
from .quota import quota_problems
from .spread import spread
from .target import AwsTarget


def has_egress(target: AwsTarget) -> bool:
    """A new group needs the rule; an existing one has its own, unless it is asked for."""
    return bool(target.egress) or target.security_group_id is None


def baseline(target: AwsTarget, *, ipv6: bool = True) -> tuple[Baseline, ...]:
    """What the group lets pass besides the rules."""
    both = "IPv4 and IPv6" if ipv6 else "IPv4 only"
    too_big = "ICMP fragmentation needed (3/4)" + (" and ICMPv6 packet too big" if ipv6 else "")
    egress = (
        Baseline(
            "Egress: every protocol and port, IPv4 and IPv6",
            "nothing leaves a group without egress rules; with all of them, media from anywhere is not tracked",
        )
        if has_egress(target)
        else Baseline(
            "Egress: what the rules of the existing group say, and nothing of ours",
            "asked for by aws.security_group_id; aws.egress: true adds a rule to anywhere",
        )
    )
    if not target.baseline:
        left = "ICMP and egress: what other rules of the existing group say, and nothing of ours"
        return (Baseline(left, "asked for by aws.baseline: false, which leaves them to others"),)
    return (
        Baseline(f"ICMP echo request, {both}", "operators and monitoring ping the node"),
        Baseline(too_big, "without path MTU discovery large packets of untracked flows vanish"),
        egress,
    )


_SUCCESSORS = (
    frozenset({Service.TURN_TLS, Service.HTTPS}),  # tcp/443, when a proxy takes it over from TURN or gives it up
    frozenset({Service.TURN_UDP, Service.ICE_UDP}),  # udp/443 or udp/3478, when the ICE mux does
)
"""Services that a port passed between while keys held the service: the aliases of rules that were made then. An alias
to every service would cost seven times what the rest of the component does."""


def render(rules: RuleSet, target: AwsTarget, *, ipv6: bool = True) -> Native:
    """The rules of the security group, sorted by key.

    `ipv6=False` leaves the IPv6 half of the ingress baseline out; a rule set that admits an IPv6 block is
    then refused. A reference to a group has no family, and egress is open in both whatever it says.

    Raises `RenderError` with every problem: no group or two, an identity without an id, more rules than a
    group holds, with what would make them fit.
    """
    problems = list(request_problems(rules, target, ipv6))
    if problems:
        raise RenderError("aws", problems)

    def made(merge: bool) -> list[SecurityGroupRule]:
        return sorted([*_ingress(rules, target, merge), *_baseline(target, ipv6)], key=_BY_KEY)

    found = made(target.merge_rules)
    problems = list(quota_problems(found, target, lambda: made(merge=True)))
    if problems:
        raise RenderError("aws", problems)
    placed = sorted(spread(found, target.groups), key=_BY_KEY)
    return Native(tuple(placed), target.vpc_id, target.security_group_id, target.groups)


_BY_KEY = attrgetter("key")


# Ingress


def _ingress(rules: RuleSet, target: AwsTarget, merge: bool) -> Iterator[SecurityGroupRule]:
    """One rule per tuple: services that share one share its rule, since AWS refuses the second."""
    named = rules.where(lambda rule: rule.peer.named is not None)
    tuples: dict[tuple[PortRange, str], list[tuple[Rule, _Peer]]] = {}
    for rule in rules.ingress:
        for peer in _peers(rule, target):
            tuples.setdefault((rule.ports, peer.name), []).append((rule, peer))
    for (ports, _), sharing in (merged(tuples, _may_be_anywhere) if merge else tuples).items():
        sharing.sort(key=lambda pair: pair[0].service.order)
        _, peer = sharing[0]
        services = sorted(_relatives(one.service for one, _ in sharing), key=lambda service: service.order)
        yield SecurityGroupRule(
            key=_key(ports, peer.name),
            direction=Direction.INGRESS,
            ip_protocol=str(ports.protocol),
            from_port=ports.first,
            to_port=ports.last,
            cidr_ipv4=peer.cidr_ipv4,
            cidr_ipv6=peer.cidr_ipv6,
            referenced_security_group_id=peer.group,
            prefix_list_id=peer.prefix_list,
            block=peer.block,
            entries=peer.entries,
            waits=tuple(one for one in named.named_on(ports) if one != peer.block),
            description=_description(rule for rule, _ in sharing),
            also=(
                *([_key(ports, peer.was)] if peer.was and isinstance(peer.group, str) else []),
                *(_key_with_service(one, ports, peer.was or peer.name) for one in services),
            ),
        )


def _relatives(services: Iterable[Service]) -> frozenset[Service]:
    """The services, and those that ports pass to and from them."""
    given = frozenset(services)
    return given.union(*(group for group in _SUCCESSORS if group & given))


@dataclass(frozen=True, slots=True)
class _Peer:
    """The other end of a rule.

    Attributes:
        name: in the rule's key.
        was: its name in keys up to version 0.1, and where it is one of a list, if that is another.
    """

    name: str
    cidr_ipv4: str | None = None
    cidr_ipv6: str | None = None
    group: object = None
    prefix_list: object = None
    block: NamedBlock | None = None
    entries: int = 1
    was: str = ""


def _peers(rule: Rule, target: AwsTarget) -> Iterator[_Peer]:
    if rule.peer.identity is Identity.SAME_GROUP:
        yield _Peer(str(Identity.SAME_GROUP), group=SELF)
    elif rule.peer.identity:
        yield from _named_in(target, rule.peer.identity)
    if rule.peer.named:
        yield _Peer(str(rule.peer.named), block=rule.peer.named)
    for block in rule.peer.blocks:
        yield _block(block)


def _block(block: Cidr) -> _Peer:
    name = f"any-{block.family}" if block.is_any else re.sub("[:/]", "-", str(block))
    is_ipv4 = block.family is Family.IPV4
    return _Peer(name, cidr_ipv4=str(block) if is_ipv4 else None, cidr_ipv6=None if is_ipv4 else str(block))


_ANYWHERE = frozenset(_block(block).name for block in ANY.values())


def _may_be_anywhere(source: str) -> bool:
    return source in _ANYWHERE or source.startswith(NAMED)


def _named_in(target: AwsTarget, audience: Identity) -> Iterator[_Peer]:
    """Each group and prefix list of an audience by its name, whatever its place and whether its id is known."""
    is_balancer = audience is Identity.LOAD_BALANCER
    for name, one in target.groups_of(audience):
        if not name:
            yield _Peer(str(one).replace("/", "-"), group=one)
        elif is_balancer:
            was = one.replace("/", "-") if isinstance(one, str) else str(audience)
            yield _Peer(f"{audience}-{name}", group=one, was=was)
        else:
            yield _Peer(f"{audience}-{name}", group=one)
    for name, one in target.lists_of(audience):
        # no audience begins so, and no group is called so
        yield _Peer(f"pl-{audience}-{name}", prefix_list=one.id, entries=one.max_entries or 1)


def _key(ports: PortRange, peer: str) -> str:
    """`udp-50000-60000-any-ipv4`: what AWS compares and nothing else, so that a port that passes from one service to
    another stays the same rule. Two different rules never have the same key.
    """
    return f"{ports.protocol}-{_shown(ports, peer)}-{peer}"


def key_from(rule: SecurityGroupRule, block: Cidr) -> str:
    """The key that a rule has from a plain block in place of its own source; its own where it has no ports."""
    first, last = rule.from_port, rule.to_port
    if first is None or last is None:
        return rule.key
    return _key(PortRange(Protocol(rule.ip_protocol), first, last), _block(block).name)


def _key_with_service(service: Service, ports: PortRange, peer: str) -> str:
    """The key of a rule up to version 0.1: `ice-udp-50000-60000-any-ipv4`."""
    protocol = "" if service.value.endswith(f"-{ports.protocol}") else f"-{ports.protocol}"
    return f"{service}{protocol}-{_shown(ports, peer)}-{peer}"


def _shown(ports: PortRange, peer: str) -> str:
    """The ports in a key. `tcp-22-2001-db8---32` would read as port 22 from 2001:db8::/32 and as ports 22-2001 from
    db8::/32, so that the first is `tcp-22-22-2001-db8---32`.
    """
    group, _, _ = peer.partition("-")
    reads_as_range = ports.first == ports.last and group.isdecimal() and ports.first <= int(group) <= MAX_PORT
    return f"{ports.first}-{ports.ports}" if reads_as_range else ports.ports


# The characters that EC2 takes in every kind of rule: a reference to a group does not take `&`.
_FOREIGN = re.compile(r"[^a-zA-Z0-9 ._\-:/()#,@\[\]+=;{}!$*]")


def _description(rules: Iterable[Rule]) -> str:
    """`ICE/UDP: rtc.port_range_start, rtc.port_range_end`, cut at AWS's limit."""
    parts = [f"{rule.service.label}: {rule.key}" if rule.key else rule.service.label for rule in rules]
    text = _FOREIGN.sub("-", "; ".join(dict.fromkeys(parts)))
    most = LIMITS["characters of a description"]
    return text if len(text) <= most else f"{text[: most - 3]}..."


# Baseline

# Family, name, protocol, type, code (-1: every code), description.
_ICMP = (
    (Family.IPV4, "icmp-echo-request", "icmp", 8, -1, "ICMP echo request"),
    (Family.IPV4, "icmp-fragmentation-needed", "icmp", 3, 4, "ICMP fragmentation needed: path MTU discovery"),
    (Family.IPV6, "icmpv6-echo-request", "icmpv6", 128, -1, "ICMPv6 echo request"),
    (Family.IPV6, "icmpv6-packet-too-big", "icmpv6", 2, -1, "ICMPv6 packet too big: path MTU discovery"),
)


def _baseline(target: AwsTarget, ipv6: bool) -> Iterator[SecurityGroupRule]:
    for family, name, protocol, icmp_type, code, description in _ICMP:
        if target.baseline and (family is Family.IPV4 or ipv6):
            yield _to_or_from_anywhere(
                family, name, Direction.INGRESS, protocol, icmp_type, code, description=description
            )
    if has_egress(target):
        for family in Family:
            yield _to_or_from_anywhere(family, "egress", Direction.EGRESS, "-1", description="Egress to anywhere")


def _to_or_from_anywhere(
    family: Family,
    name: str,
    direction: Direction,
    protocol: str,
    from_port: int | None = None,
    to_port: int | None = None,
    *,
    description: str,
) -> SecurityGroupRule:
    peer = _block(ANY[family])
    return SecurityGroupRule(
        key=f"{name}-{peer.name}",
        direction=direction,
        ip_protocol=protocol,
        from_port=from_port,
        to_port=to_port,
        cidr_ipv4=peer.cidr_ipv4,
        cidr_ipv6=peer.cidr_ipv6,
        referenced_security_group_id=None,
        description=description,
    )
