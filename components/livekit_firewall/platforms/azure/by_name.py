"""Sources that are known by a name: blocks that are outputs, service tags, application security groups.

    "sip-udp-cidrs.carrier", "ssh-tcp-operators-tag.office", "ssh-tcp-operators-group.bastion"

Each has a rule of its own for every service and protocol: prefixes of a rule are of one family, and that of an output
is not known; a rule names one service tag; and the network interfaces of its application security groups must all be in
one virtual network. So a name that comes or goes changes no other rule.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from hashlib import sha256

from ...model.addresses import Family, Identity, Peer
from ...model.errors import Place, Problem
from ...model.ports import Protocol
from ...model.rules import Rule, RuleSet
from ...model.services import Service
from ...model.text import quoted
from ..by_audience import ARGUMENTS, given_in
from ..platform import PLACEHOLDER
from .limits import PROTOCOLS, description, name_of
from .names import rule_name
from .native import BAND, PROBES, VNET, SecurityRule, band
from .target import AzureTarget

SERVICE_TAG = re.compile(r"[A-Z][A-Za-z0-9]*(\.[A-Za-z0-9]+)*")
GROUP_ID = re.compile(
    r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Network/applicationSecurityGroups/[^/]+",
    re.IGNORECASE,
)
EVERYBODY = frozenset({"internet", "any"})
FOR_RENT = frozenset({"azurecloud", "appservice", "logicapps", "powerplatforminfra", "datafactory"})
"""Tags of what runs code, or sends requests, for anybody who pays ("Virtual network service tags"): whoever rents
there reaches what is open to the tag.
"""


@dataclass(frozen=True, slots=True)
class Source:
    """One source.

    Attributes:
        label: at the end of its rules' names.
        prefix: a service tag, or the output that is a block; None where it is a group.
        group: the id of an application security group.
    """

    label: str
    peer: Peer
    prefix: object = None
    group: object = None


def sources(rules: RuleSet, target: AzureTarget) -> Iterator[Source]:
    """Those that rules admit, by label."""
    for block in rules.named:
        yield Source(str(block), Peer.of(block), prefix=block.value)
    for identity in sorted(rules.identities & {*ARGUMENTS}):
        for name, tag in target.service_tags.of(identity).items():
            yield Source(f"{identity}-tag.{name}", Peer.of(identity), prefix=tag)
        for name, one in target.application_security_groups.of(identity).items():
            yield Source(f"{identity}-group.{name}", Peer.of(identity), group=one)


def rules_by_name(rules: RuleSet, target: AzureTarget, taken: Collection[int]) -> list[SecurityRule]:
    """A rule for each source, service and protocol.

    Args:
        taken: priorities of the rules for plain blocks, which keep theirs.
    """
    used, made = set(taken), []
    for source in sorted(sources(rules, target), key=lambda one: one.label):
        reached: dict[tuple[Service, Protocol], list[Rule]] = defaultdict(list)
        for rule in rules.ingress:
            if rule.peer == source.peer:
                reached[rule.service, rule.ports.protocol].append(rule)
        for (service, protocol), some in reached.items():
            priority = _free(service, protocol, source.label, used)
            used.add(priority)
            made.append(_rule(service, protocol, source, some, priority))
    return made


def _rule(service: Service, protocol: Protocol, source: Source, rules: list[Rule], priority: int) -> SecurityRule:
    ports = [one.ports for one in sorted({rule.ports for rule in rules})]
    return SecurityRule(
        name=rule_name(f"{name_of(service, protocol)}-{source.label}"),
        priority=priority,
        protocol=PROTOCOLS[protocol],
        description=description(service, rules),
        source_address_prefix=source.prefix,
        source_application_security_groups=() if source.group is None else (source.group,),
        destination_port_range=ports[0] if len(ports) == 1 else None,
        destination_port_ranges=tuple(ports) if len(ports) > 1 else (),
        peer=source.peer,
    )


MOST = 2 * BAND
"""Priorities of one service and protocol, of both families."""


def _free(service: Service, protocol: Protocol, label: str, used: Collection[int]) -> int:
    """A priority of the service and protocol. It comes from the label, so that others that come or go leave it, but for
    one that has come from two.
    """
    first = band(service, protocol, Family.IPV4)
    start = int.from_bytes(sha256(label.encode()).digest()[:4], "big")
    numbers = (first + (start + step) % MOST for step in range(MOST))
    return next((one for one in numbers if one not in used), first)  # too many are a problem


def not_known(target: AzureTarget) -> Iterator[tuple[Identity, str]]:
    """Who has a service tag is Azure's to say; but for the virtual network and the prober, others than its user may."""
    for audience, argument in ARGUMENTS.items():
        for name, tag in target.service_tags.of(audience).items():
            if str(tag) not in (VNET, PROBES):
                where = f"azure.service_tags.{argument}.{name}"
                yield (
                    audience,
                    f"Which addresses the service tag {tag} ({where}) holds is not known here: Azure decides.",
                )


# Problems


def source_problems(rules: RuleSet, target: AzureTarget, plain: Counter[tuple[Service, Protocol]]) -> Iterator[Problem]:
    """What is wrong with the sources.

    Args:
        plain: how many rules for plain blocks each service and protocol has.
    """
    for path, tag in given_in(target.service_tags, "azure.service_tags"):
        yield from _tag_problems(path, str(tag))
    for path, one in given_in(target.application_security_groups, "azure.application_security_groups"):
        yield from _group_problems(path, one)
    yield from _rented(rules, target)
    named = list(sources(rules, target))
    for label, count in Counter(one.label.lower() for one in named).items():
        if count > 1:
            expected = "must differ in more than the case of their letters: Azure compares names ignoring it"
            yield Problem(Place("azure"), label, expected, "rename one of the sources")
    reached = {(rule.service, rule.ports.protocol, one.label) for one in named for rule in _for(rules, one)}
    counts = plain + Counter((service, protocol) for service, protocol, _ in reached)
    for (service, protocol), count in counts.items():
        if count > MOST:
            what = f"at most {MOST} rules for {service.label} over {protocol}"
            yield Problem(Place("azure"), str(count), what, "name fewer sources")


def _for(rules: RuleSet, source: Source) -> Iterator[Rule]:
    return (rule for rule in rules.ingress if rule.peer == source.peer)


def _tag_problems(path: str, tag: str) -> Iterator[Problem]:
    if tag == "*" or tag.lower() in EVERYBODY or "/" in tag:
        expected = "must be a service tag that is not the internet, and no block"
        hint = "leave clients out, or say trunks: anywhere, for what everybody may reach; blocks go into cidrs"
        yield Problem(Place(path), quoted(tag), expected, hint)
    elif not SERVICE_TAG.fullmatch(tag):
        expected = "must be a service tag as Azure writes it, such as VirtualNetwork or Storage.WestEurope"
        yield Problem(Place(path), quoted(tag), expected)


def _group_problems(path: str, group: object) -> Iterator[Problem]:
    if isinstance(group, str) and group != PLACEHOLDER and not GROUP_ID.fullmatch(group):
        yield Problem(Place(path), quoted(group), EXPECTED)


def group_problems(group: object) -> list[Problem]:
    """Of the id of an application security group that was an output."""
    if isinstance(group, str) and GROUP_ID.fullmatch(group):
        return []
    return [Problem(Place("azure.application_security_groups"), "an output with another value", EXPECTED)]


EXPECTED = "must be the id of an application security group: /subscriptions/…/applicationSecurityGroups/NAME"


def _rented(rules: RuleSet, target: AzureTarget) -> Iterator[Problem]:
    """An internal port never opens to the internet, nor to all who rent machines."""
    for identity, audience in ARGUMENTS.items():
        internal = [rule for rule in rules.ingress if rule.peer.identity is identity and rule.service.is_internal]
        labels = dict.fromkeys(f"{rule.service.label} on {rule.ports}" for rule in internal)
        for name, tag in target.service_tags.of(identity).items() if internal else ():
            if str(tag).lower().partition(".")[0] in FOR_RENT:
                expected = f"must not open {', '.join(labels)} to everybody who rents in {tag}"
                hint = "name an application security group, VirtualNetwork, or the real addresses in cidrs"
                yield Problem(Place(f"azure.service_tags.{audience}.{name}"), quoted(tag), expected, hint)
