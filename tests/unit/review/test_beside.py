"""What changes beside the rules that are read: which firewall a machine has, and kinds that are not read."""

from __future__ import annotations

import pytest

from .programs import OCEAN, Thing, preview
from .test_meaning import page

ATTACHMENTS = [
    ("aws:ec2/instance:Instance", {"vpcSecurityGroupIds": ["sg-1"]}, {"vpcSecurityGroupIds": ["sg-2"]}),
    ("azure-native:network:Subnet", {"networkSecurityGroup": {"id": "a"}}, {}),
    ("digitalocean:index/droplet:Droplet", {"tags": ["web"]}, {"tags": []}),
    ("gcp:compute/instance:Instance", {"tags": ["closed"]}, {"tags": ["open"]}),
]


@pytest.mark.parametrize(("token", "old", "new"), ATTACHMENTS)
def test_a_machine_that_gets_another_firewall_is_told_and_counts_as_moved(token: str, old: dict, new: dict) -> None:
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
