"""What a checker tries: the ports that must be reachable from where it stands, and those that must not.

    plan_for(deployment, {Family.IPV4: ip_address("203.0.113.9"), Family.IPV6: None})
    plan_of_ports([parse_ports("udp/50000-60000"), parse_ports("7881/tcp")], [Family.IPV4])

In a plan no port of a protocol and family stands twice, and one is wanted exactly if a rule admits the
checker to it. Closed ports are a choice: what listens there, what often does, and what lies beside. A port that a
platform opens to an audience by its own means is not tried: the checker may be one of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b

from msgspec.structs import replace

from ...deployment.derive import Deployment
from ...deployment.listener import Listener
from ...deployment.outbound import reach_out
from ...model.addresses import ANY, Address, Family, Identity, Packet
from ...model.ports import MAX_PORT, PortRange, Protocol, joined
from ...model.rules import Rule
from ...model.services import Service
from ...model.text import quoted
from ..results.verdict import ProbeTarget

MOST_CLOSED = 8
"""Closed ranges of more ports are sampled; wanted ones of more are tried with the other protocol, too."""


def plan_for(deployment: Deployment, sources: Mapping[Family, Address | None]) -> tuple[ProbeTarget, ...]:
    """The targets of a checker: wanted ones first, then closed ones, each by service, ports and family.

    Args:
        deployment: what the firewall is to be like.
        sources: the families to try, each with the checker's address as the server sees it. None: not
            known, so that only what is open to the whole family admits it.

    Raises:
        ValueError: an address is not of its family.
    """
    plan: list[ProbeTarget] = []
    for family, source in sources.items():
        _check_family(family, source)
        wanted = [_wanted(rule, family) for rule in deployment.rules.ingress if _admits(rule, family, source)]
        closed = [*_listeners(deployment, family), *_redis(deployment, family), *_usual(family)]
        plan += _disjoint(wanted, closed, [rule.ports for rule in deployment.rules.ingress if _may_admit(rule)])
    return tuple(sorted(plan, key=_order))


def plan_of_ports(ports: Sequence[PortRange], families: Iterable[Family]) -> tuple[ProbeTarget, ...]:
    """The same for ports given by hand: these are wanted, the usual ones and the samples beside are closed."""
    plan: list[ProbeTarget] = []
    for family in dict.fromkeys(families):
        wanted = [ProbeTarget(one, family, True, reason="given by hand") for one in joined(ports)]
        plan += _disjoint(wanted, _usual(family))
    return tuple(sorted(plan, key=_order))


def parse_ports(text: str) -> PortRange:
    """`udp/50000-60000` or `tcp/7881`; also in the order that many type: `50000-60000/udp`.

    Raises:
        ValueError: what is wrong with it.
    """
    asked = text.strip().lower()
    ports, slash, protocol = asked.rpartition("/")
    if slash and protocol in [one.value for one in Protocol]:
        asked = f"{protocol}/{ports}"
    try:
        return PortRange.parse(asked)
    except ValueError as error:
        raise ValueError(f"{quoted(asked)}: {error}") from None


def digest_of(given: Deployment | Sequence[PortRange]) -> bytes:
    """8 bytes that are the same exactly if two sides were told the same, wherever the checker stands.

    What decides a plan is in it (rules with their peers, listeners, ports), not how it was said: keys,
    files and the order of ports by hand are left out.
    """
    if isinstance(given, Deployment):
        lines = {f"rule {rule.ports} {rule.peer} {rule.service}" for rule in given.rules.ingress}
        for family in Family:
            closed = [*_listeners(given, family), *_redis(given, family)]
            lines |= {f"closed {one.ports} {one.service} {family}" for one in closed}
    else:
        lines = {f"by hand {ports}" for ports in joined(given)}
    return blake2b("\n".join(sorted(lines)).encode(), digest_size=8, person=b"probe plan").digest()


def every_port(given: Deployment | Sequence[PortRange]) -> tuple[PortRange, ...]:
    """All that any checker may try, wherever it stands, in as few ranges as possible."""
    families = dict.fromkeys(Family)
    if isinstance(given, Deployment):
        tried = [target.ports for target in plan_for(given, families)]
        return joined([*tried, *(rule.ports for rule in given.rules.ingress)])
    return joined(target.ports for target in plan_of_ports(given, families))


def udp_ports(plan: Iterable[ProbeTarget], family: Family) -> list[int]:
    """The UDP ports of a plan, wanted or not, in ascending order."""
    return _ports(plan, Protocol.UDP, family)


def tcp_ports(plan: Iterable[ProbeTarget], family: Family) -> list[int]:
    """The TCP ports of a plan, wanted or not, in ascending order."""
    return _ports(plan, Protocol.TCP, family)


def _ports(plan: Iterable[ProbeTarget], protocol: Protocol, family: Family) -> list[int]:
    ranges = [one.ports for one in plan if one.family is family and one.ports.protocol is protocol]
    return sorted(port for ports in ranges for port in range(ports.first, ports.last + 1))


def _order(target: ProbeTarget) -> tuple[object, ...]:
    service = target.service.order if target.service else len(Service)
    return not target.wanted, service, target.ports, target.family.value


def _check_family(family: Family, source: Address | None) -> None:
    """An address of the wrong family is admitted by nothing: everything would be asked to be closed."""
    if source is None:
        return
    mapped = getattr(source, "ipv4_mapped", None)
    if mapped or source.version != ANY[family].network.version:
        hint = f"; it is {mapped} over {Family.IPV4}" if mapped else ""
        raise ValueError(f"the checker's address over {family} must be of that family (got {source}){hint}")


def _admits(rule: Rule, family: Family, source: Address | None) -> bool:
    if source is None:
        return ANY[family] in rule.peer.blocks
    return rule.admits(Packet(source, rule.ports.protocol, rule.ports.first))


def _may_admit(rule: Rule) -> bool:
    """Whether any address may be among its sources, as far as is known here."""
    return rule.peer.named is not None or rule.peer.identity in AUDIENCES


AUDIENCES = frozenset(Identity) - {Identity.LOAD_BALANCER, Identity.SAME_GROUP}


def _wanted(rule: Rule, family: Family) -> ProbeTarget:
    return ProbeTarget(rule.ports, family, True, rule.service, rule.key, rule.reason or rule.service.purpose)


def _listeners(deployment: Deployment, family: Family) -> Iterator[ProbeTarget]:
    """What listens in the family. What is bound to loopback is tried as well: some relay may expose it."""
    for one in deployment.listeners:
        if family in one.families or not one.families:
            yield ProbeTarget(one.ports, family, False, one.service, one.key, _purpose(one))


def _purpose(listener: Listener) -> str:
    return listener.purpose + ("" if listener.families else f", {listener.confined}")


def _redis(deployment: Deployment, family: Family) -> Iterator[ProbeTarget]:
    """Redis and its sentinels at the ports where the services look for them; they may run on this node."""
    for need in reach_out(deployment.settings):
        if "redis." in need.key:
            reason = f"{Service.REDIS.purpose}, where the services look for it"
            yield ProbeTarget(need.ports, family, False, Service.REDIS, need.key, reason)


def _usual(family: Family) -> Iterator[ProbeTarget]:
    """TCP ports that are closed on any node unless a rule says otherwise, whatever the configuration tells."""
    for service in Service:
        if port := service.record.closed_port:
            yield ProbeTarget(
                PortRange.tcp(port), family, False, service, reason=f"{service.purpose}, on its usual port"
            )


def _beside(wanted: ProbeTarget) -> Iterator[ProbeTarget]:
    """Ports that a rule that is too wide would open: next to a range, and in the other protocol."""
    ports = wanted.ports
    samples: list[tuple[Protocol, int, str]] = []
    if ports.protocol is Protocol.UDP or len(ports) > 1:
        samples += [(ports.protocol, port, f"just outside {ports}") for port in (ports.first - 1, ports.last + 1)]
    if ports.protocol is Protocol.UDP and len(ports) > MOST_CLOSED:
        samples.append((Protocol.TCP, ports.first, f"the other protocol of {ports}"))
    for protocol, port, reason in samples:
        if 1 <= port <= MAX_PORT:
            yield ProbeTarget(PortRange(protocol, port, port), wanted.family, False, None, wanted.key, reason)


def _disjoint(
    wanted: Iterable[ProbeTarget], closed: Iterable[ProbeTarget], unsure: Iterable[PortRange] = ()
) -> list[ProbeTarget]:
    """The targets of one family without the ports that an earlier one holds; long closed ones as samples.

    Rules come in the order of their services, so that the first service has a port that two open.

    Args:
        unsure: ports of which nobody knows whether they are closed to the checker.
    """
    taken: defaultdict[Protocol, list[PortRange]] = defaultdict(list)
    plan: list[ProbeTarget] = []
    for target in wanted:
        plan += _take(taken, target)
    for ports in unsure:
        taken[ports.protocol].append(ports)
    for target in (*closed, *[sample for one in plan for sample in _beside(one)]):
        plan += _take(taken, target)
    return plan


def _take(taken: defaultdict[Protocol, list[PortRange]], target: ProbeTarget) -> list[ProbeTarget]:
    found = [replace(target, ports=piece) for piece in target.ports.without(taken[target.ports.protocol])]
    if not target.wanted:
        found = [sample for one in found for sample in _sampled(one)]
    taken[target.ports.protocol] += [one.ports for one in found]
    return found


def _sampled(target: ProbeTarget) -> Iterator[ProbeTarget]:
    ports = target.ports
    if len(ports) <= MOST_CLOSED:
        yield target
        return
    for port in (ports.first, (ports.first + ports.last) // 2, ports.last):
        one = PortRange(ports.protocol, port, port)
        yield replace(target, ports=one, reason=f"{target.reason}, a sample of {ports}")
