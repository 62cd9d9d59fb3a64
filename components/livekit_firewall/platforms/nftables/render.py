"""RuleSet -> the text of an nftables ruleset. Pure; the same rules give the same text.

One table, `inet livekit`, whose `input` chain has `policy drop`: it names everything that may reach the
host. `table` + `delete table` + `table { }` in one file is one transaction that replaces what an earlier
load left and touches no other table (nft 1.0.6 knows no `destroy table`). Open flows go on: conntrack keeps
them across a reload.

Ports are matched by `ct original proto-dst`: the port that the client used. Where another table redirects
udp/443 to LiveKit's 7882, `udp dport` sees 7882 only. Packets that another table exempts from tracking
(`notrack`) have no such port and are dropped.

Ports open to anywhere are one set of port intervals per protocol, whose elements carry service and key. Blocks of
addresses are a set per service and family, and each range of ports one rule over it. Only named sets hold
ports: nft 1.0.6 lists anonymous ones of `ct original proto-dst` as text that it does not read again.
An accept here opens nothing that another table's chain drops (ufw, firewalld).
"""

from __future__ import annotations

import ipaddress
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from ...model.addresses import Family, Identity
from ...model.errors import Place, Problem, RenderError
from ...model.ports import MAX_PORT, PortRange, Protocol
from ...model.rules import Rule, RuleSet
from ...model.services import Service
from ...model.text import quoted
from ..by_audience import addresses_of
from ..target_values import ipv6_problems
from . import language
from .baseline import ssh
from .language import Accept, Element, Other, Set, Table, comment

ICMP_TYPES = "destination-unreachable, time-exceeded, parameter-problem, echo-request"
ICMPV6_ERRORS = "destination-unreachable, packet-too-big, time-exceeded, parameter-problem"
ICMPV6_LINK = "nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert"
MLD = "mld-listener-query, mld-listener-report, mld-listener-done, mld2-listener-report"

NAMES: Mapping[str, str] = MappingProxyType({"": "from_anywhere", "ipv4": "from_any_ipv4", "ipv6": "from_any_ipv6"})
"""Of whole families: the end of the name of a set of ports, by the family that its rule names."""


def render(rules: RuleSet, *, ssh_port: int = 22, ipv6: bool = True) -> str:
    """The text of `table_of`, with the same arguments and errors."""
    return table_of(rules, ssh_port=ssh_port, ipv6=ipv6).text


def table_of(rules: RuleSet, *, ssh_port: int = 22, ipv6: bool = True) -> Table:
    """The table that admits what `rules` admit, and the `baseline`.

    Args:
        ssh_port: opened to anywhere unless a rule of `Service.SSH` names its sources.
        ipv6: False admits no new flow over IPv6; the host's own flows over it go on.

    Raises RenderError, with all problems: an identity or a block that is not known yet (a host knows addresses only),
    IPv6 sources though `ipv6` is false, a port that is none.
    """
    problems = [*problems_of(rules, ssh_port=ssh_port, ipv6=ipv6), *_named(rules)]
    if problems:
        raise RenderError("nftables", problems)
    parts = [*_whole_families(rules), *_blocks(rules)]
    opened = [ports for item in ssh(rules, ssh_port=ssh_port, ipv6=ipv6) for ports in item.ports]
    lines: list[Accept | Other] = [*_baseline(ipv6), *(_ssh(ports, ipv6) for ports in opened)]
    lines += [line for _, accepts in parts for line in accepts]
    return Table(tuple(one for sets, _ in parts for one in sets), tuple(lines))


def problems_of(rules: RuleSet, *, ssh_port: int = 22, ipv6: bool = True) -> list[Problem]:
    """What no ruleset can hold, whatever the blocks are that are not known yet."""
    problems = [*_identities(rules), *([] if ipv6 else ipv6_problems(rules))]
    if type(ssh_port) is not int or not 1 <= ssh_port <= MAX_PORT:
        problems.append(Problem(Place("operators.ssh_port"), quoted(ssh_port), f"an integer from 1 to {MAX_PORT}"))
    return problems


Part = tuple[list[Set], list[Accept]]
"""Sets, and the rules that use them."""


def _baseline(ipv6: bool) -> Iterator[Other]:
    """Open flows first, since that is nearly every packet. ICMP errors come before `invalid`: conntrack
    marks an error about an untracked flow as invalid.
    """
    echo = ", echo-request" if ipv6 else ""
    yield Other(language.FLOWS, "baseline: flows that are open")
    yield Other(language.LOOPBACK, "baseline: loopback")
    yield Other(language.ICMP.format(types=ICMP_TYPES), "baseline: path MTU and ping")
    yield Other(language.ICMPV6.format(types=ICMPV6_ERRORS + echo), "baseline: path MTU and ping")
    yield Other(language.ICMPV6.format(types=ICMPV6_LINK), "baseline: neighbour discovery")
    yield Other(language.ICMPV6.format(types=MLD), "baseline: multicast listener discovery")
    yield Other(language.INVALID, "baseline: packets of no flow")
    yield Other(language.DHCPV6, "baseline: DHCPv6 client")


def _ssh(ports: PortRange, ipv6: bool) -> Accept:
    return Accept(ports.protocol, ports.ports, language.SSH, family="" if ipv6 else "ipv4")


def _whole_families(rules: RuleSet) -> Iterator[Part]:
    """One set and one rule per protocol and scope."""
    for family, scope in language.SCOPES.items():
        for protocol in Protocol:
            found = [
                rule
                for rule in rules.ingress
                if rule.ports.protocol is protocol and _is_whole(rule) and rule.peer.blocks == scope.blocks
            ]
            if found:
                ports = Set(f"{protocol}_{NAMES[family]}", language.PORTS_TYPE, tuple(_port_elements(found)))
                yield [ports], [Accept(protocol, f"@{ports.name}", _about(found, keys=False), family)]


def _port_elements(rules: Iterable[Rule]) -> Iterator[Element]:
    """Disjoint intervals, each with what it is for. Overlapping ones are merged: a set without
    `auto-merge` refuses them, and one with it loses the comments.
    """
    merged: list[tuple[PortRange, list[Rule]]] = []
    for rule in sorted(rules, key=lambda rule: (rule.ports, rule.service.order)):
        if merged and rule.ports.overlaps(merged[-1][0]):
            ports, used = merged.pop()
            ports = PortRange(ports.protocol, ports.first, max(ports.last, rule.ports.last))
            merged.append((ports, [*used, rule]))
        else:
            merged.append((rule.ports, [rule]))
    return (Element(ports.ports, _about(used)) for ports, used in merged)


def _blocks(rules: RuleSet) -> Iterator[Part]:
    """Per service and family, or where a service has different sources for its ports, per range as well."""
    uses: dict[tuple[Service, Family], dict[PortRange, list[Rule]]] = defaultdict(lambda: defaultdict(list))
    for rule in rules.ingress:
        if rule.peer.block is not None and not _is_whole(rule):
            uses[rule.service, rule.peer.block.family][rule.ports].append(rule)
    for service, family in sorted(uses, key=lambda use: (use[0].order, use[1])):
        by_ports = dict(sorted(uses[service, family].items()))
        sources = {ports: frozenset(rule.peer.block for rule in used) for ports, used in by_ports.items()}
        if len(set(sources.values())) == 1:
            name = f"{service}_{family}".replace("-", "_")
            accepts = [_accept(name, family, ports, used) for ports, used in by_ports.items()]
            yield [_addresses(name, family, next(iter(by_ports.values())))], accepts
            continue
        for ports, used in by_ports.items():
            name = re.sub("[-/]", "_", f"{service}_{ports}_{family}")
            yield [_addresses(name, family, used)], [_accept(name, family, ports, used)]


def _addresses(name: str, family: Family, rules: Iterable[Rule]) -> Set:
    """Nested and adjacent blocks are merged: a set without `auto-merge` refuses the former, and one with
    it lists otherwise than it was written.
    """
    networks = (block.network for rule in rules for block in rule.peer.blocks)
    merged = ipaddress.collapse_addresses(networks)  # type: ignore[type-var]
    return Set(name, language.ADDRESS_TYPE[family], tuple(Element(str(network)) for network in merged))


def _accept(name: str, family: Family, ports: PortRange, rules: Iterable[Rule]) -> Accept:
    return Accept(ports.protocol, ports.ports, _about(rules), sources=name, header=language.HEADERS[family])


def _is_whole(rule: Rule) -> bool:
    return bool(rule.peer.blocks) and all(block.is_any for block in rule.peer.blocks)


def _about(rules: Iterable[Rule], *, keys: bool = True) -> str:
    """`ICE/UDP: rtc.port_range_end, rtc.port_range_start; TURN/UDP: turn.udp_port`"""
    found: dict[Service, set[str]] = defaultdict(set)
    for rule in rules:
        found[rule.service].update(reason.key for reason in rule.reasons)
    labelled = [(service.label, sorted(found[service])) for service in sorted(found, key=lambda one: one.order)]
    if not keys:
        return comment(", ".join(label for label, _ in labelled))
    return comment("; ".join(f"{label}: {', '.join(of)}" if of else label for label, of in labelled))


def _identities(rules: RuleSet) -> Iterator[Problem]:
    """A host knows nobody by other means than addresses."""
    for identity in sorted(rules.identities):
        yield Problem(
            Place("host"), IDENTITIES.get(identity, f"the {identity} by identity"), ADDRESSES,
            f"give {WHOSE.get(identity, 'their addresses')} as {addresses_of(identity)}",
        )  # fmt: skip


ADDRESSES = "addresses, which are all that a host knows of a peer"
IDENTITIES = {
    Identity.LOAD_BALANCER: "the identity of a load balancer",
    Identity.SAME_GROUP: "nodes of the same group",
}
WHOSE = {Identity.LOAD_BALANCER: "the load balancer's addresses", Identity.SAME_GROUP: "the nodes' addresses"}


def _named(rules: RuleSet) -> Iterator[Problem]:
    for block in rules.named:
        yield Problem(
            Place("host"), f"the block {block}, which is not known yet", ADDRESSES, "render it once it is known"
        )
