"""What changes beside the rules that are read: kinds of firewalls that are not, and which machine has which firewall.

Neither is understood here. So that nobody takes silence for an answer, each such change is told and counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any, NamedTuple

from ..clouds import PLATFORMS
from ..found import MAY_ADMIT
from ..resources import WORDS, name_of
from .preview import PROVIDER, Step

OURS = "livekit:index:"

OTHERS = re.compile(
    r"firewall|sec(urity)?_?group|security_?(rule|list)|network_?(acl|policy)|public_?ports|authorized_?network"
    r"|prefix_?list",
    re.IGNORECASE,
)
"""Resources that may decide who reaches what, by their type's name: `aws:ec2/networkAclRule:NetworkAclRule`."""

ATTACHED = {
    "aws:ec2/instance:Instance": ("vpcSecurityGroupIds", "securityGroups"),
    "aws:ec2/launchTemplate:LaunchTemplate": ("vpcSecurityGroupIds", "securityGroupNames", "networkInterfaces"),
    "aws:ec2/networkInterface:NetworkInterface": ("securityGroups",),
    "aws:lb/loadBalancer:LoadBalancer": ("securityGroups",),
    "azure:network/networkInterface:NetworkInterface": ("networkSecurityGroupId",),
    "azure-native:network:NetworkInterface": ("networkSecurityGroup",),
    "azure-native:network:Subnet": ("networkSecurityGroup",),
    "azure-native:network:VirtualNetwork": ("subnets",),
    "digitalocean:index/droplet:Droplet": ("tags",),
    "gcp:compute/instance:Instance": ("tags", "serviceAccount"),
    "gcp:compute/instanceTemplate:InstanceTemplate": ("tags", "serviceAccount"),
}
"""Inputs that say which firewall a machine has (schemas of the providers)."""


class Beside(NamedTuple):
    """One such change, and whether it may open more, or less, than before."""

    text: str
    gains: bool
    loses: bool


def beside(steps: Iterable[Step]) -> Iterator[Beside]:
    """Everything of the kind, each resource once."""
    for step in {step.urn: step for step in steps if step.op not in ("same", "refresh")}.values():
        if step.type.startswith((OURS, PROVIDER)):
            continue
        name = f"{step.type} {name_of(step.urn)}"
        fields = _changed(step)
        more_than_words = fields - WORDS
        if step.type in ATTACHED:
            if moved := sorted(fields & frozenset(ATTACHED[step.type])):
                yield Beside(f"{name}: {', '.join(moved)} changes, so that other firewalls are for it", True, True)
        elif OTHERS.search(step.type.partition(":")[2]) and not _is_read(step.type):
            if not more_than_words and step.before and step.after:
                continue
            yield Beside(f"{name}: {step.op}, and this kind is not read; {MAY_ADMIT}", True, False)


def _changed(step: Step) -> frozenset[str]:
    """The inputs that differ; none for what comes or goes."""
    if step.before is None or step.after is None:
        return frozenset()
    old, new = step.before.inputs, step.after.inputs
    differ = {key for key in {*old, *new} if old.get(key) != new.get(key)}
    return frozenset(differ | step.after.changed)


def _is_read(token: str) -> bool:
    return any(token in state_of(platform).TYPES for platform in PLATFORMS.values())


def state_of(platform: str) -> Any:
    """A platform's reader of resources, loaded now."""
    return import_module(f"..clouds.{platform}.state", __package__)
