"""One folder per platform: `render()` and `baseline()` (pure), `LIMITS`, and the Pulumi component.

    from . import aws
    aws.render(rules, target)              # native rules, final strings; raises RenderError
    aws.baseline(rules, target)            # what the platform lets pass besides them

`import livekit_firewall.platforms.aws` loads neither Pulumi nor a cloud SDK; `platforms.aws.component` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any

from msgspec import Struct

from ..model.addresses import ANY_IPV4, ANY_IPV6, Cidr, Family, Peer, PortRange
from ..model.errors import Place, Problem
from ..model.rules import Reason, Rule, RuleSet
from ..model.services import Service

PLACEHOLDER = "TARGET"
"""Stands for an id that is not known when rules are rendered without Pulumi (`render --to`)."""

PLATFORMS = {"aws": "aws", "gcp": "gcp", "digitalocean": "digitalocean", "azure": "azure", "host": "nftables"}
"""The platform that each target is on, by the target's name among the arguments."""


class Baseline(Struct, frozen=True):
    """Something a platform lets pass outside the rule set, because a node cannot live without it.

    Attributes:
        what: in the platform's own grain ("ICMP echo and path MTU, IPv4 and IPv6"); so for this configuration.
        why: what breaks otherwise.
        ports, blocks: the TCP and UDP flows that it lets in, every port from every block; none for ICMP and egress.
        service: what these ports are for, where it is a service that people know; it is drawn and compared then.
        key: the argument that decides the ports.
    """

    what: str
    why: str
    ports: tuple[PortRange, ...] = ()
    blocks: tuple[Cidr, ...] = ()
    service: Service | None = None
    key: str = ""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """What it lets in, as rules: judged, explained and compared like any other."""
        whole = set(self.blocks) >= {ANY_IPV4, ANY_IPV6}
        peers = (Peer.anywhere(),) if whole else tuple(map(Peer.of, self.blocks))
        reasons = (Reason(self.key, self.why),) if self.key else ()
        service = self.service or Service.INTERNAL
        return tuple(Rule(ports, peer, service, reasons) for ports in self.ports for peer in peers)


def platform(target: str) -> Any:
    """The module of a target's platform, loaded now: a user of one cloud never pays for the others."""
    return import_module(f".{PLATFORMS[target]}", __package__)


def states() -> Iterator[Any]:
    """Each platform's reader of Pulumi's resources, `from_pulumi`, loaded now."""
    yield from (import_module(f".{one}.from_pulumi", __package__) for one in PLATFORMS.values())


@cache
def is_firewall(token: str) -> bool:
    """Whether resources of the type token say what is admitted, on any platform."""
    return any(token in state.TYPES for state in states())


def render(target_name: str, rules: RuleSet, target: Any, *, name: str, ssh_port: int, ipv6: bool) -> Any:
    """The native rules of one target, whatever its platform; a text for the host.

    Args:
        name: what the component is called, where physical names come from it (Google Cloud).
        ssh_port: what the host keeps open unless a rule says who may use SSH.

    Raises:
        RenderError: the platform cannot express or hold the rules.
    """
    module = platform(target_name)
    options: dict[str, Any] = {"ipv6": ipv6}
    if target_name == "host":
        return module.render(rules, ssh_port=ssh_port, **options)
    if target_name == "gcp":
        options["name"] = name
    return module.render(rules, target, **options)


def baseline(target_name: str, rules: RuleSet, target: Any, *, ssh_port: int, ipv6: bool) -> tuple[Baseline, ...]:
    """What one target lets pass besides these rules, as `render` makes it so."""
    module = platform(target_name)
    options: dict[str, Any] = {"ssh_port": ssh_port} if target_name == "host" else {}
    found: tuple[Baseline, ...] = module.baseline(rules, target, ipv6=ipv6, **options)
    return found


def ipv6_problems(rules: RuleSet) -> Iterator[Problem]:
    """Rules for IPv6 where `ipv6: false` closed it: a platform refuses them, it never drops one."""
    for rule in rules.ingress:
        if any(block.family is Family.IPV6 for block in rule.peer.blocks):
            got = f"false, and {rule.service.label} {rule.ports} from {rule.peer}"
            hint = "restrict the rule to IPv4 blocks, or leave ipv6 out"
            yield Problem(Place("ipv6"), got, "no rule for IPv6 where ipv6 is false", hint)
