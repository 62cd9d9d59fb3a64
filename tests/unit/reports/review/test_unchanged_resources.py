"""What changes beside the rules that are read: which firewall a machine has, and kinds that are not read."""

from __future__ import annotations

import pytest

from .programs import OCEAN, Thing, preview
from .test_meaning import page

ATTACHMENTS = [
    ("aws:ec2/instance:Instance", {"vpcSecurityGroupIds": ["sg-1"]}, {"vpcSecurityGroupIds": ["sg-2"]}),
    ("azure-native:network:Subnet", {"networkSecurityGroup": {"id": "a"}}, {}),
    ("digitalocean:index/droplet:Droplet", {"tags": ["web"]}, {"tags": []}),
    ("hcloud:index/server:Server", {"labels": {"app": "web"}}, {"labels": {}}),
    ("hcloud:index/server:Server", {"firewallIds": [7]}, {}),
    ("gcp:compute/instance:Instance", {"tags": ["closed"]}, {"tags": ["open"]}),
]


@pytest.mark.parametrize(("token", "old", "new"), ATTACHMENTS)
def test_a_machine_that_gets_another_firewall_is_reported_and_counts_as_moved(token: str, old: dict, new: dict) -> None:
    found = page(preview([Thing(token, "one", old)], [Thing(token, "one", new)]))
    assert found["verdict"] == "moved"
    assert [token in text for text in found["stacks"][0]["unclear"]] == [True]


@pytest.mark.parametrize(("token", "old", "new"), ATTACHMENTS)
def test_another_change_of_a_machine_is_none_of_its_firewall(token: str, old: dict, new: dict) -> None:
    found = page(preview([Thing(token, "one", {**old, "size": "a"})], [Thing(token, "one", {**old, "size": "b"})]))
    assert (found["verdict"], found["stacks"][0]["unclear"]) == ("no change", [])


def test_tags_of_a_firewall_that_is_not_read_are_no_change() -> None:
    token = "aws-native:ec2:SecurityGroup"
    found = page(preview([Thing(token, "one", {"tags": ["a"]})], [Thing(token, "one", {"tags": ["b"]})]))
    assert found["verdict"] == "no change"
    assert page(preview([Thing(token, "one", {"a": 1})], [Thing(token, "one", {"a": 2})]))["verdict"] == "wider"


@pytest.mark.parametrize(
    "token",
    [
        # an AlwaysAllow of a network manager passes every group
        "azure-native:network:AdminRule",
        "azure-native:network/v20240501:DefaultAdminRule",
        "azure-native:network:SecurityAdminConfiguration",
        "azure:network/networkManagerAdminRule:NetworkManagerAdminRule",
        # what firewall policies name as their sources
        "azure-native:network:IpGroup",
        "azure:network/iPGroup:IPGroup",
        "gcp:networksecurity/addressGroup:AddressGroup",
        "gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule",
        "aws:ec2/vpcBlockPublicAccessExclusion:VpcBlockPublicAccessExclusion",
        "aws:ec2/networkAclRule:NetworkAclRule",
        "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    ],
)
def test_what_may_let_in_past_every_group_is_never_no_change(token: str) -> None:
    found = page(preview([], [Thing(token, "one", {"access": "AlwaysAllow"})]))
    assert found["verdict"] == "wider"
    assert [token in text for text in found["stacks"][0]["unclear"]] == [True]


@pytest.mark.parametrize(
    "token",
    [
        "aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess",
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "gcp:cloudidentity/groupMembership:GroupMembership",
        "kubernetes:policy/v1beta1:PodSecurityPolicy",
        "example:index/relationshipGroup:RelationshipGroup",
    ],
)
def test_what_only_sounds_like_a_firewall_is_none(token: str) -> None:
    assert page(preview([], [Thing(token, "one", {"a": 1})]))["verdict"] == "no change"


def test_the_end_of_the_last_firewall_is_wider_unless_the_machine_goes_too() -> None:
    droplet = Thing("digitalocean:index/droplet:Droplet", "node", {}, id="1")
    wall = Thing(OCEAN, "f", {"inboundRules": [{"protocol": "tcp", "portRange": "443",
                                                "sourceAddresses": ["0.0.0.0/0"]}], "dropletIds": [1]})  # fmt: skip
    gone = page(preview([droplet, wall], [droplet]))
    assert (gone["verdict"], [risk["id"] for risk in gone["stacks"][0]["risks"]]) == ("wider", ["unprotected"])
    assert page(preview([droplet, wall], []))["verdict"] == "narrower"


@pytest.mark.parametrize(
    ("blocks", "risks"),
    [
        ([f"{first}.0.0.0/8" for first in range(0, 12, 2)], ["internal-public"]),
        (["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"], []),
    ],
)
def test_the_internet_in_pieces_is_the_internet(blocks: list[str], risks: list[str]) -> None:
    wall = Thing(OCEAN, "f", {"tags": ["web"], "inboundRules": [{"protocol": "tcp", "portRange": "6379",
                                                                "sourceAddresses": blocks}]})  # fmt: skip
    assert [risk["id"] for risk in page(preview([], [wall]))["stacks"][0]["risks"]] == risks


DENY = {"name": "no", "priority": 100, "access": "Deny", "direction": "Inbound", "protocol": "Tcp",
        "sourcePortRange": "*", "sourceAddressPrefix": "10.0.0.0/8", "destinationAddressPrefix": "*",
        "destinationPortRange": "22"}  # fmt: skip


@pytest.mark.parametrize(("sames", "verdict"), [(True, "no change"), (False, "wider")])
def test_a_deny_that_goes_may_free_what_the_preview_leaves_out(sames: bool, verdict: str) -> None:
    """With every resource there it is known that nothing stood below it."""
    group = Thing("azure-native:network:NetworkSecurityGroup", "web")
    rule = Thing("azure-native:network:SecurityRule", "no", DENY, {"networkSecurityGroupName": group})
    found = page(preview([group, rule, Thing("aws:s3/bucket:Bucket", "b")], [group, Thing("aws:s3/bucket:Bucket", "b")],
                         sames=sames))  # fmt: skip
    assert (found["verdict"], bool(found["stacks"][0]["unclear"])) == (verdict, verdict == "wider")


@pytest.mark.parametrize("of", [{"targetTags": ["a"]}, {"targetServiceAccounts": ["a@example.com"]}])
def test_a_deny_of_one_tag_that_goes_is_reported_where_another_tag_is_let_in(of: dict) -> None:
    token = "gcp:compute/firewall:Firewall"
    deny = Thing(token, "no", {"denies": [{"protocol": "tcp"}], "priority": 1, **of})
    allow = Thing(token, "yes", {"allows": [{"protocol": "tcp", "ports": ["22"]}], "targetTags": ["b"]})
    assert page(preview([deny, allow], [allow]))["verdict"] == "wider"


def test_groups_deep_inside_of_a_service_count() -> None:
    token = "aws:ecs/service:Service"
    sides = [[Thing(token, "one", {"networkConfiguration": {"securityGroups": [id_], "subnets": ["a"]}})]
             for id_ in ("sg-1", "sg-2")]  # fmt: skip
    assert page(preview(*sides))["verdict"] == "moved"


def test_at_the_least_length_the_gravest_risks_are_still_reported() -> None:
    from livekit_firewall.reports.review import review_texts
    from livekit_firewall.reports.review.markdown import markdown

    wall = Thing(OCEAN, "f", {"tags": ["web"], "inboundRules": [{"protocol": "tcp", "portRange": "6379",
                                                                "sourceAddresses": ["0.0.0.0/0"]}]})  # fmt: skip
    texts = [(f"{number}.json", preview([], [wall]).replace(":dev:", f":stack-{number}-{'x' * 60}:"))
             for number in range(300)]  # fmt: skip
    short = markdown(review_texts(texts), 2_000)
    assert len(short) <= 2_000
    assert "Redis on tcp/6379 is open to the internet" in short


def test_rules_that_are_there_together_while_the_update_runs_count_for_the_quota() -> None:
    group = Thing("aws:ec2/securityGroup:SecurityGroup", "web", {"vpcId": "vpc-1"})
    token = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"

    def rules(first: int) -> list[Thing]:
        return [
            Thing(token, f"r{port}", {"ipProtocol": "tcp", "fromPort": port, "toPort": port, "cidrIpv4": "10.0.0.0/8"},
                  {"securityGroupId": group})
            for port in range(first, first + 40)
        ]  # fmt: skip

    risks = page(preview([group, *rules(1000)], [group, *rules(2000)]))["stacks"][0]["risks"]
    assert [(risk["id"], risk["text"].split()[0]) for risk in risks] == [("quota", "80")]
