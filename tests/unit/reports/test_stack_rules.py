"""From what a console shows to the key behind it, by the state of a stack; and hostile states."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from livekit_firewall.deployment.derive import Deployment, read_deployment
from livekit_firewall.deployment.rendering import render_for
from livekit_firewall.effective.property_values import SIGNATURE, UNKNOWN
from livekit_firewall.platforms.azure.record import AZURE as ON_AZURE
from livekit_firewall.platforms.nftables.record import NFTABLES
from livekit_firewall.reports.explain.provenance import Provenance, RuleStatus, trace
from livekit_firewall.reports.explain.stack_export import saved_state
from livekit_firewall.reports.explain.stack_rules import MAX_BYTES, StateError, read_state

GIVEN = {"https": True, "sip": {}, "trunks": ["198.51.100.0/24"], "operators": {"cidrs": ["203.0.113.0/28"]}}
CIPHERTEXT = "v1:0BWO/K7fCVU=:hidden"
HIDDEN = {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": CIPHERTEXT, "plaintext": '"hunter2"'}

AWS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
GOOGLE = "gcp:compute/firewall:Firewall"
OCEAN = "digitalocean:index/firewall:Firewall"
AZURE = "azure-native:network:NetworkSecurityGroup"
FILE = "pulumi-python:dynamic/livekit:RulesetFile"


def resource(token: str, name: str, id_: str, inputs: dict[str, Any], parent: str = "", **more: Any) -> dict[str, Any]:
    """As an export has it; `parent` is the kind of component, `Aws` for `livekit:index:AwsFirewall`."""
    above = f"livekit:index:{parent}Firewall"
    urn = f"urn:pulumi:dev::media::livekit:index:LiveKitFirewall${above}${token}::{name}"
    owner = (
        {"parent": f"urn:pulumi:dev::media::livekit:index:LiveKitFirewall${above}::lk-{parent.lower()}"}
        if parent
        else {}
    )
    return {"urn": urn, "type": token, "custom": True, "id": id_, "inputs": inputs, "outputs": {}, **owner, **more}


def export(*resources: dict[str, Any], **other: Any) -> str:
    return json.dumps({"version": 3, "deployment": {"manifest": {}, "resources": list(resources)}, **other})


def amazon(key: str, id_: str = "sgr-0a1b2c3d4e5f60718", **inputs: Any) -> dict[str, Any]:
    given = {
        "ipProtocol": "udp",
        "fromPort": 50000,
        "toPort": 60000,
        "cidrIpv4": "0.0.0.0/0",
        "securityGroupId": "sg-1",
    }
    return resource(AWS, f"lk-aws-{key}", id_, {**given, **inputs}, "Aws")


MEDIA = amazon("udp-50000-60000-any-ipv4", description="ICE/UDP: port_range_start, port_range_end")


@pytest.fixture
def deployment(tmp_path: Path) -> Deployment:
    return read_deployment(GIVEN, tmp_path)


def asked(deployment: Deployment, text: str, *resources: dict[str, Any]) -> Provenance:
    return trace(deployment, read_state(export(*resources), "state.json"), text)


def statuses(answer: Provenance) -> list[tuple[RuleStatus, list[str]]]:
    return [(one.standing, [rule.key for rule in one.rules]) for one in answer.found]


class TestWhatAConsoleShowsIsFound:
    @pytest.mark.parametrize(
        "shown",
        [
            "sgr-0a1b2c3d4e5f60718",
            "SGR-0A1B2C3D4E5F60718",
            "sgr-0a1b2c…",
            "sgr-0a1b2c...",
            "arn:aws:ec2:eu-central-1:123456789012:security-group-rule/sgr-0a1b2c3d4e5f60718",
            "lk-aws-udp-50000-60000-any-ipv4",
            MEDIA["urn"],
        ],
    )
    def test_a_rule_of_amazon(self, deployment, shown):
        arn = {"arn": "arn:aws:ec2:eu-central-1:123456789012:security-group-rule/sgr-0a1b2c3d4e5f60718"}
        other = amazon("tcp-7881-any-ipv4", "sgr-0ffffffffffffffff", fromPort=7881, toPort=7881, ipProtocol="tcp")
        answer = asked(deployment, shown, other, {**MEDIA, "outputs": arn})
        assert answer.text() == (
            "sgr-0a1b2c3d4e5f60718\n"
            f"  {AWS} lk-aws-udp-50000-60000-any-ipv4\n"
            "  says udp/50000-60000 from 0.0.0.0/0\n"
            "  described as ICE/UDP: port_range_start, port_range_end\n"
            "  for ICE/UDP on udp/50000-60000 from anywhere: media over UDP, for clients (clients); "
            "key port_range_start, port_range_end"
        )

    @pytest.mark.parametrize("shown", ["sg-1", "lk-sg-4a5b6c7", "lk-aws-security-group"])
    def test_a_group_of_amazon_is_all_rules_in_it(self, deployment, shown):
        group = resource(GROUP, "lk-aws-security-group", "sg-1", {}, "Aws", outputs={"name": "lk-sg-4a5b6c7"})
        elsewhere = amazon("tcp-443-any-ipv4", "sgr-9", securityGroupId="sg-2", fromPort=443, ipProtocol="tcp")
        egress = amazon("egress-any-ipv4", "sgr-2", ipProtocol="-1", fromPort=None, toPort=None)
        assert statuses(asked(deployment, shown, group, MEDIA, egress, elsewhere)) == [
            (RuleStatus.NEEDED, ["port_range_start, port_range_end"]),
            (RuleStatus.BASELINE, []),
        ]

    @pytest.mark.parametrize(
        "shown",
        ["lk-gcp-public-ipv4-0790d40", "projects/p/global/firewalls/lk-gcp-public-ipv4-0790d40", "lk-gcp-public-ipv4"],
    )
    def test_a_rule_of_google(self, deployment, shown):
        answer = asked(deployment, shown, google("public-ipv4"))
        assert statuses(answer) == [
            (RuleStatus.NEEDED, ["https", "https", "port_range_start, port_range_end", "tcp_port"])
        ]

    @pytest.mark.parametrize(
        ("shown", "keys"),
        [
            ("inbound udp 50000-60000", ["port_range_start, port_range_end"]),
            ("88029aed inbound udp 50000-60000", ["port_range_start, port_range_end"]),
            ("88029aed   INBOUND tcp 443", ["https"]),
            ("88029aed", ["https", "port_range_start, port_range_end"]),
            ("lk-fw-91c43a1", ["https", "port_range_start, port_range_end"]),
        ],
    )
    def test_a_firewall_of_digitalocean_and_its_entries(self, deployment, shown, keys):
        both = ["0.0.0.0/0", "::/0"]
        inbound = [
            {"protocol": "tcp", "portRange": "443", "sourceAddresses": both},
            {"protocol": "udp", "portRange": "50000-60000", "sourceAddresses": both},
        ]
        made = resource(
            OCEAN, "lk-do-firewall", "88029aed", {"inboundRules": inbound, "name": "lk-fw-91c43a1"}, "DigitalOcean"
        )
        answer = asked(deployment, shown, made)
        assert [rule.key for rule in answer.rules] == keys
        assert {one.standing for one in answer.found} == {RuleStatus.NEEDED}

    @pytest.mark.parametrize(
        "shown",
        [
            "sip-rtp-udp-ipv4",
            "/subscriptions/1/networkSecurityGroups/lk-nsg/securityRules/sip-rtp-udp-ipv4",
            "lk-nsg/sip-rtp-udp-ipv4",
        ],
    )
    @pytest.mark.parametrize("token", [AZURE, "azure-native:network/v20240101:NetworkSecurityGroup"])
    def test_a_rule_of_azure(self, deployment, shown, token):
        native = [one.arguments() for one in render_for(deployment, ON_AZURE).security_rules]
        rules = [{re.sub("_(.)", lambda at: at[1].upper(), key): value for key, value in one.items()} for one in native]
        id_ = "/subscriptions/1/networkSecurityGroups/lk-nsg"
        answer = asked(
            deployment, shown, resource(token, "lk-network-security-group", id_, {"securityRules": rules}, "Azure")
        )
        assert statuses(answer) == [(RuleStatus.NEEDED, ["sip.rtp_port"])]
        assert answer.found[0].held.native.description == "SIP RTP: sip.rtp_port"  # type: ignore[union-attr]
        every = asked(deployment, "lk-nsg", resource(token, "n", id_, {"securityRules": rules}, "Azure"))
        assert every.rules == deployment.rules.ingress
        assert "deny every protocol" in every.text()

    @pytest.mark.parametrize(
        ("shown", "keys"),
        [
            ("build/host.nft", None),
            ("SIP RTP: sip.rtp_port", ["sip.rtp_port"]),
            ('50000-60000 comment "ICE/UDP: port_range_start, port_range_end"', ["port_range_start, port_range_end"]),
            ("baseline: loopback", []),
        ],
    )
    @pytest.mark.parametrize(("token", "field"), [*zip(NFTABLES.made, ["content", "ruleset"], strict=True)])
    def test_a_line_of_the_hosts_ruleset(self, deployment, shown, keys, token, field):
        made = resource(token, "lk-host-ruleset", "build/host.nft", {field: render_for(deployment, NFTABLES)}, "Host")
        answer = asked(deployment, shown, made)
        expected = [rule.key for rule in deployment.rules.ingress] if keys is None else keys
        assert sorted(rule.key for rule in answer.rules) == sorted(expected)
        assert {one.standing for one in answer.found} <= {RuleStatus.NEEDED, RuleStatus.BASELINE}

    def test_a_reference_to_its_own_group_is_the_cluster_and_to_another_the_load_balancer(self, tmp_path):
        target = {"vpc_id": "vpc-1", "load_balancer_security_group_ids": ["sg-2"]}
        deployment = read_deployment({"cluster": {"same_group": True}, "aws": target}, tmp_path)
        signal = {"ipProtocol": "tcp", "fromPort": 7880, "toPort": 7880, "cidrIpv4": None}
        own = amazon("tcp-7880-same-group", "sgr-1", **signal, referencedSecurityGroupId="sg-1")
        other = amazon("tcp-7880-sg-2", "sgr-2", **signal, referencedSecurityGroupId="sg-2")
        found = [asked(deployment, id_, own, other).as_json()["state"][0] for id_ in ("sgr-1", "sgr-2")]
        assert [one["peers"] for one in found] == [["same-group sg-1"], ["load-balancer sg-2"]]
        assert [[rule["peer"] for rule in one["rules"]] for one in found] == [["same-group"], ["load-balancer"]]
        # made while the load balancer's group had no id yet
        early = amazon("tcp-7880-load-balancer", "sgr-3", **signal, referencedSecurityGroupId="sg-2")
        assert statuses(asked(deployment, "sgr-3", early)) == [(RuleStatus.NEEDED, ["port"])]

    def test_a_part_of_a_name_finds_all_that_hold_it(self, deployment):
        assert len(asked(deployment, "udp-50000", MEDIA, amazon("udp-50000-60000-any-ipv6", "sgr-2")).found) == 2

    @pytest.mark.parametrize("shown", ["sgr-0", "", " ", "…", "urn:pulumi", "0a1b2c3d4e5f607188"])
    def test_another_name_is_not_found(self, deployment, shown):
        assert asked(deployment, shown, resource(AWS, "other", "1", {}, "Aws")).found == ()


def google(key: str, **inputs: Any) -> dict[str, Any]:
    allows = [{"protocol": "tcp", "ports": ["80", "443", "7881"]}, {"protocol": "udp", "ports": ["50000-60000"]}]
    given = {"allows": allows, "sourceRanges": ["0.0.0.0/0"], "name": f"lk-gcp-{key}-0790d40", **inputs}
    return resource(GOOGLE, f"lk-gcp-{key}", f"projects/p/global/firewalls/lk-gcp-{key}-0790d40", given, "Gcp")


class TestWhereStateAndConfigurationDiffer:
    def test_a_rule_that_is_not_needed_any_more(self, deployment):
        old = amazon("udp-40000-60000-any-ipv4", fromPort=40000, description="ICE/UDP: port_range_start")
        answer = asked(deployment, "sgr-0a1b2c3d4e5f60718", old)
        assert statuses(answer) == [(RuleStatus.NOT_NEEDED, [])]
        assert answer.text().splitlines()[-1] == (
            "  the stack's state has it, this configuration does not need it any more"
        )
        assert "  described as ICE/UDP: port_range_start" in answer.text()

    @pytest.mark.parametrize("key", ["public-ipv4", "public-ipv4-1a2b3c4d"])
    def test_a_rule_that_says_something_else(self, deployment, key):
        """Also under a name with the digest of its ports."""
        answer = asked(deployment, "public-ipv4", google(key, allows=[{"protocol": "tcp", "ports": ["443"]}]))
        assert [one.standing for one in answer.found] == [RuleStatus.CHANGED]
        assert answer.text().splitlines()[-2:] == [
            "  the stack's state has it so, this configuration says otherwise",
            "  the configuration says tcp/80, tcp/443, tcp/7881, udp/50000-60000 from 0.0.0.0/0",
        ]

    def test_a_platform_that_is_no_target_any_more(self, tmp_path):
        deployment = read_deployment({**GIVEN, "host": {"path": "host.nft"}}, tmp_path)
        assert statuses(asked(deployment, "sgr-0a1b2c3d4e5f60718", MEDIA)) == [(RuleStatus.NOT_NEEDED, [])]

    def test_a_rule_that_pulumi_replaced_and_has_still_to_delete(self, deployment):
        assert statuses(asked(deployment, "sgr-0a1b2c3d4e5f60718", {**MEDIA, "delete": True})) == [
            (RuleStatus.NOT_NEEDED, [])
        ]

    def test_a_rule_under_the_name_of_the_service_that_had_the_port_before(self, tmp_path):
        """The same resource, by an alias: `https` takes tcp/443 over from TURN."""
        deployment = read_deployment({"https": True, "aws": {"vpc_id": "vpc-1"}}, tmp_path)
        old = amazon("tcp-443-any-ipv4", ipProtocol="tcp", fromPort=443, toPort=443)
        assert statuses(asked(deployment, "sgr-0a1b2c3d4e5f60718", old)) == [(RuleStatus.NEEDED, ["https"])]

    def test_a_rule_that_no_component_of_ours_made(self, deployment):
        other = resource(
            AWS, "by-hand", "sgr-7", {"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "cidrIpv4": "0.0.0.0/0"}
        )
        node = resource("aws:ec2/instance:Instance", "node", "i-0abc", {})
        assert asked(deployment, "sgr-7", other, node).text() == (
            f"sgr-7\n  {AWS} by-hand\n  says tcp/22 from 0.0.0.0/0\n  livekit-firewall did not make it"
        )
        assert statuses(asked(deployment, "i-0abc", other, node)) == [(RuleStatus.FOREIGN, [])]

    def test_comments_that_are_not_unique_are_distinguished_by_what_they_say(self, deployment):
        """`SIP: sip.sip_port` is on tcp/5060 and on udp/5060."""
        made = resource(FILE, "r", "host.nft", {"content": render_for(deployment, NFTABLES)}, "Host")
        answer = asked(deployment, "SIP: sip.sip_port", made)
        assert [[str(rule.ports) for rule in one.rules] for one in answer.found] == [["tcp/5060"], ["udp/5060"]]
        assert {one.standing for one in answer.found} == {RuleStatus.NEEDED}

    def test_of_such_comments_a_rule_of_tcp_is_never_followed_by_one_of_udp(self, deployment):
        """Also where the sources have changed, so that none says the same any more."""
        text = render_for(deployment, NFTABLES).replace("198.51.100.0/24", "192.0.2.0/24")
        made = resource(FILE, "r", "host.nft", {"content": text}, "Host")
        answer = asked(deployment, "SIP: sip.sip_port", made)
        assert [str(one.held.native.flows[0].ports) for one in answer.found] == ["tcp/5060", "udp/5060"]
        assert [[str(rule.ports) for rule in one.rules] for one in answer.found] == [["tcp/5060"], ["udp/5060"]]
        assert {one.standing for one in answer.found} == {RuleStatus.CHANGED}


def azure(**rule: Any) -> dict[str, Any]:
    given = {"name": "web", "priority": 200, "access": "Allow", "direction": "Inbound", "protocol": "Tcp",
             "sourceAddressPrefix": "10.0.0.0/8", "destinationPortRange": "443"}  # fmt: skip
    return resource(AZURE, "rule", "id", {"securityRules": [{**given, **rule}]})


def ocean(**rule: Any) -> dict[str, Any]:
    given = {"protocol": "tcp", "portRange": "443", "sourceAddresses": ["10.0.0.0/8"]}
    return resource(OCEAN, "rule", "id", {"inboundRules": [{**given, **rule}]})


def google_rule(**inputs: Any) -> dict[str, Any]:
    given = {"network": "n", "allows": [{"protocol": "tcp", "ports": ["443"]}], "sourceRanges": ["10.0.0.0/8"]}
    return resource(GOOGLE, "rule", "id", {**given, **inputs})


def amazon_rule(**inputs: Any) -> dict[str, Any]:
    given = {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "cidrIpv4": "10.0.0.0/8", "securityGroupId": "sg-1"}
    return resource(AWS, "rule", "id", {**given, **inputs})


ALLOWED = "tcp/443 from 10.0.0.0/8"


class TestARuleSaysWhatCompareAndReviewReadInIt:
    """Whatever other ways the platform takes for the same words."""

    @pytest.mark.parametrize(
        ("made", "expected"),
        {
            "aws: a protocol by its number": (amazon_rule(ipProtocol="6"), ALLOWED),
            "aws: in capitals": (amazon_rule(ipProtocol="TCP"), ALLOWED),
            "aws: ports as texts": (amazon_rule(fromPort="443", toPort="443"), ALLOWED),
            "aws: ports as floats": (amazon_rule(fromPort=443.0, toPort=443.0), ALLOWED),
            "aws: from port 0": (amazon_rule(fromPort=0, toPort=65535), "tcp/1-65535 from 10.0.0.0/8"),
            "aws: all": (amazon_rule(ipProtocol="all"), "every protocol from 10.0.0.0/8"),
            "aws: another protocol than those with ports": (amazon_rule(ipProtocol="50"), "50 from 10.0.0.0/8"),
            "azure: in small letters": (azure(access="allow", protocol="tcp"), ALLOWED),
            "azure: a deny": (azure(access="deny"), f"deny {ALLOWED}"),
            "azure: both fields": (
                azure(destinationPortRanges=["80"]), "tcp/443, tcp/80 from 10.0.0.0/8"),
            "azure: every protocol, one port": (
                azure(protocol="*"), "tcp/443, udp/443, every other protocol from 10.0.0.0/8"),
            "azure: outbound": (
                azure(direction="Outbound", destinationAddressPrefix="192.0.2.0/24"), "tcp/443 to 192.0.2.0/24"),
            "azure: a group": (
                azure(sourceAddressPrefix=None, sourceApplicationSecurityGroups=[{"id": "asg"}]),
                "tcp/443 from application security group asg"),
            "digitalocean: all ports": (ocean(portRange="all"), "tcp/1-65535 from 10.0.0.0/8"),
            "digitalocean: all ports as 0": (ocean(portRange="0"), "tcp/1-65535 from 10.0.0.0/8"),
            "digitalocean: a deny": (ocean(action="deny"), f"deny {ALLOWED}"),
            "digitalocean: kubernetes": (
                ocean(sourceAddresses=None, sourceKubernetesIds=["k"]), "tcp/443 from kubernetes k"),
            "azure: a port as a float": (azure(destinationPortRange=443.0), ALLOWED),
            "digitalocean: a port as a float": (ocean(portRange=443.0), ALLOWED),
            "gcp: in capitals": (google_rule(allows=[{"protocol": "TCP", "ports": ["443"]}]), ALLOWED),
            "gcp: a deny": (
                google_rule(allows=None, denies=[{"protocol": "tcp", "ports": ["443"]}]), f"deny {ALLOWED}"),
            "gcp: from nobody in particular": (google_rule(sourceRanges=None), "tcp/443 from 0.0.0.0/0"),
            "gcp: one value in place of a list": (google_rule(sourceRanges="10.0.0.0/8"), ALLOWED),
            "gcp: switched off": (google_rule(disabled=True), "nothing from 10.0.0.0/8"),
        }.values(),
    )  # fmt: skip
    def test_in_other_words(self, deployment, made, expected):
        (line,) = [line for line in asked(deployment, "id", made).text().splitlines() if line.startswith("  says")]
        assert line == f"  says {expected}"

    @pytest.mark.parametrize(
        "made",
        [
            amazon_rule(ipProtocol="kraken"),
            azure(protocol="Kraken"),
            ocean(protocol="kraken"),
            google_rule(allows=[{"protocol": "kraken"}]),
        ],
    )
    def test_what_is_not_understood_is_reported(self, deployment, made):
        text = asked(deployment, "id", made).text()
        assert re.search("  not understood: (the|its) protocol (kraken|or access) is not known", text)


class TestWhatPulumiHidesIsNotShown:
    @pytest.mark.parametrize("hidden", [HIDDEN, "[secret]", *sorted(UNKNOWN)], ids=str)
    def test_in_any_place(self, deployment, hidden):
        entries = [{"protocol": "tcp", "portRange": hidden, "sourceAddresses": [hidden]}, hidden]
        resources = [
            amazon("a", "sgr-1", cidrIpv4=hidden, description=hidden, ipProtocol=hidden),
            amazon("b", "sgr-2", cidrIpv4=None, referencedSecurityGroupId=hidden, securityGroupId=hidden),
            google("public-ipv4", sourceRanges=hidden, allows=hidden, description=hidden, name=hidden),
            google("public-ipv6", sourceRanges=[hidden], allows=[{"protocol": "tcp", "ports": [hidden]}, hidden]),
            resource(OCEAN, "f", "1", {"inboundRules": entries}, "DigitalOcean"),
            resource(AZURE, "n", "2", {"securityRules": [{"name": hidden, "destinationPortRange": hidden}]}, "Azure"),
            resource(FILE, "r", "3", {"content": hidden}, "Host", outputs={"path": hidden}),
        ]
        state = read_state(export(*resources), "s")
        answers = [trace(deployment, state, name) for name in ("sgr-1", "sgr-2", "lk-gcp-", "1", "2", "3", "[secret]")]
        shown = "".join(answer.text() + json.dumps(answer.as_json()) for answer in answers)
        assert len(shown) > 1000
        for words in (SIGNATURE, CIPHERTEXT, "hunter2", "[secret]", *UNKNOWN):
            assert words not in shown

    def test_a_secret_is_shown_as_one_wherever_it_stands(self, deployment):
        whole = google("public-ipv4", sourceRanges=HIDDEN)
        one = google("public-ipv4", sourceRanges=["0.0.0.0/0", "[secret]"])
        for made, peers in ((whole, ["(a secret)"]), (one, ["0.0.0.0/0", "(a secret)"])):
            (found,) = asked(deployment, "public-ipv4", made).as_json()["state"]
            assert (found["peers"], found["standing"]) == (peers, "changed")

    def test_other_text_of_the_state_comes_on_one_line(self, deployment):
        odd = amazon("x\x1b[31m\u202e\n", "sgr-1\n::set-output", description="a\x07b" * 1000)
        text = asked(deployment, "sgr-1 ::set-output", odd).text()
        assert all(line.isprintable() for line in text.splitlines())
        assert len(text.splitlines()) == 5
        assert max(map(len, text.splitlines())) < 6000


DEEP = '{"version": 3, "deployment": {"resources": ' + "[" * 100_000 + "]" * 100_000 + "}}"


class TestAStateThatIsNone:
    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("", "s.json: must be JSON: Input data was truncated; give what `pulumi stack export` prints"),
            ("{", "s.json: must be JSON: Input data was truncated; give what `pulumi stack export` prints"),
            ("\x00", "s.json: must be JSON: "),
            ("[]", "s.json: must be the state of a stack: Expected `object`, got `array`"),
            ('{"version": 4, "deployment": {}}', "s.json: must be an export of version 3 (got 4)"),
            ('{"version": "3", "deployment": {}}', "s.json: must be the state of a stack: "),
            ('{"deployment": {}}', "s.json: must be the state of a stack: Object missing required field `version`"),
            ('{"version": 3, "checkpoint": {}}', "s.json: must be the state of a stack: "),
            ('{"version": 3, "deployment": []}', "s.json: must be the state of a stack: "),
            (export({"urn": 1, "type": "t"}), "s.json: must be the state of a stack: Expected `str`, got `int`"),
            (DEEP, "s.json: must"),
            (DEEP[: len(DEEP) // 2], "s.json: must"),
        ],
    )  # fmt: skip
    def test_is_refused_in_one_line(self, text, message):
        with pytest.raises(StateError) as caught:
            read_state(text, "s.json")
        said = str(caught.value)
        assert said.startswith(message)
        assert "\n" not in said
        assert len(said) < 300

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_what_powershell_wrote_is_read(self, encoding, tmp_path):
        text = '{"version": 3, "deployment": {"resources": []}}'
        (tmp_path / "s.json").write_text(text, encoding=encoding)
        assert saved_state(str(tmp_path / "s.json")) == read_state(text, "s")

    def test_what_is_no_utf8(self):
        with pytest.raises(StateError, match=r"^s: must "):
            read_state(b'{"version": 3, "deployment": {"resources": [{"urn": "\xff"}]}}', "s")

    def test_too_large(self):
        with pytest.raises(StateError) as caught:
            read_state(b" " * (MAX_BYTES + 1), "s")
        assert str(caught.value) == "s: must be at most 100 MB (got 100,000,001 bytes)"

    @pytest.mark.parametrize("deployment", ["null", "{}", '{"resources": null}', '{"resources": []}'])
    def test_a_stack_without_resources_has_no_rules(self, deployment):
        if deployment == "null":
            with pytest.raises(StateError):
                read_state(f'{{"version": 3, "deployment": {deployment}}}', "s")
        else:
            assert read_state(f'{{"version": 3, "deployment": {deployment}}}', "s").rules == ()
