"""`explain --rule` on a stack that others wrote: each kind of rule is read, and what is not read is not known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.effective.property_values import SIGNATURE, UNKNOWN
from livekit_firewall.reports.explain.provenance import RuleStatus, trace
from livekit_firewall.reports.explain.stack_rules import read_state

GROUP = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
OLDER = "aws:ec2/securityGroupRule:SecurityGroupRule"
NEWER = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
GOOGLE = "gcp:compute/firewall:Firewall"
CLASSIC = "azure:network/networkSecurityGroup:NetworkSecurityGroup"
CLASSIC_RULE = "azure:network/networkSecurityRule:NetworkSecurityRule"
NSG = "azure-native:network:NetworkSecurityGroup"
NSG_RULE = "azure-native:network/v20240101:SecurityRule"
SECRET = {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "CIPHER"}

WEB = {"protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlocks": ["10.0.0.0/8"]}
AZURE = {
    "priority": 100,
    "access": "Allow",
    "direction": "Inbound",
    "protocol": "Tcp",
    "sourcePortRange": "*",
    "sourceAddressPrefix": "10.0.0.0/8",
    "destinationAddressPrefix": "*",
    "destinationPortRange": "443",
}


def resource(token: str, called: str, id_: str, **inputs: Any) -> dict[str, Any]:
    return {"urn": f"urn:pulumi:dev::net::{token}::{called}", "type": token, "id": id_, "inputs": inputs}


def told(asked: str, *resources: dict[str, Any]) -> list[str]:
    """The lines on what has the name."""
    state = read_state(json.dumps({"version": 3, "deployment": {"resources": list(resources)}}), "state.json")
    found = trace(read_deployment({"https": True}, Path()), state, asked)
    assert {one.standing for one in found.found} <= {RuleStatus.FOREIGN}
    return found.text().splitlines()


def reach(asked: str, *resources: dict[str, Any]) -> list[str]:
    """What they say."""
    return [line.strip().removeprefix("says ") for line in told(asked, *resources) if line.startswith("  says ")]


class TestOnAws:
    def test_an_older_rule(self) -> None:
        rule = resource(OLDER, "web", "sgrule-1", type="ingress", securityGroupId="sg-1", **WEB)
        assert told("sgrule-1", rule) == [
            "sgrule-1",
            f"  {OLDER} web",
            "  says tcp/443 from 10.0.0.0/8",
            "  livekit-firewall did not make it",
        ]

    @pytest.mark.parametrize("token", [GROUP, DEFAULT])
    @pytest.mark.parametrize("asked", ["sg-1", "web"])
    def test_a_list_inside_a_group_and_the_rules_beside_it(self, token: str, asked: str) -> None:
        group = resource(token, "web", "sg-1", ingress=[WEB, {**WEB, "fromPort": 80, "toPort": 80}])
        older = resource(OLDER, "a", "sgrule-1", type="ingress", securityGroupId="sg-1", **{**WEB, "toPort": 444})
        newer = resource(NEWER, "b", "sgr-1", securityGroupId="sg-1", ipProtocol="udp", fromPort=5, toPort=6,
                         cidrIpv4="10.0.0.0/8")  # fmt: skip
        other = resource(NEWER, "c", "sgr-2", securityGroupId="sg-2", ipProtocol="udp", fromPort=7, toPort=8)
        assert reach(asked, group, older, newer, other) == [
            "tcp/443 from 10.0.0.0/8",
            "tcp/80 from 10.0.0.0/8",
            "tcp/443-444 from 10.0.0.0/8",
            "udp/5-6 from 10.0.0.0/8",
        ]

    def test_sources_as_aws_calls_them(self) -> None:
        rule = {"protocol": "tcp", "fromPort": 443, "toPort": 443, "securityGroups": ["sg-2", "sg-3"], "self": True,
                "prefixListIds": ["pl-1"]}  # fmt: skip
        group, other = resource(GROUP, "web", "sg-1", ingress=[rule]), resource(GROUP, "balancer", "sg-2")
        assert reach("sg-1", group, other) == [
            "tcp/443 from balancer (sg-2), sg-3, prefix list pl-1, members of the same group"
        ]

    def test_a_group_without_a_rule(self) -> None:
        assert told("sg-1", resource(GROUP, "web", "sg-1"))[2:] == [
            "  holds no rule itself", "  livekit-firewall did not make it"
        ]  # fmt: skip

    @pytest.mark.parametrize("hidden", [SECRET, min(UNKNOWN)])
    def test_what_is_hidden_is_not_understood(self, hidden: Any) -> None:
        lines = told("sg-1", resource(GROUP, "web", "sg-1", ingress=[{**WEB, "fromPort": hidden}]))
        assert "  not understood: admits ports that are not known before the update" in lines
        assert not any("CIPHER" in line for line in lines)


class TestOnGoogleCloud:
    @pytest.mark.parametrize(
        ("sources", "shown"),
        [
            ({"sourceTags": ["web", "api"]}, "tag web, tag api"),
            ({"sourceServiceAccounts": ["a@p.iam.gserviceaccount.com"]}, "account a@p.iam.gserviceaccount.com"),
            ({"sourceTags": ["web"], "sourceRanges": ["10.0.0.0/8"]}, "10.0.0.0/8, tag web"),
        ],
    )
    def test_sources_as_google_calls_them(self, sources: dict[str, Any], shown: str) -> None:
        rule = resource(GOOGLE, "r", "projects/p/global/firewalls/r", network="n", **sources,
                        allows=[{"protocol": "tcp", "ports": ["443"]}])  # fmt: skip
        assert reach("r", rule) == [f"tcp/443 from {shown}"]


class TestOnDigitalOcean:
    def test_both_directions_and_droplets_by_their_names(self) -> None:
        inbound = {"protocol": "tcp", "portRange": "443", "sourceDropletIds": [7], "sourceTags": ["web"]}
        outbound = {"protocol": "udp", "portRange": "53", "destinationAddresses": ["10.0.0.0/8"]}
        wall = resource("digitalocean:index/firewall:Firewall", "w", "uuid-1", inboundRules=[inbound],
                        outboundRules=[outbound])  # fmt: skip
        node = resource("digitalocean:index/droplet:Droplet", "node", "7")
        assert reach("uuid-1", wall, node) == ["tcp/443 from Droplet node, tag web", "udp/53 to 10.0.0.0/8"]
        assert reach("w inbound tcp 443", wall, node) == ["tcp/443 from Droplet node, tag web"]


class TestOnAzure:
    @pytest.mark.parametrize(("group", "rule", "name"), [(CLASSIC, CLASSIC_RULE, "name"),
                                                         (NSG, NSG_RULE, "networkSecurityGroupName")])  # fmt: skip
    @pytest.mark.parametrize("asked", ["nsg-1", "/subscriptions/1/networkSecurityGroups/nsg-1"])
    def test_a_group_is_its_list_and_its_rules(self, group: str, rule: str, name: str, asked: str) -> None:
        owner = resource(group, "net", "/subscriptions/1/networkSecurityGroups/nsg-1", **{name: "nsg-1"},
                         securityRules=[{**AZURE, "name": "web"}])  # fmt: skip
        alone = resource(rule, "ssh", "/subscriptions/1/networkSecurityGroups/nsg-1/securityRules/ssh",
                         **{**AZURE, "destinationPortRange": "22", "networkSecurityGroupName": "nsg-1"})  # fmt: skip
        assert reach(asked, owner, alone) == ["tcp/443 from 10.0.0.0/8", "tcp/22 from 10.0.0.0/8"]
        assert reach("ssh", owner, alone) == ["tcp/22 from 10.0.0.0/8"]
        assert reach("nsg-1/web", owner, alone) == ["tcp/443 from 10.0.0.0/8"]


@pytest.mark.parametrize(
    "token",
    ["aws:ec2/networkAclRule:NetworkAclRule", "gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule",
     "linode:index/firewall:Firewall", "aws-native:ec2:SecurityGroup", "azure:network/firewall:Firewall"],
)  # fmt: skip
def test_a_kind_that_is_not_read_is_not_known(token: str) -> None:
    lines = told("x-1", resource(token, "one", "x-1", ingress=[WEB]))
    assert lines[2] == "  what it lets in, if it decides that, is not known: resources of this kind are not read"


def test_a_long_list_of_sources_says_how_many_are_left_out_and_json_has_all() -> None:
    blocks = [f"10.{place}.0.0/16" for place in range(0, 200, 2)]
    group = resource(GROUP, "web", "sg-1", ingress=[{**WEB, "cidrBlocks": blocks}])
    (line,) = reach("sg-1", group)
    assert line.endswith(" and 80 more")
    assert line.count(", 10.") == 19
    state = read_state(json.dumps({"version": 3, "deployment": {"resources": [group]}}), "state.json")
    found = trace(read_deployment({"https": True}, Path()), state, "sg-1").as_json()
    assert found["state"][0]["peers"] == blocks
