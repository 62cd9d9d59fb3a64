"""Foreign security groups on Amazon, in each of their notations."""

from __future__ import annotations

from typing import Any

from .change import BROKEN, NOTHING, Change, Expected, expect, narrower, wider

GROUP = "pulumi_aws.ec2.SecurityGroup"
DEFAULT = "pulumi_aws.ec2.DefaultSecurityGroup"
OLD = "pulumi_aws.ec2.SecurityGroupRule"
INGRESS = "pulumi_aws.vpc.SecurityGroupIngressRule"
VPC = "vpc-0123456789abcdef0"
BALANCER = f"sg-{'a' * 17}"
ANYWHERE = ("0.0.0.0/0", "::/0")
HOSTILE = "[x](javascript:1) **@everyone** #1 !"
"""What Amazon takes in a description; the names of resources take more."""


def entry(protocol: str, first: int, last: int | None = None, *sources: str, **more: Any) -> dict[str, Any]:
    """A rule inside a group, from `sources`, by default anywhere."""
    given = sources or (() if more else ANYWHERE)
    four, six = [one for one in given if ":" not in one], [one for one in given if ":" in one]
    blocks = {**({"cidr_blocks": four} if four else {}), **({"ipv6_cidr_blocks": six} if six else {})}
    return {"protocol": protocol, "from_port": first, "to_port": first if last is None else last, **blocks, **more}


def group(*rules: dict[str, Any], name: str = "wall", **more: Any) -> list[Any]:
    told = {"vpc_id": VPC, "description": "a wall", **({"ingress": [*rules]} if rules else {})}
    return [GROUP, name, {**told, **more}]


def old(name: str, *arguments: Any, type_: str = "ingress", **more: Any) -> list[Any]:
    return [OLD, name, {"type": type_, "security_group_id": {"output": "wall.id"}, **entry(*arguments, **more)}]


def new(name: str, protocol: str, first: int | None, last: int | None, **source: Any) -> list[Any]:
    ports = {} if first is None else {"from_port": first, "to_port": last}
    return [INGRESS, name, {"security_group_id": {"output": "wall.id"}, "ip_protocol": protocol, **ports, **source}]


def change(name: str, before: list[Any], after: list[Any], expected: Expected) -> Change:
    return Change("aws", f"foreign-{name}", before, after, expected)


WEB, SSH = entry("tcp", 443), entry("tcp", 22, 22, "203.0.113.0/24")
BARE = group()
WEB4, WEB6 = new("web4", "tcp", 443, 443, cidr_ipv4="0.0.0.0/0"), new("web6", "tcp", 443, 443, cidr_ipv6="::/0")
NEW_SSH = new("ssh", "tcp", 22, 22, cidr_ipv4="203.0.113.0/24")
OTHER = [GROUP, "balancer", {"vpc_id": VPC}]
FROM_OTHER = new("api", "tcp", 7880, 7880, referenced_security_group_id={"output": "balancer.id"})
ALL_OUT = entry("-1", 0, 0, "0.0.0.0/0")

AWS = (
    change("inline-ssh-to-the-internet", [group(WEB, SSH)], [group(WEB, entry("tcp", 22))],
           wider("in tcp 22 anywhere but 203.0.113.0/24")),
    change("inline-redis-to-the-internet", [group(WEB)], [group(WEB, entry("tcp", 6379))],
           wider("in tcp 6379 anywhere")),
    change("inline-api-to-the-internet", [group(WEB)], [group(WEB, entry("tcp", 7880))],
           wider("in tcp 7880 anywhere")),
    change("inline-split", [group(entry("udp", 50000, 60000))],
           [group(entry("udp", 50000, 54999), entry("udp", 55000, 60000))], NOTHING),
    change("inline-merged", [group(entry("tcp", 80, 80, "10.0.0.0/9"), entry("tcp", 80, 80, "10.128.0.0/9"))],
           [group(entry("tcp", 80, 80, "10.0.0.0/8"))], NOTHING),
    change("inline-reordered", [group(WEB, SSH)], [group(SSH, WEB)], NOTHING),
    change("inline-renamed", [group(WEB, SSH)], [group(WEB, SSH, name="other")], NOTHING),
    change("inline-described", [group(WEB)], [group({**WEB, "description": "the website"})], NOTHING),
    change("inline-narrowed", [group(WEB, entry("tcp", 8000, 8100))], [group(WEB, entry("tcp", 8000, 8050))],
           narrower("in tcp 8051-8100 anywhere")),
    change("inline-all-protocols", [group(WEB)], [group(WEB, entry("-1", 0, 0, "10.0.0.0/8"))],
           wider("in tcp 0-442 10.0.0.0/8; in tcp 444-65535 10.0.0.0/8; in udp 0-65535 10.0.0.0/8")),
    change("inline-from-a-group", [group(WEB)], [group(WEB, entry("tcp", 3306, security_groups=[BALANCER]))],
           wider(f"in tcp 3306 {BALANCER}")),
    change("inline-from-itself", [group(WEB)], [group(WEB, entry("tcp", 3306, self=True))], wider(None)),
    change("inline-egress-closed", [group(WEB, egress=[ALL_OUT])],
           [group(WEB, egress=[entry("tcp", 443, 443, "0.0.0.0/0")])],
           narrower("out tcp 0-442 0.0.0.0/0; out tcp 444-65535 0.0.0.0/0; out udp 0-65535 0.0.0.0/0")),
    change("inline-to-rules", [group(WEB, SSH)], [BARE, WEB4, WEB6, NEW_SSH], expect("no change")),
    change("old-rule-opened", [BARE, old("web", "tcp", 443)], [BARE, old("web", "tcp", 443),
                                                               old("redis", "tcp", 6379)],
           wider("in tcp 6379 anywhere")),
    change("old-rule-widened", [BARE, old("ssh", "tcp", 22, 22, "203.0.113.0/24")],
           [BARE, old("ssh", "tcp", 22, 22, "0.0.0.0/0")], wider("in tcp 22 0.0.0.0/0 but 203.0.113.0/24")),
    change("old-rule-split", [BARE, old("web", "tcp", 443)],
           [BARE, old("four", "tcp", 443, 443, "0.0.0.0/0"), old("six", "tcp", 443, 443, "::/0")], NOTHING),
    change("old-rule-from-a-group", [BARE, old("web", "tcp", 443)],
           [BARE, old("web", "tcp", 443), old("db", "tcp", 3306, source_security_group_id=BALANCER)],
           wider(f"in tcp 3306 {BALANCER}")),
    change("old-rule-to-new", [BARE, old("web", "tcp", 443)], [BARE, WEB4, WEB6], NOTHING),
    change("rule-widened", [BARE, WEB4, NEW_SSH], [BARE, WEB4, new("ssh", "tcp", 22, 22, cidr_ipv4="0.0.0.0/0")],
           wider("in tcp 22 0.0.0.0/0 but 203.0.113.0/24")),
    change("rule-added", [BARE, WEB4], [BARE, WEB4, new("redis", "tcp", 6379, 6379, cidr_ipv4="0.0.0.0/0")],
           wider("in tcp 6379 0.0.0.0/0")),
    change("rule-renamed", [BARE, WEB4], [BARE, [INGRESS, "https", WEB4[2]]],
           NOTHING),
    change("rule-to-all-protocols", [BARE, WEB4], [BARE, WEB4, new("all", "-1", None, None, cidr_ipv4="0.0.0.0/0")],
           wider("in tcp 0-442 0.0.0.0/0; in tcp 444-65535 0.0.0.0/0; in udp 0-65535 0.0.0.0/0")),
    change("rule-from-a-list", [BARE, WEB4], [BARE, WEB4, new("list", "tcp", 22, 22, prefix_list_id="pl-0123456789")],
           wider("in tcp 22 pl-0123456789")),
    change("rule-within-another", [BARE, WEB4, new("some", "tcp", 443, 443, cidr_ipv4="10.0.0.0/8")], [BARE, WEB4],
           NOTHING),
    # A new group takes the place of the old one, and all rules with it.
    change("group-replaced", [BARE, WEB4, NEW_SSH], [group(description="another wall"), WEB4, NEW_SSH], NOTHING),
    change("unknown-groups", [], [OTHER, BARE, FROM_OTHER], wider(None)),
    change("secret-source", [BARE, WEB4],
           [BARE, WEB4, new("office", "tcp", 22, 22, cidr_ipv4={"secret": "198.51.100.7/32"})], wider(None)),
    change("made-secret", [BARE, NEW_SSH],
           [BARE, new("ssh", "tcp", 22, 22, cidr_ipv4={"secret": "203.0.113.0/24"})], NOTHING),
    change("default-group-opened", [[DEFAULT, "default", {"vpc_id": VPC, "ingress": [entry("-1", 0, 0, self=True)]}]],
           [[DEFAULT, "default", {"vpc_id": VPC, "ingress": [entry("-1", 0, 0, "0.0.0.0/0", self=True)]}]],
           wider("in all 0-65535 0.0.0.0/0")),
    change("refused", [BARE, WEB4], [BARE, new("web4", "tcp", 443, 442, cidr_ipv4="0.0.0.0/0")], BROKEN),
    change("removed", [BARE, WEB4, NEW_SSH], [], narrower("in tcp 443 0.0.0.0/0; in tcp 22 203.0.113.0/24")),
    change("hostile", [BARE, WEB4],
           [BARE, WEB4, new("<img src=x> @here \u202egnp \x1b[31m **b** `|`", "tcp", 6379, 6379,
                            cidr_ipv4="0.0.0.0/0", description=HOSTILE)], wider("in tcp 6379 0.0.0.0/0")),
)  # fmt: skip
