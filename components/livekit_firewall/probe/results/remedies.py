"""How each platform and host firewall says "admit these ports from there": words and commands, as tables.

Facts: how many families a rule holds, and how a range is written, are from the platforms' own pages (AWS
`IpPermission`, Google `compute.firewalls`, DigitalOcean "Firewalls", Azure "security rules"); the commands
from ufw(8), firewall-cmd(1) and firewalld.richlanguage(5).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from ...model.addresses import Cidr
from ...model.ports import PortRange
from ...platforms.facts import Wording
from ...platforms.registry import PLATFORMS

MOST_NAMED = 3
"""Sources that a sentence names; `render` prints all."""


class CloudFirewall(Struct, frozen=True):
    """The firewall between the internet and the host.

    Attributes:
        name: what people call the platform.
        platform: as `render --to` has it.
        wording: how it says what is to be admitted.
    """

    name: str
    platform: str
    wording: Wording


CLOUDS = {one.argument: CloudFirewall(one.title, one.name, one.wording) for one in PLATFORMS if one.wording}
"""By the name of the target among the arguments."""

ANY_CLOUD = CloudFirewall(
    "",
    "PLATFORM",
    Wording(
        "the firewall in front of the host (cloud or router) must admit",
        "write one range; in Azure one string '{first}-{last}', not two",
        "{family} needs rules of its own on most platforms",
    ),
)
"""Where the deployment names no cloud."""


class HostFirewallTool(Struct, frozen=True):
    """A tool that manages a host's firewall, recognised by the rule that drops.

    Attributes:
        name: what people call it.
        rule: what names of its chains look like.
        command: what admits ports from everywhere, or from one block.
        after: what must be said besides.
    """

    name: str
    rule: re.Pattern[str]
    command: Callable[[PortRange, Cidr | None], str]
    after: str = ""


def _ufw(ports: PortRange, block: Cidr | None) -> str:
    # ufw writes a range with a colon
    numbers = ports.ports.replace("-", ":")
    if block is None:
        return f"ufw allow {numbers}/{ports.protocol}"
    return f"ufw allow proto {ports.protocol} from {block} to any port {numbers}"


def _firewalld(ports: PortRange, block: Cidr | None) -> str:
    if block is None:
        return f"firewall-cmd --add-port={ports.ports}/{ports.protocol}"
    source = f'rule family="{block.family}" source address="{block}"'
    return f'firewall-cmd --add-rich-rule=\'{source} port port="{ports.ports}" protocol="{ports.protocol}" accept\''


HOST_FIREWALLS = (
    HostFirewallTool("ufw", re.compile(r"\bufw6?-"), _ufw),
    HostFirewallTool(
        "firewalld",
        re.compile(r"\bfilter_IN_|\bfirewalld\b"),
        _firewalld,
        "the same with --permanent, so that it stays",
    ),
    # ufw leaves what it does not allow to the policy of iptables' own chain
    HostFirewallTool("ufw, if it is in use here,", re.compile(r"^ip6? filter INPUT: policy drop"), _ufw),
)
"""The first whose rule is named; nftables if none is."""

ANY_HOST_FIREWALL = (
    "change the rule that drops; `livekit-firewall render --to nftables` prints what to admit, but an accept in one "
    "table does not undo a drop in another"
)


def host_firewall(detail: str) -> HostFirewallTool | None:
    """The tool whose rule drops; None if it is not known."""
    return next((one for one in HOST_FIREWALLS if one.rule.search(detail)), None)


def commands(firewall: HostFirewallTool, ports: Sequence[PortRange], blocks: Sequence[Cidr]) -> Iterator[str]:
    """What to run; never for more sources than the configuration admits."""
    sources: Sequence[Cidr | None] = blocks[:MOST_NAMED]
    if all(block.is_any for block in blocks):
        sources = (None,)  # also if nothing is known of the sources: what was asked for by port alone
    for one in ports:
        for source in sources:
            yield f"`{firewall.command(one, source)}`"


def from_words(blocks: Sequence[Cidr]) -> str:
    """`from 0.0.0.0/0 and ::/0`; without blocks, from where this check ran."""
    if not blocks:
        return "from where this check ran"
    return f"from {first_words([str(block) for block in blocks])}"


def first_words(words: Sequence[str]) -> str:
    """`a, b, c and 12 more`."""
    more = len(words) - MOST_NAMED
    return and_words([*words[:MOST_NAMED], f"{more:,} more"] if more > 0 else words)


def and_words(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
