"""Edits of a deployment that people make, each from where the one before has led: a walk through all of them.

An edit is a name and what it sets among the arguments of all platforms; None takes away. An argument of a platform
(`aws`, `host`) is set within it, and a dotted name reaches into one. What a platform cannot express it leaves out, and
stays where it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.deployment.rendering import planned
from livekit_firewall.effective.resources import Resource
from livekit_firewall.model.errors import ProblemsError
from livekit_firewall.platforms.registry import PLATFORMS, AnyPlatform
from tests.targets import TARGETS
from tests.unit.orders import reader_of
from tests.unit.readers.area import Area

VPC, OTHER_VPC = "vpc-0123456789abcdef0", "vpc-0123456789abcdef1"
EXISTING = "sg-0123456789abcdef3"
BALANCERS = ["sg-0123456789abcdef1", "sg-0123456789abcdef2", "sg-0123456789abcdef5"]
UIDS = ["11111111-1111-4111-8111-111111111111"]
CARRIER = {"name": "a carrier", "signaling": ["198.51.100.0/28"], "media": ["198.51.100.64/26", "2001:db8:5::/48"]}
OTHER = {"name": "another", "signaling": ["192.0.2.0/28"], "media": ["192.0.2.64/26"]}

BASE: dict[str, Any] = {
    "load_balancer": {"cidrs": ["10.0.0.0/24"]},
    "operators": {"cidrs": ["203.0.113.0/24"]},
    **TARGETS,
}

NAMED: dict[str, dict[str, Any]] = {
    # ports
    "the API moves": {"port": 7890},
    "ICE/TCP moves": {"tcp_port": 7891},
    "the media's range becomes narrower": {"port_range_start": 50000, "port_range_end": 59000},
    "the media's range becomes wider": {"port_range_end": 60500},
    "the media's range shifts": {"port_range_start": 51000, "port_range_end": 61000},
    "the media's range becomes one port": {"port_range_start": None, "port_range_end": None, "udp_port": 7882},
    "one port becomes a few": {"udp_port": "7882-7892"},
    "a few ports become a range": {"udp_port": None},
    # services that come, go, and take over ports
    "a proxy with ACME comes": {"https": True},
    "ACME is given up": {"https.acme": False},
    "ICE/TCP is turned off": {"tcp_port": 0},
    "ICE/TCP takes 443 from HTTPS": {"https": None, "tcp_port": 443},
    "HTTPS takes 443 from ICE/TCP": {"https": True, "tcp_port": 7881},
    "TURN over UDP comes": {"turn": {"enabled": True, "domain": "turn.example.com", "udp_port": 443}},
    "TURN over TLS comes": {"turn.tls_port": 5349},
    "the media takes 443 from TURN": {"turn": None, "udp_port": 443},
    "TURN takes 443 back": {
        "turn": {"enabled": True, "domain": "turn.example.com", "udp_port": 443}, "udp_port": None,
    },
    "plugNmeet comes": {"turn": None, "https": None, "tcp_port": None, "port": None, "plugnmeet": True},
    "plugNmeet goes": {"plugnmeet": None, "https": True},
    # who calls
    "telephony comes, for anybody": {"sip": {}},
    "anybody becomes one carrier": {"trunks": [CARRIER]},
    "another carrier comes": {"trunks": [CARRIER, OTHER]},
    "one carrier is exchanged": {"trunks": [OTHER, {**CARRIER, "media": ["198.51.100.128/26"]}]},
    "carriers become blocks": {"trunks": ["198.51.100.0/24", "2001:db8:5::/48"]},
    "blocks become anybody": {"trunks": "anywhere"},
    "clients become blocks, SIP stays public": {"clients": {"cidrs": ["10.0.0.0/8", "2001:db8::/32"]}},
    "clients become fewer": {"clients": {"cidrs": ["10.0.0.0/24", "2001:db8::/32", "192.0.2.0/24"]}},
    "clients become everybody": {"clients": None},
    "two ranges change places": {
        "port_range_start": 10000, "port_range_end": 20000, "sip": {"rtp_port": "50000-60000"},
    },
    "they change back, and SIP gets TLS": {
        "port_range_start": None, "port_range_end": None, "sip": {"tls": {"port": 5061}},
    },
    "health of SIP comes": {"sip": {"health_port": 8090}},
    "its metrics take the port": {"sip": {"prometheus_port": 8090}},
    "telephony goes, ingress comes": {"sip": None, "trunks": None, "ingress": {}},
    "ingress moves, 8080 passes from WHIP to the API": {"ingress": {"whip_port": 8081}, "port": 8080},
    "ingress goes": {"ingress": None, "port": None},
    # operators, the load balancer, the cluster, families
    "an operator comes, with metrics": {
        "operators": {"cidrs": ["203.0.113.0/24", "2001:db8:9::/48", "198.18.0.0/24"]}, "prometheus": {"port": 6789},
    },
    "an operator goes, and SSH moves": {"operators": {"cidrs": ["203.0.113.0/24"], "ssh_port": 2222}},
    "the load balancer gets an identity": {
        "load_balancer": None, "aws.load_balancer_security_group_ids": BALANCERS[:1],
        "digitalocean.load_balancer_uids": UIDS, "gcp.google_load_balancer": True,
        "hetzner.private_load_balancer": True,
    },
    "its identity gets a name, and another comes": {
        "aws.load_balancer_security_group_ids": {"alb": BALANCERS[0], "nlb": BALANCERS[1]},
    },
    "one of its identities is exchanged": {"aws.load_balancer_security_group_ids.nlb": BALANCERS[2]},
    "the load balancer passes TLS through": {
        "load_balancer": {"passthrough": True, "cidrs": ["10.0.0.0/24"]}, "gcp.google_load_balancer": None,
        "aws.load_balancer_security_group_ids": None, "digitalocean.load_balancer_uids": None,
        "hetzner.private_load_balancer": None,
    },
    "nodes reach each other as one group": {"cluster": {"same_group": True}},
    "nodes reach each other by blocks": {"cluster": {"cidrs": ["10.1.0.0/24"], "services": ["redis", "nats"]}},
    "IPv6 is turned off": {"ipv6": False},
    "IPv6 is turned on": {"ipv6": None},
    # what the rules are attached to, and what the component is called
    "the component is renamed, with an alias": {"name": "media", "was": "lk"},
    "the component is renamed": {"name": "anew", "was": None},
    "it protects other machines": {
        "aws.vpc_id": OTHER_VPC, "gcp.target_tags": ["media"], "digitalocean.tags": ["media"],
        "azure.resource_group_name": "other", "hetzner.label_selectors": ["app=media"], "host.path": "moved/host.nft",
    },
    "it protects machines of both kinds": {
        "gcp.target_tags": ["media", "livekit"], "digitalocean.tags": ["media", "livekit"], "azure.tags": {"of": "us"},
        "hetzner.label_selectors": ["app=media", "app=livekit"], "hetzner.server_ids": [7],
        "hetzner.labels": {"of": "us"},
    },
    "the network is another, the group exists": {
        "aws": {"security_group_id": EXISTING}, "gcp.network": "other", "host.path": "host.nft",
    },
}  # fmt: skip


def edited(arguments: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The arguments after an edit."""
    made = deepcopy(arguments)
    for path, value in changes.items():
        *outer, last = path.split(".")
        inside = made
        for key in outer:
            if not isinstance(inside.get(key), dict):
                inside[key] = {}
            inside = inside[key]
        if value is None:
            inside.pop(last, None)
        else:
            inside[last] = deepcopy(value)
    return made


@dataclass(frozen=True)
class State:
    """Where an edit leads.

    Attributes:
        given: the arguments of each platform that can express it.
        name, was: of the components, their beginning.
    """

    edit: str
    given: Mapping[str, dict[str, Any]]
    name: str = "lk"
    was: str = ""


def states() -> Iterator[State]:
    arguments = BASE
    for edit, changes in [("the beginning", {}), *NAMED.items()]:
        arguments = edited(arguments, changes)
        given = {one.argument: mine for one in PLATFORMS if (mine := _expressed(one, arguments))}
        yield State(edit, given, arguments.get("name", "lk"), arguments.get("was", ""))


def _expressed(platform: AnyPlatform, arguments: dict[str, Any]) -> dict[str, Any] | None:
    others = {one.argument for one in PLATFORMS} - {platform.argument}
    mine = {key: value for key, value in arguments.items() if key not in {*others, "name", "was"}}
    return mine if resources(platform, mine) else None


def resources(platform: AnyPlatform, arguments: dict[str, Any]) -> list[Resource]:
    """What the component makes; none where the platform cannot express it."""
    try:
        return planned(read_deployment(arguments, Path()), platform.argument)
    except ProblemsError:
        return []


def wanted(platform: AnyPlatform, arguments: dict[str, Any]) -> Area:
    return Area.union(reader_of(platform.name).area(one.type, one.inputs) for one in resources(platform, arguments))
