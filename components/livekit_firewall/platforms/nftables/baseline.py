"""What the host's ruleset lets pass besides the rules, and the sources of SSH where no rule names them."""

from __future__ import annotations

from ...model.addresses import ANY_IPV4, ANY_IPV6, Cidr
from ...model.ports import PortRange
from ...model.rules import RuleSet
from ...model.services import Service
from ..facts import Baseline

LINK_LOCAL = Cidr.parse("fe80::/10")

_FLOWS = (
    Baseline("the loopback interface", "services of one host talk to each other"),
    Baseline(
        "packets of flows that are open, and ICMP errors about them (ct state established, related)",
        "answers to what the host itself asks; calls go on when the rules change",
    ),
)
_LINK = (
    Baseline(
        "IPv6 neighbour discovery, router advertisements and MLD",
        "without them the host loses IPv6, which it may use for flows of its own",
    ),
    Baseline(
        "DHCPv6 answers from link-local addresses to udp/546",
        "the host keeps its address; they come from another address than was asked, so they are no answer to conntrack",
        (PortRange.udp(546),),
        (LINK_LOCAL,),
    ),
)


def baseline(
    rules: RuleSet,
    *,
    ssh_port: int = 22,
    ipv6: bool = True,
) -> tuple[Baseline, ...]:
    """What the ruleset of these rules lets pass besides them.

    Args:
        ssh_port: open to anywhere unless a rule of `Service.SSH` names its sources.
        ipv6: False admits no new flow over IPv6 but those of the link.
    """
    echo = "errors and echo requests"
    icmp = f"ICMP and ICMPv6 {echo}" if ipv6 else f"ICMP {echo}; over IPv6 errors only"
    return (*_FLOWS, Baseline(icmp, "path MTU discovery and ping"), *_LINK, *ssh(rules, ssh_port=ssh_port, ipv6=ipv6))


def ssh(rules: RuleSet, *, ssh_port: int, ipv6: bool) -> tuple[Baseline, ...]:
    """SSH as the baseline opens it; nothing where a rule names the sources of SSH."""
    if any(rule.service is Service.SSH for rule in rules.ingress):
        return ()
    who = "anywhere" if ipv6 else "any IPv4 address"
    what = f"SSH on tcp/{ssh_port} from {who}, as operators.cidrs names nobody"
    blocks = (ANY_IPV4, ANY_IPV6) if ipv6 else (ANY_IPV4,)
    why = "loading the ruleset must not lock its operator out"
    return (Baseline(what, why, (PortRange.tcp(ssh_port),), blocks, Service.SSH, "operators.ssh_port"),)
