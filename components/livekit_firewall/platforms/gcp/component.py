"""`GcpFirewall`: the rules of a VPC network, as Pulumi resources."""

from __future__ import annotations

import pulumi

from ...model.rules import RuleSet
from ..running import pulumi_errors, sdk
from .record import GCP
from .render import render
from .target import GcpTarget


class GcpFirewall(pulumi.ComponentResource):
    """Firewall rules that admit what `rules` admit, for the instances that `target` names.

    It creates no network, instance or load balancer, writes no egress rule (Google's default admits all),
    and manages no rule that it did not create.

    Outputs:
        firewall_ids: the id of each rule by its key (`public-ipv4`, `trunk-ipv6`, ...).

    Raises InvalidArguments, also without the package pulumi-gcp, before anything is registered.
    """

    firewall_ids: pulumi.Output[dict[str, str]]

    def __init__(
        self,
        name: str,
        rules: RuleSet,
        target: GcpTarget,
        *,
        ipv6: bool = True,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        with pulumi_errors():
            native = render(rules, target, name=name, ipv6=ipv6)
            firewall = sdk(GCP).compute.Firewall
        super().__init__("livekit:index:GcpFirewall", name, None, opts)
        made = {
            rule.key: firewall(
                rule.name,
                **native.arguments(rule),
                opts=pulumi.ResourceOptions(
                    parent=self,
                    # The provider patches `network` in place, which no source says that the API accepts.
                    replace_on_changes=["network"],
                    aliases=[pulumi.Alias(name=one) for one in rule.also],
                ),
            )
            for rule in native
        }
        self.firewall_ids = pulumi.Output.all(**{key: one.id for key, one in made.items()})
        self.register_outputs({"firewall_ids": self.firewall_ids})
