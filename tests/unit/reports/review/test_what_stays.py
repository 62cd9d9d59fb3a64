"""What Pulumi forgets, adopts or leaves out of a preview still exists."""

from __future__ import annotations

import json
from typing import Any

import pytest

from livekit_firewall.reports.review import Review, review_texts

URN = "urn:pulumi:prod::project::"
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
OPEN = {"securityGroupId": "sg-1", "ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "cidrIpv4": "0.0.0.0/0"}


def review(op: str, token: str = RULE, old: dict[str, Any] | None = None, new: dict[str, Any] | None = None) -> Review:
    step: dict[str, Any] = {"op": op, "urn": f"{URN}{token}::one"}
    for key, state in (("oldState", old), ("newState", new)):
        if state is not None:
            step[key] = {"urn": step["urn"], "type": token, **state}
    return review_texts([("preview.json", json.dumps({"steps": [step], "changeSummary": {op: 1}}))])


def test_a_rule_that_is_deleted_is_lost() -> None:
    assert review("delete", old={"inputs": OPEN, "id": "sgr-1"}).verdict == "narrower"


def test_a_rule_that_is_retained_on_delete_is_not_lost() -> None:
    found = review("delete", old={"inputs": OPEN, "id": "sgr-1", "retainOnDelete": True})
    assert (found.verdict, found.parts[0].operations[0].op) == ("no change", "delete")


@pytest.mark.parametrize("op", ["discard", "discard-replaced"])
def test_a_rule_that_pulumi_only_read_is_not_lost_when_it_forgets_it(op: str) -> None:
    assert review(op, old={"inputs": OPEN, "id": "sgr-1"}).verdict == "no change"


@pytest.mark.parametrize("op", ["import", "read"])
def test_a_rule_that_is_there_already_is_not_gained(op: str) -> None:
    assert review(op, new={"inputs": OPEN, "id": "sgr-1"}).verdict == "no change"


@pytest.mark.parametrize(
    "token",
    [
        "aws:ec2/networkAclRule:NetworkAclRule",
        "aws:lightsail/instancePublicPorts:InstancePublicPorts",
        "gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule",
        "azure:network/subnetNetworkSecurityGroupAssociation:SubnetNetworkSecurityGroupAssociation",
        "digitalocean:index/databaseFirewall:DatabaseFirewall",
    ],
)
def test_a_kind_of_firewall_that_is_not_read_is_reported_and_is_not_no_change(token: str) -> None:
    found = review("create", token, new={"inputs": {}})
    assert found.verdict == "wider"
    assert [token in text for text in found.parts[0].unclear] == [True]
    assert review("same", token, {"inputs": {}}, {"inputs": {}}).verdict == "no change"


@pytest.mark.parametrize("token", ["aws:s3/bucket:Bucket", "livekit:index:AwsFirewall", "pulumi:providers:aws"])
def test_what_is_no_firewall_is_not_reported(token: str) -> None:
    assert review("create", token, new={"inputs": {}}).parts[0].unclear == ()


def test_a_tag_that_is_called_like_a_resource_s_id_is_the_tag() -> None:
    """Only what may be a resource is looked for among them."""
    firewall = "gcp:compute/firewall:Firewall"
    steps = [
        {
            "op": "create",
            "urn": f"{URN}gcp:compute/network:Network::net",
            "newState": {"type": "gcp:compute/network:Network", "id": "web", "inputs": {}},
        },
        {
            "op": "create",
            "urn": f"{URN}{firewall}::one",
            "newState": {
                "type": firewall,
                "inputs": {
                    "allows": [{"protocol": "tcp", "ports": ["443"]}],
                    "sourceTags": ["web"],
                    "targetTags": ["web"],
                },
            },
        },
    ]
    found = review_texts([("preview.json", json.dumps({"steps": steps, "changeSummary": {}}))])
    assert [(one.firewalls, one.gained and one.gained.names) for one in found.changes] == [
        (("default: tag web",), ("tag web",))
    ]
