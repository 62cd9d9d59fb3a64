"""The component as programs in other languages get it: what they send arrives, what is wrong is told at its path."""

from __future__ import annotations

import math
from typing import Any

import grpc
import pulumi
import pytest
from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2
from pulumi.runtime.rpc import UNKNOWN

from livekit_firewall import InvalidArguments, LiveKitFirewall
from livekit_firewall.hosted import serve
from livekit_firewall.hosted.serve import SCHEMA

from .plugin import OUTPUT, SIGNATURE, TOKEN, Plugin, Refused, output, resource, secret

VPC = "urn:pulumi:dev::livekit::aws:ec2/vpc:Vpc::vpc"

SENT: dict[str, Any] = {
    "tcpPort": 7890,
    "turn": {"enabled": True, "domain": "turn.example.org", "tlsPort": 5349},
    "https": {},
    "sip": {"rtpPort": "10000-20000"},
    "trunks": [{"name": "carrier", "signaling": ["198.51.100.0/24"], "media": ["198.51.100.0/24"]}],
    "operators": {"sshPort": 2222},
    "aws": {
        "vpcId": "vpc-1",
        "loadBalancerSecurityGroupIds": {"my_balancer": "sg-1"},
        "tags": {"cost_center": "a", "costCenter": "b"},
        "rulesQuota": 100,
    },
    "gcp": {"network": "default", "targetServiceAccounts": ["a@b.iam.gserviceaccount.com"], "googleLoadBalancer": True},
    "digitalocean": {"dropletIds": ["1", 2], "loadBalancerUids": ["b0a7e2d2-0000-4000-8000-000000000001"]},
    "azure": {"resourceGroupName": "group"},
    "hetzner": {"serverIds": ["1", 2], "labelSelectors": ["app=lk"], "labels": {"my_key": "a", "myKey": "b"}},
    "loadBalancer": {"cidrs": ["10.0.0.0/24"]},
    "host": {},
}
SAME: dict[str, Any] = {
    "tcp_port": 7890,
    "turn": {"enabled": True, "domain": "turn.example.org", "tls_port": 5349},
    "https": True,
    "sip": {"rtp_port": "10000-20000"},
    "trunks": [{"name": "carrier", "signaling": ["198.51.100.0/24"], "media": ["198.51.100.0/24"]}],
    "operators": {"ssh_port": 2222},
    "aws": {
        "vpc_id": "vpc-1",
        "load_balancer_security_group_ids": {"my_balancer": "sg-1"},
        "tags": {"cost_center": "a", "costCenter": "b"},
        "rules_quota": 100,
    },
    "gcp": {
        "network": "default",
        "target_service_accounts": ["a@b.iam.gserviceaccount.com"],
        "google_load_balancer": True,
    },
    "digitalocean": {"droplet_ids": ["1", 2], "load_balancer_uids": ["b0a7e2d2-0000-4000-8000-000000000001"]},
    "azure": {"resource_group_name": "group"},
    "hetzner": {"server_ids": ["1", 2], "label_selectors": ["app=lk"], "labels": {"my_key": "a", "myKey": "b"}},
    "load_balancer": {"cidrs": ["10.0.0.0/24"]},
    "host": {},
}


def test_it_makes_what_a_program_in_python_makes(plugin: Plugin, engine: Any) -> None:
    there = engine.run(lambda: LiveKitFirewall("lk", SAME))
    plugin.construct(SENT)
    here = {(one.type, one.name): one for one in plugin.monitor.registered}
    assert set(here) == set(there)
    for key, one in here.items():
        assert MessageToDict(one.object) == there[key].inputs, key
        assert key[1] == "lk" or one.parent.rpartition("::")[2] == there[key].parent[1], key
        # of the environment's SDK there, which is another where ranges are tested
        assert bool(one.version) is bool(there[key].request.version), key


def test_its_environment_holds_no_sdk_and_the_engine_is_asked_for_the_plugins_that_are_tested(plugin: Plugin) -> None:
    plugin.construct(SENT)
    versions = {one.type.partition(":")[0]: one.version for one in plugin.monitor.registered}
    assert versions == {
        "livekit": "", "aws": "7.51.1", "gcp": "10.2.0", "digitalocean": "4.84.1", "azure-native": "3.29.0",
        "hcloud": "1.43.3",
    }  # fmt: skip


class TestOutputs:
    def test_that_are_not_known_arrive_as_such_with_what_they_depend_on(self, plugin: Plugin) -> None:
        made = plugin.construct({"aws": {"vpcId": output(None, on=[VPC])}}, dryRun=True)
        (group,) = plugin.made("SecurityGroup")
        assert group.object["vpcId"] == UNKNOWN
        assert list(group.propertyDependencies["vpcId"].urns) == [VPC]
        assert MessageToDict(made.state)["awsSecurityGroupId"] == UNKNOWN
        assert MessageToDict(made.state)["rules"]

    def test_that_are_known_or_secret_stay_so(self, plugin: Plugin) -> None:
        for sent in (output("vpc-7", on=[VPC], secret=True), secret("vpc-7"), output(secret("vpc-7"))):
            plugin.construct({"aws": {"vpcId": sent}})
            (group,) = plugin.made("SecurityGroup")
            assert MessageToDict(group.object)["vpcId"] == secret("vpc-7")

    def test_stand_in_lists_and_mappings_of_ids(self, plugin: Plugin) -> None:
        plugin.construct(
            {
                "aws": {"vpcId": "vpc-1", "loadBalancerSecurityGroupIds": {"a_b": output(None, on=[VPC])}},
                "digitalocean": {"dropletIds": [output(None), output(7)], "loadBalancerUids": [output(None)]},
                "loadBalancer": {"cidrs": ["10.0.0.0/24"]},
            },
            dryRun=True,
        )
        (rule,) = [one for one in plugin.made("IngressRule") if "a_b" in one.name]
        assert rule.object["referencedSecurityGroupId"] == UNKNOWN
        (wall,) = plugin.made("firewall:Firewall")
        assert VPC not in wall.dependencies

    def test_of_an_sdk_that_sends_plain_values_keep_their_dependencies(self, plugin: Plugin) -> None:
        plugin.construct({"aws": {"vpcId": "vpc-1", "egress": True}}, on={"aws": [VPC]})
        (group,) = plugin.made("SecurityGroup")
        assert MessageToDict(group.object)["vpcId"] == "vpc-1"
        assert list(group.propertyDependencies["vpcId"].urns) == [VPC]

    def test_of_blocks_are_judged_once_known(self, plugin: Plugin) -> None:
        for sent, shown in ((output("0.0.0.0/0", on=[VPC]), ""), (secret("0.0.0.0/0"), " (secret)")):
            with pytest.raises(Refused) as caught:  # while the rules of other ports are still registered
                plugin.construct({**TARGET, "loadBalancer": {"cidrs": {"nlb_a": sent}}}, name="judged")
            ((path, reason),) = caught.value.errors
            assert path == f"loadBalancer.cidrs.nlb_a{shown}"
            assert reason.startswith("must not open API on tcp/7880 to the internet (got ")
            assert not [one for one in plugin.made("IngressRule") if one.object["toPort"] == 7880]

    def test_that_hold_a_part_that_is_not_known_are_not_known(self, plugin: Plugin) -> None:
        refused = plugin.refusal({"clients": output({"cidrs": [UNKNOWN]}, on=[VPC]), "host": {}})
        assert [path for path, _ in refused.errors] == ["clients"]
        assert refused.errors[0][1].startswith("is an output")


class TestOptions:
    def test_are_those_of_the_component(self, plugin: Plugin) -> None:
        above = "urn:pulumi:dev::livekit::other:index:Group::above"
        provider = "urn:pulumi:dev::livekit::pulumi:providers:aws::west"
        plugin.construct(
            {"aws": {"vpcId": "vpc-1"}},
            parent=above,
            protect=True,
            dependencies=[VPC],
            providers={"aws": f"{provider}::id"},
            aliases=[{"urn": "urn:pulumi:dev::livekit::livekit:index:LiveKitFirewall::was"}],
        )
        component, group = plugin.monitor.registered[0], plugin.made("SecurityGroup")[0]
        assert (component.type, component.name, component.parent, component.protect) == (TOKEN, "lk", above, True)
        assert list(component.dependencies) == [VPC]
        assert [one.urn for one in component.aliases] == ["urn:pulumi:dev::livekit::livekit:index:LiveKitFirewall::was"]
        assert group.provider == f"{provider}::id"
        assert group.protect
        assert {one.provider for one in plugin.made("Rule")} == {f"{provider}::id"}

    def test_state_has_the_names_of_the_schema(self, plugin: Plugin) -> None:
        made = plugin.construct({"aws": {"vpcId": "vpc-1"}, "host": {}})
        assert set(made.state.fields) == {
            "rules", "exposure", "exposureJson", "hostRuleset", "hostRulesetCheck", "hostRulesetPath", "userData",
            "awsSecurityGroupId", "awsSecurityGroupIds",
        } - {"hostRulesetPath"}  # fmt: skip
        assert made.state["awsSecurityGroupId"] == "lk-aws-security-group-id"
        assert len(made.stateDependencies["awsSecurityGroupId"].urns) > 10
        assert plugin.monitor.outputs[made.urn].keys() >= {"rules", "aws_security_group_id"}


TARGET = {"aws": {"vpcId": "vpc-1"}}
OUTPUT_HERE = (
    "is an output (of another resource, or a secret), whose value is not known when the rules are made; give a plain "
    "value (ports, switches and names decide which rules there are), such as from pulumi.Config"
)

CARRIERS = "carriers often send audio from other addresses than they signal from; repeat them where they do not"

PORT = "must be an integer from 1 to 65535, or 0 = off"

NO_SUBNET = (
    "cannot be had: azure-native sets a subnet's group only by writing the whole subnet, with its routes and "
    "delegations; name the output azureNetworkSecurityGroupId as its "
    "group where the subnet is made; docs/azure.md says what to do where it is not in Pulumi"
)
WRONG: dict[str, tuple[Any, list[tuple[str, str]]]] = {
    "a key that is not known": ({"tcpPrt": 7890}, [("tcpPrt", "unknown key; did you mean tcpPort")]),
    "the subnet of Azure's group": (
        {"azure": {"resourceGroupName": "group", "subnetId": output(None)}},
        [("azure.subnetId", NO_SUBNET)],
    ),
    "a key of Python": ({"tcp_port": 7890}, [("tcp_port", "unknown key; did you mean tcpPort")]),
    "a key below that is not known": (
        {"turn": {"tls_port": 1}, "trunks": [{"medai": []}]},
        [
            ("trunks[0].medai", "unknown key; did you mean media"),
            ("turn.tls_port", "unknown key; did you mean tlsPort"),
            ("trunks[0]", f"must name signaling; {CARRIERS}"),
            ("trunks[0]", f"must name media; {CARRIERS}"),
        ],
    ),
    "a value out of range": ({"port": 0}, [("port", "must be an integer from 1 to 65535 (got 0)")]),
    "a part of a number": ({"tcpPort": 7881.5}, [("tcpPort", f"{PORT} (got 7881.5)")]),
    "no number": ({"tcpPort": math.nan}, [("tcpPort", f"{PORT} (got nan)")]),
    "a huge number": ({"tcpPort": 1e300}, [("tcpPort", f"{PORT} (got 1e+300)")]),
    "a text for a mapping": ({"turn": "on"}, [("turn", "must be a mapping (got a text)")]),
    "keys that need each other": (
        {"cluster": {"services": ["redis"]}},
        [(
            "cluster.services",
            "must come with cluster.cidrs, cluster.sameGroup, or what a target names the cluster by",
        )],
    ),
    "keys that exclude each other": (
        {"udpPort": "7882", "portRangeStart": 50000},
        [("portRangeStart", "must not be set together with udpPort; remove one of the two")],
    ),
    "an Output for a port": ({"tcpPort": output(None)}, [("tcpPort", OUTPUT_HERE)]),
    "all of a resource": (
        {"aws": {"vpcId": resource(VPC)}},
        [("aws.vpcId", "must be a text (got a resource); give its id")],
    ),
    "an asset": (
        {"livekitConfig": {SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "text": "port: 1"}},
        [("livekitConfig", "must be a text, a number, true or false (got an asset)")],
    ),
    "an archive in an Output": (
        {"aws": {"vpcId": output({SIGNATURE: "0def7320c3a5731c473e5ecbe6d01bc7", "path": "a"})}},
        [("aws.vpcId", "must be a text, a number, true or false (got an archive)")],
    ),
    "a signature that nobody knows": (
        {"aws": {"vpcId": {SIGNATURE: "0"}}},
        [("aws.vpcId", "must be a text, a number, true or false (got a value of a kind that is not known here)")],
    ),
}  # fmt: skip


class TestMistakes:
    @pytest.mark.parametrize("title", WRONG)
    def test_are_told_by_path_and_reason(self, plugin: Plugin, title: str) -> None:
        sent, expected = WRONG[title]
        refused = plugin.refusal({**TARGET, **sent})
        assert refused.errors == expected
        assert refused.code is grpc.StatusCode.INVALID_ARGUMENT
        count = "1 problem" if len(expected) == 1 else f"{len(expected)} problems"
        assert refused.message == f"{count} in the configuration, nothing was created"

    def test_are_told_all_at_once(self, plugin: Plugin) -> None:
        refused = plugin.refusal({"prot": 1, "port": 0, "gcp": {"network": "default"}, "aws": {"vpcId": resource(VPC)}})
        assert [path for path, _ in refused.errors] == ["aws.vpcId", "prot", "port", "gcp"]

    def test_have_the_same_order_in_each_process(self, plugin: Plugin) -> None:
        """Protobuf's maps have not."""
        wrong = [f"k{place}" for place in range(9)]
        refused = plugin.refusal({**dict.fromkeys(reversed(wrong), 1), "aws": dict.fromkeys(reversed(wrong), 1)})
        assert [path for path, _ in refused.errors] == [*(f"aws.{one}" for one in wrong), *wrong, "aws.vpcId"]

    def test_of_a_secret_do_not_show_it(self, plugin: Plugin) -> None:
        """The engine shows the value that it finds at the path of a problem, so that there must be none."""
        for sent in (secret(70000), output(70000, secret=True), output(secret(70000))):
            (told,) = plugin.refusal({**TARGET, "tcpPort": sent}).errors
            assert told == ("tcpPort (secret)", OUTPUT_HERE)
        told = plugin.refusal({**TARGET, "turn": {"tlsPort": secret("x")}, "port": secret(1)}).errors
        assert {path for path, _ in told} == {"turn.tlsPort (secret)", "port (secret)"}

    def test_in_a_file_are_told_with_their_place(self, plugin: Plugin, tmp_path: Any) -> None:
        file = tmp_path / "livekit.yaml"
        file.write_text("rtc:\n  port_range_start: 50000\n  port_range_end: 40000\n")
        refused = plugin.refusal({**TARGET, "livekitConfig": str(file)})
        (told,) = refused.errors
        assert told[0] == f"{file}:3:3: rtc.port_range_end"
        assert "port_range_start" in told[1]

    def test_of_a_type_that_it_does_not_have(self, plugin: Plugin) -> None:
        refused = plugin.refusal({}, type="livekit:index:Firewall")
        assert refused.message == "this package has no livekit:index:Firewall, only livekit:index:LiveKitFirewall"

    def test_of_two_components_of_one_program_are_told(self, plugin: Plugin) -> None:
        alone = {"aws": {"securityGroupId": "sg-1", "exclusive": True, "egress": True}}
        plugin.construct(alone)
        refused = plugin.refusal({"tcpPort": 0, **alone}, name="other", another=False)
        assert [path for path, _ in refused.errors] == ["aws.exclusive"]
        assert "'other-aws' in 'other' does, and so does 'lk-aws' in 'lk'" in refused.errors[0][1]
        refused = plugin.refusal(TARGET, another=False)
        assert [path for path, _ in refused.errors] == ["(name)"]
        plugin.construct(alone)  # of the update after a preview

    def test_of_a_cloud_are_its_own(self, plugin: Plugin) -> None:
        plugin.monitor.refuses = "security-group"
        try:
            refused = plugin.refusal(TARGET)
        finally:
            plugin.monitor.refuses = ""
        assert refused.message == "the cloud has no room"

    def test_of_ours_are_one_line_with_what_a_report_needs(self) -> None:
        try:
            serve.read(Struct(), None)  # type: ignore[arg-type]
            serve.LiveKit().construct("lk", TOKEN, None)
        except TypeError as error:
            told = serve._unexpected(error)
        place, _, rest = told.partition(" (")
        assert place.startswith("livekit-firewall 0.1.0 failed at hosted/serve.py:")
        assert rest.startswith("TypeError: cannot unpack")
        assert rest.endswith("which is a mistake of ours: please report this line, with the arguments")
        assert "\n" not in told


ODD: dict[str, Any] = {
    "null everywhere": {"port": None, "turn": None, "aws": None, "trunks": None, "exposure": None},
    "null in lists": {"trunks": [None], "compose": [None], **TARGET},
    "null in a mapping": {"aws": {"vpcId": None, "tags": {"a": None}}},
    "an output of the component with a value": {"exposure": "x", **TARGET},
    "lists for everything": {key: [] for key in SENT},
    "mappings for everything": {key: {} for key in SENT},
    "texts for everything": dict.fromkeys(SENT, "\0\x1b[31m\N{RIGHT-TO-LEFT OVERRIDE}<script>"),
    "numbers for everything": dict.fromkeys(SENT, -1e308),
    "switches for everything": dict.fromkeys(SENT, True),
    "secrets for everything": dict.fromkeys(SENT, secret("hunter2")),
    "unknowns for everything": dict.fromkeys(SENT, UNKNOWN),
    "Outputs for everything": dict.fromkeys(SENT, output({"a": [{"b": secret("hunter2")}]}, on=["", "no urn"])),
    "Outputs of Outputs": {"aws": {"vpcId": output(output(output(None, secret=True)))}, "tcpPort": output(output(1))},
    "a signature that is no text": {"aws": {"vpcId": {SIGNATURE: 1}}},
    "an Output whose parts are of other types": {
        "aws": {"vpcId": {SIGNATURE: OUTPUT, "value": [], "secret": "yes", "dependencies": {"a": 1}}}
    },
    "resources for everything": dict.fromkeys(SENT, resource(VPC)),
    "infinite": {"port": math.inf, "tcpPort": -math.inf, **TARGET},
    "a key that is empty": {"": 1, "aws": {"": 1, "vpcId": "vpc-1"}},
    "a key with a path in it": {"aws.vpcId": "vpc-1", "aws": {"tags[0]": 1}},
    "a key of a megabyte": {"k" * 2**20: 1, **TARGET},
    "a text of a megabyte": {"livekitConfig": "x" * 2**20, **TARGET},
    "ten thousand keys": {**{f"key{n}": n for n in range(10_000)}, **TARGET},
    "a list of 100,000": {"digitalocean": {"dropletIds": list(range(100_000))}},
}


@pytest.mark.parametrize("title", ODD)
def test_anything_else_is_made_or_refused_with_reasons(plugin: Plugin, title: str) -> None:
    try:
        made = plugin.construct(ODD[title])
    except Exception as error:  # noqa: BLE001
        refused: Any = error
    else:
        assert made.urn
        return
    assert refused.code in (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.UNKNOWN), refused
    assert refused.errors, refused.message
    told = "\n".join([refused.message, *(f"{path} {reason}" for path, reason in refused.errors)])
    for never in ("Traceback", 'File "', "object at 0x", "hunter2", "\x1b", "mistake of ours", "\0"):
        assert never not in told
    assert not [one for one in plugin.monitor.registered if one.custom]


def test_values_as_deep_as_the_protocol_allows(plugin: Plugin) -> None:
    value: Any = 1
    for _ in range(30):
        value = {"turn": [value]}
    refused = plugin.refusal({"turn": value, "aws": {"vpcId": output(value), "tags": value}})
    assert {path.partition(".")[0] for path, _ in refused.errors} <= {"turn", "aws"}


def test_it_serves_the_schema_and_its_version(plugin: Plugin) -> None:
    request = provider_pb2.GetSchemaRequest
    assert plugin.provider.GetSchema(request()).schema == SCHEMA
    assert plugin.provider.GetPluginInfo(provider_pb2.google_dot_protobuf_dot_empty__pb2.Empty()).version == "0.1.0"


def test_many_at_once_do_not_mix(plugin: Plugin) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def made(number: int) -> tuple[str, Any]:
        answer = plugin.construct({"tcpPort": 8000 + number, "host": {}}, name=f"lk-{number}", another=False)
        return answer.urn.rpartition("::")[2], {rule["first"] for rule in MessageToDict(answer.state)["rules"]}

    with ThreadPoolExecutor(8) as pool:
        for number, (name, ports) in enumerate(pool.map(made, range(20))):
            assert (name, ports) == (f"lk-{number}", {8000 + number, 50000})


def test_the_error_of_the_component_is_shown_by_pulumi_itself() -> None:
    assert issubclass(InvalidArguments, pulumi.RunError)
