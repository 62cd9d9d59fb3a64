"""Protocols without ports: who gains and who loses ICMP, ESP and the like."""

from __future__ import annotations

import pytest

from .programs import GCP, OCEAN, Thing, group, ingress, preview
from .test_foreign import azure, google, inline, lines, ocean
from .test_meaning import page


def icmp(*blocks: str, protocol: str = "icmp", first: int = -1, last: int = -1) -> list[Thing]:
    return inline({"protocol": protocol, "fromPort": first, "toPort": last,
                   "cidrBlocks": [one for one in blocks if ":" not in one],
                   "ipv6CidrBlocks": [one for one in blocks if ":" in one]})  # fmt: skip


ALL = inline({"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": ["10.0.0.0/8"]})
SAME = {
    "halves": (icmp("10.0.0.0/8"), icmp("10.0.0.0/9", "10.128.0.0/9")),
    "host bits": (icmp("10.0.0.0/8"), icmp("10.1.2.3/8")),
    "a part as well": (icmp("10.0.0.0/8"), icmp("10.0.0.0/8", "10.1.0.0/16")),
    "all and one of them": (ALL, [*ALL, ingress(group("g"), "x", ipProtocol="icmp", fromPort=-1, toPort=-1,
                                                cidrIpv4="10.1.0.0/16")]),
    "a type of all types": (icmp("10.0.0.0/8"), [*icmp("10.0.0.0/8"), ingress(
        group("g"), "x", ipProtocol="icmp", fromPort=8, toPort=-1, cidrIpv4="10.0.0.0/8")]),
    "a code of all codes": (icmp("10.0.0.0/8", first=3), [*icmp("10.0.0.0/8", first=3), ingress(
        group("g"), "x", ipProtocol="icmp", fromPort=3, toPort=4, cidrIpv4="10.0.0.0/8")]),
    "azure's words": (azure({"protocol": "Icmp", "sourceAddressPrefix": "*"}),
                      azure({"protocol": "Icmp", "sourceAddressPrefix": "0.0.0.0/0"},
                            {"protocol": "Icmp", "sourceAddressPrefix": "::/0", "name": "six", "priority": 300})),
    "another order": (ocean({"protocol": "icmp", "sourceAddresses": ["10.0.0.0/8", "fd00::/8"]}),
                      ocean({"protocol": "icmp", "sourceAddresses": ["fd00::/8", "10.0.0.0/8"]})),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_the_same_people_are_no_change_however_they_are_written(name):
    one, other = SAME[name]
    for before, after in ((one, other), (other, one)):
        found = page(preview(before, after))
        assert (found["verdict"], found["stacks"][0]["changes"]) == ("no change", [])


LESS = {
    "a part of a block": (icmp("10.0.0.0/8"), icmp("10.0.0.0/9"), {"icmp 10.128.0.0/9"}),
    "one of two blocks": (icmp("10.0.0.0/8", "fd00::/8"), icmp("10.0.0.0/8"), {"icmp fd00::/8"}),
    "one type of all": (icmp("10.0.0.0/8"), icmp("10.0.0.0/8", first=8), {"icmp 10.0.0.0/8"}),
    "one of all protocols": (ALL, icmp("10.0.0.0/8"),
                             {"every other protocol 10.0.0.0/8", "tcp/1-65535 udp/1-65535 10.0.0.0/8"}),
    "a tag": (google({"allows": [{"protocol": "icmp"}], "sourceTags": ["a", "b"]}),
              google({"allows": [{"protocol": "icmp"}], "sourceTags": ["a"]}), {"icmp tag b"}),
}  # fmt: skip


@pytest.mark.parametrize("name", LESS)
def test_less_is_narrower_and_more_is_wider(name):
    more, less, lost = LESS[name]
    found = page(preview(more, less))
    assert (found["verdict"], lines(found, "lost"), lines(found)) == ("narrower", lost, set())
    found = page(preview(less, more))
    assert (found["verdict"], lines(found)) == ("wider", lost)


def test_what_every_instance_of_googles_has_is_no_gain_of_a_new_tag():
    everybody = Thing(GCP, "icmp", {"network": "n", "allows": [{"protocol": "icmp"}], "sourceRanges": ["0.0.0.0/0"]})
    tag = Thing(GCP, "web", {"network": "n", "allows": [{"protocol": "tcp", "ports": ["443"]}], "targetTags": ["t"],
                             "sourceRanges": ["0.0.0.0/0"]})  # fmt: skip
    found = page(preview([everybody], [everybody, tag]))
    assert lines(found) == {"tcp/443 0.0.0.0/0"}
    found = page(preview([everybody, tag], [everybody]))
    assert (found["verdict"], lines(found, "lost")) == ("narrower", {"tcp/443 0.0.0.0/0"})


def test_a_new_firewall_gains_them():
    wall = Thing(OCEAN, "f", {"tags": ["t"], "inboundRules": [{"protocol": "icmp", "sourceAddresses": ["::/0"]}]})
    assert lines(page(preview([], [wall]))) == {"icmp ::/0"}
