"""What only the state of an account can refuse, and one fake over gRPC as the engine talks to it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from .fakes import aws, azure, digitalocean, gcp
from .fakes.bridge import differences
from .fakes.ec2 import QUOTA, as_inputs, rules
from .fakes.store import FOLDER, CloudError, Store
from .fakes.wire import UNKNOWN, plain, struct
from .project import FAKES, REGION

RULE = {
    "ipProtocol": "udp",
    "fromPort": 50000,
    "toPort": 60000,
    "cidrIpv4": "0.0.0.0/0",
    "description": "ICE/UDP",
}


class TestAmazon:
    """On the emulator of EC2."""

    @pytest.fixture
    def account(self, tmp_path: Path, emulator: str, monkeypatch: pytest.MonkeyPatch) -> aws.Account:
        monkeypatch.setenv("AWS_ENDPOINT_URL_EC2", emulator)
        return aws.Account(Store(tmp_path, "aws"), {"region": REGION})

    @pytest.fixture
    def group(self, account: aws.Account, amazon: Any) -> Iterator[str]:
        inputs = {"name": "lk-test", "description": "LiveKit"}
        id_, _ = account.create(aws.GROUP, inputs)
        yield id_
        amazon.delete_security_group(GroupId=id_)

    def test_a_new_group_has_no_egress_rule(self, group: str, amazon: Any) -> None:
        assert rules(amazon, group, aws.EGRESS) == {}

    def test_a_rule_arrives_as_it_was_sent(self, account: aws.Account, group: str) -> None:
        inputs = {**RULE, "securityGroupId": group}
        id_, _ = account.create(aws.INGRESS, inputs)
        assert account.read(aws.INGRESS, id_, inputs) == inputs

    def test_a_rule_that_is_gone_is_not_read(self, account: aws.Account, group: str, amazon: Any) -> None:
        inputs = {**RULE, "securityGroupId": group}
        id_, _ = account.create(aws.INGRESS, inputs)
        other, _ = account.create(aws.INGRESS, {**inputs, "toPort": 59000})
        amazon.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=[id_])
        assert account.read(aws.INGRESS, id_, inputs) is None
        assert account.read(aws.INGRESS, other, inputs) == {**inputs, "toPort": 59000}
        assert account.read(aws.EGRESS, other, inputs) is None

    def test_a_rule_with_another_description_is_a_duplicate(self, account: aws.Account, group: str) -> None:
        account.create(aws.INGRESS, {**RULE, "securityGroupId": group})
        with pytest.raises(CloudError, match=r"InvalidPermission\.Duplicate"):
            account.create(aws.INGRESS, {**RULE, "securityGroupId": group, "description": "other"})

    def test_a_rule_modified_into_another_is_a_duplicate(self, account: aws.Account, group: str) -> None:
        first = {**RULE, "securityGroupId": group}
        second = {**first, "fromPort": 3478, "toPort": 3478}
        account.create(aws.INGRESS, first)
        id_, _ = account.create(aws.INGRESS, second)
        with pytest.raises(CloudError, match=r"InvalidPermission\.Duplicate"):
            account.update(aws.INGRESS, id_, second, first)

    def test_a_rule_is_modified_in_place(self, account: aws.Account, group: str) -> None:
        before = {**RULE, "securityGroupId": group}
        after = {**before, "toPort": 59000}
        id_, _ = account.create(aws.INGRESS, before)
        account.update(aws.INGRESS, id_, before, after)
        assert account.read(aws.INGRESS, id_, after) == after

    def test_tags_are_written_without_a_modification_of_the_rule(
        self, account: aws.Account, group: str, amazon: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A modification would cut untracked flows; the provider makes none where only tags differ."""
        before = {**RULE, "securityGroupId": group, "tags": {"a": "1", "b": "2"}}
        after = {**before, "tags": {"b": "3", "c": "4"}}
        id_, _ = account.create(aws.INGRESS, before)
        calls: list[str] = []
        events = account._ec2(before).meta.events
        events.register("before-call.ec2.ModifySecurityGroupRules", lambda **_: calls.append("modify"))
        account.update(aws.INGRESS, id_, before, after)
        tags = amazon.describe_tags(Filters=[{"Name": "resource-id", "Values": [id_]}])["Tags"]
        assert {one["Key"]: one["Value"] for one in tags} == after["tags"]
        assert calls == []
        account.update(aws.INGRESS, id_, after, {**after, "toPort": 59000})
        assert calls == ["modify"]

    def test_the_same_ports_may_go_out_as_come_in(self, account: aws.Account, group: str) -> None:
        account.create(aws.INGRESS, {**RULE, "securityGroupId": group})
        account.create(aws.EGRESS, {**RULE, "securityGroupId": group})

    def test_the_quota_counts_each_family_and_direction_apart(
        self, account: aws.Account, group: str, amazon: Any
    ) -> None:
        ports = [{"FromPort": port, "ToPort": port} for port in range(1, QUOTA + 1)]
        four = [{**one, "IpProtocol": "tcp", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]} for one in ports]
        amazon.authorize_security_group_ingress(GroupId=group, IpPermissions=four)
        six = {**RULE, "cidrIpv6": "::/0", "securityGroupId": group}
        del six["cidrIpv4"]
        account.create(aws.INGRESS, six)
        account.create(aws.EGRESS, {**RULE, "securityGroupId": group})
        with pytest.raises(CloudError, match=r"RulesPerSecurityGroupLimitExceeded.*60 of 60 for IPv4"):
            account.create(aws.INGRESS, {**RULE, "securityGroupId": group})

    def test_a_prefix_list_counts_by_the_entries_that_it_may_have(
        self, account: aws.Account, group: str, amazon: Any
    ) -> None:
        words = {"PrefixListName": "office", "AddressFamily": "IPv4"}
        lists = [
            amazon.create_managed_prefix_list(**words, MaxEntries=most)["PrefixList"] for most in (QUOTA - 1, 2, 1)
        ]
        rule = {key: value for key, value in RULE.items() if key != "cidrIpv4"} | {"securityGroupId": group}
        large, two, one = ({**rule, "prefixListId": each["PrefixListId"]} for each in lists)
        account.create(aws.INGRESS, large)
        with pytest.raises(CloudError, match="RulesPerSecurityGroupLimitExceeded"):
            account.create(aws.INGRESS, two)
        id_, _ = account.create(aws.INGRESS, one)
        assert account.read(aws.INGRESS, id_, one) == one
        with pytest.raises(CloudError, match=r"InvalidPermission\.Duplicate"):
            account.create(aws.INGRESS, one)
        with pytest.raises(CloudError, match=r"InvalidPrefixListID\.NotFound"):
            account.create(aws.INGRESS, {**rule, "prefixListId": "pl-0000000a"})

    def test_a_group_that_another_names_stays(self, account: aws.Account, group: str) -> None:
        other, _ = account.create(aws.GROUP, {"name": "lk-other", "description": "LiveKit"})
        source = {"referencedSecurityGroupId": group, "securityGroupId": other}
        inputs = {**{key: value for key, value in RULE.items() if key != "cidrIpv4"}, **source}
        id_, _ = account.create(aws.INGRESS, inputs)
        with pytest.raises(CloudError, match="DependencyViolation"):
            account.delete(aws.GROUP, group, {})
        account.delete(aws.INGRESS, id_, inputs)
        account.delete(aws.GROUP, other, {})

    def test_a_group_of_a_network_interface_stays(self, account: aws.Account, group: str, amazon: Any) -> None:
        subnet = amazon.describe_subnets()["Subnets"][0]["SubnetId"]
        card = amazon.create_network_interface(SubnetId=subnet, Groups=[group])["NetworkInterface"]
        with pytest.raises(CloudError, match="DependencyViolation"):
            account.delete(aws.GROUP, group, {})
        amazon.delete_network_interface(NetworkInterfaceId=card["NetworkInterfaceId"])

    def test_what_a_rule_names_must_exist(self, account: aws.Account) -> None:
        with pytest.raises(CloudError, match=r"InvalidGroup\.NotFound"):
            account.create(aws.INGRESS, {**RULE, "securityGroupId": "sg-00000000000000bad"})
        with pytest.raises(CloudError, match=r"InvalidVpcID\.NotFound"):
            account.create(aws.GROUP, {"name": "x", "description": "x", "vpcId": "vpc-00000000000000bad"})

    def test_an_inline_list_is_the_whole_of_its_direction(self, account: aws.Account, group: str, amazon: Any) -> None:
        account.create(aws.INGRESS, {**RULE, "securityGroupId": group})
        entry = {"protocol": "tcp", "fromPort": 80, "toPort": 80, "cidrBlocks": ["10.0.0.0/8"], "self": True}
        account.update(aws.GROUP, group, {}, {"name": "lk-test", "ingress": [entry]})
        kept = [as_inputs(rule) for rule in rules(amazon, group, aws.INGRESS).values()]
        ports = {"ipProtocol": "tcp", "fromPort": 80, "toPort": 80}
        assert kept == [{**ports, "cidrIpv4": "10.0.0.0/8"}, {**ports, "referencedSecurityGroupId": group}]

    def test_a_rule_beside_inline_ones_is_refused(self, account: aws.Account, group: str) -> None:
        entry = {"protocol": "tcp", "fromPort": 80, "toPort": 80, "cidrBlocks": ["10.0.0.0/8"]}
        account.update(aws.GROUP, group, {}, {"name": "lk-test", "ingress": [entry]})
        with pytest.raises(CloudError, match="inline rules beside rule resources"):
            account.create(aws.INGRESS, {**RULE, "securityGroupId": group})
        with pytest.raises(CloudError, match="inline rules beside rule resources"):
            account.create(aws.OLD_RULE, {**entry, "type": "ingress", "securityGroupId": group})
        account.create(aws.EGRESS, {**RULE, "securityGroupId": group})

    def test_each_source_of_an_older_rule_is_a_rule_of_its_own(
        self, account: aws.Account, group: str, amazon: Any
    ) -> None:
        blocks = {"cidrBlocks": ["10.0.0.0/8", "192.0.2.0/24"], "ipv6CidrBlocks": ["::/0"]}
        inputs = {"type": "ingress", "securityGroupId": group, "protocol": "-1", "fromPort": 0, "toPort": 0, **blocks}
        id_, _ = account.create(aws.OLD_RULE, inputs)
        kept = [as_inputs(rule) for rule in rules(amazon, group, aws.INGRESS).values()]
        assert [rule.get("cidrIpv4") or rule["cidrIpv6"] for rule in kept] == ["10.0.0.0/8", "192.0.2.0/24", "::/0"]
        account.delete(aws.OLD_RULE, id_, inputs)
        assert rules(amazon, group, aws.INGRESS) == {}

    def test_the_group_of_a_vpc_is_adopted_and_never_deleted(self, account: aws.Account, amazon: Any) -> None:
        id_, _ = account.create(aws.DEFAULT_GROUP, {})
        assert id_ in {
            one["GroupId"] for one in amazon.describe_security_groups(GroupNames=["default"])["SecurityGroups"]
        }
        account.delete(aws.DEFAULT_GROUP, id_, {})
        assert account.read(aws.DEFAULT_GROUP, id_, {}) is not None

    def test_a_name_is_taken_whatever_its_case(self, account: aws.Account, group: str) -> None:
        with pytest.raises(CloudError, match=r"InvalidGroup\.Duplicate"):
            account.create(aws.GROUP, {"name": "LK-TEST", "description": "LiveKit"})

    def test_by_its_id_alone_a_group_is_read_with_the_list_of_its_rules(
        self, account: aws.Account, group: str, amazon: Any
    ) -> None:
        id_, _ = account.create(aws.INGRESS, {**RULE, "securityGroupId": group, "description": "ICE"})
        account.create(aws.EGRESS, {"securityGroupId": group, "ipProtocol": "-1", "cidrIpv6": "::/0"})
        read = account.read(aws.GROUP, group, {})
        assert read is not None
        assert ([len(read[key]) for key in ("ingress", "egress")], read["region"]) == ([1, 1], REGION)
        assert {"name", "description", "vpcId", "tags"} <= read.keys()
        assert account.read(aws.INGRESS, id_, {}) == {
            **RULE, "securityGroupId": group, "description": "ICE", "region": REGION
        }  # fmt: skip
        assert account.read(aws.EGRESS, id_, {}) is None
        assert account.read(aws.GROUP, "sg-00000000000000bad", {}) is None

    def test_nothing_but_an_emulator_on_this_machine_is_called(
        self, account: aws.Account, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AWS_ENDPOINT_URL_EC2", "https://ec2.example.org")
        with pytest.raises(CloudError, match="emulator on this machine"):
            account.create(aws.GROUP, {"name": "x", "description": "x"})

    def test_another_kind_of_source_replaces_a_rule(self) -> None:
        six = {**RULE, "cidrIpv6": "::/0"}
        del six["cidrIpv4"]
        assert aws.replaces(aws.INGRESS, RULE, six, {"cidrIpv4", "cidrIpv6"}) == {"cidrIpv4", "cidrIpv6"}
        assert aws.replaces(aws.INGRESS, RULE, {**RULE, "cidrIpv4": "10.0.0.0/8"}, {"cidrIpv4"}) == set()

    def test_a_group_with_a_name_of_its_own_is_deleted_before_it_is_replaced(self) -> None:
        assert aws.deletes_before_replace(aws.GROUP, "lk", {"name": "livekit"})
        assert not aws.deletes_before_replace(aws.GROUP, "lk", {"name": "lk-0123456"})
        assert not aws.deletes_before_replace(aws.GROUP, "renamed", {"name": "lk-0123456"})


class TestGoogle:
    """One project."""

    RULE: ClassVar = {
        "name": "lk-0123456",
        "network": "default",
        "sourceRanges": ["0.0.0.0/0"],
        "allows": [{"protocol": "udp"}],
    }

    @pytest.fixture
    def account(self, tmp_path: Path) -> gcp.Account:
        return gcp.Account(Store(tmp_path, "gcp"), {"project": "fake-project"})

    def test_a_name_is_unique_in_the_project(self, account: gcp.Account) -> None:
        account.create(gcp.FIREWALL, self.RULE)
        with pytest.raises(CloudError, match="alreadyExists"):
            account.create(gcp.FIREWALL, {**self.RULE, "sourceRanges": ["10.0.0.0/8"]})

    def test_the_network_must_exist(self, account: gcp.Account) -> None:
        with pytest.raises(CloudError, match="'networks/other' was not found"):
            account.create(gcp.FIREWALL, {**self.RULE, "network": "other"})

    def test_the_removal_of_a_source_of_anywhere_is_not_seen(self, account: gcp.Account) -> None:
        """The widening that the provider's users ran into: 0.0.0.0/0 stays."""
        id_, _ = account.create(gcp.FIREWALL, self.RULE)
        tags = {key: value for key, value in self.RULE.items() if key != "sourceRanges"} | {"sourceTags": ["lb"]}
        there = gcp.outputs(gcp.FIREWALL, id_, self.RULE)
        assert set(differences(gcp, gcp.FIREWALL, there, tags)) == {"sourceTags"}
        account.update(gcp.FIREWALL, id_, self.RULE, tags)
        assert account.read(gcp.FIREWALL, id_, tags) == {**tags, "sourceRanges": ["0.0.0.0/0"]}


class TestDigitalOcean:
    """One account."""

    BALANCER = "3f1c8e6a-0000-4000-8000-000000000000"

    @pytest.mark.parametrize(
        "named",
        [
            {"tags": ["livekit"]},
            {"dropletIds": [1001]},
            {"inboundRules": [{"protocol": "icmp", "sourceLoadBalancerUids": [BALANCER]}]},
        ],
        ids=["tag", "droplet", "balancer"],
    )
    def test_what_a_firewall_names_must_exist(self, tmp_path: Path, named: dict[str, Any]) -> None:
        store = Store(tmp_path, "digitalocean")
        account = digitalocean.Account(store, {})
        with pytest.raises(CloudError, match="does not exist"):
            account.create(digitalocean.FIREWALL, {"name": "lk", **named})
        store.put(digitalocean.TAG, "LiveKit", {})
        store.put(digitalocean.DROPLET, "1001", {})
        store.put(digitalocean.BALANCER, self.BALANCER, {})
        account.create(digitalocean.FIREWALL, {"name": "lk", **named})


class TestAzure:
    """One subscription."""

    GROUP: ClassVar = {"networkSecurityGroupName": "lk", "resourceGroupName": "livekit"}

    def test_a_group_needs_its_resource_group_and_a_name_of_its_own(self, tmp_path: Path) -> None:
        account = azure.Account(Store(tmp_path, "azure-native"), {})
        with pytest.raises(CloudError, match="ResourceGroupNotFound"):
            account.create(azure.GROUP, self.GROUP)
        account.create(azure.RESOURCES, {"resourceGroupName": "livekit"})
        account.create(azure.GROUP, self.GROUP)
        with pytest.raises(CloudError, match="already existing"):
            account.create(azure.GROUP, self.GROUP)

    def test_a_rule_alone_needs_its_group_and_no_inline_ones_beside_it(self, tmp_path: Path) -> None:
        account = azure.Account(Store(tmp_path, "azure-native"), {})
        account.create(azure.RESOURCES, {"resourceGroupName": "livekit"})
        rule = {**self.GROUP, "securityRuleName": "ice"}
        with pytest.raises(CloudError, match="was not found"):
            account.create(azure.STANDALONE, rule)
        id_, _ = account.create(azure.GROUP, self.GROUP)
        assert account.create(azure.STANDALONE, rule)[0] == f"{id_}/securityRules/ice"
        account.update(azure.GROUP, id_, self.GROUP, {**self.GROUP, "securityRules": [{"name": "a"}]})
        with pytest.raises(CloudError, match="inline rules beside rule resources"):
            account.create(azure.STANDALONE, {**rule, "securityRuleName": "other"})

    def test_by_its_id_alone_a_group_is_read_with_what_azure_adds_to_its_rules(self, tmp_path: Path) -> None:
        account = azure.Account(Store(tmp_path, "azure-native"), {})
        account.create(azure.RESOURCES, {"resourceGroupName": "livekit"})
        rule = {"name": "ice", "priority": 200, "sourceAddressPrefixes": []}
        id_, _ = account.create(azure.GROUP, {**self.GROUP, "securityRules": [rule], "tags": {}})
        read = {"name": "ice", "priority": 200, **azure.added(id_, "ice")}
        assert account.read(azure.GROUP, id_, {}) == {**self.GROUP, "securityRules": [read]}

    def test_a_group_in_use_stays(self, tmp_path: Path) -> None:
        store = Store(tmp_path, "azure-native")
        store.put(azure.GROUP, "some-id", {"inUseBy": "a subnet"})
        with pytest.raises(CloudError, match="InUse"):
            azure.Account(store, {}).delete(azure.GROUP, "some-id", {})

    def test_a_priority_that_another_rule_of_the_group_has_is_refused(self, tmp_path: Path) -> None:
        store = Store(tmp_path, "azure-native")
        account = azure.Account(store, {})
        store.put(azure.RESOURCES, "/subscriptions/fake/resourceGroups/g", {})
        place = {"resourceGroupName": "g", "networkSecurityGroupName": "shared"}
        account.create(azure.GROUP, place)
        rule = {**place, "securityRuleName": "a", "direction": "Inbound", "priority": 400}
        first, _ = account.create(azure.STANDALONE, rule)
        with pytest.raises(CloudError, match="SecurityRuleConflict"):
            account.create(azure.STANDALONE, {**rule, "securityRuleName": "b"})
        other = {**rule, "securityRuleName": "b", "priority": 401}
        second, _ = account.create(azure.STANDALONE, other)
        with pytest.raises(CloudError, match="SecurityRuleConflict"):
            account.update(azure.STANDALONE, second, other, {**other, "priority": 400})
        account.update(azure.STANDALONE, first, rule, {**rule, "priority": 402})


class TestOverGrpc:
    """The executable that the engine starts."""

    URN = f"urn:pulumi:dev::raw::livekit:index:LiveKitFirewall${digitalocean.FIREWALL}::lk::a"

    @pytest.fixture
    def plugin(self, tmp_path: Path) -> Iterator[provider_pb2_grpc.ResourceProviderStub]:
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
        process = subprocess.Popen(
            [str(FAKES / "pulumi-resource-digitalocean"), "127.0.0.1:1"],
            env={**os.environ, "PATH": path, FOLDER: str(tmp_path)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        with process.stdout, grpc.insecure_channel(f"127.0.0.1:{int(process.stdout.readline())}") as channel:
            yield provider_pb2_grpc.ResourceProviderStub(channel)
            process.terminate()
            process.wait(timeout=10)

    @pytest.fixture
    def check(self, plugin: provider_pb2_grpc.ResourceProviderStub) -> Callable[..., Any]:
        token = digitalocean.FIREWALL

        def ask(**inputs: Any) -> Any:
            seed = bytes.fromhex("0123456789abcdef")
            request = provider_pb2.CheckRequest(urn=self.URN, type=token, news=struct(inputs), randomSeed=seed)
            return plugin.Check(request)

        return ask

    def test_a_refusal_names_its_property_and_is_logged(self, check: Callable[..., Any], tmp_path: Path) -> None:
        rule = {"protocol": "udp", "portRange": "60000-50000", "sourceAddresses": ["0.0.0.0/0"]}
        answer = check(name="lk", inboundRules=[rule])
        assert [(one.property, one.reason) for one in answer.failures] == [
            ("inboundRules[0].portRange", "must not be reversed (got '60000-50000')")
        ]
        logged = json.loads((tmp_path / "calls.jsonl").read_text(encoding="utf-8"))
        assert (logged["method"], logged["name"], logged["inputs"]["name"]) == ("Check", "lk::a", "lk")
        assert logged["refused"] == "inboundRules[0].portRange: must not be reversed (got '60000-50000')"

    def test_a_resource_without_a_name_is_named_as_the_provider_names_it(self, check: Callable[..., Any]) -> None:
        answer = check(inboundRules=[{"protocol": "icmp", "sourceLoadBalancerUids": UNKNOWN}])
        assert plain(answer.inputs)["name"] == "lk::a-0123456"
        assert [one.property for one in answer.failures] == ["name"]

    def test_a_refusal_ordered_by_a_test_is_an_error_once(
        self, plugin: provider_pb2_grpc.ResourceProviderStub, tmp_path: Path
    ) -> None:
        Store(tmp_path, "digitalocean").order_refusal(digitalocean.FIREWALL, "lk", "429 too many requests")
        request = provider_pb2.CreateRequest(
            urn=self.URN, type=digitalocean.FIREWALL, properties=struct({"name": "lk"})
        )
        with pytest.raises(grpc.RpcError, match="429 too many requests"):
            plugin.Create(request)
        created = plugin.Create(request)
        assert created.id
        assert plain(created.properties)["name"] == "lk"
