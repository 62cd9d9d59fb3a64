"""What changes beside the rules that are read: kinds of firewalls that are not, and which machine has which firewall.

Neither is understood here. So that nobody takes silence for an answer, each such change is told and counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ...effective.evaluate import MAY_ADMIT
from ...effective.resources import OURS, WORDS, differing, name_of
from ...model.addresses import Direction
from ...model.packets import PacketSet
from ...platforms.registry import BY_NAME, PLATFORMS, is_firewall
from .difference import Pair
from .preview import PROVIDER, Step, each_once

MAX_DEPTH = 20

OTHERS = re.compile(
    r"firewall|sec(urity)?_?group|security_?(rule|list)|network_?(acl|policy)|public_?ports|authorized_?network"
    r"|prefix_?list",
    re.IGNORECASE,
)
"""Resources that may decide who reaches what, by their type's name: `aws:ec2/networkAclRule:NetworkAclRule`."""

GROUP_KEYS = frozenset({
    "vpcSecurityGroupIds", "securityGroups", "securityGroupIds", "securityGroupNames", "networkSecurityGroup",
    "networkSecurityGroupId", "networkSecurityGroupIds", "nsgId",
})  # fmt: skip
"""Inputs, however deep, that say which groups a machine or a subnet has."""

TAGGED = re.compile("|".join(one.machines for one in PLATFORMS if one.machines))
TAGS = ("tags", "serviceAccount", "serviceAccounts")
"""Where a firewall knows its machines by their tags or accounts."""


class Beside(NamedTuple):
    """One such change, and whether it may open more, or less, than before."""

    text: str
    gains: bool
    loses: bool


def beside(steps: Iterable[Step]) -> Iterator[Beside]:
    """Everything of the kind, each resource once."""
    for step in each_once(steps):
        if step.type.startswith((OURS, PROVIDER)):
            continue
        name = f"{step.type} {name_of(step.urn)}"
        if is_firewall(step.type):
            continue
        fields = differing(step.before, step.after) if step.before and step.after else frozenset()
        if OTHERS.search(step.type.partition(":")[2]):
            if fields - WORDS or not (step.before and step.after):
                yield Beside(f"{name}: {step.op}, and this kind is not read; {MAY_ADMIT}", True, False)
        elif step.before and step.after:
            moved = _groups(step.before.inputs) != _groups(step.after.inputs)
            if moved or (TAGGED.fullmatch(step.type) and fields & frozenset(TAGS)):
                yield Beside(f"{name}: its groups or tags change, so that other firewalls are for it", True, True)


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


def denials(pairs: Iterable[Pair], shows_all: bool) -> Iterator[Beside]:
    """Denies that come or go where it cannot be seen what they keep back: of allows that the preview leaves out, and
    of machines that have a tag besides.
    """
    given = tuple(pairs)
    for pair in given:
        old, new = (one.denied if one else {} for one in (pair.old, pair.new))
        for way in Direction:
            freed = old.get(way, PacketSet()) - new.get(way, PacketSet())
            bound = new.get(way, PacketSet()) - old.get(way, PacketSet())
            if not shows_all and (freed or bound):
                text = f"{pair.name}: {way}: a deny changes, and the allows that it is above are not in this preview"
                yield Beside(text, bool(freed), bool(bound))
            elif freed and any(_shares(pair, other, freed & other.after[way].admitted) for other in given):
                text = f"{pair.name}: {way}: a deny goes; a machine that has another tag as well may admit more"
                yield Beside(text, True, False)


def _shares(one: Pair, other: Pair, region: PacketSet) -> bool:
    """Whether both are of one network where denies add up, for different machines, and the region is not empty."""
    found = [here for pair in (one, other) if (here := pair.new or pair.old)]
    networks = {re.split(" (?:tag|account) ", here.key)[0] for here in found}
    add_up = all(here.platform and BY_NAME[here.platform].adds_up_denies for here in found)
    return bool(region) and one is not other and len(networks) == 1 and add_up
