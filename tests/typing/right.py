"""What the documentation shows: mypy and pyright must find nothing wrong here (`make check`). Nothing runs it."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

import pulumi
from typing_extensions import assert_type

from livekit_firewall import LiveKitFirewall, LiveKitFirewallArgs
from livekit_firewall.firewall_args import AwsArgs, ClusterArgs


def instance(vpc_security_group_ids: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None) -> None:
    """As `pulumi_aws.ec2.Instance`, which takes a checker half a minute to read."""


def program(vpc_id: pulumi.Output[str], droplet_id: pulumi.Output[str]) -> None:
    firewall = LiveKitFirewall(
        "livekit",
        {
            "livekit_config": "livekit.yaml",
            "https": True,
            "operators": {"cidrs": ["203.0.113.0/24"]},
            "aws": {"vpc_id": vpc_id},
        },
        pulumi.ResourceOptions(protect=True),
    )
    instance(vpc_security_group_ids=[firewall.aws_security_group_id])
    instance(vpc_security_group_ids=firewall.aws_security_group_ids)
    assert_type(firewall.gcp_firewall_ids, pulumi.Output[dict[str, str]])
    assert_type(firewall.host_ruleset_path, pulumi.Output[str | None])
    firewall.rules.apply(lambda rules: rules[0]["first"] + 1)

    # the resources behind them
    assert_type(firewall.aws.security_group, pulumi.CustomResource)
    assert_type(firewall.gcp.rules["public-ipv4"], pulumi.CustomResource)
    assert_type(firewall.azure.network_security_group.id, pulumi.Output[str])
    pulumi.ResourceOptions(
        depends_on=[
            firewall.aws.rules["udp-50000-60000-any-ipv4"],
            firewall.digitalocean.firewall,
            firewall.hetzner.firewall,
            firewall.host.file,
        ]
    )

    # keywords, alone and beside the mapping
    LiveKitFirewall("livekit", livekit_config="livekit.yaml", aws={"vpc_id": vpc_id})
    LiveKitFirewall("livekit", {"https": True}, host={}, opts=pulumi.ResourceOptions(parent=firewall))

    # short forms and their long ones
    LiveKitFirewall("livekit", https={"port": 8443, "acme": False}, plugnmeet=True, trunks="anywhere")
    LiveKitFirewall("livekit", https=False, plugnmeet={"path": Path("/opt/plugNmeet"), "sip": True})
    LiveKitFirewall("livekit", plugnmeet="/opt/plugNmeet", udp_port=7882, ingress={"rtc_config": {"udp_port": 7885}})
    LiveKitFirewall("livekit", plugnmeet=Path("/opt/plugNmeet"), udp_port="7882-7892", sip={})
    LiveKitFirewall("livekit", trunks=["198.51.100.0/24", IPv4Network("192.0.2.0/24")])
    LiveKitFirewall("livekit", trunks=[{"name": "a", "signaling": ["198.51.100.0/24"], "media": ["192.0.2.0/24"]}])
    LiveKitFirewall("livekit", trunks=["198.51.100.0/24", {"signaling": ["192.0.2.0/24"], "media": ["192.0.2.0/24"]}])
    LiveKitFirewall("livekit", compose="compose.yaml", helm="values.yaml")
    LiveKitFirewall("livekit", compose=["compose.yaml", Path("prod.yaml")], helm=["sip=sip.yaml"])

    # paths and networks, one by one, mixed, and in variables of narrower types
    four, six, texts = [IPv4Network("192.0.2.0/24")], (IPv6Network("2001:db8::/32"),), ["198.51.100.0/24"]
    LiveKitFirewall(
        "livekit", livekit_config=Path("livekit.yaml"), sip_config=Path("sip.yaml"), host={"path": Path("a")}
    )
    LiveKitFirewall("livekit", clients={"cidrs": four}, operators={"cidrs": six}, cluster={"cidrs": texts})
    LiveKitFirewall("livekit", load_balancer={"cidrs": [ip_network("192.0.2.0/24"), "2001:db8::/32", *four, *six]})

    # blocks by name, which may be outputs
    LiveKitFirewall("livekit", load_balancer={"cidrs": {"subnet-a": vpc_id, "office": "192.0.2.0/24"}})
    LiveKitFirewall("livekit", trunks=[{"name": "a", "signaling": {"a": vpc_id}, "media": four}])
    LiveKitFirewall(
        "livekit", extra_rules=[{"name": "a", "protocol": "tcp", "ports": [9100, "9200-9210"], "cidrs": four}]
    )

    # sections in variables of their own
    nodes: ClusterArgs = {"cidrs": ["203.0.113.16/29"], "services": ["redis"]}
    target = AwsArgs(vpc_id=vpc_id)
    LiveKitFirewall("livekit", cluster=nodes, aws=target)

    # outputs, where they may be
    LiveKitFirewall("livekit", digitalocean={"droplet_ids": [droplet_id, 7, "8"], "tags": ["livekit"]})
    LiveKitFirewall("livekit", gcp={"network": vpc_id, "target_service_accounts": [vpc_id, "a@example.org"]})
    LiveKitFirewall("livekit", aws={"vpc_id": vpc_id, "load_balancer_security_group_ids": {"nlb": vpc_id}})
    LiveKitFirewall("livekit", aws={"vpc_id": "vpc-0", "load_balancer_security_group_ids": ["sg-0"]})
    LiveKitFirewall(
        "livekit",
        aws={
            "vpc_id": vpc_id,
            "security_groups": {"operators": {"bastion": vpc_id, "vpn": "sg-0"}, "clients": {"lan": "sg-1"}},
            "prefix_lists": {"trunks": {"carrier": {"id": vpc_id, "max_entries": 20}}},
        },
    )
    LiveKitFirewall("livekit", azure={"resource_group_name": vpc_id, "tags": {"team": "media"}})
    LiveKitFirewall("livekit", hetzner={"server_ids": [droplet_id, 7, "8"], "label_selectors": [vpc_id]})
    LiveKitFirewall("livekit", hetzner={"server_ids": [7], "private_load_balancer": True, "labels": {"a": vpc_id}})

    # audiences by a platform's own means
    LiveKitFirewall("livekit", gcp={"source_tags": {"operators": {"bastion": "bastion", "ci": vpc_id}}})
    LiveKitFirewall("livekit", gcp={"source_service_accounts": {"cluster": {"nodes": vpc_id}}})
    LiveKitFirewall("livekit", digitalocean={"source_tags": {"load_balancer": {"haproxy": "haproxy"}}})
    LiveKitFirewall("livekit", azure={"service_tags": {"load_balancer": {"door": "AzureFrontDoor.Backend"}}})
    LiveKitFirewall("livekit", azure={"application_security_groups": {"operators": {"bastion": vpc_id}}})

    # and where they shape no rule
    tags = vpc_id.apply(lambda one: {"vpc": one})
    LiveKitFirewall("livekit", aws={"vpc_id": vpc_id, "region": vpc_id, "tags": {"team": "media", "vpc": vpc_id}})
    LiveKitFirewall("livekit", aws={"vpc_id": vpc_id, "tags": tags})
    LiveKitFirewall("livekit", gcp={"network": vpc_id, "project": vpc_id, "target_tags": ["livekit", vpc_id]})
    LiveKitFirewall(
        "livekit", gcp={"network": "n", "priority": 900, "log_config": {"metadata": "EXCLUDE_ALL_METADATA"}}
    )
    LiveKitFirewall("livekit", aws={"vpc_id": vpc_id, "rule_tags": {"team": vpc_id}})
    LiveKitFirewall("livekit", digitalocean={"tags": [vpc_id, "livekit"]})
    LiveKitFirewall("livekit", azure={"network_security_group_id": vpc_id, "first_priority": 1007, "deny_all": False})
    LiveKitFirewall("livekit", azure={"resource_group_name": vpc_id, "location": vpc_id, "tags": tags})
    LiveKitFirewall(
        "livekit", cluster={"same_group": True, "services": ["redis", "nats"]}, host={"confirm": "automatic"}
    )

    # None, which is as if the key were left out
    LiveKitFirewall(
        "livekit", turn={"enabled": True, "domain": None if texts else "turn.example.org"}, port=None, trunks=None
    )
    LiveKitFirewall("livekit", operators={"cidrs": None, "ssh_port": None}, aws={"vpc_id": vpc_id, "region": None})

    # built up in a variable of the type
    arguments: LiveKitFirewallArgs = {"livekit_config": "livekit.yaml"}
    arguments["operators"] = {"cidrs": texts, "ssh_port": 2222}
    LiveKitFirewall("livekit", arguments, **arguments)
