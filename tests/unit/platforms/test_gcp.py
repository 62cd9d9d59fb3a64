"""Google Cloud: equality of meaning, names, exact resources, errors. Not proved: that the API accepts them."""

from __future__ import annotations

import ipaddress
import itertools
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from livekit_firewall import read_deployment
from livekit_firewall.effective.planned import planned
from livekit_firewall.effective.resource_names import ResourceNames
from livekit_firewall.inputs.extras import install_line
from livekit_firewall.model.addresses import Cidr, Direction, Family, Identity, Packet, Peer
from livekit_firewall.model.errors import ConfigurationError, RenderError
from livekit_firewall.model.packets import PacketSet
from livekit_firewall.model.ports import PortRange, Protocol
from livekit_firewall.model.rules import Reason, Rule, RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.gcp import render as gcp
from livekit_firewall.platforms.gcp.from_pulumi import snapshots
from livekit_firewall.platforms.gcp.target import GcpTarget, LogConfig
from livekit_firewall.platforms.running import InvalidArguments

from .. import audiences
from ..engine_mocks import unknown
from ..golden_rules import SCENARIOS
from ..readers import gcp as reader
from ..strategies import few_examples, judged

TAGS = GcpTarget(network="default", target_tags=("livekit",), google_load_balancer=True)
ACCOUNTS = GcpTarget(network="default", target_service_accounts=("lk@example.iam.gserviceaccount.com",))
EVERYONE = GcpTarget(network="default", all_instances=True)
ANYWHERE = Peer.anywhere()
# The SDK warns of itself when it is imported.
pytestmark = pytest.mark.filterwarnings(r"ignore:gcp\..* has been deprecated:DeprecationWarning")
FIREWALL = "gcp:compute/firewall:Firewall"


def block(text: str) -> Peer:
    return Peer.of(Cidr.parse(text))


def rules(*some: tuple[str, Peer | str, Service]) -> RuleSet:
    """From texts: ("udp/50000-60000", "10.0.0.0/8", Service.ICE_UDP)."""

    def rule(text: str, peer: Peer | str, service: Service) -> Rule:
        protocol, first, last = re.fullmatch(r"(\w+)/(\d+)-?(\d+)?", text).groups()  # type: ignore[union-attr]
        ports = PortRange(Protocol(protocol), int(first), int(last or first))
        return Rule(ports, block(peer) if isinstance(peer, str) else peer, service, (Reason("port", "a reason"),))

    return RuleSet.of(rule(*one) for one in some)


def problems(rule_set: RuleSet, target: GcpTarget, **options: bool) -> list[str]:
    with pytest.raises(RenderError) as caught:
        gcp.render(rule_set, target, **options)  # type: ignore[arg-type]
    return [str(problem) for problem in caught.value.problems]


def agrees(native: gcp.Native, rule_set: RuleSet, packet: Packet) -> None:
    reader.check(native)
    assert reader.admits_native(native, packet) == rule_set.admits(packet)


class TestTheRulesMeanWhatTheRuleSetMeans:
    @few_examples
    @given(judged(identities=[*audiences.GCP.names, *audiences.BLOCKS]))
    def test_for_every_kind_of_target(self, case):
        """One test for all that is true of arbitrary rules: generating those is what costs time."""
        rule_set, packet = case
        native = gcp.render(rule_set, audiences.GCP)
        agrees(native, rule_set, packet)
        assert len({rule.key for rule in native}) == len(native)
        backwards = gcp.render(RuleSet(rule_set.rules[::-1]), audiences.GCP)
        assert backwards == native, "the order of the rules does not matter"

        agrees(gcp.render(rule_set, audiences.GCP_ACCOUNTS), rule_set, packet)

        ipv4 = rule_set.where(lambda rule: [block.family for block in rule.peer.blocks] == [Family.IPV4])
        agrees(gcp.render(ipv4, EVERYONE, ipv6=False), ipv4, packet)

    def test_googles_addresses_are_admitted_where_a_load_balancer_is(self):
        native = gcp.render(rules(("tcp/7880", Peer.of(Identity.LOAD_BALANCER), Service.API)), TAGS)
        for text, admitted in (
            ("35.191.255.255", True), ("130.211.3.255", True), ("130.211.4.0", False),
            ("2600:2d00:1:b029::1", True), ("2600:2d00:1:1::1", True), ("2600:2d00:1:2::1", False),
        ):  # fmt: skip
            packet = Packet(ipaddress.ip_address(text), Protocol.TCP, 7880)
            assert reader.admits_native(native, packet) is admitted, text

    @pytest.mark.parametrize("name", SCENARIOS)
    def test_as_in_the_goldens(self, name, golden):
        native = gcp.render(SCENARIOS[name].rules, TAGS, ipv6=SCENARIOS[name].ipv6)
        reader.check(native)
        golden("gcp", name, native.as_json())


class TestAKeyComesFromPurposeSourceAndFamily:
    def test_what_the_public_reaches_is_one_rule_per_family(self):
        native = gcp.render(
            rules(
                ("tcp/443", ANYWHERE, Service.HTTPS),
                ("tcp/445", ANYWHERE, Service.HTTP),
                ("udp/50000-60000", ANYWHERE, Service.ICE_UDP),
                ("udp/55000-61000", ANYWHERE, Service.SIP_RTP),
                ("tcp/5060", Peer.any_ipv4(), Service.SIP),
            ),
            TAGS,
        )
        assert {rule.key: rule.allows for rule in native if rule.key.startswith("public")} == {
            "public-ipv4": (gcp.Allow("tcp", ("443", "445", "5060")), gcp.Allow("udp", ("50000-61000",))),
            "public-ipv6": (gcp.Allow("tcp", ("443", "445")), gcp.Allow("udp", ("50000-61000",))),
        }

    def test_services_of_one_purpose_share_a_rule_while_their_sources_are_the_same(self):
        trunk = [
            ("udp/5060", "198.51.100.0/24", Service.SIP),
            ("tcp/5061", "198.51.100.0/24", Service.SIP_TLS),
            ("udp/10000-20000", "198.51.100.0/24", Service.SIP_RTP),
        ]
        assert keys(rules(*trunk)) == ["trunk-ipv4"]
        media = ("udp/10000-20000", "192.0.2.0/24", Service.SIP_RTP)
        assert keys(rules(*trunk, media)) == ["trunk-media-ipv4", "trunk-signaling-ipv4"]
        other = ("udp/5060", "192.0.2.0/24", Service.SIP)
        assert keys(rules(*trunk, other)) == ["sip-ipv4", "sip-tls-ipv4", "trunk-media-ipv4"]

    def test_ports_join_the_key_only_where_one_service_has_different_sources(self):
        same = [("tcp/6789", "192.0.2.0/24", Service.METRICS), ("tcp/9100", "192.0.2.0/24", Service.METRICS)]
        assert keys(rules(*same)) == ["operators-ipv4"]
        differ = rules(*same, ("tcp/9100", "198.51.100.0/24", Service.METRICS))
        assert keys(differ) == ["metrics-tcp-6789-ipv4", "metrics-tcp-9100-ipv4"]

    def test_ports_that_another_rule_has_are_named_with_their_blocks(self):
        """What is in no other rule keeps its name when the blocks change."""

        def names(peer: str, *more: tuple[str, Peer | str, Service]) -> dict[str, str]:
            clients = [("udp/50000-60000", peer, Service.ICE_UDP), ("tcp/22", peer, Service.SSH)]
            return {rule.key: rule.name for rule in gcp.render(rules(*clients, *more), TAGS)}

        for other in (
            ("udp/60000", ANYWHERE, Service.SIP_RTP),
            ("udp/60000", Peer.of(Identity.LOAD_BALANCER), Service.SIP_RTP),
            ("udp/60000", Peer.of(Identity.SAME_GROUP), Service.SIP_RTP),
            ("udp/40000-50000", "198.51.100.0/24", Service.SIP_RTP),
        ):
            alone, before, after = names("192.0.2.0/24"), names("192.0.2.0/24", other), names("192.0.2.0/25", other)
            assert len({alone["clients-ipv4"], before["clients-ipv4"], after["clients-ipv4"]}) == 3
            assert alone["operators-ipv4"] == before["operators-ipv4"] == after["operators-ipv4"]
        apart = [("udp/60001", ANYWHERE, Service.SIP_RTP), ("tcp/50000-60000", "198.51.100.0/24", Service.SIP_TLS),
                 ("udp/50000-60000", "2001:db8::/32", Service.ICE_UDP)]  # fmt: skip
        assert names("192.0.2.0/24", *apart)["clients-ipv4"] == names("192.0.2.0/25")["clients-ipv4"]

    def test_an_edit_of_ports_or_blocks_keeps_every_key(self):
        before = rules(("udp/50000-60000", ANYWHERE, Service.ICE_UDP), ("tcp/22", "192.0.2.0/24", Service.SSH))
        after = rules(("udp/7882", ANYWHERE, Service.ICE_UDP), ("tcp/2222", "198.51.100.0/28", Service.SSH))
        assert keys(before) == keys(after) == ["operators-ipv4", "public-ipv4", "public-ipv6"]

    def test_the_kind_of_source_of_the_group_is_part_of_its_key(self):
        cluster = rules(("tcp/6379", Peer.of(Identity.SAME_GROUP), Service.REDIS))
        assert keys(cluster) == ["same-group-tags"]
        assert keys(cluster, ACCOUNTS) == ["same-group-accounts"]

    def test_every_service_has_a_purpose(self):
        """Changing one of them renames rules of running deployments."""
        assert {service.record.group for service in Service} == {
            "backend", "clients", "cluster", "extra", "operators", "trunk/media", "trunk/signaling", "turn-tls",
        }  # fmt: skip


def keys(rule_set: RuleSet, target: GcpTarget = TAGS) -> list[str]:
    return [rule.key for rule in gcp.render(rule_set, target) if not rule.key.startswith("icmp")]


class TestANameIsLawfulAndUnique:
    @given(st.text(min_size=1) | st.from_regex(r"[a-z][-a-z0-9]{0,80}", fullmatch=True))
    def test_whatever_the_component_is_called(self, name):
        for rule in gcp.render(SCENARIOS["everything"].rules, TAGS, name=name):
            assert re.fullmatch(r"[a-z]([-a-z0-9]{0,53}[a-z0-9])?", rule.name), rule.name
            assert re.fullmatch(rf".+-{rule.key}" + ("" if rule.key.startswith("icmp") else "-[0-9a-f]{8}"), rule.name)

    def test_a_lawful_name_stays_as_it_is(self):
        assert [rule.name for rule in gcp.render(_ICE, TAGS, name="lk-prod")] == [
            "lk-prod-icmp-ipv4",
            "lk-prod-icmp-ipv6",
            "lk-prod-public-ipv4-a6470e42",
            "lk-prod-public-ipv6-a6470e42",
        ]

    def test_the_longest_key_leaves_room_for_a_name(self):
        """Overlapping ranges of one service with different sources."""
        services = [service for service in Service if len(service) == max(map(len, Service))]
        ranges = (("udp/10000-20000", "2001:db8::/32"), ("udp/20001-30000", "2001:db8:1::/48"))
        for service in services:
            native = gcp.render(rules(*((*one, service) for one in ranges)), TAGS, name="Lk" * 30)
            names = [rule.name for rule in native if not rule.key.startswith("icmp")]
            assert len(names) == 2
            for name in names:
                assert re.fullmatch(r"[a-z]([-a-z0-9]{0,53}[a-z0-9])?", name), name

    def test_similar_names_stay_apart(self):
        long = "a" * 50
        similar = [
            "lk",
            "LK",
            "Lk",
            "lk_",
            "lk-",
            "lk.",
            "_lk",
            "7lk",
            "lk-7lk",
            "é",
            "è",
            "",
            " ",
            long,
            f"{long}a",
            f"{long}b",
        ]
        names = [rule.name for name in similar for rule in gcp.render(_ICE, TAGS, name=name)]
        assert len(set(names)) == len(names)

    def test_a_component_whose_name_ends_like_a_key_is_distinguished(self):
        native = {name: {rule.name for rule in gcp.render(SCENARIOS["everything"].rules, TAGS, name=name)}
                  for name in ("lk", "lk-public", "lk-trunk", "lk-load-balancer", "lk-icmp", "lk-sip")}  # fmt: skip
        for one, other in itertools.combinations(native, 2):
            assert not native[one] & native[other]


_ICE = rules(("udp/50000-60000", ANYWHERE, Service.ICE_UDP))


class TestADescriptionNamesServicesAndKeys:
    """Per resource: Google has no text per port."""

    @staticmethod
    def described(*some: tuple[Service, str]) -> str:
        ports = [PortRange.tcp(1000 + place) for place in range(len(some))]
        given = [
            Rule(one, ANYWHERE, service, (Reason(key, "a reason"),))
            for one, (service, key) in zip(ports, some, strict=True)
        ]
        found = {rule.key: rule.description for rule in gcp.render(RuleSet.of(given), TAGS)}
        return found["public-ipv4"]

    def test_of_all_services_in_it_each_key_once(self):
        assert (
            self.described(
                (Service.ICE_TCP, "rtc.tcp_port"), (Service.HTTPS, "https"), (Service.ICE_TCP, "rtc.tcp_port")
            )
            == "HTTPS: https; ICE/TCP: rtc.tcp_port; from anywhere over IPv4 (livekit-firewall)"
        )

    def test_of_the_rules_with_those_sources_only(self):
        shared = [
            Rule(PortRange.tcp(6789), block("10.1.0.0/16"), Service.METRICS, (Reason("prometheus.port", "a"),)),
            Rule(PortRange.tcp(22), block("10.1.0.0/16"), Service.SSH, (Reason("operators.ssh_port", "b"),)),
            Rule(PortRange.tcp(6379), block("10.2.0.0/16"), Service.REDIS, (Reason("cluster.services", "c"),)),
        ]
        assert {rule.key: rule.description for rule in gcp.render(RuleSet.of(shared), TAGS, ipv6=False)} == {
            "icmp-ipv4": "IPv4 path MTU discovery and ping (livekit-firewall)",
            "operators-ipv4": "SSH: operators.ssh_port; Metrics: prometheus.port; from IPv4 blocks (livekit-firewall)",
            "cluster-ipv4": "Redis: cluster.services; from IPv4 blocks (livekit-firewall)",
        }

    @pytest.mark.parametrize("length", [1, 1983, 1984, 1985, 5000])
    def test_cut_at_2048_characters_before_whom_it_is_for(self, length):
        text = self.described((Service.HTTPS, "k" * length))
        end = "; from anywhere over IPv4 (livekit-firewall)"
        whole = f"HTTPS: {'k' * length}"
        assert text == (whole if len(whole + end) <= 2048 else f"{whole[: 2048 - len(end) - 3]}...") + end
        assert len(text) <= 2048

    def test_a_key_of_a_hostile_file_is_printable_ascii(self):
        assert self.described((Service.HTTPS, "a\x1b[31m\u202e\n<b>")) == (
            "HTTPS: a-[31m--<b>; from anywhere over IPv4 (livekit-firewall)"
        )


class TestWhatGoogleCannotHoldIsRefused:
    def test_no_network_and_no_target(self):
        assert problems(_ICE, GcpTarget()) == [
            "gcp.network: is required; name the VPC network, such as default",
            (
                "gcp: exactly one of target_tags, target_service_accounts, all_instances; "
                "set all_instances: true if every instance of the network is meant"
            ),
        ]

    def test_more_rules_than_the_quota_that_is_named(self):
        count = len(gcp.render(_ICE, TAGS).firewalls)
        for existing, quota in ((0, count), (3, count + 3)):
            named = replace(TAGS, existing_rules=existing, rules_quota=quota)
            assert gcp.render(_ICE, named) == gcp.render(_ICE, TAGS)
        assert problems(_ICE, replace(TAGS, existing_rules=3, rules_quota=count + 2)) == [
            (
                f"gcp: at most {count + 2} firewall rules in the project (got {count + 3}, 3 of them existing); set "
                "gcp.rules_quota to what Google has raised the quota to, or give services the same sources, so that "
                "they share a rule"
            )
        ]

    def test_two_kinds_of_target(self):
        both = GcpTarget(network="default", target_tags=("lk",), all_instances=True)
        assert problems(_ICE, both) == [
            (
                "gcp: exactly one of target_tags, target_service_accounts, all_instances "
                "(got target_tags and all_instances); keep one of them"
            )
        ]

    @pytest.mark.parametrize("tag", ["LiveKit", "7lk", "lk-", "l_k", "a" * 64, "", "lk\n"])
    def test_an_unlawful_tag(self, tag):
        assert problems(_ICE, GcpTarget(network="default", target_tags=("ok", tag))) == [
            f"gcp.target_tags: 1 to 63 of a-z, 0-9 and hyphens, a letter first and no hyphen last (got {tag!r})"
        ]

    @pytest.mark.parametrize(("value", "got"), [([], "an empty list"), ((), "an empty list"), ("lk", "str")])
    def test_a_target_that_is_no_list_or_an_empty_one(self, value, got):
        assert problems(_ICE, GcpTarget(network="default", target_tags=value)) == [
            f"gcp.target_tags: a list that is not empty (got {got}); leave it out if it is not meant"
        ]

    def test_more_than_ten_service_accounts(self):
        eleven = tuple(f"{number}@example.org" for number in range(11))
        assert problems(_ICE, GcpTarget(network="default", target_service_accounts=eleven)) == [
            "gcp.target_service_accounts: at most 10 (got 11 service accounts); use target_tags for more"
        ]
        ten = GcpTarget(network="default", target_service_accounts=eleven[1:] + eleven[1:])
        assert len(gcp.render(_ICE, ten).firewalls[0].target_service_accounts) == 10

    def test_identities_that_the_target_cannot_name(self):
        both = rules(
            ("tcp/7880", Peer.of(Identity.LOAD_BALANCER), Service.API),
            ("tcp/6379", Peer.of(Identity.SAME_GROUP), Service.REDIS),
        )
        assert problems(both, EVERYONE) == [
            (
                "gcp.google_load_balancer: must be true for rules that admit a load balancer; set it if one of "
                "Google's stands in front, otherwise give its addresses as load_balancer.cidrs"
            ),
            (
                "gcp: target_tags or target_service_accounts are needed to admit nodes of the same group; "
                "name one, or give the nodes' addresses as cluster.cidrs"
            ),
        ]

    def test_ipv6_sources_though_ipv6_is_false(self):
        assert problems(_ICE, TAGS, ipv6=False) == [
            (
                "ipv6: no rule for IPv6 where ipv6 is false (got false, and ICE/UDP udp/50000-60000 from anywhere); "
                "restrict the rule to IPv4 blocks, or leave ipv6 out"
            )
        ]

    def test_placeholders_are_accepted(self):
        target = GcpTarget(network="TARGET", target_tags=("TARGET",), google_load_balancer=True)
        reader.check(gcp.render(SCENARIOS["everything"].rules, target))


class TestTheComponent:
    def test_makes_exactly_these_resources(self, engine):
        from livekit_firewall.platforms.gcp.component import GcpFirewall

        rule_set = rules(
            ("tcp/7881", Peer.any_ipv4(), Service.ICE_TCP),
            ("udp/50000-60000", Peer.any_ipv4(), Service.ICE_UDP),
            ("tcp/6379", Peer.of(Identity.SAME_GROUP), Service.REDIS),
        )
        target = GcpTarget(network="vpc", project="p", target_tags=("lk",))
        made = engine.run(lambda: GcpFirewall("LK_prod", rule_set, target, ipv6=False))
        component = ("livekit:index:GcpFirewall", "LK_prod")
        name = "lk-prod-04e86843e8"
        same = {"network": "vpc", "project": "p", "direction": "INGRESS", "priority": 1000, "targetTags": ["lk"]}
        assert {key: one.inputs for key, one in made.items()} == {
            component: {},
            (FIREWALL, f"{name}-icmp-ipv4"): same
            | {
                "description": "IPv4 path MTU discovery and ping (livekit-firewall)",
                "allows": [{"protocol": "icmp"}],
                "sourceRanges": ["0.0.0.0/0"],
            },
            (FIREWALL, f"{name}-public-ipv4-31d6c90c"): same
            | {
                "description": "ICE/UDP: port; ICE/TCP: port; from anywhere over IPv4 (livekit-firewall)",
                "allows": [{"protocol": "tcp", "ports": ["7881"]}, {"protocol": "udp", "ports": ["50000-60000"]}],
                "sourceRanges": ["0.0.0.0/0"],
            },
            (FIREWALL, f"{name}-same-group-tags-cf8cbcdb"): same
            | {
                "description": "Redis: port; from instances with the same tags (livekit-firewall)",
                "allows": [{"protocol": "tcp", "ports": ["6379"]}],
                "sourceTags": ["lk"],
            },
        }
        children = [one for key, one in made.items() if key != component]
        assert {one.parent for one in children} == {component}
        assert {tuple(one.request.replaceOnChanges) for one in children} == {("network",)}
        assert {key[1]: [str(alias.spec.name) for alias in one.request.aliases] for key, one in made.items()} == {
            "LK_prod": [],
            f"{name}-icmp-ipv4": [],
            f"{name}-public-ipv4-31d6c90c": [f"{name}-public-ipv4"],
            f"{name}-same-group-tags-cf8cbcdb": [f"{name}-same-group-tags"],
        }
        assert engine.outputs[component] == {
            "firewall_ids": {
                "icmp-ipv4": f"{name}-icmp-ipv4-id",
                "public-ipv4": f"{name}-public-ipv4-31d6c90c-id",
                "same-group-tags": f"{name}-same-group-tags-cf8cbcdb-id",
            }
        }

    def test_takes_ids_that_are_known_only_after_creation(self, preview_engine):
        from livekit_firewall.platforms.gcp.component import GcpFirewall

        def program() -> None:
            target = GcpTarget(network=unknown(), target_service_accounts=(unknown(), "lk@example.org"))
            GcpFirewall("lk", _ICE, target)

        made = preview_engine.run(program)
        public = made[FIREWALL, "lk-public-ipv4-a6470e42"].inputs
        assert public["network"] == "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
        assert public["targetServiceAccounts"] == ["04da6b54-80e4-46f7-96ec-b56ff0331ba9", "lk@example.org"]

    def test_registers_nothing_if_the_rules_cannot_be_rendered(self, engine):
        from livekit_firewall.platforms.gcp.component import GcpFirewall

        def program() -> None:
            with pytest.raises(InvalidArguments):
                GcpFirewall("lk", _ICE, GcpTarget())

        assert engine.run(program) == {}

    def test_says_what_to_install_without_the_sdk(self, engine, monkeypatch):
        from livekit_firewall.platforms.gcp.component import GcpFirewall

        monkeypatch.setitem(sys.modules, "pulumi_gcp", None)

        def program() -> None:
            with pytest.raises(InvalidArguments) as caught:
                GcpFirewall("lk", _ICE, TAGS)
            assert [str(one) for one in caught.value.problems] == [
                "gcp: needs the package pulumi-gcp of livekit-firewall[gcp]; " + install_line("gcp")
            ]

        assert engine.run(program) == {}


class TestPriorityAndLogging:
    RULES = rules(("udp/50000-60000", ANYWHERE, Service.ICE_UDP), ("tcp/22", "203.0.113.0/24", Service.SSH))

    def test_every_rule_has_them_under_the_same_names(self):
        plain = gcp.render(self.RULES, TAGS)
        native = gcp.render(self.RULES, replace(TAGS, priority=900, log_config=LogConfig()))
        assert [one.name for one in native] == [one.name for one in plain]
        assert {one.priority for one in native} == {900}
        assert {str(native.arguments(one)["log_config"]) for one in native} == {"{'metadata': 'INCLUDE_ALL_METADATA'}"}
        assert [(one["priority"], one["logConfig"]) for one in native.as_json()] == [
            (900, {"enable": True, "metadata": "INCLUDE_ALL_METADATA"})
        ] * len(native)
        assert {plain.arguments(one)["log_config"] for one in plain} == {None}
        assert {one["priority"] for one in plain.as_json()} == {1000}
        assert not any("logConfig" in one for one in plain.as_json())

    def test_the_exposure_says_who_wins(self):
        (_,) = gcp.baseline(TAGS)
        _, order = gcp.baseline(replace(TAGS, priority=2000))
        assert order.what == (
            "Denies of the network's other rules win over these up to priority 2000, and lose above it (these are at "
            "2000, others at 1000 by default)"
        )
        assert order.rules == ()

    @pytest.mark.parametrize(
        ("target", "message"),
        [
            ({"priority": 65535}, "gcp.priority: must be a priority from 0 to 65534 (got 65535)"),
            ({"priority": -1}, "gcp.priority: must be a priority from 0 to 65534 (got -1)"),
            ({"log_config": True}, "gcp.log_config: must be a mapping (got true)"),
            (
                {"log_config": {"metadata": "ALL"}},
                "gcp.log_config.metadata: must be INCLUDE_ALL_METADATA or EXCLUDE_ALL_METADATA (got 'ALL')",
            ),
            ({"log_config": {"enable": True}}, "gcp.log_config.enable: unknown key"),
        ],
    )
    def test_what_google_does_not_take(self, target, message):
        with pytest.raises(ConfigurationError) as caught:
            read_deployment({"gcp": {"network": "n", "target_tags": ["a"], **target}}, Path())
        assert f"- {message}" in str(caught.value)

    def test_a_deny_of_others_is_judged_by_its_order(self):
        """By the reader of stacks: theirs at 950 wins over rules at 1000, and loses to rules at 900."""
        deny = planned(FIREWALL, "theirs", {"network": "default", "priority": 950, "denies": [{"protocol": "udp"}],
                                            "source_ranges": ["0.0.0.0/0"]})  # fmt: skip
        for priority, is_open in ((1000, False), (900, True)):
            own = [*gcp.render(self.RULES, replace(TAGS, priority=priority)).resources()]
            (found,) = [
                one for one in snapshots([*own, deny], ResourceNames((), (*own, deny))) if one.name.endswith("livekit")
            ]
            packet = PacketSet.box([PortRange.udp(50000, 50000)], [Cidr.parse("198.51.100.7/32")])
            assert bool(found.effective[Direction.INGRESS].admitted & packet) is is_open
