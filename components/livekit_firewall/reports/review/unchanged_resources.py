"""Changes that are not read: of other kinds of firewalls, and of which machine has which firewall.

What they admit is not known. So each of them is listed and counts, rather than being passed over in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ...effective.evaluate import MAY_ADMIT
from ...effective.resources import OURS, WORDS, differing
from ...effective.urns import name_of
from ...model.addresses import Direction
from ...model.packets import PacketSet
from ...platforms.registry import BY_NAME, PLATFORMS, is_firewall
from .difference import Pair
from .preview import PROVIDER, Step, each_once

MAX_DEPTH = 20

OTHERS = re.compile(
    r"firewall|sec(urity)?_?group|security_?(rule|list)|network_?(acl|policy)|public_?ports|authorized_?network"
    r"|prefix_?list|admin_?rule|security_?admin|address_?group|(?<![a-z])ip_?group|vpc_?block_?public_?access",
    re.IGNORECASE,
)
"""Resources that may decide who reaches what, by their type's name: `aws:ec2/networkAclRule:NetworkAclRule`."""

GROUP_KEYS = frozenset({
    "vpcSecurityGroupIds", "securityGroups", "securityGroupIds", "securityGroupNames", "networkSecurityGroup",
    "networkSecurityGroupId", "networkSecurityGroupIds", "nsgId",
})  # fmt: skip
"""Inputs, however deep, that say which groups a machine or a subnet has."""

MACHINES = {one.machines: frozenset(one.machine_inputs) for one in PLATFORMS if one.machines}
"""The types of machines that say themselves which firewall they have, and the inputs that say it."""


class UnreadChange(NamedTuple):
    """A change that is not read, and whether it may admit more, or less, than before."""

    text: str
    gains: bool
    loses: bool


def unread_changes(steps: Iterable[Step]) -> Iterator[UnreadChange]:
    """The changes of other kinds of firewalls and of groups, each resource once."""
    for step in each_once(steps):
        if step.type.startswith((OURS, PROVIDER)):
            continue
        name = f"{step.type} {name_of(step.urn)}"
        if is_firewall(step.type):
            continue
        fields = differing(step.before, step.after) if step.before and step.after else frozenset()
        if OTHERS.search(step.type.partition(":")[2]):
            if fields - WORDS or not (step.before and step.after):
                yield UnreadChange(
                    f"{name}: {step.op}, and this kind of resource is not read; {MAY_ADMIT}", True, False
                )
        elif step.before and step.after:
            moved = _groups(step.before.inputs) != _groups(step.after.inputs)
            if moved or any(fields & named for types, named in MACHINES.items() if re.fullmatch(types, step.type)):
                yield UnreadChange(
                    f"{name}: its groups or tags change, so that other firewalls apply to it", True, True
                )


def _groups(inputs: object) -> list[object]:
    """What stands under the keys that name groups, level by level."""
    found: list[object] = []
    level = [inputs]
    for _ in range(MAX_DEPTH):
        found += [value for one in level if isinstance(one, Mapping) for key, value in one.items() if key in GROUP_KEYS]
        level = [
            child
            for one in level
            if isinstance(one, Mapping | list)
            for child in (one.values() if isinstance(one, Mapping) else one)
        ]
        if not level:
            break
    return found


def denials(pairs: Iterable[Pair], shows_all: bool) -> Iterator[UnreadChange]:
    """Denies that are added or removed where their effect is not known: on allows that the preview leaves out, and on
    machines that also have another tag.
    """
    given = tuple(pairs)
    for pair in given:
        old, new = (one.denied if one else {} for one in (pair.old, pair.new))
        for way in Direction:
            freed = old.get(way, PacketSet()) - new.get(way, PacketSet())
            bound = new.get(way, PacketSet()) - old.get(way, PacketSet())
            if not shows_all and (freed or bound):
                text = f"{pair.name}: {way}: a deny changes, and the allows that it overrides are not in this preview"
                yield UnreadChange(text, bool(freed), bool(bound))
            elif freed and any(_shares(pair, other, freed & other.after[way].open_at_most) for other in given):
                text = f"{pair.name}: {way}: a deny is removed; a machine that also has another tag may admit more"
                yield UnreadChange(text, True, False)


def _shares(one: Pair, other: Pair, region: PacketSet) -> bool:
    """Whether both are of one network where denies add up, for different machines, and the region is not empty."""
    found = [here for pair in (one, other) if (here := pair.new or pair.old)]
    networks = {re.split(" (?:tag|account) ", here.key)[0] for here in found}
    add_up = all(here.platform and BY_NAME[here.platform].adds_up_denies for here in found)
    return bool(region) and one is not other and len(networks) == 1 and add_up
