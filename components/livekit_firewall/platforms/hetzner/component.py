"""`HetznerFirewall`: one firewall of Hetzner Cloud, as a Pulumi resource."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pulumi

from ...effective.resources import inputs_of
from ...model.errors import Problem
from ...model.rules import RuleSet
from ..judged import with_sound_blocks
from ..resource_options import admit, registered
from ..running import checked, former_names, plugin, pulumi_errors, register, remember_aliases
from .names import lawful_name
from .native import Native
from .record import FIREWALL, HETZNER
from .render import render
from .target import HetznerTarget, label_problems, selector_problems, server_problems

TYPE = "livekit:index:HetznerFirewall"


class HetznerFirewall(pulumi.ComponentResource):
    """A firewall that admits on the public interface what `rules` admit, for the servers that `target` names.

    It owns what the firewall is applied to: what is applied besides by hand, by a `FirewallAttachment` or by
    `firewall_ids` of a server is taken off at the next update. Every edit is an update in place.

    Args:
        name: any resource name.
        rules: what may reach the node.
        target: the servers, by id or by label, and how the load balancer reaches them.
        ipv6: whether IPv6 ingress is wanted.

    Outputs:
        firewall_id: the id of the firewall; other resources of the provider take it as an integer.

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
        target: HetznerTarget,
        *,
        ipv6: bool = True,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        with pulumi_errors():
            admit(TYPE, name, opts, HETZNER)
            native = render(with_sound_blocks(rules, ipv6), target, ipv6=ipv6)
            provider = plugin(HETZNER)
        super().__init__(TYPE, name, None, opts)
        remember_aliases(self, opts)
        registered(self, opts)
        child = pulumi.ResourceOptions(parent=self, aliases=former_names(self, FIREWALL, lawful_name))
        inputs = {
            **inputs_of(_checked(native).arguments()),
            "labels": _checked_labels(target.labels) or None,
        }
        self.firewall = register(provider, FIREWALL, lawful_name(name), inputs, child)
        self.firewall_id = self.firewall.id
        self.register_outputs({"firewall_id": self.firewall_id})


def _checked(native: Native) -> Native:
    """With outputs that stop where their values are no servers or selectors. A server's output `id` is a text, and
    what it is applied to an integer.
    """
    servers = _each(native.servers, server_problems)
    return replace(
        native,
        servers=tuple(one.apply(int) if isinstance(one, pulumi.Output) else one for one in servers),
        selectors=_each(native.selectors, selector_problems),
    )


def _each(values: tuple[object, ...], problems: Callable[[object], Iterable[Problem]]) -> tuple[object, ...]:
    return tuple(checked(one, problems) for one in values)


def _checked_labels(labels: Any) -> Any:
    """The labels, of which each that is an output stops if it turns out to be unlawful."""
    if isinstance(labels, pulumi.Output):
        return checked(labels, label_problems)

    def each(key: str) -> Any:
        return checked(labels[key], lambda known: label_problems({key: known}))

    return {key: each(key) for key in labels}
