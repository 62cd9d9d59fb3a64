"""What to think about before a change: each risk where it is one, new or standing, and nowhere else."""

from __future__ import annotations

import ipaddress
import json
from dataclasses import replace
from typing import Any

import pytest

from livekit_firewall.model.addresses import Cidr, Peer
from livekit_firewall.model.packets import PacketSet
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.rules import Rule, RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.reports.review import review_texts
from livekit_firewall.reports.review.risk_texts import NARROWED, RISKS
from livekit_firewall.reports.review.risks import public

from .programs import AWS_INGRESS, AWS_RULE, AZURE_GROUP, OCEAN, Thing, changed, group, ingress, preview
from .writers import OURS, SSH

OWNER = group("g")
CONFIG = {"livekit-firewall:https": "true", "livekit-firewall:sip": "{}",
          "livekit-firewall:trunks": '["198.51.100.0/24"]', "livekit-firewall:aws": '{"vpc_id": "vpc-1"}'}  # fmt: skip


def risks(before: list[Thing], after: list[Thing], **more: Any) -> list[tuple[str, bool]]:
    """The ids, and whether each is new."""
    review = review_texts([("p.json", preview(before, after, **more))])
    for risk in review.risks:
        about = RISKS[risk.id]
        assert (risk.severity, risk.why) == (about.severity, about.why)
        assert risk.fix == about.fix or (risk.id == "call-interrupted" and risk.fix == NARROWED)
    return [(risk.id, risk.is_new) for risk in review.risks]


def opens(*rules: tuple[Any, ...], name: str = "r") -> list[Thing]:
    """A group and rules: protocol, first, last and blocks."""
    return [OWNER, *(
        ingress(OWNER, f"{name}{n}{m}", ipProtocol=protocol, fromPort=first, toPort=last,
                **{"cidrIpv6" if ":" in block else "cidrIpv4": block})
        for n, (protocol, first, last, *blocks) in enumerate(rules) for m, block in enumerate(blocks)
    )]  # fmt: skip


ANY4 = "0.0.0.0/0"
NINTHS = [str(block) for block in ipaddress.ip_network(ANY4).subnets(new_prefix=9)]

OPEN: dict[str, tuple[list[Thing], list[str]]] = {
    "every port": (opens(("-1", None, None, ANY4)), ["everything-public"]),
    "every port in two rules": (opens(("tcp", 0, 65535, ANY4), ("udp", 1, 65535, ANY4)), ["everything-public"]),
    "every port over IPv6": (opens(("-1", None, None, "::/0")), ["everything-public"]),
    "redis": (opens(("tcp", 6379, 6379, ANY4)), ["internal-public"]),
    "redis within a range": (opens(("tcp", 6000, 6400, "::/0")), ["internal-public"]),
    "redis by two halves": (opens(("tcp", 6379, 6379, "0.0.0.0/1", "128.0.0.0/1")), ["internal-public"]),
    "redis by many ninths": (opens(("tcp", 6379, 6379, *NINTHS)), ["internal-public", "quota"]),
    "redis but for a hole": (opens(("tcp", 6379, 6379, "0.0.0.0/1", "128.0.0.0/2")), ["internal-public"]),
    "redis over UDP, which nobody has": (opens(("udp", 6379, 6379, ANY4)), []),
    "redis from a network": (opens(("tcp", 6379, 6379, "10.0.0.0/8", "fd00::/16")), []),
    "signalling": (opens(("tcp", 7880, 7880, ANY4)), ["internal-public"]),
    "metrics, NATS and MariaDB": (
        opens(*(("tcp", port, port, ANY4) for port in (6789, 4222, 3306))), ["internal-public"] * 3),
    "SSH": (opens(("tcp", 22, 22, ANY4)), ["ssh-public"]),
    "SIP": (opens(("udp", 5060, 5061, ANY4)), ["sip-public"]),
    "SIP over TLS": (opens(("tcp", 5061, 5061, "::/0")), ["sip-public"]),
    "audio alone, whose ports may be another's": (opens(("udp", 10000, 20000, ANY4)), []),
    "media": (opens(("tcp", 7881, 7881, ANY4), ("udp", 50000, 60000, ANY4), ("tcp", 443, 443, ANY4)), []),
    "a group": ([OWNER, ingress(OWNER, "r", fromPort=6379, toPort=6379, referencedSecurityGroupId="sg-1")], []),
}  # fmt: skip


@pytest.mark.parametrize("name", OPEN)
class TestWhatTheInternetReaches:
    def test_is_a_new_risk_where_it_comes(self, name):
        things, ids = OPEN[name]
        assert risks([OWNER], things) == [(id_, True) for id_ in ids]

    def test_is_a_standing_one_where_it_stays(self, name):
        things, ids = OPEN[name]
        assert risks(things, things) == [(id_, False) for id_ in ids]
        assert risks(things, [*things, ingress(OWNER, "x", fromPort=81, toPort=81)]) == [(id_, False) for id_ in ids]

    def test_is_none_any_more_where_it_goes(self, name):
        things, _ = OPEN[name]
        assert not {id_ for id_, _ in risks(things, [OWNER])} & {
            "everything-public", "internal-public", "ssh-public", "sip-public",
        }  # fmt: skip


class TestWhatIsNew:
    def test_is_what_opens_and_not_what_is_left_of_what_closes(self):
        """SSH at two ports of which one is closed: the other was open before."""
        both = opens(("udp", 5060, 5060, ANY4), ("tcp", 5061, 5061, ANY4))
        assert ("sip-public", True) not in risks(both, both[:2])
        assert ("sip-public", False) in risks(both, both[:2])
        assert risks(both[:2], both) == [("sip-public", True)]

    def test_is_less_than_everything_which_was_there(self):
        every, less = opens(("-1", None, None, ANY4)), opens(("tcp", 1, 65534, ANY4))
        assert {is_new for _, is_new in risks(every, less) if not _.startswith(("call", "needed"))} == {False}

    def test_is_the_other_family_of_what_was_open_too_no_new_port(self):
        assert risks(opens(("tcp", 22, 22, ANY4)), opens(("tcp", 22, 22, ANY4, "::/0"))) == [("ssh-public", False)]


class TestDescriptionsHideNothing:
    @pytest.mark.parametrize("about", ["ICE/TCP: tcp_port", "HTTPS: https", "SSH: operators.ssh_port", "safe"])
    def test_of_a_rule(self, about):
        rule = ingress(OWNER, "r", fromPort=6379, toPort=6379, description=about)
        assert risks([OWNER], [OWNER, rule]) == [("internal-public", True)]

    def test_of_another_rule_for_the_same_port(self):
        lie = ingress(OWNER, "lie", fromPort=6379, toPort=6379, cidrIpv4="10.0.0.0/32", description="ICE/TCP: tcp_port")
        rule = ingress(OWNER, "r", fromPort=6379, toPort=6379)
        assert risks([OWNER, lie], [OWNER, lie, rule]) == [("internal-public", True)]


class TestByTheConfiguration:
    def test_sip_for_anybody_is_no_risk_where_it_is_intended(self):
        sip = opens(("udp", 5060, 5060, ANY4))
        assert risks([OWNER], sip, config=CONFIG) == [("sip-public", True)]
        meant = {**CONFIG, "livekit-firewall:trunks": '"anywhere"'}
        assert risks([OWNER], sip, config=meant) == []

    def test_the_own_port_of_a_service_counts_and_the_usual_one_as_well(self):
        moved = {**CONFIG, "livekit-firewall:port": "7999"}
        assert ("internal-public", True) in risks([OWNER], opens(("tcp", 7999, 7999, ANY4)), config=moved)
        assert ("internal-public", True) in risks([OWNER], opens(("tcp", 7880, 7880, ANY4)), config=moved)

    def test_a_needed_port_that_is_lost_is_reported_by_what_the_configuration_needs(self):
        """Without a configuration it is the usual service that goes as a whole."""
        before = opens(("tcp", 7881, 7881, ANY4), ("tcp", 8888, 8888, ANY4))
        assert ("needed-port-lost", True) in risks(before, [OWNER], config=CONFIG)
        assert ("needed-port-lost", True) in risks(before, [OWNER])
        other = opens(("tcp", 8888, 8888, ANY4))
        assert risks(other, [OWNER], config=CONFIG) == risks(other, [OWNER]) == []

    @pytest.mark.parametrize("config", [
        {"livekit-firewall:https": "[secret]"}, {"livekit-firewall:aws": "{"}, {"livekit-firewall:nonsense": "1"},
        {"other:https": "true"}, {"livekit-firewall:livekit_config_path": "/etc/passwd"},
        {"livekit-firewall:plugnmeet": "/etc/shadow"}, {"livekit-firewall:https": 5}, {"livekit-firewall:": None},
    ])  # fmt: skip
    def test_one_that_cannot_be_read_changes_nothing_of_the_verdict(self, config):
        things = opens(("tcp", 6379, 6379, ANY4))
        assert risks([OWNER], things, config=config) == [("internal-public", True)]


class TestCallsThatMayBeCut:
    MEDIA = opens(("udp", 50000, 60000, ANY4))

    def test_media_that_loses_ports(self):
        less = opens(("udp", 50000, 50100, ANY4))
        assert ("call-interrupted", True) in risks(self.MEDIA, less)

    @pytest.mark.parametrize(
        ("after", "said"),
        [
            (("udp", 50000, 50100, ANY4), "restart the service with those that stay before"),
            (("udp", 50000, 60000, "203.0.113.0/24"), "make the change when few calls run, and if ports go"),
            (("udp", 50100, 60100, ANY4), "or open the new ports first and close the old ones later"),
        ],
    )
    def test_new_ports_are_opened_first_where_there_are_new_ones(self, after, said):
        told = review_texts([("p.json", preview(self.MEDIA, opens(after)))]).risks
        (fix,) = {one.fix for one in told if one.id == "call-interrupted" and one.ports}
        assert said in fix

    def test_a_rule_of_amazons_that_is_modified_in_place_though_nobody_loses(self):
        after = [OWNER, changed(self.MEDIA[1], toPort=60100)]
        assert risks(self.MEDIA, after) == [("call-interrupted", True)]

    @pytest.mark.parametrize(
        ("type_", "changes", "cuts"),
        [
            (AWS_INGRESS, {"description": "x"}, True),
            (AWS_INGRESS, {"tags": {"a": "b"}, "tagsAll": {"a": "b"}}, False),
            (AWS_RULE, {"description": "x"}, False),
        ],
    )
    def test_words_by_the_call_that_writes_them(self, type_, changes, cuts):
        """One of the two providers' resources has the description in the call that modifies the rule itself."""
        older = {"type": "ingress", "protocol": "udp", "cidrBlocks": ["0.0.0.0/0"]}
        rule = self.MEDIA[1] if type_ == AWS_INGRESS else changed(replace(self.MEDIA[1], type=AWS_RULE), **older)
        assert risks([OWNER, rule], [OWNER, changed(rule, **changes)]) == [("call-interrupted", True)] * cuts

    def test_no_rule_of_something_else_and_no_tags(self):
        ssh = opens(("tcp", 22, 22, "203.0.113.0/24"))
        assert risks(ssh, [OWNER, changed(ssh[1], cidrIpv4="203.0.113.0/28")]) == []
        assert risks(self.MEDIA, [OWNER, changed(self.MEDIA[1], tags={"a": "b"}, tagsAll={"a": "b"})]) == []

    def test_not_on_platforms_that_keep_open_flows(self):
        rule = {"priority": 200, "access": "Allow", "direction": "Inbound", "protocol": "Udp", "name": "m",
                "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*"}  # fmt: skip
        sides = [
            [Thing(AZURE_GROUP, "g", {"securityRules": [{**rule, "destinationPortRange": ports}]})]
            for ports in ("50000-60000", "50000-50100")
        ]
        assert "call-interrupted" not in dict(risks(*sides))


class TestLimits:
    def test_of_amazon_count_each_family_of_each_direction(self):
        rules = [("tcp", port, port, "10.0.0.0/8") for port in range(8000, 8060)]
        assert risks([OWNER], opens(*rules)) == []
        over = opens(*rules, ("tcp", 9000, 9000, "10.0.0.0/8"))
        assert risks([OWNER], over) == [("quota", True)]
        assert risks(over, over) == [("quota", False)]
        six = opens(*rules, ("tcp", 9000, 9000, "fd00::/8"))
        assert risks([OWNER], six) == []

    def test_a_firewall_of_digitaloceans_holds_fifty(self):
        rules = [{"protocol": "tcp", "portRange": str(n), "sourceTags": ["x"]} for n in range(9000, 9051)]
        walls = [Thing(OCEAN, "f", {"tags": ["t"], "inboundRules": rules[:count]}) for count in (50, 51)]
        assert risks([], walls[:1]) == []
        assert risks(walls[:1], walls[1:]) == [("quota", True)]


def test_a_droplet_that_no_firewall_is_left_for_is_an_error():
    wall = Thing(
        OCEAN, "f", {"tags": ["t"], "inboundRules": [{"protocol": "tcp", "portRange": "9", "sourceTags": ["x"]}]}
    )
    assert risks([wall], []) == [("unprotected", True)]
    other = Thing(OCEAN, "other", {"tags": ["t"]})
    assert risks([wall, other], [other]) == []


@pytest.mark.parametrize("platform", sorted(OURS))
def test_what_we_write_ourselves_for_usual_services_is_no_risk(platform):
    anywhere = Peer.anywhere()
    rules = RuleSet.of([
        SSH,
        Rule(PortRange.tcp(443), anywhere, Service.HTTPS),
        Rule(PortRange.udp(50000, 60000), anywhere, Service.ICE_UDP),
        Rule(PortRange.tcp(7881), anywhere, Service.ICE_TCP),
        Rule(PortRange.tcp(7880), Peer.of(Cidr.parse("10.0.0.0/24")), Service.API),
        Rule(PortRange.udp(5060), Peer.of(Cidr.parse("198.51.100.0/24")), Service.SIP),
    ])  # fmt: skip
    assert risks([], OURS[platform](rules, "lk")) == []


@pytest.mark.parametrize("platform", sorted(OURS))
def test_redis_for_anybody_is_an_error_on_every_platform(platform):
    rules = RuleSet.of([SSH, Rule(PortRange.tcp(6379), Peer.anywhere(), Service.ICE_TCP)])
    review = review_texts([("p", preview([], OURS[platform](rules, "lk")))])
    (risk,) = review.risks
    assert (risk.id, risk.severity, risk.text) == (
        "internal-public", "error", "Redis on tcp/6379 is open to the internet",
    )  # fmt: skip
    assert json.loads(json.dumps(review.as_json()))["stacks"][0]["risks"][0]["is_new"] is True


def test_ipv4_inside_of_ipv6_counts_with_the_ipv4_of_other_ports_beside_it():
    """Four blocks of IPv4 on one port, and one more by 6to4 on a range around it."""
    four = [Cidr.parse(f"{octet}.0.0.0/8") for octet in (1, 3, 5, 7)]
    region = PacketSet.box([PortRange.tcp(7880)], four) | PacketSet.box(
        [PortRange.tcp(7000, 8000)], [Cidr.parse("2002:900::/24")]
    )
    assert public(region, [PortRange.tcp(1, 65535)]) == (PortRange.tcp(7880),)
    whole = PacketSet.box([PortRange.tcp(6379)], [Cidr.parse("2002::/16")])
    assert public(whole, [PortRange.tcp(6379)]) == (PortRange.tcp(6379),)
