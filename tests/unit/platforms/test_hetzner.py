"""Hetzner Cloud: equality of meaning, exact resource, limits, errors. Not proved: that the API accepts it."""

from __future__ import annotations

from pathlib import Path

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.effective.evaluate import Selection
from livekit_firewall.inputs.extras import install_line
from livekit_firewall.model.addresses import Cidr, Family, Identity, Packet, Peer
from livekit_firewall.model.errors import RenderError
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.rules import Reason, Rule, RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.hetzner import render as hetzner
from livekit_firewall.platforms.hetzner.names import lawful_name
from livekit_firewall.platforms.hetzner.native import FirewallRule, Native
from livekit_firewall.platforms.hetzner.record import HETZNER
from livekit_firewall.platforms.hetzner.target import HetznerTarget
from livekit_firewall.platforms.platform import Options
from livekit_firewall.platforms.running import InvalidArguments
from livekit_firewall.reports.compare.differences import compare, required_access
from livekit_firewall.reports.explain.explain import explain, question
from livekit_firewall.reports.exposure.expose import expose

from .. import audiences, exports
from ..engine_mocks import UNKNOWN, unknown
from ..golden_rules import SCENARIOS
from ..readers import hetzner as reader
from ..strategies import few_examples, judged

LABELS = HetznerTarget(label_selectors=("app=livekit",))
SERVERS = HetznerTarget(server_ids=(101, "102"))
PRIVATE = audiences.HETZNER
FIREWALL = "hcloud:index/firewall:Firewall"
COMPONENT = "livekit:index:HetznerFirewall"
BOTH = ("0.0.0.0/0", "::/0")
PING = FirewallRule("icmp", None, BOTH, "ICMP: ping and path MTU discovery")


def rule(ports: PortRange, peer: Peer | str = "anywhere", service: Service = Service.ICE_UDP, key: str = "") -> Rule:
    if isinstance(peer, str):
        peer = Peer.anywhere() if peer == "anywhere" else Peer.of(Cidr.parse(peer))
    return Rule(ports, peer, service, (Reason(key, "why"),) if key else ())


MEDIA = RuleSet.of([rule(PortRange.udp(50000, 60000)), rule(PortRange.tcp(7881), service=Service.ICE_TCP)])


def problems(rule_set: RuleSet, target: HetznerTarget, *, ipv6: bool = True) -> list[str]:
    with pytest.raises(RenderError) as caught:
        hetzner.render(rule_set, target, ipv6=ipv6)
    return [str(problem) for problem in caught.value.problems]


def agrees(native: Native, rule_set: RuleSet, packet: Packet) -> None:
    reader.check(native)
    assert reader.admits_native(native, packet) == rule_set.admits(packet)


class TestTheRulesMeanWhatTheRuleSetMeans:
    @few_examples
    @given(judged(identities=audiences.BLOCKS))
    def test_for_every_kind_of_target(self, case):
        rule_set, packet = case
        native = hetzner.render(rule_set, PRIVATE)
        agrees(native, rule_set, packet)
        assert hetzner.render(RuleSet(rule_set.rules[::-1]), PRIVATE) == native, "the order does not matter"
        agrees(hetzner.render(rule_set, SERVERS), rule_set, packet)

        ipv4 = rule_set.where(lambda rule: [block.family for block in rule.peer.blocks] == [Family.IPV4])
        native = hetzner.render(ipv4, SERVERS, ipv6=False)
        agrees(native, ipv4, packet)
        assert not any(":" in source for one in native.rules for source in map(str, one.source_ips))

    @pytest.mark.parametrize("name", SCENARIOS)
    def test_as_in_the_goldens(self, name, golden):
        rules = SCENARIOS[name].rules.where(lambda rule: rule.peer.identity is not Identity.SAME_GROUP)
        native = hetzner.render(rules, PRIVATE, ipv6=SCENARIOS[name].ipv6)
        reader.check(native)
        golden("hetzner", name, native.as_json())


class TestRules:
    def test_merge_the_sources_of_both_families_and_all_services(self):
        api = PortRange.tcp(7880)
        rule_set = RuleSet.of(
            [
                rule(api, "2001:db8::/48", Service.WHIP, "whip_port"),
                rule(api, "192.0.2.0/24", Service.API, "port"),
                rule(api, "192.0.2.0/24", Service.WHIP, "whip_port"),
            ]
        )
        both = FirewallRule("tcp", "7880", ("192.0.2.0/24", "2001:db8::/48"), "API: port; WHIP: whip_port")
        assert hetzner.render(rule_set, LABELS).rules == (both, PING)

    def test_are_never_outbound_and_never_none(self):
        assert hetzner.render(RuleSet(), LABELS).rules == (PING,)
        only = FirewallRule("icmp", None, BOTH[:1], PING.description)
        assert hetzner.render(RuleSet(), LABELS, ipv6=False).rules == (only,)

    def test_have_a_description_that_is_cut(self):
        rule_set = RuleSet.of([rule(PortRange.tcp(1), key="k" * 300)])
        (one, _) = hetzner.render(rule_set, LABELS).rules
        assert (len(one.description), one.description[-4:]) == (255, "k...")


class TestALoadBalancerInThePrivateNetwork:
    BEHIND = RuleSet.of(
        [*MEDIA, *(rule(PortRange.tcp(port), Peer.of(Identity.LOAD_BALANCER), Service.API) for port in (7880, 5349))]
    )
    GIVEN = {"hetzner": {"label_selectors": ["app=livekit"], "private_load_balancer": True}}  # noqa: RUF012

    def test_has_no_rule(self):
        native = hetzner.render(self.BEHIND, PRIVATE)
        assert native.as_json() == hetzner.render(MEDIA, PRIVATE).as_json()
        assert native.private == (PortRange.tcp(5349), PortRange.tcp(7880))

    def test_is_an_error_where_the_target_does_not_say_so(self):
        assert problems(self.BEHIND, LABELS) == [
            (
                "hetzner: must name the load-balancer by address, who may reach API; give load_balancer.cidrs, or say "
                "hetzner.private_load_balancer: true where it uses the private network"
            )
        ]

    def test_reaches_the_api_as_every_machine_of_its_network_does_which_the_exposure_says(self):
        exposure = expose(read_deployment(self.GIVEN, Path()))
        assert ("API", "load balancer") in {(one.rules[0].service.label, one.who) for one in exposure.reached}
        assert [item.what for item in exposure.baselines["hetzner"]] == [
            "ICMP from anywhere, over IPv4 and IPv6, all types (Hetzner's grain is the protocol)",
            (
                "everything from the private network, every protocol and port, Redis included (the firewall filters "
                "the public interface only)"
            ),
            "Egress: Hetzner's default, everything to anywhere",
        ]
        assert exposure.findings == ()

    def test_misses_nothing_in_a_listing(self):
        deployment = read_deployment(self.GIVEN, Path())
        native = HETZNER.render(deployment.rules, deployment.targets["hetzner"], Options())
        found = HETZNER.from_cli().read(exports.hetzner_list(native), Selection())
        assert compare(required_access(deployment, "hetzner", found), found).is_same

    def test_is_explained(self):
        answer = explain(read_deployment(self.GIVEN, Path()), question("load-balancer", "tcp/7880"))
        assert (answer.verdict, answer.platforms["hetzner"]) == ("allowed", ("private network, not filtered",))
        answer = explain(read_deployment(self.GIVEN, Path()), question("10.0.0.7", "tcp/7880"))
        assert answer.verdict == "not known"


class TestAPrivatePeer:
    """Nothing filters it, so that no port is closed to it."""

    UNFILTERED = (
        "hetzner alone would let it in besides the rules: everything from the private network, every protocol and "
        "port, Redis included (the firewall filters the public interface only); Hetzner's firewall does not see the "
        "private network; the host's own firewall can filter it"
    )

    @pytest.mark.parametrize(
        ("peer", "targets", "verdict"),
        [
            ("10.0.0.7", {}, "not known"),
            ("fd00::/64", {}, "not known"),
            ("10.0.0.7", {"host": {}}, "denied"),
            ("10.0.0.0/7", {}, "denied"),
            ("203.0.113.7", {}, "denied"),
            ("anywhere", {}, "denied"),
        ],
    )
    def test_is_not_said_to_be_denied_unless_the_host_filters_it(self, peer, targets, verdict):
        given = {"hetzner": {"server_ids": [1]}, "https": True, "prometheus": {"port": 6789}, **targets}
        answer = explain(read_deployment(given, Path()), question(peer, "tcp/6789"))
        is_private = peer in ("10.0.0.7", "fd00::/64")
        assert (answer.verdict, self.UNFILTERED in answer.because) == (verdict, is_private)


class TestAPrivateSource:
    def findings(self, **given: object) -> list[str]:
        target = {"hetzner": {"server_ids": [1]}}
        found = read_deployment({**target, **given}, Path()).findings
        return [str(one) for one in found if one.id == "private-source-unfiltered"]

    def test_has_a_finding(self):
        cidrs = ["10.0.0.0/16", "192.0.2.0/24", "fd00::/64"]
        assert self.findings(https=True, operators={"cidrs": cidrs}) == [
            (
                "warning: hetzner: 10.0.0.0/16, fd00::/64 for SSH: Hetzner Cloud filters the public interface only, so "
                "that the rule has no effect and the private network reaches every port of the node, Redis included; "
                "filter the private network on the node itself (host), and name public addresses here "
                "[private-source-unfiltered]"
            )
        ]

    BALANCER = "say hetzner.private_load_balancer: true in place of load_balancer's private addresses"
    OTHER = "filter the private network on the node itself (host), and name public addresses here"

    @pytest.mark.parametrize(
        ("given", "fix"),
        [
            ({"load_balancer": {"cidrs": ["10.0.0.5/32", "203.0.113.9/32"]}}, BALANCER),
            # the same port, and not for the load balancer
            ({"https": True, "cluster": {"cidrs": ["10.0.0.0/16"]}}, OTHER),
            ({"https": True, "operators": {"cidrs": ["10.0.0.0/16"]}}, OTHER),
            ({"load_balancer": {"cidrs": ["203.0.113.9/32"]}, "cluster": {"cidrs": ["10.0.0.0/16"]}}, OTHER),
            (
                {"load_balancer": {"cidrs": ["10.0.0.5/32"]}, "operators": {"cidrs": ["10.0.0.0/16"]}},
                f"{BALANCER}; for the others, {OTHER}",
            ),
            (
                {
                    "load_balancer": {"cidrs": ["10.0.0.5/32"]},
                    "hetzner": {"server_ids": [1], "private_load_balancer": True},
                },
                OTHER,
            ),
        ],
    )
    def test_is_told_what_to_say_by_whose_it_is(self, given, fix):
        (found,) = self.findings(**given)
        assert found.endswith(f"Redis included; {fix} [private-source-unfiltered]")

    @pytest.mark.parametrize("cidrs", [["192.0.2.0/24"], ["100.64.0.0/10"], ["8.0.0.0/7"], ["172.0.0.0/8"]])
    def test_is_none_that_only_holds_private_addresses_or_none(self, cidrs):
        assert self.findings(https=True, operators={"cidrs": cidrs}) == []

    def test_has_none_where_the_host_filters_it(self):
        assert self.findings(operators={"cidrs": ["10.0.0.0/16"]}, https=True, host={}) == []

    def test_has_none_on_another_target(self):
        assert self.findings(operators={"cidrs": ["10.0.0.0/16"]}, https=True, hetzner=None, host={}) == []


SERVER = {"type": "server", "server": {"id": 7}}
LABEL = {"type": "label_selector", "label_selector": {"selector": "app=lk"}}
UNPROTECTED = "lk is applied to no server{}, so that it protects nothing"


class TestAListing:
    @pytest.mark.parametrize(
        ("applied", "told"),
        [
            ({}, ()),
            ({"applied_to": [SERVER]}, ()),
            ({"applied_to": [{**LABEL, "applied_to_resources": [SERVER]}]}, ()),
            ({"applied_to": []}, (UNPROTECTED.format(""),)),
            ({"applied_to": [LABEL]}, (UNPROTECTED.format(", though it has label selectors"),)),
            ({"applied_to": [{"type": "network", "network": {"id": 3}}]}, ()),
        ],
    )
    def test_says_that_a_firewall_protects_nothing_only_where_it_is_known(self, applied, told):
        listing = [{"id": 1, "name": "lk", "rules": [], **applied}]
        assert HETZNER.from_cli().read(listing, Selection()).notes == told

    def test_has_what_the_program_is_for_however_its_id_is_written(self):
        target = HetznerTarget(server_ids=["007", 7.0, "8"], label_selectors=["a", "a"])
        (entry,) = HETZNER.expected(Native(()), "lk", target)
        assert entry.members == ("server 7", "server 8", "label a")


class TestWhatHetznerCannotHoldIsRefused:
    def test_neither_servers_nor_selectors(self):
        assert problems(MEDIA, HetznerTarget()) == [
            (
                "hetzner: server_ids or label_selectors are required; name the servers that the firewall is for, best "
                "by a label"
            )
        ]

    @pytest.mark.parametrize("selector", ["", " ", "a\nb", " app=lk", "app=lk ", "a\x00"])
    def test_an_unlawful_selector(self, selector):
        (found,) = problems(MEDIA, HetznerTarget(label_selectors=("ok", selector)))
        assert found.startswith("hetzner.label_selectors: a label selector such as app=livekit, on one line (got ")

    @pytest.mark.parametrize("server", ["lk", "0", 0, -1, 1.5, True, "", "1e3", "٣", "1" * 20, 2**53, str(2**53)])
    def test_an_id_that_is_not_of_a_server(self, server):
        (found,) = problems(MEDIA, HetznerTarget(server_ids=[server]))
        assert found.startswith("hetzner.server_ids: the id of a server, a positive integer (got ")

    @pytest.mark.parametrize("path", ["server_ids", "label_selectors"])
    def test_an_empty_list(self, path):
        target = HetznerTarget(**{"label_selectors": ("lk",), path: []})
        assert problems(MEDIA, target) == [
            f"hetzner.{path}: a list that is not empty (got an empty list); leave it out if it is not meant"
        ]

    @pytest.mark.parametrize("key", ["", "-a", "a_", "a" * 64, "é", "hetzner.cloud/a", "A/b", "/b", "a b"])
    def test_an_unlawful_key_of_a_label(self, key):
        (found,) = problems(MEDIA, HetznerTarget(server_ids=[1], labels={key: "x"}))
        assert "a key of 1 to 63 letters, digits" in found

    @pytest.mark.parametrize("value", ["-", "a b", "a" * 64, "é", "a\n"])
    def test_an_unlawful_value_of_a_label(self, value):
        (found,) = problems(MEDIA, HetznerTarget(server_ids=[1], labels={"app": value}))
        assert found == (
            "hetzner.labels.app: a text of at most 63 letters, digits, dots, hyphens and underscores; the ends are a "
            "letter or digit"
        )

    def test_lawful_labels_are_taken(self):
        labels = {"app": "livekit", "example.org/Team_1": "", "a": "a" * 63}
        reader.check(hetzner.render(MEDIA, HetznerTarget(server_ids=[1], labels=labels)))

    def test_repeated_members_count_once(self):
        native = hetzner.render(MEDIA, HetznerTarget(server_ids=[7, "7", 7.0], label_selectors=("lk", "lk")))
        assert (native.servers, native.selectors) == ((7,), ("lk",))

    def test_more_than_fifty_rules(self):
        def ports(count: int) -> RuleSet:
            return RuleSet.of([rule(PortRange.tcp(2 * port)) for port in range(1, count + 1)])

        reader.check(hetzner.render(ports(49), LABELS))
        assert problems(ports(50), LABELS) == [
            "hetzner: at most 50 rules per firewall (got 51); use ranges of ports instead of single ones"
        ]

    def test_more_sources_than_a_rule_and_a_firewall_hold(self):
        def sources(count: int, *ports: int) -> RuleSet:
            blocks = [f"10.{n >> 8}.{n & 255}.0/24" for n in range(count)]
            return RuleSet.of([rule(PortRange.udp(port), block) for block in blocks for port in ports])

        reader.check(hetzner.render(sources(100, 1), LABELS))
        assert problems(sources(101, 5060), LABELS) == [
            "hetzner: at most 100 sources per rule (got 101 for udp/5060); name fewer, larger blocks"
        ]
        reader.check(hetzner.render(sources(83, *range(1, 13, 2)), LABELS))  # and two of ICMP
        assert problems(sources(84, *range(1, 13, 2)), LABELS) == [
            (
                "hetzner: at most 500 effective rules per firewall (got 506 sources of all rules together); name "
                "fewer, larger blocks"
            )
        ]

    def test_the_same_group(self):
        rule_set = RuleSet.of([rule(PortRange.tcp(6379), Peer.of(Identity.SAME_GROUP), Service.REDIS)])
        assert problems(rule_set, LABELS) == [
            "hetzner: must name the nodes of the same group by address, who may reach Redis; give cluster.cidrs"
        ]

    def test_ipv6_sources_though_ipv6_is_false(self):
        rule_set = RuleSet.of([rule(PortRange.tcp(22), "2001:db8::/32", Service.SSH)])
        assert problems(rule_set, LABELS, ipv6=False) == [
            (
                "ipv6: no rule for IPv6 where ipv6 is false (got false, and SSH tcp/22 from 2001:db8::/32); "
                "restrict the rule to IPv4 blocks, or leave ipv6 out"
            )
        ]


class TestTheComponent:
    def test_makes_exactly_one_firewall(self, engine):
        from livekit_firewall.platforms.hetzner.component import HetznerFirewall

        target = HetznerTarget(server_ids=(101, "102"), label_selectors=("app=lk",), labels={"my_key": "a"})
        made = engine.run(lambda: HetznerFirewall("lk", MEDIA, target))
        rules = [
            {"direction": "in", "protocol": protocol, "port": port, "sourceIps": [*BOTH], "description": about}
            for protocol, port, about in (("tcp", "7881", "ICE/TCP"), ("udp", "50000-60000", "ICE/UDP"))
        ]
        ping = {"direction": "in", "protocol": "icmp", "sourceIps": [*BOTH], "description": PING.description}
        assert {key: one.inputs for key, one in made.items()} == {
            (COMPONENT, "lk"): {},
            (FIREWALL, "lk-firewall"): {
                "rules": [*rules, ping],
                "applyTos": [{"server": 101}, {"server": 102}, {"labelSelector": "app=lk"}],
                "labels": {"my_key": "a"},
            },
        }
        assert made[FIREWALL, "lk-firewall"].parent == (COMPONENT, "lk")
        assert engine.outputs[COMPONENT, "lk"] == {"firewall_id": "lk-firewall-id"}

    def test_takes_ids_selectors_and_labels_that_are_outputs(self, preview_engine):
        from livekit_firewall.platforms.hetzner.component import HetznerFirewall

        def program() -> None:
            ids = [pulumi.Output.from_input("103"), unknown(), 104]
            target = HetznerTarget(
                server_ids=ids, label_selectors=[unknown(), pulumi.Output.from_input("a")], labels={"a": unknown()}
            )
            HetznerFirewall("lk", MEDIA, target)

        inputs = preview_engine.run(program)[FIREWALL, "lk-firewall"].inputs
        servers, selectors = [{"server": one} for one in (103, UNKNOWN, 104)], [UNKNOWN, "a"]
        assert inputs["applyTos"] == [*servers, *({"labelSelector": one} for one in selectors)]
        assert inputs["labels"] == {"a": UNKNOWN}

    @pytest.mark.parametrize(
        ("argument", "value", "expected"),
        [
            ("server_ids", ["7x"], "hetzner.server_ids: the id of a server, a positive integer"),
            ("server_ids", ["TARGET"], "hetzner.server_ids: the id of a server, a positive integer"),
            ("label_selectors", [""], "hetzner.label_selectors: a label selector such as app=livekit, on one line"),
            ("labels", {"app": "a b"}, "hetzner.labels.app: a text of at most 63 letters"),
        ],
    )
    def test_stops_at_an_output_that_may_not_be(self, engine, argument, value, expected):
        from livekit_firewall.platforms.hetzner.component import HetznerFirewall

        outputs = {key: pulumi.Output.from_input(one) for key, one in value.items()} if isinstance(value, dict) else [
            pulumi.Output.from_input(one) for one in value
        ]  # fmt: skip
        target = HetznerTarget(**{"server_ids": [1], argument: outputs})
        with pytest.raises(InvalidArguments) as caught:
            engine.run(lambda: HetznerFirewall("lk", MEDIA, target))
        assert expected in str(caught.value)
        assert (FIREWALL, "lk-firewall") not in {(one.type, one.name) for one in engine.requests}

    @given(st.text(min_size=1, max_size=300))
    def test_any_name_leaves_room_for_the_suffix(self, name):
        assert 1 <= len(lawful_name(name)) <= 120

    def test_similar_names_stay_apart(self):
        similar = ["lk", "l_k", "é", "a" * 300, "a" * 301, "a" * 111]
        assert len({lawful_name(name) for name in similar}) == len(similar)

    def test_registers_nothing_if_the_rules_cannot_be_rendered(self, engine):
        from livekit_firewall.platforms.hetzner.component import HetznerFirewall

        def program() -> None:
            with pytest.raises(InvalidArguments):
                HetznerFirewall("lk", MEDIA, HetznerTarget())

        assert engine.run(program) == {}

    def test_says_what_to_install_without_the_sdk(self, engine, monkeypatch):
        from livekit_firewall.platforms.hetzner.component import HetznerFirewall

        monkeypatch.setitem(__import__("sys").modules, "pulumi_hcloud", None)

        def program() -> None:
            with pytest.raises(InvalidArguments) as caught:
                HetznerFirewall("lk", MEDIA, LABELS)
            assert [str(one) for one in caught.value.problems] == [
                f"hetzner: needs the package pulumi-hcloud of livekit-firewall[hetzner]; {install_line('hetzner')}"
            ]

        assert engine.run(program) == {}


def test_takes_five_folders_of_the_package_besides_its_own():
    """As docs/architecture.md says; more would be facts about platforms that stand outside of their records."""
    package = Path(__file__).parents[3] / "components" / "livekit_firewall"
    files = [path for path in package.rglob("*") if path.suffix in (".py", ".json")]
    named = [path.relative_to(package) for path in files if "hetzner" in path.read_text(encoding="utf-8").lower()]
    rooms = {path.parent.as_posix() for path in named} - {"platforms/hetzner"}
    assert rooms == {".", "deployment", "hosted", "model/findings", "platforms"}
