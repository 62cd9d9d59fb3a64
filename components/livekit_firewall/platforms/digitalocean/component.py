"""`DigitalOceanFirewall`: one cloud firewall, as a Pulumi resource."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pulumi

from ...effective.planned import inputs_of
from ..aliases import former_names
from ..component import CloudFirewall, Rendered
from ..running import as_integers, checked_each, register
from .names import lawful_name
from .native import Native
from .record import DIGITALOCEAN
from .target import DigitalOceanTarget, balancer_problems, droplet_problems, source_tag_problems, tag_problems


class DigitalOceanFirewall(CloudFirewall[DigitalOceanTarget, Native]):
    """A cloud firewall that admits what `rules` admit, for the Droplets that `target` names.

    It owns the attachment: what else is attached to this firewall by hand is detached at the next update,
    since the API replaces it as a whole. Every edit is an update in place. Tags must exist before: where the
    program makes them too, name them in `opts.depends_on`.

    Args:
        name: any resource name.
        rules: what may reach the node.
        target: the Droplets, by id or by tag, and the load balancers.
        ipv6: whether IPv6 ingress is wanted.

    Outputs:
        firewall_id: the UUID of the firewall.

    Raises:
        InvalidArguments: the rules, the target, the options or the SDK's version; before anything is registered.
    """

    firewall_id: pulumi.Output[str]
    firewall: pulumi.CustomResource
    """The resource."""
    _platform = DIGITALOCEAN

    def _make(self, given: Rendered[DigitalOceanTarget, Native]) -> Mapping[str, pulumi.Output[Any]]:
        # Pulumi does not hand `depends_on` down to children, and a tag that does not exist is refused.
        child = pulumi.ResourceOptions(
            parent=self,
            depends_on=given.opts.depends_on if given.opts else None,
            aliases=former_names(self, DIGITALOCEAN.made[0], lawful_name),
        )
        inputs = inputs_of(_checked(given.native).arguments())
        name = lawful_name(self.pulumi_resource_name)
        self.firewall = register(self._plugin, DIGITALOCEAN.made[0], name, inputs, child)
        self.firewall_id = self.firewall.id
        return {"firewall_id": self.firewall_id}


def _checked(native: Native) -> Native:
    """With outputs that stop where their values are none that DigitalOcean takes."""
    inbound = tuple(
        replace(
            one,
            source_droplet_ids=_droplets(one.source_droplet_ids),
            source_tags=checked_each(one.source_tags, source_tag_problems if one.audiences else tag_problems),
            source_load_balancer_uids=checked_each(one.source_load_balancer_uids, balancer_problems),
        )
        for one in native.inbound
    )
    return replace(
        native,
        inbound=inbound,
        droplet_ids=_droplets(native.droplet_ids),
        tags=checked_each(native.tags, tag_problems),
    )


def _droplets(ids: tuple[object, ...]) -> tuple[object, ...]:
    """A Droplet's output `id` is a text, the firewall's argument is a list of integers."""
    return as_integers(checked_each(ids, droplet_problems))
