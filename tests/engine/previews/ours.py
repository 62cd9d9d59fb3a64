"""Changes of LiveKitFirewall: its arguments before and after, on every platform where that makes sense."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from livekit_firewall.platforms.registry import PLATFORMS
from tests.targets import CLOUDS, TARGETS

from .change import BROKEN, NOTHING, Change, Expected, Program, moved, narrower, wider

Arguments = dict[str, Any]

SHOWN_BOTH_WAYS = ("media-widened", "trunks-narrowed", "component-renamed")

NODE: Arguments = {"load_balancer": {"cidrs": ["10.0.0.0/24"]}, "operators": {"cidrs": ["203.0.113.0/24"]}}
"""What most changes start from: media and ICE/TCP from anywhere, the API from the balancer, SSH from operators."""

BARE: Arguments = {"operators": {"cidrs": ["203.0.113.0/24"]}}
MEDIA = "in udp 50000-60000 anywhere"
REACHED = f"{MEDIA}; in tcp 7881 anywhere; in tcp 7880 10.0.0.0/24; in tcp 22 203.0.113.0/24"

BESIDES = {
    # What a platform opens of its own accord, without ICMP.
    "aws": "; out all 0-65535 anywhere",
    "gcp": "",
    "digitalocean": "; out tcp 1-65535 anywhere; out udp 1-65535 anywhere",
    "azure": "",
    "hetzner": "",
    "host": "",
}
SIP = "in udp 5060 {0}; in tcp 5060 {0}; in udp 10000-20000 {0}"


@dataclass(frozen=True)
class Row:
    """A change of arguments.

    Attributes:
        before: None for nothing deployed.
        after: None for nothing left.
        platforms: where it is made.
        on: what is expected on platforms that differ.
        target, then: what the target says besides, before and after, by platform.
        name, then_name: what the component is called.
    """

    change: str
    before: Arguments | None
    after: Arguments | None
    expected: Expected
    platforms: Sequence[str] = (*CLOUDS, "host")
    on: Mapping[str, Expected] = field(default_factory=dict)
    target: Mapping[str, Arguments] = field(default_factory=dict)
    then: Mapping[str, Arguments] = field(default_factory=dict)
    then_name: str = "livekit"
    files: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)


def node(**more: Any) -> Arguments:
    return {**NODE, **more}


def operated_by(*cidrs: str, **more: Any) -> Arguments:
    return node(operators={"cidrs": [*cidrs], **more})


def carried_by(trunks: Any) -> Arguments:
    return node(sip={}, trunks=trunks)


TURN = {"enabled": True, "domain": "turn.example.com", "udp_port": 3478}
TLS = {**TURN, "tls_port": 5349}
CARRIER = ["198.51.100.0/24"]
HALVES = ("203.0.113.0/25", "203.0.113.128/25")
NO_SSH_RULE_ON_HOST = "in tcp 22 anywhere but 203.0.113.0/24"
"""Without operators the host admits SSH from anywhere, lest its operator is locked out."""

FILE = """\
port: 7880
rtc:
  port_range_start: 50000
  port_range_end: 60000
  tcp_port: 7881
"""
KEYS = {"port": 7880, "port_range_start": 50000, "port_range_end": 60000, "tcp_port": 7881}

MEDIA_ROWS = (
    Row("media-widened", NODE, node(port_range_start=50000, port_range_end=61000),
        wider("in udp 60001-61000 anywhere")),
    Row(
        "media-narrowed",
        NODE,
        node(port_range_start=50000, port_range_end=55000),
        narrower("in udp 55001-60000 anywhere"),
    ),
    Row(
        "media-shifted",
        NODE,
        node(port_range_start=51000, port_range_end=61000),
        moved("in udp 60001-61000 anywhere", "in udp 50000-50999 anywhere"),
    ),
    Row("media-by-one-port", NODE, node(udp_port=7882), moved("in udp 7882 anywhere", MEDIA)),
    Row("media-by-a-few-ports", node(udp_port=7882), node(udp_port="7882-7892"), wider("in udp 7883-7892 anywhere")),
    Row("media-by-a-range-again", node(udp_port=7882), NODE, moved(MEDIA, "in udp 7882 anywhere")),
    Row("tcp-port-moved", NODE, node(tcp_port=7883), moved("in tcp 7883 anywhere", "in tcp 7881 anywhere")),
    Row("tcp-port-off", NODE, node(tcp_port=0), narrower("in tcp 7881 anywhere")),
    Row("turn-on", NODE, node(turn=TURN), wider("in udp 3478 anywhere")),
    Row("turn-off", node(turn=TLS), NODE, narrower("in udp 3478 anywhere; in tcp 5349 10.0.0.0/24")),
    Row("turn-tls-on", node(turn=TURN), node(turn=TLS), wider("in tcp 5349 10.0.0.0/24")),
    Row("turn-tls-off", node(turn=TLS), node(turn=TURN), narrower("in tcp 5349 10.0.0.0/24")),
    Row("https-on", BARE, {**BARE, "https": True}, wider("in tcp 443 anywhere; in tcp 80 anywhere")),
    Row("https-off", {**BARE, "https": True}, BARE, narrower("in tcp 443 anywhere; in tcp 80 anywhere")),
    Row(
        "https-without-acme",
        {**BARE, "https": True},
        {**BARE, "https": {"port": 443, "acme": False}},
        narrower("in tcp 80 anywhere"),
    ),
    Row("plugnmeet", BARE, {**BARE, "plugnmeet": True}, wider(
        "in tcp 80 anywhere; in tcp 443 anywhere; in udp 443 anywhere"
    )),
)  # fmt: skip

ACCESS_ROWS = (
    Row("load-balancer-added", BARE, NODE, wider("in tcp 7880 10.0.0.0/24")),
    Row("load-balancer-removed", NODE, BARE, narrower("in tcp 7880 10.0.0.0/24")),
    Row(
        "load-balancer-replaced",
        NODE,
        node(load_balancer={"cidrs": ["10.0.1.0/24"]}),
        moved("in tcp 7880 10.0.1.0/24", "in tcp 7880 10.0.0.0/24"),
    ),
    Row(
        "load-balancer-by-identity",
        NODE,
        NODE,
        wider(None),
        ("aws", "gcp", "digitalocean"),
        {
            "aws": wider(f"in tcp 7880 sg-{'a' * 17}"),
            "gcp": wider("in tcp 7880 35.191.0.0/16; in tcp 7880 130.211.0.0/22; in tcp 7880 2600:2d00:1:b029::/64; "
                         "in tcp 7880 2600:2d00:1:1::/64"),
            "digitalocean": wider("in tcp 7880 3f1c8e6a-0000-4000-8000-000000000000"),
        },
        then={
            "aws": {"load_balancer_security_group_ids": [f"sg-{'a' * 17}"]},
            "gcp": {"google_load_balancer": True},
            "digitalocean": {"load_balancer_uids": ["3f1c8e6a-0000-4000-8000-000000000000"]},
        },
    ),
    Row("sip-for-everybody", NODE, node(sip={}), wider(SIP.format("anywhere"))),
    Row("sip-for-trunks", NODE, carried_by(CARRIER), wider(SIP.format("198.51.100.0/24"))),
    Row("sip-off", carried_by(CARRIER), NODE, narrower(SIP.format("198.51.100.0/24"))),
    Row("trunks-narrowed", carried_by(CARRIER), carried_by(["198.51.100.0/25"]),
        narrower(SIP.format("198.51.100.128/25"))),
    Row("trunks-widened", carried_by(CARRIER), carried_by(["198.51.100.0/23"]),
        wider(SIP.format("198.51.101.0/24"))),
    Row("trunks-anywhere", carried_by(CARRIER), carried_by("anywhere"),
        wider(SIP.format("anywhere but 198.51.100.0/24"))),
    Row("trunks-named", node(sip={}), carried_by(CARRIER), narrower(SIP.format("anywhere but 198.51.100.0/24"))),
    Row("operators-named", {"load_balancer": NODE["load_balancer"]}, NODE, wider("in tcp 22 203.0.113.0/24"),
        on={"host": narrower(NO_SSH_RULE_ON_HOST)}),
    Row("operators-removed", NODE, {"load_balancer": NODE["load_balancer"]}, narrower("in tcp 22 203.0.113.0/24"),
        on={"host": wider(NO_SSH_RULE_ON_HOST)}),
    Row("operators-changed", NODE, operated_by("192.0.2.0/24"),
        moved("in tcp 22 192.0.2.0/24", "in tcp 22 203.0.113.0/24")),
    Row("operators-to-the-internet", NODE, operated_by("0.0.0.0/0", "::/0"),
        wider("in tcp 22 anywhere but 203.0.113.0/24")),
    Row("ssh-port", NODE, operated_by("203.0.113.0/24", ssh_port=2222),
        moved("in tcp 2222 203.0.113.0/24", "in tcp 22 203.0.113.0/24")),
    Row("metrics-on", NODE, node(prometheus={"port": 6789}), wider("in tcp 6789 203.0.113.0/24")),
    Row("cluster-named", NODE, node(cluster={"cidrs": ["198.51.100.32/28"]}), wider("in tcp 7880 198.51.100.32/28")),
    Row("cluster-services", node(cluster={"cidrs": ["198.51.100.32/28"]}),
        node(cluster={"cidrs": ["198.51.100.32/28"], "services": ["redis"]}), wider("in tcp 6379 198.51.100.32/28")),
    Row("cluster-relays", node(turn=TURN), node(turn=TURN, cluster={"cidrs": ["198.51.100.32/28"]}),
        wider("in tcp 7880 198.51.100.32/28; in udp 30000-40000 198.51.100.32/28")),
    Row("clients-restricted", NODE, node(clients={"cidrs": ["192.0.2.0/24"]}),
        narrower("in udp 50000-60000 anywhere but 192.0.2.0/24; in tcp 7881 anywhere but 192.0.2.0/24")),
    Row("clients-unrestricted", node(clients={"cidrs": ["192.0.2.0/24"]}), NODE,
        wider("in udp 50000-60000 anywhere but 192.0.2.0/24; in tcp 7881 anywhere but 192.0.2.0/24")),
    Row("ipv6-off", NODE, node(ipv6=False), narrower("in udp 50000-60000 ::/0; in tcp 7881 ::/0")),
    Row("ipv6-on", node(ipv6=False), NODE, wider("in udp 50000-60000 ::/0; in tcp 7881 ::/0")),
    Row("everything-at-once", NODE, {"https": True, "sip": {}, "trunks": CARRIER, "udp_port": 7882,
                                     "operators": {"cidrs": ["192.0.2.0/24"]}},
        moved("in tcp 443 anywhere; in tcp 80 anywhere; in udp 7882 anywhere; in tcp 22 192.0.2.0/24; "
              + SIP.format("198.51.100.0/24"), f"{MEDIA}; in tcp 7880 10.0.0.0/24; in tcp 22 203.0.113.0/24")),
)  # fmt: skip

SAME_ROWS = (
    Row("nothing", NODE, NODE, NOTHING),
    Row("order-of-blocks", operated_by("203.0.113.0/24", "192.0.2.0/24"), operated_by("192.0.2.0/24", "203.0.113.0/24"),
        NOTHING),
    Row("adjacent-blocks-merged", operated_by(*HALVES), NODE, NOTHING),
    Row("block-split", NODE, operated_by(*HALVES), NOTHING),
    Row("keys-from-a-file", node(**KEYS), node(livekit_config="livekit.yaml"), NOTHING, files={"livekit.yaml": FILE}),
    Row("component-renamed", NODE, NODE, NOTHING, then_name="media"),
    Row("defaults-written-out", NODE, node(**KEYS), NOTHING),
    Row("tags-only", NODE, NODE, NOTHING, ("aws", "azure", "hetzner"),
        then={"aws": {"tags": {"team": "media"}}, "azure": {"tags": {"team": "media"}},
              "hetzner": {"labels": {"team": "media"}}}),
)  # fmt: skip

# Where a machine without any firewall is open to everybody.
BARE = {one.argument: wider(None) for one in PLATFORMS if one.is_open_without and not one.is_on_node}

LIFE_ROWS = (
    Row("first-deployment", None, NODE, wider(REACHED),
        on={platform: wider(REACHED + more) for platform, more in BESIDES.items()}),
    Row("destroyed", NODE, None, narrower(REACHED),
        on={platform: narrower(REACHED + more) for platform, more in BESIDES.items()} | BARE),
    Row("other-machines", NODE, NODE, moved(None, None), ("gcp", "digitalocean", "hetzner"), on=BARE,
        then={"gcp": {"target_tags": ["media"]}, "digitalocean": {"tags": ["media"]},
              "hetzner": {"label_selectors": ["app=media"]}}),
    Row("more-machines", NODE, NODE, wider(None), ("gcp", "digitalocean", "hetzner"),
        then={"gcp": {"target_tags": ["livekit", "media"]}, "digitalocean": {"tags": ["livekit", "media"]},
              "hetzner": {"label_selectors": ["app=livekit", "app=media"]}}),
    Row("other-network", NODE, NODE, moved(None, None), ("aws",), then={"aws": {"vpc_id": f"vpc-{'b' * 17}"}}),
    Row("other-resource-group", NODE, NODE, NOTHING, ("azure",), then={"azure": {"resource_group_name": "media2"}}),
    Row("other-file", NODE, NODE, NOTHING, ("host",), then={"host": {"path": "other.nft"}}),
    Row("existing-group", None, NODE, wider(REACHED), ("aws",),
        target={"aws": {"vpc_id": None, "security_group_id": f"sg-{'b' * 17}"}}),
    Row("existing-group-replaced", NODE, NODE, moved(None, None), ("aws",),
        target={"aws": {"vpc_id": None, "security_group_id": f"sg-{'b' * 17}"}},
        then={"aws": {"security_group_id": f"sg-{'c' * 17}"}}),
    Row("refused-by-the-cloud", NODE, NODE, BROKEN, ("aws", "azure"),
        then={"aws": {"region": "nowhere"}, "azure": {"location": "!"}}),
    Row("refused-by-the-component", NODE, node(tcp_port=70000), BROKEN),
    Row("secret-of-the-stack", {"load_balancer": NODE["load_balancer"]},
        {"load_balancer": NODE["load_balancer"], "operators": {"config": "operators"}},
        wider("in tcp 22 203.0.113.0/24"), on={"host": narrower(NO_SSH_RULE_ON_HOST)},
        secrets={"operators": '{"cidrs": ["203.0.113.0/24"]}'}),
)  # fmt: skip


def _changes(row: Row) -> Iterator[Change]:
    for platform in row.platforms:
        target = {**TARGETS[platform], **row.target.get(platform, {})}
        then = {**target, **row.then.get(platform, {})}
        yield Change(
            platform,
            row.change,
            _program(platform, "livekit", row.before, target),
            _program(platform, row.then_name, row.after, then),
            row.on.get(platform, row.expected),
            row.files,
            row.secrets,
            changed_only=row.change in SHOWN_BOTH_WAYS,
        )


def _program(platform: str, name: str, arguments: Arguments | None, target: Arguments) -> Program:
    if arguments is None:
        return []
    given = {key: value for key, value in target.items() if value is not None}
    return [["livekit_firewall.LiveKitFirewall", name, {**arguments, platform: given}]]


BALANCER = ["pulumi_aws.ec2.SecurityGroup", "balancer", {"vpc_id": "vpc-0123456789abcdef0", "description": "balancer"}]
BY_OUTPUT = {**NODE, "aws": {**TARGETS["aws"], "load_balancer_security_group_ids": {"alb": {"output": "balancer.id"}}}}
VPC = ["pulumi_aws.ec2.Vpc", "vpc", {"cidr_block": "10.1.0.0/16"}]
IN_NEW_VPC = {**NODE, "aws": {"vpc_id": {"output": "vpc.id"}}}
HIDDEN = {**NODE, "aws": {"security_group_id": {"secret": f"sg-{'d' * 17}"}}}
WALL = "livekit_firewall.LiveKitFirewall"

UNKNOWN_CHANGES = (
    # The balancer's group is made by the same program: its id is not known, but whose it is.
    Change("aws", "unknown-balancer-added", [[WALL, "livekit", {**NODE, "aws": TARGETS["aws"]}]],
           [BALANCER, [WALL, "livekit", BY_OUTPUT]], wider(None)),
    Change("aws", "unknown-network", [], [VPC, [WALL, "livekit", IN_NEW_VPC]], wider(REACHED + BESIDES["aws"])),
    Change("aws", "secret-group", [], [[WALL, "livekit", HIDDEN]], wider(REACHED)),
    Change("gcp", "unknown-network", [],
           [["pulumi_gcp.compute.Network", "vpc", {"auto_create_subnetworks": False}],
            [WALL, "livekit", {**NODE, "gcp": {"network": {"output": "vpc.id"}, "target_tags": ["livekit"]}}]],
           wider(REACHED)),
    Change("digitalocean", "unknown-droplet", [],
           [["pulumi_digitalocean.Droplet", "node", {"image": "debian-13-x64", "size": "c-4", "region": "fra1"}],
            [WALL, "livekit", {**NODE, "digitalocean": {"droplet_ids": [{"output": "node.id"}]}}]],
           wider(REACHED + BESIDES["digitalocean"])),
    Change("hetzner", "unknown-server", [],
           [["pulumi_hcloud.Server", "node", {"image": "debian-13", "server_type": "cx33", "location": "fsn1"}],
            [WALL, "livekit", {**NODE, "hetzner": {"server_ids": [{"output": "node.id"}]}}]],
           wider(REACHED)),
    Change("hetzner", "private-load-balancer", [[WALL, "livekit", {**NODE, "hetzner": TARGETS["hetzner"]}]],
           [[WALL, "livekit", {"operators": NODE["operators"],
                               "hetzner": {**TARGETS["hetzner"], "private_load_balancer": True}}]],
           narrower("in tcp 7880 10.0.0.0/24")),
    Change("azure", "unknown-resource-group", [],
           [["pulumi_azure_native.resources.ResourceGroup", "group", {}],
            [WALL, "livekit", {**NODE, "azure": {"resource_group_name": {"output": "group.name"}}}]],
           wider(REACHED)),
)  # fmt: skip

ROWS = (*MEDIA_ROWS, *ACCESS_ROWS, *SAME_ROWS, *LIFE_ROWS)
OURS = (*(change for row in ROWS for change in _changes(row)), *UNKNOWN_CHANGES)
