"""What has which firewalls on DigitalOcean: Droplets by their ids and tags, and what makes Droplets with tags.

A firewall is put as a whole. The provider takes the tags off a Droplet that go before it adds those that come, one call
each (digitalocean/tag/tags.go, SetTags).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...effective.property_values import is_hidden, listed
from ...effective.resource_names import ResourceNames
from ...effective.resources import Resource
from ...effective.urns import type_of
from ..attachments import Attachment, values_at
from .from_pulumi import FIREWALL, MEMBERS, _members

(_, WORD, (DROPLET,)) = MEMBERS[1]

TAGGED = {
    DROPLET: "tags",
    "digitalocean:index/dropletAutoscale:DropletAutoscale": "dropletTemplate.tags",
    "digitalocean:index/kubernetesNodePool:KubernetesNodePool": "tags",
    "digitalocean:index/kubernetesCluster:KubernetesCluster": "nodePool.tags",
}
"""Where the tags of Droplets stand."""


def attachments(resources: Sequence[Resource], names: ResourceNames) -> Iterator[Attachment]:
    """By the keys of snapshots: those of tags, and of Droplets by their own or by an id that is not known yet."""
    for one in resources:
        if one.type == FIREWALL:
            droplets = [urn for urn in one.depends.get("dropletIds", ()) if type_of(urn) == DROPLET]
            hidden = any(map(is_hidden, listed(one.inputs.get("dropletIds"))))
            for member in _members(one, names):
                if member.startswith(f"{WORD} unknown ") and hidden:
                    yield from (Attachment(_key(member), urn) for urn in droplets)
        elif one.type in TAGGED:
            if one.type == DROPLET:
                yield Attachment(_key(f"{WORD} {one.urn}"), one.urn)
                yield from [Attachment(_key(f"{WORD} {one.id}"), one.urn)] if one.id else []
            for field, tags in values_at(one.inputs, TAGGED[one.type]).items():
                has = Resource(one.urn, FIREWALL, {"tags": tags}, depends={"tags": one.depends.get(field, ())})
                yield from (Attachment(_key(member), one.urn, one.urn, False) for member in _members(has, names))


def protections(resources: Sequence[Resource], names: ResourceNames) -> Iterator[Attachment]:
    """From the firewalls themselves."""
    for one in resources:
        if one.type == FIREWALL:
            yield from (Attachment(one.urn, _key(member), one.urn) for member in _members(one, names))
    yield from attachments(resources, names)


def _key(member: str) -> str:
    return f"digitalocean {member}"
