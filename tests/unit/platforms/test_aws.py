"""The AWS back end: what `render` makes, judged by a reader of EC2's semantics.

Not proved here: that EC2 takes the rules.
"""

from __future__ import annotations

import gzip
import ipaddress
import json
import re
import subprocess
import sys
from importlib.resources import files
from itertools import permutations

import pytest
from hypothesis import given

from livekit_firewall.model.addresses import Cidr, Family, Identity, Packet, Peer
from livekit_firewall.model.errors import RenderError
from livekit_firewall.model.ports import PortRange, Protocol
from livekit_firewall.model.rules import Reason, Rule, RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.aws import render as aws
from livekit_firewall.platforms.aws.names import lawful, tag
from livekit_firewall.platforms.aws.target import AwsTarget, PrefixList, PrefixLists
from livekit_firewall.platforms.by_audience import ByAudience
from livekit_firewall.platforms.platform import PLACEHOLDER
from tests.sampling import sample

from ..golden_rules import SCENARIOS
from ..readers.aws import admits_native
from ..strategies import NAMED, few_examples, judged, rule_sets

# Importing the SDK warns of its own deprecated modules.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:pulumi_aws.*")

TARGET = AwsTarget(vpc_id="vpc-0123", load_balancer_security_group_ids=("sg-0b",))
EVERY = AwsTarget(
    vpc_id="vpc-0123",
    load_balancer_security_group_ids={"alb": "sg-0b"},
    security_groups=ByAudience(
        clients={"lan": "sg-0c"},
        trunks={"sbc": "sg-07"},
        operators={"bastion": "sg-00"},
        load_balancer={"nlb": "sg-1b"},
    ),
    prefix_lists=PrefixLists(
        clients={"lan": PrefixList(id="pl-0c", max_entries=2)},
        trunks={"carrier": PrefixList(id="pl-07", max_entries=3)},
        cluster={"nodes": PrefixList(id="pl-01", max_entries=2)},
    ),
    rules_quota=200,
)
ANYBODY = [*Identity, *NAMED]
COMPONENT = "livekit:index:AwsFirewall"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
EXCLUSIVE = "aws:ec2/vpcSecurityGroupRulesExclusive:VpcSecurityGroupRulesExclusive"


def api_from(*peers: Peer) -> RuleSet:
    reason = (Reason("port", "the API listens here"),)
    return RuleSet.of(Rule(PortRange.tcp(7880), peer, Service.API, reason) for peer in peers)


def blocks(count: int, of: str = "10.{}.{}.0/24") -> list[Peer]:
    return [Peer.of(Cidr.parse(of.format(number // 200, number % 200 + 1))) for number in range(count)]


def problems_of(rules: RuleSet, target: AwsTarget, **options: bool) -> list[str]:
    with pytest.raises(RenderError) as caught:
        aws.render(rules, target, **options)
    return [str(problem) for problem in caught.value.problems]


class TestMeaning:
    @few_examples
    @given(judged(identities=ANYBODY))
    def test_the_group_admits_exactly_what_the_rule_set_admits(self, case):
        rules, packet = case
        assert admits_native(aws.render(rules, EVERY), packet, 200) is rules.admits(packet)

    @few_examples
    @given(judged(families=[Family.IPV4]))
    def test_without_ipv6_no_ingress_rule_is_for_ipv6(self, case):
        rules, packet = case
        native = aws.render(rules, TARGET, ipv6=False)
        assert admits_native(native, packet) is rules.admits(packet)
        assert [rule for rule in native.rules if rule.direction == "ingress" and rule.cidr_ipv6] == []

    @few_examples
    @given(rule_sets(identities=ANYBODY))
    def test_the_order_of_the_rules_does_not_matter(self, rules):
        backwards = RuleSet(tuple(reversed(rules.rules)))
        assert aws.render(backwards, EVERY) == aws.render(rules, EVERY)

    @pytest.mark.parametrize("named", ANYBODY, ids=str)
    def test_each_audience_each_block_and_the_group_itself_are_distinguished(self, named):
        native = aws.render(api_from(Peer.of(named)), EVERY)
        assert [one for one in ANYBODY if admits_native(native, Packet(one, Protocol.TCP, 7880), 200)] == [named]

    def test_egress_is_open_in_both_families_whatever_the_ingress_rules_are(self):
        native = aws.render(RuleSet.of([]), TARGET, ipv6=False)
        assert [rule.as_json() for rule in native.rules if rule.direction == "egress"] == [
            {
                "key": "egress-any-ipv4",
                "direction": "egress",
                "ip_protocol": "-1",
                "cidr_ipv4": "0.0.0.0/0",
                "description": "Egress to anywhere",
            },
            {
                "key": "egress-any-ipv6",
                "direction": "egress",
                "ip_protocol": "-1",
                "cidr_ipv6": "::/0",
                "description": "Egress to anywhere",
            },
        ]

    @pytest.mark.parametrize(
        ("ipv6", "expected"),
        [
            (True, {("icmp", 8, -1), ("icmp", 3, 4), ("icmpv6", 128, -1), ("icmpv6", 2, -1)}),
            (False, {("icmp", 8, -1), ("icmp", 3, 4)}),
        ],
    )
    def test_the_baseline_is_ping_and_path_mtu(self, ipv6, expected):
        native = aws.render(RuleSet.of([]), TARGET, ipv6=ipv6)
        ingress = [rule for rule in native.rules if rule.direction == "ingress"]
        assert {(rule.ip_protocol, rule.from_port, rule.to_port) for rule in ingress} == expected


class TestKeys:
    """A rule's name is what it admits: a change of either is another resource."""

    @few_examples
    @given(rule_sets(identities=ANYBODY))
    def test_are_unique_and_lawful_and_so_are_the_aliases(self, rules):
        keys = [key for rule in aws.render(rules, EVERY).rules for key in (rule.key, *rule.also)]
        assert len(set(keys)) == len(keys)
        assert [key for key in keys if not re.fullmatch(r"[a-z0-9.-]+", key)] == []

    @few_examples
    @given(rule_sets(identities=ANYBODY), rule_sets(identities=ANYBODY))
    def test_mean_the_same_rule_in_every_rule_set(self, one, other):
        def facts(rules):
            return {
                rule.key: ({**rule.arguments(), "description": ""}, rule.block)
                for rule in aws.render(rules, EVERY).rules
            }

        first, second = facts(one), facts(other)
        both = first.keys() & second.keys()
        assert {key: first[key] for key in both} == {key: second[key] for key in both}

    def test_a_port_before_an_ipv6_block_does_not_read_as_a_range(self):
        port = Rule(PortRange.tcp(22), Peer.of(Cidr.parse("2001:db8::/32")), Service.SSH)
        ports = Rule(PortRange.tcp(22, 2001), Peer.of(Cidr.parse("db8::/32")), Service.SSH)
        native = aws.render(RuleSet.of([port, ports]), TARGET, ipv6=True)
        assert [rule.key for rule in native.rules if rule.key.startswith("tcp")] == [
            "tcp-22-2001-db8---32",
            "tcp-22-22-2001-db8---32",
        ]

    @pytest.mark.parametrize(
        ("rule", "key"),
        [
            (
                Rule(PortRange.udp(50000, 60000), Peer.any_ipv4(), Service.ICE_UDP),
                "udp-50000-60000-any-ipv4",
            ),
            (
                Rule(PortRange.udp(50000, 60000), Peer.any_ipv6(), Service.ICE_UDP),
                "udp-50000-60000-any-ipv6",
            ),
            (Rule(PortRange.tcp(7880), Peer.of(Identity.SAME_GROUP), Service.API), "tcp-7880-same-group"),
            (Rule(PortRange.tcp(7880), Peer.of(Identity.LOAD_BALANCER), Service.API), "tcp-7880-sg-0b"),
            (
                Rule(PortRange.udp(5060), Peer.of(Cidr.parse("198.51.100.0/24")), Service.SIP),
                "udp-5060-198.51.100.0-24",
            ),
            (
                Rule(PortRange.udp(10000, 20000), Peer.of(Cidr.parse("2001:db8::/32")), Service.SIP_RTP),
                "udp-10000-20000-2001-db8---32",
            ),
        ],
    )
    def test_are_protocol_ports_and_peer(self, rule, key):
        assert key in [one.key for one in aws.render(RuleSet.of([rule]), TARGET).rules]


class TestTuples:
    """AWS refuses a second rule with the same protocol, ports and source."""

    SHARED = (
        Rule(PortRange.tcp(443), Peer.any_ipv4(), Service.TURN_TLS, (Reason("turn.tls_port", "TURN"),)),
        Rule(PortRange.tcp(443), Peer.any_ipv4(), Service.HTTPS, (Reason("https", "the proxy"),)),
    )

    @pytest.mark.parametrize("order", [SHARED, SHARED[::-1]])
    def test_two_services_share_one_rule(self, order):
        native = aws.render(RuleSet(tuple(order)), TARGET)
        shared = [(rule.key, rule.description) for rule in native.rules if rule.from_port == 443]
        assert shared == [("tcp-443-any-ipv4", "HTTPS: https; TURN/TLS: turn.tls_port")]

    @pytest.mark.parametrize(("one", "other"), sample(permutations(Service, 2), tuple))
    def test_a_port_that_passes_from_any_service_to_any_other_stays_the_same_rule(self, one, other):
        """With the other one beside it in between, too."""
        port = PortRange.tcp(443)
        alone, both, after = (
            [rule.key for rule in aws.render(RuleSet.of(Rule(port, Peer.any_ipv4(), by) for by in some), TARGET).rules]
            for some in ([one], [one, other], [other])
        )
        assert alone == both == after

    def test_the_keys_of_rules_made_up_to_0_1_are_aliases(self):
        shared = [Rule(PortRange.tcp(8080), Peer.any_ipv4(), service) for service in (Service.RTMP, Service.HTTP)]
        (both,) = [rule for rule in aws.render(RuleSet.of(shared), TARGET).rules if rule.from_port == 8080]
        assert both.also == ("http-tcp-8080-any-ipv4", "rtmp-tcp-8080-any-ipv4")
        (web,) = [rule for rule in aws.render(RuleSet.of(self.SHARED[1:]), TARGET).rules if rule.from_port == 443]
        assert web.also == ("https-tcp-443-any-ipv4", "turn-tls-tcp-443-any-ipv4")


class TestLoadBalancers:
    RULES = api_from(Peer.of(Identity.LOAD_BALANCER))

    def keys(self, given: object) -> list[str]:
        native = aws.render(self.RULES, AwsTarget(vpc_id="vpc-0", load_balancer_security_group_ids=given))
        return [rule.key for rule in native.rules if rule.key.startswith("tcp")]

    def test_each_group_has_a_rule_with_its_id(self):
        assert self.keys(("sg-0c", "sg-0a", "sg-0c")) == ["tcp-7880-sg-0a", "tcp-7880-sg-0c"]

    def test_a_group_of_another_account_is_named_with_it(self):
        assert self.keys(("123456789012/sg-0a",)) == ["tcp-7880-123456789012-sg-0a"]

    @pytest.mark.parametrize("one", ["sg-0a", object()])
    def test_a_name_is_the_key_whether_its_id_is_known_or_not(self, one):
        assert self.keys({"nlb": object(), "alb": one}) == ["tcp-7880-load-balancer-alb", "tcp-7880-load-balancer-nlb"]

    @pytest.mark.parametrize(
        ("one", "was"),
        [("sg-0a", ("tcp-7880-sg-0a", "api-tcp-7880-sg-0a")), (object(), ("api-tcp-7880-load-balancer",))],
    )
    def test_a_name_takes_over_the_rule_of_a_list_and_that_of_0_1(self, one, was):
        native = aws.render(self.RULES, AwsTarget(vpc_id="vpc-0", load_balancer_security_group_ids={"alb": one}))
        assert [rule.also for rule in native.rules if rule.from_port == 7880] == [was]

    @pytest.mark.parametrize("given", [("sg-0a", object()), (object(),), object()])
    def test_an_output_without_a_name_is_an_error_that_names_the_mapping(self, given):
        (told,) = problems_of(self.RULES, AwsTarget(vpc_id="vpc-0", load_balancer_security_group_ids=given))
        assert told.startswith("aws.load_balancer_security_group_ids: a mapping")
        assert told.endswith("give each a name, which its rules keep: {alb: GROUP.id}")

    def test_two_names_of_one_id_are_refused(self):
        given = {"alb": "sg-0a", "nlb": "sg-0b", "old": "sg-0a"}
        assert problems_of(self.RULES, AwsTarget(vpc_id="vpc-0", load_balancer_security_group_ids=given)) == [
            (
                "aws.load_balancer_security_group_ids: one name for each security group (got 'sg-0a' as alb, old); "
                "AWS refuses the same rule twice; remove one"
            )
        ]

    def test_no_group_is_an_error_that_names_both_remedies(self):
        assert problems_of(self.RULES, AwsTarget(vpc_id="vpc-0")) == [
            (
                "aws.load_balancer_security_group_ids: the security groups of the load balancer, which alone may "
                "reach API; set it, or name the load balancer by its addresses in load_balancer.cidrs"
            )
        ]

    def test_an_empty_list_and_what_is_no_id_are_errors(self):
        empty = AwsTarget(vpc_id="vpc-0", load_balancer_security_group_ids=())
        wrong = AwsTarget(vpc_id="vpc-0", load_balancer_security_group_ids=("10.0.0.0/24", "sg-0a"))
        assert problems_of(RuleSet.of([]), empty) == [
            (
                "aws.load_balancer_security_group_ids: at least one security group id (got nothing); "
                "remove it if no load balancer stands in front"
            )
        ]
        assert problems_of(self.RULES, wrong) == [
            (
                "aws.load_balancer_security_group_ids: the id of a security group, such as sg-0123456789abcdef0 "
                "(got '10.0.0.0/24'); blocks of addresses go to load_balancer.cidrs"
            )
        ]


class TestTarget:
    def test_one_group_is_needed_and_all_problems_are_reported_at_once(self):
        assert problems_of(api_from(Peer.of(Identity.LOAD_BALANCER)), AwsTarget(egress=False, existing_rules=2)) == [
            (
                "aws.vpc_id: the VPC of the new security group, or aws.security_group_id of an existing one; "
                "set exactly one of the two"
            ),
            (
                "aws.egress: true, or left out, for a new security group (got false); nothing leaves a group "
                "without egress rules, and the node needs DNS, STUN, ICE and Redis; to manage egress elsewhere, "
                "create the group yourself and give aws.security_group_id"
            ),
            (
                "aws.existing_rules: given only together with aws.security_group_id (got 2); a new security group "
                "has no rules; remove it"
            ),
            (
                "aws.load_balancer_security_group_ids: the security groups of the load balancer, which alone may "
                "reach API; set it, or name the load balancer by its addresses in load_balancer.cidrs"
            ),
        ]

    def test_a_new_and_an_existing_group_contradict(self):
        assert problems_of(RuleSet.of([]), AwsTarget(vpc_id="vpc-0", security_group_id="sg-0")) == [
            (
                "aws.security_group_id: either an existing security group or the VPC of a new one (got aws.vpc_id "
                "as well); remove aws.vpc_id to add the rules to the existing group"
            )
        ]

    @pytest.mark.parametrize(("egress", "count"), [(None, 0), (False, 0), (True, 2)])
    def test_an_existing_group_gets_egress_only_when_asked(self, egress, count):
        native = aws.render(RuleSet.of([]), AwsTarget(security_group_id="sg-0", egress=egress))
        assert sum(rule.direction == "egress" for rule in native.rules) == count

    @pytest.mark.parametrize("ipv6", [True, False])
    def test_a_baseline_that_is_left_to_others_is_no_rule_and_is_said(self, ipv6):
        target = AwsTarget(security_group_id="sg-0", baseline=False)
        assert aws.render(RuleSet.of([]), target, ipv6=ipv6).rules == ()
        assert [one.what for one in aws.baseline(target, ipv6=ipv6)] == [
            "ICMP and egress: what other rules of the existing group say, and nothing of ours"
        ]

    @pytest.mark.parametrize(
        ("target", "told"),
        [
            (
                AwsTarget(vpc_id="vpc-0", baseline=False),
                (
                    "aws.baseline: true, or left out, for a new security group (got false); nobody else writes ICMP "
                    "and egress rules there; give aws.security_group_id of a group that has them"
                ),
            ),
            (
                AwsTarget(security_group_id="sg-0", baseline=False, egress=True),
                (
                    "aws.egress: left out where the baseline is left to others, as egress is a part of it (got true, "
                    "and aws.baseline: false); remove one of the two"
                ),
            ),
            (
                AwsTarget(security_group_id="sg-0", baseline=False, exclusive=True),
                (
                    "aws.exclusive: false where the baseline is left to others, since every rule of others is removed "
                    "(got true, and aws.baseline: false); remove one of the two"
                ),
            ),
            (
                AwsTarget(security_group_id="sg-0", exclusive=True),
                (
                    "aws.exclusive: given together with aws.egress: true for an existing group, since every rule of "
                    "others is removed, those of egress too (got true); set aws.egress: true; the rule to anywhere "
                    "then replaces what the group has"
                ),
            ),
        ],
    )
    def test_nothing_that_others_are_relied_on_for_is_removed(self, target, told):
        assert problems_of(RuleSet.of([]), target) == [told]

    def test_ipv6_that_is_off_and_asked_for_is_an_error(self):
        rules = RuleSet.of([Rule(PortRange.tcp(7881), Peer.anywhere(), Service.ICE_TCP)])
        assert problems_of(rules, TARGET, ipv6=False) == [
            (
                "ipv6: no rule for IPv6 where ipv6 is false (got false, and ICE/TCP tcp/7881 from anywhere); "
                "restrict the rule to IPv4 blocks, or leave ipv6 out"
            )
        ]


class TestQuota:
    """60 rules per direction and family, told before anything is created. The baseline takes two."""

    def test_sixty_fit_and_one_more_does_not(self):
        assert len(aws.render(api_from(*blocks(58)), TARGET).rules) == 58 + 6
        assert problems_of(api_from(*blocks(59)), TARGET) == [
            (
                "aws: at most 60 IPv4 ingress rules in one security group (got 61); set aws.groups: 2, or set "
                "aws.rules_quota to what AWS has raised the quota to, 61 or more, or name fewer, larger blocks "
                "(API takes 59), or a load balancer by its security group"
            )
        ]

    def test_families_are_counted_apart(self):
        both = api_from(*blocks(58), *blocks(58, "2001:db8:{}:{}::/64"))
        assert len(aws.render(both, TARGET).rules) == 116 + 6

    def test_a_reference_to_a_group_counts_in_both(self):
        rules = api_from(*blocks(58), Peer.of(Identity.SAME_GROUP))
        assert len(problems_of(rules, TARGET)) == 1

    def test_rules_of_an_existing_group_count(self):
        target = AwsTarget(security_group_id="sg-0", existing_rules=50)
        assert len(aws.render(api_from(*blocks(8)), target).rules) == 8 + 4
        assert problems_of(api_from(*blocks(9)), target) == [
            (
                "aws: at most 60 IPv4 ingress rules in one security group (got 61, 50 of them existing); set "
                "aws.rules_quota to what AWS has raised the quota to, 61 or more, or name fewer, larger blocks "
                "(API takes 9), or a load balancer by its security group"
            )
        ]


class TestTexts:
    def test_descriptions_keep_to_the_letters_and_length_of_the_ec2_model(self):
        model = json.loads(gzip.decompress((files("botocore") / "data/ec2/2016-11-15/service-2.json.gz").read_bytes()))
        for shape in ("IpRange", "Ipv6Range", "UserIdGroupPair"):
            text = model["shapes"][shape]["members"]["Description"]["documentation"]
            assert "Up to 255 characters" in text
            letters = text.split("spaces, and ")[1].removesuffix("</p>").replace("&amp;", "&")
            odd = Reason("a key: <é> \"'|~%^&?\\ " + letters + "x" * 300, "odd")
            rules = RuleSet.of([Rule(PortRange.tcp(7880), Peer.of(Identity.LOAD_BALANCER), Service.API, (odd,))])
            for rule in aws.render(rules, TARGET).rules:
                assert re.fullmatch(f"[a-zA-Z0-9 {re.escape(letters)}]{{1,255}}", rule.description), shape

    def test_a_description_names_the_service_and_livekits_keys(self):
        native = aws.render(SCENARIOS["load-balancer-identity"].rules, TARGET)
        assert {rule.key: rule.description for rule in native.rules}["udp-50000-60000-any-ipv6"] == (
            "ICE/UDP: rtc.port_range_end, rtc.port_range_start"
        )

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("lk", "lk"),
            ("Lk_Fw.é", "livekit-Lk_Fw.--adccbabc"),
            ("sg-media", "livekit-sg-media-9a843779"),
            ("SG-media", "livekit-SG-media-aa913df7"),
        ],
    )
    def test_the_group_is_named_lawfully(self, name, expected):
        assert lawful(name) == expected

    def test_names_that_only_differ_in_odd_letters_stay_apart(self):
        assert len({lawful(name) for name in ("lk-é", "lk-è", "lk--", "x" * 201, "x" * 202)}) == 5

    def test_the_tag_holds_what_aws_takes_of_any_name(self):
        names = ("lk é", "a\nb", "x" * 250, "x" * 251, "x" * 251 + "y", "\x00" * 300)
        tags = [tag(name, number) for name in names for number in (1, 100)]
        assert tags[:6] == ["lk é", "lk é-100", "a-b", "a-b-100", "x" * 250, "x" * 250 + "-100"]
        assert len(set(tags)) == len(tags)
        assert all(len(one) <= 256 and one.isprintable() for one in tags)

    @pytest.mark.parametrize("scenario", SCENARIOS)
    def test_golden(self, golden, scenario):
        given_rules = SCENARIOS[scenario]
        golden("aws", scenario, aws.render(given_rules.rules, TARGET, ipv6=given_rules.ipv6).as_json())

    def test_what_is_not_known_yet_is_printed_as_the_placeholder(self):
        target = AwsTarget(vpc_id=object(), load_balancer_security_group_ids={"alb": object()})
        shown = aws.render(api_from(Peer.of(Identity.LOAD_BALANCER)), target).as_json()
        assert shown["security_group"]["vpc_id"] == PLACEHOLDER
        (api,) = [rule for rule in shown["rules"] if rule.get("from_port") == 7880]
        assert api["referenced_security_group_id"] == PLACEHOLDER


def test_rendering_loads_neither_pulumi_nor_a_cloud_sdk():
    program = (
        "import sys; import livekit_firewall.platforms.aws.render, livekit_firewall.platforms.azure.render; "
        "print([name for name in sys.modules if name.split('.')[0].startswith('pulumi')])"
    )
    environment = {"PYTHONPATH": ":".join(sys.path)}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert done.stdout == "[]\n"


def test_the_reader_sees_a_rule_that_is_missing_too_wide_or_of_the_wrong_family():
    """The judge itself can fail."""
    rules = SCENARIOS["load-balancer-identity"].rules
    native = aws.render(rules, TARGET)
    packet = Packet(ipaddress.ip_address("2001:db8::7"), Protocol.UDP, 50000)
    without = aws.Native(tuple(rule for rule in native.rules if rule.cidr_ipv6 is None))
    assert admits_native(native, packet) is rules.admits(packet) is True
    assert admits_native(without, packet) is False
