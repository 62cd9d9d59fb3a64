"""Rules in a network security group that is there already: each a resource of its own, beside those of others.

    "lk-azure-ice-udp-400", "lk-azure-sip-tcp-1101", "lk-azure-deny-all-4096"

Azure takes a priority and a name once in a group, and an update writes rules in any order and deletes last. So each
priority has one name, which holds it: what takes over a priority is an update of that rule, and no second one, which
Azure would refuse. Rules of others, and the group itself, are not touched; `first_priority` moves all but the last deny
away from theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ...inputs.field_types import is_output
from ...model.addresses import Family
from ...model.errors import Place, Problem
from ...model.ports import Protocol
from ...model.services import Service
from ...model.text import quoted
from ..facts import Baseline
from ..platform import PLACEHOLDER
from .limits import name_of
from .names import lawful
from .native import BAND, Priority, SecurityRule, band
from .target import AzureTarget

AT = "azure.network_security_group_id"
GROUP_ID = re.compile(
    r"/subscriptions/[^/]+/resourceGroups/([^/]+)/providers/Microsoft\.Network/networkSecurityGroups/([^/]+)",
    re.IGNORECASE,
)
FIRST = Priority.ICMP
"""The first priority that rules of ours have, unless `first_priority` moves them."""


def places(ports: Sequence[int]) -> list[int]:
    """Where in their band rules stand: the only one is first, one of several at a place that its first port gives it,
    so that it stays there whatever comes or goes besides, but for one that wants the place of another.
    """
    if len(ports) < 2:
        return [0] * len(ports)
    found: list[int] = []
    for port in ports:
        wanted = (1 + (port + step) % (BAND - 1) for step in range(BAND - 1))
        found.append(next((one for one in wanted if one not in found), 0))  # too many are a problem of its own
    return found


def moved(rules: Iterable[SecurityRule], target: AzureTarget, component: str) -> Iterator[SecurityRule]:
    """The rules as they are in the group: after `first_priority`, and each named after its priority."""
    prefix, offset = lawful(component), target.first_priority - FIRST
    for rule in rules:
        is_last = rule.priority == Priority.DENY_ALL
        if is_last and not target.deny_all:
            continue
        priority = rule.priority if is_last else rule.priority + offset
        yield replace(rule, name=f"{prefix}-{_kind(rule)}-{priority}", priority=priority)


def _kind(rule: SecurityRule) -> str:
    """What rules of its priority are for, without what may change of one: family and source."""
    service = next((one for one in Service if one.record.band == rule.priority // 100 * 100), None)
    if service is None or rule.priority == Priority.DENY_ALL:
        return rule.name
    return name_of(service, Protocol.UDP if rule.priority % 100 >= UDP else Protocol.TCP)


UDP = band(Service.HTTPS, Protocol.UDP, Family.IPV4) - Service.HTTPS.record.band


def baseline(target: AzureTarget) -> tuple[Baseline, ...]:
    """What the group lets in or keeps out besides."""
    here = "the existing group, for every machine that has it"
    why = f"asked for by {AT}"
    others = Baseline(
        f"Other rules of {here}: one of a lower priority number wins over ours, and an allow of another port adds to "
        "what is reachable",
        why,
    )
    egress = Baseline("Egress: what the rules of the existing group say, then Azure's default, which lets all out", why)
    if target.deny_all:
        last = "A last deny at 4096, which also shuts what Azure lets in from the virtual network to these machines"
        return egress, others, Baseline(last, f"{why}; azure.deny_all: false leaves it out")
    last = (
        "Everything from the virtual network that no rule denies: Azure's own default, as the group has no deny of ours"
    )
    return egress, others, Baseline(last, "asked for by azure.deny_all: false")


def problems(target: AzureTarget) -> Iterator[Problem]:
    """What the arguments of a target say that only one of the two kinds of group has."""
    if target.network_security_group_id is None:
        yield from _of_existing_only(target)
        return
    yield from id_problems(target.network_security_group_id)
    for name in ("resource_group_name", "location", "tags"):
        if getattr(target, name) not in (None, {}):
            expected = f"left out together with {AT}, since the group is made elsewhere"
            yield Problem(Place(f"azure.{name}"), "", expected, "remove one of the two")


def _of_existing_only(target: AzureTarget) -> Iterator[Problem]:
    if not target.deny_all:
        hint = "Azure's default would let in the whole virtual network"
        yield Problem(Place("azure.deny_all"), "false", "true, or left out, for a new network security group", hint)
    for name, usual in (("first_priority", FIRST), ("existing_rules", 0)):
        given = getattr(target, name)
        if given != usual:
            yield Problem(Place(f"azure.{name}"), str(given), f"given only together with {AT}", "remove it")


def id_problems(group: object) -> list[Problem]:
    """Of the id of a group, which may have been an output."""
    if group == PLACEHOLDER or is_output(group) or (isinstance(group, str) and GROUP_ID.fullmatch(group)):
        return []
    expected = "the id of a network security group: /subscriptions/…/networkSecurityGroups/NAME"
    return [
        Problem(Place(AT), quoted(group) if isinstance(group, str) else "", expected, "give what its output id holds")
    ]


def priority_problems(rules: Iterable[SecurityRule], target: AzureTarget) -> Iterator[Problem]:
    """Rules that `first_priority` would move to the last deny and beyond."""
    last = max(rule.priority for rule in rules if rule.priority != Priority.DENY_ALL) - FIRST
    most = Priority.DENY_ALL - 1 - last
    if target.first_priority > most:
        expected = (
            f"at most {most}, since these rules take up {last + 1} priorities, and the last is {Priority.DENY_ALL - 1}"
        )
        yield Problem(Place("azure.first_priority"), str(target.first_priority), expected)


def parts(group: str) -> tuple[str, str]:
    """The resource group and the name in the id of a group."""
    found = GROUP_ID.fullmatch(group)
    return (found[1], found[2]) if found else (PLACEHOLDER, PLACEHOLDER)
