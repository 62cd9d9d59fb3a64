"""The Pulumi component of the Azure back end."""

from __future__ import annotations

import pulumi

from ...effective.resources import inputs_of
from ...model.rules import RuleSet
from ..resource_options import admit, registered
from ..running import checked_tags, former_names, not_empty, plugin, pulumi_errors, register, remember_aliases
from .names import group_name
from .record import AZURE
from .render import TAGS, render
from .target import AzureTarget

TYPE = "livekit:index:AzureFirewall"


class AzureFirewall(pulumi.ComponentResource):
    """A network security group that admits what a rule set admits, and denies all the rest.

        firewall = AzureFirewall("lk", rules, AzureTarget(resource_group_name=group.name))
        network.Subnet("media", network_security_group={"id": firewall.network_security_group_id}, ...)

    The rules are inline, so that a change of any of them is one request that replaces the list at once.

    Args:
        name: any resource name.
        rules: what may reach the node.
        target: the resource group, its location, tags, whether load balancer probes are let in.
        ipv6: whether IPv6 ingress is wanted.

    Raises:
        RenderError: before anything is registered.
    """

    network_security_group_id: pulumi.Output[str]
    network_security_group: pulumi.CustomResource
    """The resource."""

    def __init__(
        self,
        name: str,
        rules: RuleSet,
        target: AzureTarget,
        *,
        ipv6: bool = True,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        with pulumi_errors():
            admit(TYPE, name, opts, AZURE)
            native = render(rules, target, ipv6=ipv6)
            provider = plugin(AZURE)
        super().__init__(TYPE, name, None, opts)
        remember_aliases(self, opts)
        registered(self, opts)
        inputs = {
            **inputs_of(native.arguments()),
            "resourceGroupName": not_empty("azure.resource_group_name", native.resource_group_name),
            "location": not_empty("azure.location", native.location),
            "tags": checked_tags("azure.tags", target.tags, TAGS) or None,
        }
        child = pulumi.ResourceOptions(parent=self, aliases=former_names(self, AZURE.made[0], group_name))
        self.network_security_group = register(provider, AZURE.made[0], group_name(name), inputs, child)
        self.network_security_group_id = self.network_security_group.id
        self.register_outputs({"network_security_group_id": self.network_security_group_id})
