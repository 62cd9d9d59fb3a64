"""`HetznerFirewall`: one firewall of Hetzner Cloud, as a Pulumi resource."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pulumi

from ...effective.planned import inputs_of
from ..aliases import former_names
from ..component import CloudFirewall, Rendered
from ..running import as_integers, checked_each, checked_mapping, register
from .names import lawful_name
from .native import Native
from .record import FIREWALL, HETZNER
from .target import HetznerTarget, label_problems, selector_problems, server_problems


class HetznerFirewall(CloudFirewall[HetznerTarget, Native]):
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
    _platform = HETZNER

    def _make(self, given: Rendered[HetznerTarget, Native]) -> Mapping[str, pulumi.Output[Any]]:
        child = pulumi.ResourceOptions(parent=self, aliases=former_names(self, FIREWALL, lawful_name))
        inputs = {
            **inputs_of(_checked(given.native).arguments()),
            "labels": checked_mapping(given.target.labels, label_problems) or None,
        }
        self.firewall = register(self._plugin, FIREWALL, lawful_name(self.pulumi_resource_name), inputs, child)
        self.firewall_id = self.firewall.id
        return {"firewall_id": self.firewall_id}


def _checked(native: Native) -> Native:
    """With outputs that stop where their values are no servers or selectors. A server's output `id` is a text, and
    what it is applied to an integer.
    """
    return replace(
        native,
        servers=as_integers(checked_each(native.servers, server_problems)),
        selectors=checked_each(native.selectors, selector_problems),
    )
