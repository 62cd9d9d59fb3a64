"""The host: equality of meaning, what nft accepts, the component. Packets are tried in tests/e2e."""

from __future__ import annotations

import ipaddress
import os
import re
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from livekit_firewall.effective.evaluate import EffectiveRules
from livekit_firewall.effective.resource_names import ResourceNames
from livekit_firewall.effective.resources import Resource
from livekit_firewall.host.user_data import cloud_config
from livekit_firewall.model.addresses import Cidr, Direction, Family, Identity, Packet, Peer
from livekit_firewall.model.errors import RenderError
from livekit_firewall.model.packets import EVERYBODY, PacketSet
from livekit_firewall.model.ports import PortRange, Protocol
from livekit_firewall.model.rules import Reason, Rule, RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.nftables import from_pulumi, from_text
from livekit_firewall.platforms.nftables import render as nftables
from livekit_firewall.platforms.nftables.baseline import ssh
from livekit_firewall.platforms.nftables.language import Accept
from livekit_firewall.platforms.nftables.native import native_rules
from livekit_firewall.platforms.nftables.target import HostTarget
from livekit_firewall.platforms.running import InvalidArguments

from ..golden_rules import SCENARIOS
from ..readers import nftables as reader
from ..strategies import LENGTH, few_examples, judged, rule_sets

COMPONENT = "livekit:index:HostFirewall"
FILE = "pulumi-python:dynamic/livekit:RulesetFile"
APPLIED = "pulumi-python:dynamic/livekit:AppliedRuleset"
OWNER = {
    "project": "livekit",
    "stack": "dev",
    "component": "urn:pulumi:dev::livekit::pulumi:pulumi:Stack$livekit:index:HostFirewall::lk",
}
NAMED = [name for name, scenario in SCENARIOS.items() if not scenario.rules.identities]


def rule(ports: PortRange, peer: Peer | str = "anywhere", service: Service = Service.ICE_UDP, key: str = "") -> Rule:
    if isinstance(peer, str):
        peer = Peer.anywhere() if peer == "anywhere" else Peer.of(Cidr.parse(peer))
    return Rule(ports, peer, service, (Reason(key, "a reason"),) if key else ())


MEDIA = RuleSet.of([rule(PortRange.udp(50000, 60000)), rule(PortRange.tcp(7881), service=Service.ICE_TCP)])


def body(rules: RuleSet) -> list[str]:
    """The rules after the baseline, without their comments."""
    lines = [line.strip() for line in nftables.render(rules).splitlines() if "accept comment" in line]
    return [re.sub(' comment ".*', "", line) for line in lines if "baseline:" not in line]


def problems(rules: RuleSet, *, ssh_port: int = 22, ipv6: bool = True) -> list[str]:
    with pytest.raises(RenderError) as caught:
        nftables.render(rules, ssh_port=ssh_port, ipv6=ipv6)
    return [str(problem) for problem in caught.value.problems]


def first_packet(source: str, protocol: Protocol, port: int) -> Packet:
    return Packet(ipaddress.ip_address(source), protocol, port)


def nft(text: str) -> subprocess.CompletedProcess[str]:
    """Checks a ruleset in a namespace of its own."""
    command = ["unshare", "--map-root-user", "--net", "nft", "-c", "-f", "-"]
    sbin = {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}
    return subprocess.run(command, input=text, capture_output=True, text=True, timeout=60, check=False, env=sbin)


class TestTheRulesetMeansWhatTheRuleSetMeans:
    @few_examples
    @given(judged())
    def test_with_and_without_ipv6(self, case):
        """One test for all that is true of arbitrary rules: generating those is what costs time."""
        rules, packet = case
        text = nftables.render(rules)
        assert reader.admits_native(text, packet) == rules.admits(packet)
        assert nftables.render(RuleSet(rules.rules[::-1])) == text, "the order of the rules does not matter"

        ipv4 = rules.where(lambda rule: [block.family for block in rule.peer.blocks] == [Family.IPV4])
        text = nftables.render(ipv4, ipv6=False)
        assert reader.admits_native(text, packet) == ipv4.admits(packet)
        # Nor does the baseline admit a flow over IPv6.
        assert packet.source.version == 4 or not reader.admits_native(text, packet, baseline=True)

    @pytest.mark.parametrize("name", NAMED)
    def test_as_in_the_goldens(self, name, golden):
        text = nftables.render(SCENARIOS[name].rules, ipv6=SCENARIOS[name].ipv6)
        reader.read(text)
        golden("nftables", name, text)


class TestWhatIsWrittenIsReadBack:
    """The reader's patterns are made of the writer's words: what one says is what the other understands."""

    @few_examples
    @given(rule_sets(max_size=6), st.booleans())
    def test_as_the_same_table_that_admits_the_same_packets(self, rules, ipv6):
        given = rules if ipv6 else rules.where(lambda one: all(of.family is Family.IPV4 for of in one.peer.blocks))
        table = nftables.table_of(given, ssh_port=2222, ipv6=ipv6)
        assert from_text.read(table.text) == table
        found = effective_rules(table.text)
        assert not found.unread
        opened = ssh(given, ssh_port=2222, ipv6=ipv6)
        baseline = PacketSet.union(PacketSet.box(item.ports, item.blocks) for item in opened)
        assert found.admitted == PacketSet.of(given.ingress) | baseline

    @pytest.mark.parametrize("key", ["chain input {", "a chain of nodes", "table inet livekit", '", "', "# x", "}"])
    def test_whatever_a_key_holds(self, key):
        rules = RuleSet.of([rule(PortRange.tcp(80), key=key), rule(PortRange.tcp(81), "192.0.2.0/24", key=key)])
        table = nftables.table_of(rules)
        assert from_text.read(table.text) == table
        assert not effective_rules(table.text).unread

    @pytest.mark.parametrize("at", [0, 2, 4, 6, 8, 9, -2, -1])
    @pytest.mark.parametrize(
        "line", ["}", "\t}", "\tchain output {", "\t\taccept", "flush ruleset", '\t\tct state new accept comment "x"']
    )
    def test_a_line_that_the_writer_does_not_write_is_reported_wherever_it_stands(self, at, line):
        lines = nftables.render(MEDIA).splitlines()
        lines.insert(at, line)
        assert effective_rules("\n".join([*lines, ""])).unread

    def test_a_set_that_is_there_twice_is_reported_since_nft_takes_the_elements_of_both(self):
        table = nftables.table_of(MEDIA)
        assert effective_rules(nftables.language.Table((*table.sets, table.sets[0]), table.rules).text).unread

    def test_both_lines_that_use_one_set_of_ports_are_read(self):
        table = nftables.table_of(RuleSet.of([rule(PortRange.udp(7882), Peer.any_ipv4())]))
        (used,) = [one for one in table.rules if isinstance(one, Accept) and one.set_of_ports]
        text = nftables.language.Table(table.sets, (*table.rules, replace(used, family="ipv6"))).text
        expected = PacketSet.box([PortRange.udp(7882)], EVERYBODY) | PacketSet.box([PortRange.tcp(22)], EVERYBODY)
        assert (effective_rules(text).admitted, effective_rules(text).unread) == (expected, ())
        assert PacketSet.union(one.parsed.region for one in native_rules(text)) == expected

    @pytest.mark.parametrize(
        ("old", "new"),
        [("50000-60000 comment", "50000-99999 comment"), ("@udp_from_anywhere", "@none")],
    )
    def test_a_line_that_is_not_understood_is_a_rule_that_admits_nothing_for_certain(self, old, new):
        """`review` and `explain` name the same line, and what the other lines admit is read still."""
        text = nftables.render(MEDIA).replace(old, new)
        (unread,) = {one.why for one in native_rules(text) if one.why}
        assert unread.startswith("has a line that is not understood: ")
        assert [one.why for one in effective_rules(text).unread] == [f"{unread}; it may admit more than is shown"]
        assert not effective_rules(text).admitted & PacketSet.box([PortRange.udp(50000)], EVERYBODY)
        assert effective_rules(text).admitted & PacketSet.box([PortRange.tcp(22)], EVERYBODY)


def effective_rules(text: str) -> EffectiveRules:
    """What `review` and `explain` understand of a ruleset."""
    resource = Resource("urn:pulumi:dev::p::t::r", FILE, {"content": text})
    (found,) = from_pulumi.snapshots([resource], ResourceNames([], [resource]))
    return found.effective[Direction.INGRESS]


@pytest.mark.needs("nft", "unshare")
class TestNftAccepts:
    def test_every_golden(self):
        texts = [nftables.render(SCENARIOS[name].rules, ipv6=SCENARIOS[name].ipv6) for name in NAMED]
        assert nft("\n".join(texts)).stderr == ""

    @settings(max_examples=4 * LENGTH, deadline=None)
    @given(st.lists(rule_sets(max_size=6), min_size=6, max_size=6))
    def test_arbitrary_rule_sets(self, some):
        """Six in one file, since each replaces the table: starting nft costs more than reading."""
        texts = [nftables.render(rules) for rules in some]
        answer = nft("\n".join(texts))
        assert answer.returncode == 0, answer.stderr

    def test_the_ends_of_what_a_set_can_hold(self):
        peers = ["anywhere", "0.0.0.0/1", "128.0.0.0/1", "255.255.255.255/32", "::/1", "8000::/1", "ffff::/16"]
        ranges = [PortRange.udp(1, 65535), PortRange.tcp(1), PortRange.tcp(65535), PortRange.tcp(2, 65534)]
        services = [Service.ICE_UDP, Service.SIP, Service.SIP_TLS]
        every = [rule(ports, peer, service) for ports in ranges for peer in peers for service in services]
        assert nft(nftables.render(RuleSet.of(every))).stderr == ""

    def test_a_key_that_tries_to_be_more_than_a_comment(self):
        texts = [
            nftables.render(RuleSet.of([rule(PortRange.tcp(80), peer, key=key)]))
            for key in HOSTILE
            for peer in ("anywhere", "192.0.2.0/24")
        ]
        assert nft("\n".join(texts)).stderr == ""


HOSTILE = [
    '" accept comment "',
    'x"\n\t\taccept\n#', "}}}", "a;b{c}", "back\\slash\\", "$define", "@set", "tab\there", "nul\0",
    "ends in *", "é ü 漢字 🎥", "\u202e\u2028", "x" * 500, "# no comment", "%s{0}", "\x1b[31m", "'single'", "`cmd`",
]  # fmt: skip


class TestAKeyIsNeverMoreThanAComment:
    @pytest.mark.parametrize("key", HOSTILE)
    @pytest.mark.parametrize("peer", ["anywhere", "192.0.2.0/24"])
    def test_whatever_it_holds(self, key, peer):
        plain = nftables.render(RuleSet.of([rule(PortRange.tcp(80), peer, key="port")]))
        hostile = nftables.render(RuleSet.of([rule(PortRange.tcp(80), peer, key=key)]))
        without = re.compile(' comment "[^"\n]*"')
        # Short elements stand on one line, with the comment as without: only the layout may differ.
        assert without.sub("", hostile).split() == without.sub("", plain).split()
        assert all(0x20 <= ord(char) < 0x7F or char in "\n\t" for char in hostile)
        assert all(len(comment) <= 128 for comment in reader.comments(hostile))

    def test_service_and_key_are_named_per_element_and_per_rule(self):
        rules = RuleSet.of(
            [
                rule(PortRange.udp(50000, 60000), key="port_range_start"),
                rule(PortRange.udp(60000, 60001), key="turn.udp_port", service=Service.TURN_UDP),
                rule(PortRange.udp(5060), "192.0.2.0/24", key="sip.sip_port", service=Service.SIP),
            ]
        )
        told = list(reader.comments(nftables.render(rules)))
        assert "ICE/UDP: port_range_start; TURN/UDP: turn.udp_port" in told
        assert "SIP: sip.sip_port" in told


class TestTheRulesStaySmall:
    def test_a_range_is_one_element_and_a_list_of_blocks_is_one_rule(self):
        def of(ports: PortRange, count: int) -> RuleSet:
            blocks = [f"10.{n}.0.0/24" for n in range(count)]
            return RuleSet.of([rule(PortRange.udp(1000, 2000)), *(rule(ports, b, Service.SIP_RTP) for b in blocks)])

        few, many = of(PortRange.udp(5000), 1), of(PortRange.udp(1, 65535), 200)
        assert len(body(few)) == len(body(many)) == 2

    def test_ports_from_anywhere_are_one_set_per_protocol(self):
        rules = RuleSet.of(
            [
                *MEDIA,
                rule(PortRange.tcp(443), service=Service.HTTPS),
                rule(PortRange.udp(7885), "0.0.0.0/0", Service.WHIP_ICE_UDP),
                rule(PortRange.udp(7886), "::/0", Service.WHIP_ICE_UDP),
            ]
        )
        assert body(rules) == [
            "meta l4proto tcp ct original proto-dst @tcp_from_anywhere accept",
            "meta l4proto udp ct original proto-dst @udp_from_anywhere accept",
            "meta nfproto ipv4 meta l4proto udp ct original proto-dst @udp_from_any_ipv4 accept",
            "meta nfproto ipv6 meta l4proto udp ct original proto-dst @udp_from_any_ipv6 accept",
        ]

    def test_a_service_with_different_sources_for_its_ports_has_a_set_for_each(self):
        rules = RuleSet.of(
            [
                rule(PortRange.tcp(6789), "192.0.2.0/24", Service.METRICS),
                rule(PortRange.tcp(9100), "198.51.100.0/24", Service.METRICS),
            ]
        )
        assert body(rules) == [
            "ip saddr @metrics_tcp_6789_ipv4 meta l4proto tcp ct original proto-dst 6789 accept",
            "ip saddr @metrics_tcp_9100_ipv4 meta l4proto tcp ct original proto-dst 9100 accept",
        ]


class TestTheOperatorIsNotLockedOut:
    @pytest.mark.parametrize("source", ["203.0.113.1", "2001:db8::1"])
    def test_ssh_is_open_to_anywhere_while_no_rule_says_otherwise(self, source):
        text = nftables.render(MEDIA, ssh_port=2222)
        assert reader.admits_native(text, first_packet(source, Protocol.TCP, 2222), baseline=True)
        assert not reader.admits_native(text, first_packet(source, Protocol.TCP, 22), baseline=True)

    def test_over_ipv4_only_without_ipv6(self):
        text = nftables.render(RuleSet(), ipv6=False)
        assert reader.admits_native(text, first_packet("203.0.113.1", Protocol.TCP, 22), baseline=True)
        assert not reader.admits_native(text, first_packet("2001:db8::1", Protocol.TCP, 22), baseline=True)

    def test_rules_for_ssh_take_its_place(self):
        text = nftables.render(RuleSet.of([rule(PortRange.tcp(22), "192.0.2.0/24", Service.SSH)]))
        assert reader.admits_native(text, first_packet("192.0.2.1", Protocol.TCP, 22), baseline=True)
        assert not reader.admits_native(text, first_packet("203.0.113.1", Protocol.TCP, 22), baseline=True)

    def test_the_baseline_is_constant(self):
        with_ipv6 = [line.strip() for line in nftables.render(MEDIA).splitlines() if "baseline:" in line]
        assert with_ipv6 == [
            'ct state established,related accept comment "baseline: flows that are open"',
            'iifname "lo" accept comment "baseline: loopback"',
            (
                "icmp type { destination-unreachable, time-exceeded, parameter-problem, echo-request } accept "
                'comment "baseline: path MTU and ping"'
            ),
            (
                "icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem, "
                'echo-request } accept comment "baseline: path MTU and ping"'
            ),
            (
                "icmpv6 type { nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept "
                'comment "baseline: neighbour discovery"'
            ),
            (
                "icmpv6 type { mld-listener-query, mld-listener-report, mld-listener-done, mld2-listener-report } "
                'accept comment "baseline: multicast listener discovery"'
            ),
            'ct state invalid drop comment "baseline: packets of no flow"',
            'ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept comment "baseline: DHCPv6 client"',
            'meta l4proto tcp ct original proto-dst 22 accept comment "baseline: SSH from anywhere"',
        ]
        without = [line.strip() for line in nftables.render(RuleSet(), ipv6=False).splitlines() if "baseline:" in line]
        assert [line for line in with_ipv6 if line not in without] == [with_ipv6[3], with_ipv6[8]]


class TestWhatAHostCannotHoldIsRefused:
    def test_identities(self):
        rules = RuleSet.of(
            [
                rule(PortRange.tcp(7880), Peer.of(Identity.LOAD_BALANCER), Service.API),
                rule(PortRange.tcp(6379), Peer.of(Identity.SAME_GROUP), Service.REDIS),
            ]
        )
        assert problems(rules) == [
            (
                "host: addresses, which are all that a host knows of a peer (got the identity of a load balancer); "
                "give the load balancer's addresses as load_balancer.cidrs"
            ),
            (
                "host: addresses, which are all that a host knows of a peer (got nodes of the same group); "
                "give the nodes' addresses as cluster.cidrs"
            ),
        ]

    def test_ipv6_sources_though_ipv6_is_false(self):
        assert problems(RuleSet.of([rule(PortRange.tcp(80), service=Service.HTTP)]), ipv6=False) == [
            (
                "ipv6: no rule for IPv6 where ipv6 is false (got false, and HTTP tcp/80 from anywhere); "
                "restrict the rule to IPv4 blocks, or leave ipv6 out"
            )
        ]

    @pytest.mark.parametrize("port", [0, 65536, -1, True, "22", None])
    def test_an_ssh_port_that_is_none(self, port):
        assert problems(RuleSet(), ssh_port=port) == [f"operators.ssh_port: an integer from 1 to 65535 (got {port!r})"]


class TestTheComponent:
    def test_writes_a_file_where_a_path_is_given(self, engine):
        from livekit_firewall.host.component import HostFirewall

        made = engine.run(lambda: HostFirewall("lk", MEDIA, HostTarget(path="./build//host.nft")))
        assert made.keys() == {(COMPONENT, "lk"), (FILE, "lk-ruleset")}
        file = made[FILE, "lk-ruleset"]
        assert file.parent == (COMPONENT, "lk")
        provider = file.inputs.pop("__provider")
        assert file.inputs == {"path": "build/host.nft", "content": nftables.render(MEDIA), "owner": OWNER}
        assert isinstance(provider, str), "a text, not a secret: nothing in it is one"

    def test_has_the_ruleset_as_an_output_without_a_path(self, engine):
        """An output that is None is none on the wire."""
        from livekit_firewall.host.component import HostFirewall

        made = engine.run(lambda: HostFirewall("lk", MEDIA, HostTarget(), ssh_port=2222))
        assert made.keys() == {(COMPONENT, "lk")}
        assert engine.outputs[COMPONENT, "lk"] == {
            "ruleset": nftables.render(MEDIA, ssh_port=2222),
            "check": "not checked: host.path is not set, so no file was written",
            "user_data": cloud_config(nftables.render(MEDIA, ssh_port=2222)),
        }

    def test_applies_it_where_that_is_asked_for(self, engine):
        from livekit_firewall.host.component import HostFirewall

        operators = RuleSet.of([*MEDIA, rule(PortRange.tcp(22), "192.0.2.0/24", Service.SSH)])
        target = HostTarget(apply=True, confirm="automatic", confirm_timeout=30)
        made = engine.run(lambda: HostFirewall("lk", operators, target))
        assert made.keys() == {(COMPONENT, "lk"), (APPLIED, "lk-applied")}
        applied = made[APPLIED, "lk-applied"]
        assert applied.parent == (COMPONENT, "lk")
        assert isinstance(applied.inputs.pop("__provider"), str), "a text, not a secret: nothing in it is one"
        assert applied.inputs == {
            "ruleset": nftables.render(operators),
            "ssh_admits": [
                {"cidr": "0.0.0.0/0", "first": 7881, "last": 7881},
                {"cidr": "::/0", "first": 7881, "last": 7881},
                {"cidr": "192.0.2.0/24", "first": 22, "last": 22},
            ],
            "confirm": "automatic",
            "timeout": 30,
            "owner": OWNER,
        }
        assert engine.outputs[COMPONENT, "lk"]["check"] == "accepted by nft -c"

    def test_refuses_to_open_a_port_that_its_rules_keep_from_the_internet(self, engine):
        from livekit_firewall.host.component import HostFirewall

        api = RuleSet.of([rule(PortRange.tcp(7880), "10.0.0.0/24", Service.API)])

        def program() -> None:
            with pytest.raises(InvalidArguments) as caught:
                HostFirewall("lk", api, HostTarget(), ssh_port=7880)
            assert [str(one) for one in caught.value.problems] == [
                (
                    "rules: must not share its port with SSH on tcp/7880 from anywhere, as operators.cidrs names "
                    "nobody, which host lets in besides the rules (got tcp/7880); move one of them, or name "
                    "who may use it in operators.cidrs"
                )
            ]

        assert engine.run(program) == {}

    def test_refuses_to_write_the_file_that_applying_writes(self, engine):
        from livekit_firewall.host.component import HostFirewall

        def program() -> None:
            with pytest.raises(InvalidArguments) as caught:
                HostFirewall("lk", MEDIA, HostTarget(path="/etc/livekit-firewall/host.nft", apply=True))
            assert [str(one) for one in caught.value.problems] == [
                (
                    "host.path: must be another file than the one that host.apply writes "
                    "(got '/etc/livekit-firewall/host.nft'); leave host.path out"
                )
            ]

        assert engine.run(program) == {}

    def test_refuses_a_path_where_it_is_hosted_as_a_plugin(self, engine, monkeypatch):
        from livekit_firewall.host import component

        monkeypatch.setattr(component, "is_hosted", lambda: True)

        def program() -> None:
            component.HostFirewall("lk", MEDIA, HostTarget())
            with pytest.raises(InvalidArguments) as caught:
                component.HostFirewall("lk2", MEDIA, HostTarget(path="host.nft", apply=True))
            assert [str(one) for one in caught.value.problems] == [
                (
                    "host.apply: must be left out where this component is hosted as a plugin (got true); "
                    "give the output user_data to the machine, or use the package in a program in Python"
                ),
                (
                    "host.path: must be left out where this component is hosted as a plugin (got 'host.nft'); "
                    "write the output host_ruleset to a file, or use the package in a program in Python"
                ),
            ]

        assert engine.run(program).keys() == {(COMPONENT, "lk")}


class TestTheReaderRefusesWhatItDoesNotKnow:
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("policy drop", "policy accept"),
            ("hook input", "hook forward"),
            ("50000-60000", "60000-50000"),
            ("meta l4proto udp", "meta mark 1"),
            ("delete table inet livekit\n", ""),
            ("@udp_from_anywhere", "@tcp_from_nowhere"),
            ("type inet_service", "type mark"),
            ("\t}\n}\n", "\t}\n}\nflush ruleset\n"),
            ("accept", "jump elsewhere"),
        ],
    )
    def test_in_any_place(self, old, new):
        text = nftables.render(MEDIA)
        assert old in text
        reader.read(text)
        with pytest.raises((ValueError, KeyError)):
            reader.read(text.replace(old, new))
