"""`DigitalOceanFirewall`: one cloud firewall, as a Pulumi resource."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import pulumi

from ...effective.resources import inputs_of
from ...model.errors import Problem
from ...model.rules import RuleSet
from ..judged import with_sound_blocks
from ..resource_options import admit, registered
from ..running import checked, former_names, plugin, pulumi_errors, register
from .names import lawful_name
from .native import Native
from .record import DIGITALOCEAN
from .render import render
from .target import DigitalOceanTarget, balancer_problems, droplet_problems, source_tag_problems, tag_problems

TYPE = "livekit:index:DigitalOceanFirewall"


class DigitalOceanFirewall(pulumi.ComponentResource):
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

    def __init__(
        self,
        name: str,
        rules: RuleSet,
        target: DigitalOceanTarget,
        *,
        ipv6: bool = True,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        with pulumi_errors():
            admit(TYPE, name, opts, DIGITALOCEAN)
            native = render(with_sound_blocks(rules, ipv6), target, ipv6=ipv6)
            provider = plugin(DIGITALOCEAN)
        super().__init__(TYPE, name, None, opts)
        registered(self, opts)
        # Pulumi does not hand `depends_on` down to children, and a tag that does not exist is refused.
        child = pulumi.ResourceOptions(
            parent=self,
            depends_on=opts.depends_on if opts else None,
            aliases=former_names(self, DIGITALOCEAN.made[0], lawful_name),
        )
        inputs = inputs_of(_checked(native).arguments())
        self.firewall = register(provider, DIGITALOCEAN.made[0], lawful_name(name), inputs, child)
        self.firewall_id = self.firewall.id
        self.register_outputs({"firewall_id": self.firewall_id})


def _checked(native: Native) -> Native:
    """With outputs that stop where their values are none that DigitalOcean takes."""
    inbound = tuple(
        replace(
            one,
            source_droplet_ids=_droplets(one.source_droplet_ids),
            source_tags=_each(one.source_tags, source_tag_problems if one.audiences else tag_problems),
            source_load_balancer_uids=_each(one.source_load_balancer_uids, balancer_problems),
        )
        for one in native.inbound
    )
    return replace(
        native,
        inbound=inbound,
        droplet_ids=_droplets(native.droplet_ids),
        tags=_each(native.tags, tag_problems),
    )


def _each(values: tuple[object, ...], problems: Callable[[object], Iterable[Problem]]) -> tuple[object, ...]:
    return tuple(checked(one, problems) for one in values)


def _droplets(ids: tuple[object, ...]) -> tuple[object, ...]:
    """A Droplet's output `id` is a text, the firewall's argument is a list of integers."""
    ids = _each(ids, droplet_problems)
    return tuple(one.apply(int) if isinstance(one, pulumi.Output) else one for one in ids)
