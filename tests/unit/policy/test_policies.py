"""What the policy pack refuses and what it lets pass, asked as the engine asks it: over gRPC, of its own process."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from typing import Any

import pytest
from hypothesis import given

from livekit_firewall.model.addresses import Identity
from livekit_firewall.model.rules import RuleSet
from tests.unit.reports.review.programs import AWS_INGRESS, GCP, OCEAN, UNKNOWN
from tests.unit.strategies import NAMED, few_examples, rule_sets

from .analyzer import FOLDER, ROOT, SECRET, Answer, Made, Pack, started
from .stacks import ANYWHERE, PLATFORMS, aws, azure_rule, gcp, ours, urn

INTERNAL = "livekit-internal-ports-never-public"
EVERYTHING = "livekit-everything-public"
MEDIA = "livekit-media-open"
TRUNKS = "livekit-sip-from-trunks"
SIP = "livekit-sip-not-public"
SSH = "livekit-ssh-not-public"
READABLE = "livekit-rules-readable"

TRUNK = "198.51.100.0/24"
AZURE_GROUP = "azure-native:network:NetworkSecurityGroup"

each_platform = pytest.mark.parametrize("platform", sorted(PLATFORMS))


def only(answer: Answer) -> Any:
    assert len(answer.violations) == 1, answer.violations
    return answer.violations[0]


class TestThePack:
    def test_tells_the_engine_its_policies_and_their_levels(self, pack: Pack):
        levels = {policy.name: policy.enforcementLevel for policy in pack.info.policies}
        advisory, mandatory = 0, 1
        assert levels == {
            READABLE: advisory,
            INTERNAL: mandatory,
            EVERYTHING: mandatory,
            MEDIA: mandatory,
            TRUNKS: mandatory,
            SIP: advisory,
            SSH: advisory,
        }
        assert pack.info.name == "livekit-firewall"

    def test_says_which_configuration_it_takes(self, pack: Pack):
        keys = {policy.name: list(policy.configSchema.properties) for policy in pack.info.policies}
        assert {name: found for name, found in keys.items() if found} == {
            INTERNAL: ["internal_ports"],
            MEDIA: ["media_ports"],
            TRUNKS: ["trunks"],
        }

    @pytest.mark.parametrize("way", [["policy"], ["-m", "pulumi.policy", "127.0.0.1:1", "policy"]])
    def test_starts_in_the_ways_of_older_and_newer_language_hosts(self, way: list[str]):
        with started([sys.executable, "-u", *way], cwd=ROOT) as pack:
            assert len(pack.info.policies) == 7

    def test_starts_with_a_copy_of_the_package_beside_it(self, tmp_path):
        """As it is published: only the folder of the pack goes to the organisation."""
        copy = tmp_path / "published"
        copy.mkdir()
        for name in ("__main__.py", "livekit_policies"):
            (copy / name).symlink_to(FOLDER / name)
        (copy / "__main__.py").unlink()
        (copy / "__main__.py").write_text((FOLDER / "__main__.py").read_text())
        (copy / "livekit_firewall").symlink_to(ROOT / "components" / "livekit_firewall")
        with started([sys.executable, str(copy)], cwd=tmp_path) as pack:
            assert only(pack.check(aws("tcp", 6379, 6379, ANYWHERE))).policy == INTERNAL


@each_platform
class TestOnEachPlatform:
    @pytest.mark.parametrize(
        ("port", "text"),
        [
            (7880, "API on tcp/7880"),
            (6379, "Redis on tcp/6379"),
            (4222, "NATS on tcp/4222"),
            (3306, "MariaDB on tcp/3306"),
        ],
    )
    def test_an_internal_port_for_the_internet_is_refused(self, pack: Pack, platform, port, text):
        found = only(pack.check(PLATFORMS[platform]("tcp", port, port, ANYWHERE)))
        assert (found.policy, found.level) == (INTERNAL, "mandatory")
        assert found.urn.endswith("::rule")
        assert f"rule: {text} is open to the internet (by rule): it has no protection of its own" in found.message
        assert "To do: name who needs it" in found.message

    def test_the_same_port_for_a_block_passes(self, pack: Pack, platform):
        assert pack.check(PLATFORMS[platform]("tcp", 7880, 7880, "203.0.113.0/24")).violations == ()

    def test_ssh_for_the_internet_is_only_advised_against(self, pack: Pack, platform):
        found = only(pack.check(PLATFORMS[platform]("tcp", 22, 22, ANYWHERE)))
        assert (found.policy, found.level) == (SSH, "advisory")

    def test_every_port_is_refused_by_both_policies_that_it_breaks(self, pack: Pack, platform):
        found = pack.check(PLATFORMS[platform]("-1", 0, 0, ANYWHERE)).policies
        assert found == {EVERYTHING: "mandatory", INTERNAL: "mandatory"}

    def test_every_port_for_a_block_passes(self, pack: Pack, platform):
        assert pack.check(PLATFORMS[platform]("-1", 0, 0, "203.0.113.0/24")).violations == ()

    def test_sip_without_trunks_set_is_only_advised_against(self, pack: Pack, platform):
        answer = pack.check(PLATFORMS[platform]("udp", 5060, 5060, ANYWHERE))
        assert (only(answer).policy, only(answer).level) == (SIP, "advisory")
        assert answer.skipped[TRUNKS] == "no trunks are set for this policy"

    def test_sip_with_trunks_set_is_refused_for_anybody_else(self, pack: Pack, platform):
        """No internet is needed for that: one block more is too much."""
        config = {TRUNKS: {"trunks": [TRUNK]}}
        assert pack.check(PLATFORMS[platform]("udp", 5060, 5060, TRUNK), config).violations == ()
        found = only(pack.check(PLATFORMS[platform]("udp", 5060, 5060, "198.51.100.0/23"), config))
        assert (found.policy, found.level) == (TRUNKS, "mandatory")
        assert "SIP on udp/5060 is open to others than the trunks" in found.message
        assert "name each of them in the `trunks` of this policy" in found.message


class TestWholeStacks:
    def test_a_port_that_google_denies_before_it_allows_it_is_closed(self, pack: Pack):
        deny = {"network": "default", "denies": [{"protocol": "tcp", "ports": ["6379"]}], "sourceRanges": [ANYWHERE]}
        allow = gcp("tcp", 6379, 6379, ANYWHERE)
        first = Made(urn(GCP, "deny"), GCP, {**deny, "priority": 900})
        last = Made(urn(GCP, "deny"), GCP, {**deny, "priority": 1100})
        assert pack.check([*allow, first]).violations == ()
        assert pack.check([*allow, last]).policies == {INTERNAL: "mandatory"}

    def test_a_port_that_azure_denies_before_it_allows_it_is_closed(self, pack: Pack):
        def group(priority: int) -> list[Made]:
            deny = azure_rule("tcp", 6379, 6379, "*", name="deny", access="Deny", priority=priority)
            rules = [azure_rule("tcp", 6379, 6379, ANYWHERE), deny]
            return [Made(urn(AZURE_GROUP, "group"), AZURE_GROUP, {"securityRules": rules})]

        assert pack.check(group(99)).violations == ()
        assert pack.check(group(101)).policies == {INTERNAL: "mandatory"}

    def test_the_rule_that_does_it_is_named_and_not_its_neighbour(self, pack: Pack):
        group, rule = aws("tcp", 443, 443, ANYWHERE)
        inputs = {**rule.inputs, "fromPort": 6379, "toPort": 6379}
        guilty = Made(urn(AWS_INGRESS, "redis"), AWS_INGRESS, inputs, depends={"securityGroupId": [group.urn]})
        found = only(pack.check([group, rule, guilty]))
        assert found.urn == guilty.urn
        assert "(by redis)" in found.message

    def test_one_firewall_on_three_tags_is_told_once(self, pack: Pack):
        rules = [{"protocol": "tcp", "portRange": "6379", "sourceAddresses": [ANYWHERE]}]
        firewall = Made(urn(OCEAN, "shared"), OCEAN, {"inboundRules": rules, "tags": ["a", "b", "c"]})
        assert only(pack.check([firewall])).urn == firewall.urn

    def test_rules_of_one_group_whose_id_is_not_known_yet_are_its_rules(self, pack: Pack):
        group, rule = aws("tcp", 6379, 6379, ANYWHERE, securityGroupId=UNKNOWN)
        rule = Made(rule.urn, rule.type, rule.inputs, depends={"securityGroupId": [group.urn]})
        group = Made(group.urn, group.type, group.inputs, {"id": UNKNOWN})
        assert only(pack.check([group, rule])).urn == rule.urn

    def test_a_stack_without_firewalls_passes(self, pack: Pack):
        bucket = Made(urn("aws:s3/bucket:Bucket", "b"), "aws:s3/bucket:Bucket", {"acl": UNKNOWN, "tags": {"a": 1}})
        assert pack.check([bucket]).violations == ()
        assert pack.check([]).violations == ()

    def test_closing_a_port_is_not_refused_for_what_the_group_remembers(self, pack: Pack):
        """Outputs of a group hold every rule that it had when it was read last, those of other resources too."""
        group, rule = aws("tcp", 443, 443, ANYWHERE)
        remembers = [{"protocol": "tcp", "fromPort": 6379, "toPort": 6379, "cidrBlocks": [ANYWHERE]}]
        group = Made(group.urn, group.type, group.inputs, {"id": "sg-1", "ingress": remembers})
        assert pack.check([group, rule]).violations == ()

    def test_what_was_never_registered_is_judged_by_its_outputs(self, pack: Pack):
        stack = [Made(urn(OCEAN, "left-alone"), OCEAN, {}, {"inboundRules": [
            {"protocol": "tcp", "portRange": "6379", "sourceAddresses": [ANYWHERE]}]})]  # fmt: skip
        assert pack.check(stack, registered=False).policies == {INTERNAL: "mandatory"}


class TestALiveKitFirewall:
    def test_passes_as_it_is(self, pack: Pack):
        assert pack.check(ours({})).violations == ()

    def test_whose_media_something_took_out_is_refused(self, pack: Pack):
        found = only(pack.check(ours({}, without="50000-60000")))
        assert (found.policy, found.level) == (MEDIA, "mandatory")
        assert "ICE/UDP on udp/50000-60000 is closed to some who need it" in found.message
        assert found.urn.endswith("::livekit-do")

    def test_is_not_the_business_of_other_firewalls(self, pack: Pack):
        assert pack.check([*ours({}), *gcp("tcp", 443, 443, ANYWHERE)]).violations == ()

    def test_can_be_asked_for_other_ports(self, pack: Pack):
        config = {MEDIA: {"media_ports": ["udp/49990-50010", "tcp/7881"]}}
        found = only(pack.check(ours({}), config))
        assert "Media on udp/49990-49999 is closed to some who need it" in found.message

    def test_tells_which_port_is_the_api_and_which_is_not(self, pack: Pack):
        arguments = {"port": 7999, "load_balancer": {"cidrs": ["10.0.0.0/24"]}}
        moved = [*ours(arguments), *aws("tcp", 7999, 7999, ANYWHERE)]
        assert "API on tcp/7999" in only(pack.check(moved)).message

    def test_tells_which_ports_sip_has(self, pack: Pack):
        stack = ours({"sip": {"sip_port": 5099}, "trunks": [TRUNK]})
        config = {TRUNKS: {"trunks": [TRUNK]}}
        assert pack.check(stack, config).violations == ()
        assert pack.check([*stack, *aws("udp", 5099, 5099, ANYWHERE)], config).policies == {
            SIP: "advisory",
            TRUNKS: "mandatory",
        }

    def test_without_its_rules_told_is_not_judged(self, pack: Pack):
        component, *rest = ours({}, without="50000-60000")
        untold = Made(component.urn, component.type, {}, {"rules": UNKNOWN})
        assert pack.check([untold, *rest]).violations == ()

    def test_is_what_the_policy_for_media_applies_to(self, pack: Pack):
        answer = pack.check(aws("tcp", 443, 443, ANYWHERE))
        assert answer.skipped[MEDIA] == "the stack has no LiveKitFirewall"


class TestWhatIsNotKnown:
    @pytest.mark.parametrize("platform", ["aws", "gcp", "digitalocean"])
    def test_ports_that_are_not_known_yet_are_told_and_not_guessed(self, pack: Pack, platform):
        *others, rule = PLATFORMS[platform]("tcp", 6379, 6379, ANYWHERE)
        hidden = {"aws": {"fromPort": UNKNOWN}, "gcp": {"allows": UNKNOWN}, "digitalocean": {"inboundRules": UNKNOWN}}
        rule = Made(rule.urn, rule.type, {**rule.inputs, **hidden[platform]})
        found = only(pack.check([*others, rule]))
        assert (found.policy, found.level, found.urn) == (READABLE, "advisory", rule.urn)
        assert UNKNOWN not in found.message

    def test_a_source_that_is_not_known_yet_is_nobody_in_particular(self, pack: Pack):
        assert pack.check(aws("tcp", 6379, 6379, UNKNOWN)).violations == ()

    def test_an_unknown_elsewhere_does_not_stop_the_policies(self, pack: Pack):
        stack = aws("tcp", 6379, 6379, ANYWHERE, tags={"a": UNKNOWN, "b": [UNKNOWN]}, description=UNKNOWN)
        assert only(pack.check(stack)).policy == INTERNAL

    def test_secrets_are_judged_and_never_shown(self, pack: Pack):
        hidden = {**SECRET, "value": "hunter2"}
        stack = gcp("tcp", 6379, 6379, ANYWHERE, network=hidden, description=hidden, targetTags=[hidden])
        stack[0] = Made(stack[0].urn, GCP, {**stack[0].inputs, "sourceRanges": {**SECRET, "value": [ANYWHERE]}})
        found = only(pack.check(stack))
        assert found.policy == INTERNAL
        assert "hunter2" not in found.message

    def test_rules_too_many_to_judge_are_refused(self, pack: Pack):
        rules = [
            {"protocol": "tcp", "portRange": str(port), "sourceAddresses": ["203.0.113.0/24"]}
            for port in range(10000, 12001)
        ]
        answer = pack.check([Made(urn(OCEAN, "crowd"), OCEAN, {"inboundRules": rules})])
        assert answer.policies[INTERNAL] == "mandatory"
        assert "2,001 rules" in answer.of(INTERNAL)[0].message


class TestHostileNames:
    NAME = "x\x1b[31m\u202e@everyone\n::error::<b>" + "y" * 100_000

    def test_are_shown_inert_and_short(self, pack: Pack):
        rule = aws("tcp", 6379, 6379, ANYWHERE, description=self.NAME)[1]
        found = only(pack.check([Made(rule.urn.replace("::rule", f"::{self.NAME}"), rule.type, rule.inputs)]))
        line = found.message.splitlines()[-1]
        assert line.isprintable()
        assert len(found.message) < 700


class TestConfiguration:
    def test_names_more_internal_ports(self, pack: Pack):
        config = {INTERNAL: {"internal_ports": ["tcp/9090", "udp/4000-4100"]}}
        assert pack.check(aws("udp", 4050, 4050, ANYWHERE)).violations == ()
        found = only(pack.check(aws("udp", 4050, 4050, ANYWHERE), config))
        assert found.policy == INTERNAL
        assert "Internal on udp/4050 is open to the internet" in found.message

    def test_of_the_organisation_decides_the_level(self, pack: Pack):
        stack = aws("tcp", 22, 22, ANYWHERE)
        assert pack.check(stack, {SSH: {"enforcementLevel": "mandatory"}}).policies == {SSH: "mandatory"}
        assert pack.check(stack, {SSH: {"enforcementLevel": "disabled"}}).violations == ()

    def test_that_turns_the_reader_off_leaves_the_judgement(self, pack: Pack):
        config = {READABLE: {"enforcementLevel": "disabled"}}
        rule = aws("tcp", 6379, 6379, ANYWHERE)[1]
        unseen = Made(urn(AWS_INGRESS, "never seen before"), rule.type, rule.inputs)
        assert pack.check([unseen], config).policies == {INTERNAL: "mandatory"}

    @pytest.mark.parametrize(
        ("policy", "config", "told"),
        [
            (TRUNKS, {"trunks": ["198.51.100.7/24"]}, "trunks[0]: must have no host bits set (got '198.51.100.7/24')"),
            (TRUNKS, {"trunks": ["198.51.100.7"]}, "trunks[0]: must have a prefix length"),
            (TRUNKS, {"trunks": []}, "trunks: must be a list of blocks such as 203.0.113.0/24 (got []); leave the key"),
            (TRUNKS, {"trunks": "anywhere"}, "trunks: must be a list of blocks such as 203.0.113.0/24"),
            (TRUNKS, {"trunk": [TRUNK]}, "trunk: this policy has no such key; it has trunks"),
            (INTERNAL, {"internal_ports": ["9090"]}, "write tcp/9090 or udp/9090"),
            (INTERNAL, {"internal_ports": [9090]}, "internal_ports[0]: must be a protocol and ports"),
            (INTERNAL, {"internal_ports": ["tcp/0"]}, "internal_ports[0]: must be a protocol and ports"),
            (INTERNAL, {"internal_ports": ["icmp/1"]}, "internal_ports[0]: must be a protocol and ports"),
            (MEDIA, {"media_ports": ["udp/60000-50000"]}, "media_ports[0]: must be a protocol and ports"),
        ],
    )  # fmt: skip
    def test_that_is_wrong_is_refused_with_what_would_be_right(self, pack: Pack, policy, config, told):
        found = only(pack.check(ours({}), {policy: config}))
        assert (found.policy, found.level) == (policy, "mandatory")
        assert told in found.message
        assert "Traceback" not in found.message

    def test_that_is_wrong_in_several_places_is_told_of_them_all(self, pack: Pack):
        found = only(pack.check([], {TRUNKS: {"trunks": ["a", "10.0.0.0/8", "b"], "who": 1}}))
        assert "3 problems in the configuration of this policy" in found.message


@few_examples
@given(rule_sets([*Identity, *NAMED]))
def test_the_rules_of_a_component_are_read_as_it_writes_them(rules: RuleSet) -> None:
    spec = spec_from_file_location("stated", FOLDER / "livekit_policies" / "stated.py")
    assert spec is not None
    assert spec.loader is not None
    stated = module_from_spec(spec)
    spec.loader.exec_module(stated)
    read = stated.rules_of([rule.as_json() for rule in rules])
    assert [(one.ports, one.peer, one.service) for one in read] == [(one.ports, one.peer, one.service) for one in rules]
