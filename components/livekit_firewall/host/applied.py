"""`AppliedRuleset`: the ruleset in force on the machine that runs Pulumi."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi
from pulumi.dynamic import Resource

from ..model.ports import Protocol
from ..model.rules import RuleSet
from ..platforms.nftables.baseline import ssh
from . import standalone as live
from .standalone.provider import AppliedRulesetProvider


class AppliedRuleset(Resource, module="livekit", name="AppliedRuleset"):
    """The table inet livekit in the kernel, and what loads it at boot. Every change is an update in place.

    Outputs:
        in_force: `as applied`, `changed since`, `not loaded` or `waiting for confirmation`.
        persistence: whether it is loaded at boot, and by what.
        neighbours: other firewalls of the machine and how they combine with this one, as sentences.
    """

    in_force: pulumi.Output[str]
    persistence: pulumi.Output[str]
    neighbours: pulumi.Output[list[str]]

    def __init__(
        self, name: str, ruleset: pulumi.Input[str], admits: pulumi.Input[list[dict[str, Any]]], confirm: str,
        timeout: int, owner: dict[str, Any], opts: pulumi.ResourceOptions,
    ) -> None:  # fmt: skip
        given = {"ruleset": ruleset, "ssh_admits": admits, "confirm": confirm, "timeout": timeout, "owner": owner}
        found = dict.fromkeys(("in_force", "persistence", "neighbours", "machine", "host"))
        super().__init__(provider(), name, {**given, **found}, opts)


def provider() -> AppliedRulesetProvider:
    """Pickles as source text, as the provider of `ruleset_file` does and for the same reasons."""
    starter = Path(live.__file__).with_name("start.py").read_text(encoding="utf-8")
    return AppliedRulesetProvider(live.packed(), starter)


def ssh_admits(rules: RuleSet, *, ssh_port: int, ipv6: bool) -> list[dict[str, Any]]:
    """What the rendered ruleset admits over TCP, as `standalone.ssh` reads it: the rules', and the baseline's SSH."""
    found = [
        (str(block), rule.ports)
        for rule in rules.ingress
        if rule.ports.protocol is Protocol.TCP
        for block in rule.peer.blocks
    ]
    for item in ssh(rules, ssh_port=ssh_port, ipv6=ipv6):
        found += [(str(block), ports) for ports in item.ports for block in item.blocks]
    told = dict.fromkeys((block, ports.first, ports.last) for block, ports in found)
    return [{"cidr": block, "first": first, "last": last} for block, first, last in told]
