"""What has which firewall rules on Google Cloud: instances by their network, tags and service accounts, and templates.

By the inputs of pulumi-gcp 10. A rule is for all of a network's instances or for those with a tag or an account. The
tags of an instance are put as a whole (instances.setTags).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from ...effective.property_values import is_hidden
from ...effective.resource_names import ResourceNames
from ...effective.resources import Resource
from ..attachments import Attachment, Reference, followed, values_at
from .from_pulumi import EVERYBODY, FIREWALL, NETWORKS, TARGETS, _key, _network, _project

SUBNETS = "gcp:compute/subnetwork:Subnetwork"
TEMPLATES = "gcp:compute/(instanceTemplate|regionInstanceTemplate):.*"


class MachineInputs(Struct, frozen=True):
    """Where a kind of machine says what decides which rules it has: paths to inputs.

    Attributes:
        inside: a path to what is in a network in its place, and the pattern of its types.
        is_default: whether it is in the network `default` where it names none.
    """

    tags: str = "tags"
    accounts: str = "serviceAccount.email"
    networks: str = "networkInterfaces.network"
    inside: tuple[str, str] = ("networkInterfaces.subnetwork", SUBNETS)
    is_default: bool = False


CLUSTER = "gcp:container/cluster:Cluster"
_NODES = ("nodeConfig.tags", "nodeConfig.serviceAccount", "network")

MACHINES = {
    "gcp:compute/instance:Instance": MachineInputs(),
    "gcp:compute/instanceTemplate:InstanceTemplate": MachineInputs(),
    "gcp:compute/regionInstanceTemplate:RegionInstanceTemplate": MachineInputs(),
    "gcp:compute/instanceFromTemplate:InstanceFromTemplate": MachineInputs(),
    "gcp:compute/instanceFromMachineImage:InstanceFromMachineImage": MachineInputs(),
    CLUSTER: MachineInputs(*_NODES, ("subnetwork", SUBNETS), is_default=True),
    "gcp:container/nodePool:NodePool": MachineInputs(*_NODES, ("cluster", CLUSTER)),
}

REFERENCES = (
    Reference(
        "gcp:compute/(instanceGroupManager|regionInstanceGroupManager):.*", "versions.instanceTemplate", TEMPLATES
    ),
    Reference("gcp:compute/instanceFromTemplate:.*", "sourceInstanceTemplate", TEMPLATES),
)


def attachments(resources: Sequence[Resource], names: ResourceNames) -> Iterator[Attachment]:
    projects = frozenset(filter(None, (_project(one) for one in names.everything if one.type == FIREWALL)))
    mine = [one for one in resources if one.type.startswith("gcp:")]
    for one in mine:
        inputs = MACHINES.get(one.type)
        networks = _networks(one, inputs, mine, names, projects) if inputs else []
        targets = [EVERYBODY, *_targets(one, inputs, names)] if inputs else []
        yield from (Attachment(_key(network, target), one.urn, one.urn) for network in networks for target in targets)
        if inputs and not networks:
            yield Attachment("", one.urn, one.urn)
    yield from followed(REFERENCES, mine, names.everything)


def _targets(one: Resource, inputs: MachineInputs, names: ResourceNames) -> Iterator[str]:
    for path, (_, word) in zip((inputs.tags, inputs.accounts), TARGETS, strict=True):
        for field, values in values_at(one.inputs, path).items():
            yield from (names.of(one, field, value, (), word) for value in values)


def _networks(
    one: Resource, inputs: MachineInputs, mine: Sequence[Resource], names: ResourceNames, projects: frozenset[str]
) -> list[str]:
    """The keys of its networks; a subnetwork or a cluster of the stack says which one it is in."""
    asked = [
        _asked(one, value, field)
        for field, values in values_at(one.inputs, inputs.networks).items()
        for value in values
    ]
    path, types = inputs.inside
    within = [other for other in mine if re.fullmatch(types, other.type)]
    for step in followed([Reference(re.escape(one.type), path, types)], [one], names.everything):
        for other in (other for other in within if other.urn == step.what):
            if other.type in MACHINES:
                return _networks(other, MACHINES[other.type], mine, names, projects)
            asked.append(_asked(other, other.inputs.get("network")))
    if inputs.is_default and not asked and not values_at(one.inputs, path):
        asked.append(_asked(one, "default"))
    return list(dict.fromkeys(key for each in asked for key in _keys(_network(each, names, projects), mine)))


def _asked(one: Resource, network: object, field: str = "network") -> Resource:
    """What a rule of the machine's network would be."""
    inputs = {"network": network, "project": one.inputs.get("project")}
    return Resource(one.urn, FIREWALL, inputs, depends={"network": one.depends.get(field, ())})


def _keys(network: str, mine: Sequence[Resource]) -> Iterator[str]:
    """The network by what it is called, and by its resource where that is in the stack."""
    yield network
    for one in mine:
        if one.type in NETWORKS:
            names = [name for name in (one.inputs.get("name"), one.outputs.get("name")) if isinstance(name, str)]
            if network in (one.urn, *names):
                yield from (one.urn, *(name for name in names if not is_hidden(name)))
