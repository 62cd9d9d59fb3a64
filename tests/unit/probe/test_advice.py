"""What to change after a run: on which platform, as a rule, and by which key; never wider than configured."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from livekit_firewall.deployment.derive import Deployment, read_deployment
from livekit_firewall.model.addresses import Family
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.registry import BY_ARGUMENT
from livekit_firewall.probe.results.advice import Advice, advise
from livekit_firewall.probe.results.causes import Cause
from livekit_firewall.probe.results.remedies import ANY_HOST_FIREWALL, CLOUDS
from livekit_firewall.probe.results.verdict import Outcome, PortVerdict, ServiceAnswer, Verdict

from ..strategies import few_examples
from .outcomes import (
    API,
    BEFORE,
    BY_PROBE,
    ICE_TCP,
    MEDIA,
    OPEN,
    RANGE_KEYS,
    REDIS,
    UNTESTED,
    beside,
    only_ends,
    outcome,
    outcomes,
    rows,
)

MEDIA_RULE = f"udp/50000-60000 (ICE/UDP, {RANGE_KEYS})"
SIP = (PortRange.udp(5060), Service.SIP, "sip_port")


def deployment(**given: object) -> Deployment:
    return read_deployment({"sip": {}, **given}, Path())


def on_host(detail: str) -> PortVerdict:
    return PortVerdict(Verdict.BLOCKED_ON_HOST, detail)


def texts(run: Outcome, made: Deployment | None = None) -> list[str]:
    return [str(one) for one in advise(run, made)]


class TestBlockedBeforeTheHost:
    def test_is_a_rule_of_the_cloud_that_is_missing(self):
        run = outcome(rows(MEDIA, BEFORE), rows(ICE_TCP, BEFORE))
        text = (
            f"the security group must admit {MEDIA_RULE} and tcp/7881 (ICE/TCP, rtc.tcp_port) "
            "from 0.0.0.0/0 and ::/0; `livekit-firewall render --to aws` prints the rules"
        )
        assert advise(run, deployment(aws={"vpc_id": "vpc-1"})) == (Advice(text, "aws", f"{RANGE_KEYS}, rtc.tcp_port"),)
        assert texts(run, deployment(aws={"vpc_id": "vpc-1"})) == [f"AWS: {text}"]

    def test_is_reported_for_each_cloud_that_the_deployment_names(self):
        made = deployment(
            aws={"vpc_id": "vpc-1"},
            gcp={"network": "n", "target_tags": ["t"]},
            digitalocean={"tags": ["t"]},
            azure={"resource_group_name": "g"},
            host={},
        )
        found = advise(outcome(rows(MEDIA, BEFORE)), made)
        assert [one.platform for one in found] == ["aws", "gcp", "digitalocean", "azure"]
        assert [str(one).split(":")[0] for one in found] == ["AWS", "Google Cloud", "DigitalOcean", "Azure"]
        for one in found:
            assert f"`livekit-firewall render --to {BY_ARGUMENT[one.platform].name}` prints the rules" in one.text

    def test_names_no_platform_and_no_source_that_nobody_named(self):
        run = outcome(rows((PortRange.udp(50000, 60000), None, ""), BEFORE))
        assert advise(run, None) == (
            Advice(
                "the firewall in front of the host (cloud or router) must admit udp/50000-60000 "
                "from where this check ran; `livekit-firewall render --to PLATFORM` prints the rules"
            ),
        )

    def test_names_the_sources_of_the_configuration_alone(self):
        made = deployment(trunks=["198.51.100.0/28", "2001:db8:1::/48"], azure={"resource_group_name": "g"})
        found = texts(outcome(rows(SIP, BEFORE)), made)
        assert found == [
            (
                "Azure: the network security group must allow udp/5060 (SIP, sip_port) from 198.51.100.0/28 and "
                "2001:db8:1::/48; `livekit-firewall render --to azure` prints the rules"
            )
        ]

    def test_names_a_few_of_many_sources(self):
        made = deployment(trunks=[f"198.51.{number}.0/28" for number in range(0, 100, 2)])
        assert (
            "from 198.51.0.0/28, 198.51.2.0/28, 198.51.4.0/28 and 47 more;"
            in texts(outcome(rows(SIP, BEFORE)), made)[0]
        )

    @pytest.mark.parametrize(
        ("target", "expected"),
        [
            ({"azure": {"resource_group_name": "g"}}, "Azure: {}write one string '50000-60000', not two; the network"),
            ({"aws": {"vpc_id": "v"}}, "AWS: {}write one rule from port 50000 to port 60000; the security group"),
            ({"digitalocean": {"tags": ["t"]}}, "DigitalOcean: {}write one port range '50000-60000'; the Droplet's"),
            ({}, "{}write one range; in Azure one string '50000-60000', not two; the firewall"),
        ],
        ids=["azure", "aws", "digitalocean", "no cloud"],
    )
    def test_except_for_both_ends_is_two_ports_in_place_of_a_range(self, target, expected):
        (text,) = texts(outcome(rows(MEDIA, only_ends), rows(ICE_TCP, OPEN)), deployment(**target))
        assert text.startswith(expected.format("two ports are open instead of a range: "))

    @pytest.mark.parametrize(
        "seen",
        [
            lambda port: BY_PROBE if port == 50000 else BEFORE,
            lambda port: BY_PROBE if port in (50000, 50001, 60000) else BEFORE,
            lambda port: BY_PROBE if port in (50000, 59999) else BEFORE,
        ],
        ids=["one end", "three", "not the end"],
    )
    def test_otherwise_is_not_two_ports(self, seen):
        assert "two ports" not in "".join(texts(outcome(rows(MEDIA, seen)), None))

    def test_in_one_family_says_what_the_platform_needs_for_it(self):
        run = outcome(rows(MEDIA, BY_PROBE, families=[Family.IPV4]), rows(MEDIA, BEFORE, families=[Family.IPV6]))
        assert texts(run, deployment(aws={"vpc_id": "vpc-1"})) == [
            (
                f"AWS: the security group must admit {MEDIA_RULE} from ::/0; `livekit-firewall render --to aws` "
                "prints the rules; over IPv4 they are reachable, and a rule holds one family, so that IPv6 needs rules "
                "of its own"
            )
        ]

    def test_in_one_family_more_than_in_the_other_is_no_matter_of_families(self):
        run = outcome(rows(MEDIA, only_ends, families=[Family.IPV4]), rows(MEDIA, BEFORE, families=[Family.IPV6]))
        found = texts(run, deployment(aws={"vpc_id": "vpc-1"}))
        assert ["two ports" in text for text in found] == [True, False]
        assert "they are reachable" not in "".join(found)


class TestBlockedOnTheHost:
    @pytest.mark.parametrize(
        ("detail", "expected"),
        [
            ("ip filter ufw-user-input: drop", "ufw must admit {}: `ufw allow 50000:60000/udp`"),
            ("ip6 filter ufw6-user-input: drop", "ufw must admit {}: `ufw allow 50000:60000/udp`"),
            (
                "ip filter INPUT: policy drop",
                "ufw, if it is in use here, must admit {}: `ufw allow 50000:60000/udp`",
            ),
            (
                "inet firewalld filter_IN_public: reject",
                (
                    "firewalld must admit {}: `firewall-cmd --add-port=50000-60000/udp`; "
                    "the same with --permanent, so that it stays"
                ),
            ),
            (
                "inet filter input: udp dport 50000-60000 drop",
                "the host's firewall must admit {}: " + ANY_HOST_FIREWALL,
            ),
        ],
        ids=["ufw", "ufw over IPv6", "the policy that ufw sets", "firewalld", "nftables"],
    )
    def test_names_the_rule_and_the_command_of_whose_rule_it_is(self, detail, expected):
        (advice,) = advise(outcome(rows(MEDIA, on_host(detail))), deployment())
        assert advice.platform == "host"
        assert advice.key == RANGE_KEYS
        assert advice.text == f"`{detail}` drops them: " + expected.format(f"{MEDIA_RULE} from 0.0.0.0/0 and ::/0")

    @pytest.mark.parametrize(
        ("detail", "command"),
        [
            ("ip filter ufw-user-input: drop", "`ufw allow proto udp from 198.51.100.0/28 to any port 5060`"),
            (
                "inet firewalld filter_IN_public: reject",
                (
                    '`firewall-cmd --add-rich-rule=\'rule family="ipv4" source address="198.51.100.0/28" '
                    'port port="5060" protocol="udp" accept\'`'
                ),
            ),
        ],
        ids=["ufw", "firewalld"],
    )
    def test_opens_to_no_more_than_the_configuration_admits(self, detail, command):
        run = outcome(rows(SIP, on_host(detail), families=[Family.IPV4]))
        (text,) = texts(run, deployment(trunks=["198.51.100.0/28"]))
        assert command in text
        assert "ufw allow 5060" not in text
        assert "--add-port" not in text

    def test_has_no_command_where_the_configuration_admits_nobody(self):
        run = outcome(rows(REDIS, on_host("ip filter ufw-user-input: drop")))
        assert "ufw allow" not in texts(run, deployment())[0]

    def test_opens_ports_given_by_hand_by_their_number(self):
        run = outcome(rows((PortRange.tcp(7881), None, ""), on_host("ip filter ufw-user-input: drop")))
        assert "`ufw allow 7881/tcp`" in texts(run, None)[0]

    def test_is_two_ports_there_as_well(self):
        run = outcome(rows(MEDIA, lambda port: on_host("") if only_ends(port) is BEFORE else BY_PROBE))
        assert texts(run, None)[0].startswith(
            "host: two ports are open instead of a range: write 50000-60000; the host's firewall must admit"
        )

    def test_by_two_rules_is_two_advices(self):
        run = outcome(rows(MEDIA, on_host("one")), rows(ICE_TCP, on_host("two")))
        assert [text.split(":")[1] for text in texts(run, None)] == [" `one` drops them", " `two` drops them"]


def test_blocked_on_a_layer_that_is_not_known_asks_for_the_listener_and_for_both_layers():
    run = outcome(rows(MEDIA, PortVerdict(Verdict.BLOCKED)), has_listener=False)
    assert texts(run, deployment(azure={"resource_group_name": "g"})) == [
        (
            f"{MEDIA_RULE} must be admitted from 0.0.0.0/0 and ::/0 in front of the host and on it: "
            "`livekit-firewall render --to azure` and `--to nftables` print the rules, and "
            "`livekit-firewall probe listen` on the server reports which of the two blocks"
        )
    ]


def test_a_port_where_nobody_listens_is_a_service_to_start_and_a_range_is_bound_on_demand():
    nobody = PortVerdict(Verdict.NOBODY_LISTENS)
    run = outcome(rows(ICE_TCP, nobody), rows(MEDIA, nobody))
    assert texts(run, deployment()) == [
        (
            "host: nothing listens on tcp/7881 (ICE/TCP, rtc.tcp_port): start the service, or see to which address and "
            "port it is bound"
        ),
        (
            f"host: nothing listens on {MEDIA_RULE} at the moment: services bind ports of a range on demand; while "
            "`livekit-firewall probe listen` runs on the server, each of them is answered"
        ),
    ]


class TestReachableThatMustBeClosed:
    def test_is_a_rule_to_remove_and_says_who_may_reach_it(self):
        run = outcome(rows(SIP, OPEN, wanted=False), rows(REDIS, BY_PROBE, wanted=False))
        made = deployment(trunks=["198.51.100.0/28"], aws={"vpc_id": "vpc-1"})
        compare = "`livekit-firewall compare` finds the rule"
        assert texts(run, made) == [
            "AWS: remove what admits udp/5060 (SIP, sip_port); by the configuration only 198.51.100.0/28 may reach it; "
            + compare,
            "AWS: remove what admits tcp/6379 (Redis, plugnmeet); by the configuration no other machine may reach it; "
            + compare,
        ]

    def test_and_answers_itself_is_bound_to_loopback_if_it_is_internal(self):
        run = outcome(rows(REDIS, OPEN, wanted=False), rows(API, OPEN, wanted=False))
        assert advise(run, None) == (
            Advice("remove what admits tcp/6379 (Redis, plugnmeet) and tcp/7880 (API, port)", "", "plugnmeet, port"),
            Advice(
                "bind tcp/6379 (Redis, plugnmeet) to loopback unless another machine needs it; what Docker publishes "
                "passes the host's firewall by, unless it is published on 127.0.0.1",
                "host",
                "plugnmeet",
            ),
            Advice(
                "bind tcp/7880 (API, port) to loopback (bind_addresses) unless another machine needs it",
                "host",
                "bind_addresses",
            ),
        )

    def test_is_not_excused_by_the_rule_of_another_service_on_its_port(self):
        run = outcome(rows((PortRange.udp(50005), Service.REDIS, ""), BY_PROBE, wanted=False))
        assert "no other machine may reach it" in texts(run, deployment())[0]

    def test_beside_a_range_is_a_rule_wider_than_its_key(self):
        run = outcome(rows(MEDIA, BY_PROBE), beside(PortRange.udp(49999), OPEN), beside(PortRange.udp(60001), OPEN))
        assert advise(run, None) == (
            Advice(
                f"the rule is wider than {RANGE_KEYS}: udp/49999 (just outside udp/50000-60000) and udp/60001 (just "
                "outside udp/50000-60000) must be closed",
                "",
                RANGE_KEYS,
            ),
        )

    def test_within_a_range_of_the_other_protocol_is_a_rule_for_all_protocols(self):
        sample = beside(PortRange.tcp(50000), OPEN, "the other protocol of udp/50000-60000")
        run = outcome(rows(MEDIA, BY_PROBE), sample)
        assert texts(run, deployment(azure={"resource_group_name": "g"})) == [
            (
                "Azure: the rule holds for all protocols: name one (not *), as tcp/50000 (the other protocol of "
                "udp/50000-60000) must be closed; `livekit-firewall compare` finds the rule"
            )
        ]


class TestAnswers:
    wrong = ServiceAnswer(Service.TURN_TLS, PortRange.tcp(5349), Family.IPV4, False, "certificate expired")
    turn = (PortRange.tcp(5349), Service.TURN_TLS, "turn.tls_port")

    def test_that_are_wrong_are_the_services_fault_if_the_port_is_open(self):
        run = outcome(rows(self.turn, OPEN), answers=(self.wrong,))
        text = "TURN/TLS on tcp/5349 is reachable and does not answer as it should: certificate expired"
        assert advise(run, None) == (Advice(text, "host", "turn.tls_port"),)

    def test_that_are_missing_for_a_blocked_port_need_no_words_of_their_own(self):
        run = outcome(rows(self.turn, BEFORE), answers=(self.wrong,))
        assert [one.platform for one in advise(run, None)] == [""]


def test_a_host_that_is_not_reached_is_an_address_to_look_at():
    run = outcome(rows(ICE_TCP, OPEN, families=[Family.IPV4]), rows(MEDIA, PortVerdict(Verdict.UNREACHABLE_HOST)))
    assert texts(run, None) == [
        (
            "the host is not reached over IPv4 and IPv6: see that its address is right and that both sides have "
            "IPv4 and IPv6"
        )
    ]


def test_nothing_is_advised_where_all_is_as_wanted_or_only_untested():
    fine = outcome(rows(MEDIA, BY_PROBE), rows(REDIS, BEFORE, wanted=False), rows(ICE_TCP, UNTESTED))
    assert advise(fine, deployment()) == ()


@few_examples
@given(outcomes())
def test_every_port_that_is_not_as_wanted_gets_advice_and_nothing_is_repeated(run):
    found = advise(run, None)
    wrong = [row for row in run.rows if row.as_wanted is False]
    named = " ".join(one.text for one in found)
    assert all(str(row.target.ports) in named for row in wrong)
    assert len(set(found)) == len(found)
    assert {one.platform for one in found} <= {*CLOUDS, "host", ""}


def test_every_cause_has_words():
    from livekit_firewall.probe.results.advice import SAYS

    assert list(SAYS) == list(Cause)
