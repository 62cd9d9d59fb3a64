"""Sources in a private network, whose packets Hetzner's firewall never sees."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ...model.addresses import Cidr
from ...model.errors import Finding, Place, Report
from ...model.findings import remedy
from ...model.rules import RuleSet
from ...model.text import few
from .target import HetznerTarget

PRIVATE = tuple(map(Cidr.parse, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))
"""RFC 1918, which a Network's range is of, and RFC 4193, which nobody routes."""

MOST_SHOWN = 3


def findings(rules: RuleSet, target: HetznerTarget, balancer: Collection[Cidr]) -> Iterator[Finding]:
    """One on all private sources: a rule for them has no effect.

    Args:
        balancer: the load balancer's blocks, which have a way out of their own.
    """
    mine = [rule for rule in rules.ingress if any(map(_is_private, rule.peer.blocks))]
    blocks = dict.fromkeys(block for rule in mine for block in rule.peer.blocks if _is_private(block))
    if not blocks:
        return
    services = dict.fromkeys(rule.service.label for rule in mine)
    text = (
        f"{few(map(str, blocks), MOST_SHOWN)} for {few(services, MOST_SHOWN)}: Hetzner Cloud filters the public "
        "interface only, so that the rule has no effect and the private network reaches every port of the node, "
        "Redis included"
    )
    others = [] if target.private_load_balancer else [one for one in blocks if one in balancer]
    fix = "say hetzner.private_load_balancer: true in place of load_balancer's private addresses" if others else ""
    if others and len(others) < len(blocks):
        fix += "; for the others, " + remedy("private-source-unfiltered")
    report = Report()
    report.finding("private-source-unfiltered", "warning", Place("hetzner"), text, fix)
    yield from report.findings


def _is_private(block: Cidr) -> bool:
    return any(map(block.is_within, PRIVATE))
