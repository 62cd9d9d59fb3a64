"""`StubFirewall`, which registers nothing below itself."""

from __future__ import annotations

import pulumi

from ...model.rules import RuleSet
from ..running import pulumi_errors
from .render import render
from .target import StubTarget


class StubFirewall(pulumi.ComponentResource):
    firewall_id: pulumi.Output[str]

    def __init__(
        self, name: str, rules: RuleSet, target: StubTarget, *, ipv6: bool, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        with pulumi_errors():
            native = render(rules, target, ipv6=ipv6)
        super().__init__("livekit:index:StubFirewall", name, None, opts)
        self.firewall_id = pulumi.Output.from_input(f"stub-{native.zone}")
        self.register_outputs({"firewall_id": self.firewall_id})
