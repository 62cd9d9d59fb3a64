"""Which machines a change is about: followed as each platform's resources say it, whether ids are known or not."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.reports.review import Review, review_texts
from livekit_firewall.reports.review.markdown import markdown
from livekit_firewall.reports.review.text import text
from tests.unit.strategies import few_examples

from .programs import UNKNOWN

URN = "urn:pulumi:dev::media::{}::{}"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
INSTANCE = "aws:ec2/instance:Instance"
INTERFACE = "aws:ec2/networkInterface:NetworkInterface"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
NSG = "azure-native:network:NetworkSecurityGroup"
CLASSIC = "azure:network/networkSecurityGroup:NetworkSecurityGroup"
WALL = "digitalocean:index/firewall:Firewall"
DROPLET = "digitalocean:index/droplet:Droplet"
RULE = "gcp:compute/firewall:Firewall"
VM = "gcp:compute/instance:Instance"
NETWORK = "gcp:compute/network:Network"

OPEN = {"ingress": [{"protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlocks": ["10.0.0.0/8"]}]}
AZURE_OPEN = {"securityRules": [{"name": "web", "priority": 100, "access": "Allow", "direction": "Inbound",
                                 "protocol": "Tcp", "sourceAddressPrefix": "10.0.0.0/8", "sourcePortRange": "*",
                                 "destinationAddressPrefix": "*", "destinationPortRange": "443"}]}  # fmt: skip
WALL_OPEN = {"inboundRules": [{"protocol": "tcp", "portRange": "443", "sourceAddresses": ["10.0.0.0/8"]}]}
RULE_OPEN = {"allows": [{"protocol": "tcp", "ports": ["443"]}], "sourceRanges": ["10.0.0.0/8"]}


class To:
    """In an input, the id of another resource: known, or unknown with a dependency on it."""

    def __init__(self, name: str, what: str = "id") -> None:
        self.name, self.what = name, what


Program = Mapping[str, tuple[str, Mapping[str, Any]]]
"""Resources by their names: type and inputs."""


def filled(value: Any, ids: Mapping[str, str] | None) -> Any:
    if isinstance(value, To):
        return UNKNOWN if ids is None else ids[value.name]
    if isinstance(value, Mapping):
        return {key: filled(one, ids) for key, one in value.items()}
    return [filled(one, ids) for one in value] if isinstance(value, list) else value


def referred(value: Any) -> list[str]:
    if isinstance(value, To):
        return [value.name]
    inside = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return [name for one in inside for name in referred(one)]


def ids_of(program: Program) -> dict[str, str]:
    return {name: f"/Subscriptions/1/{name}" if token.startswith("azure") else f"{name}-0a1b"
            for name, (token, _) in program.items()}  # fmt: skip


def reviewed(
    before: Program, after: Program, *, sames: bool = True, replaced: Mapping[str, bool] | None = None
) -> Review:
    """The review of a preview; what is created has ids that are not known yet.

    Args:
        replaced: what is replaced, and whether the old one is deleted first.
    """
    everything, steps = {**before, **after}, []
    urns = {name: URN.format(token, name) for name, (token, _) in everything.items()}

    def state(name: str, given: Program, ids: Mapping[str, str] | None, **more: Any) -> dict[str, Any]:
        token, inputs = given[name]
        depends = {key: [urns[one] for one in dict.fromkeys(referred(value))] for key, value in inputs.items()}
        return {
            "urn": urns[name],
            "type": token,
            "inputs": filled(inputs, ids),
            "propertyDependencies": depends,
            **more,
        }

    ids = ids_of(everything)
    for name in everything:
        old = state(name, before, ids, id=ids[name]) if name in before else None
        new = state(name, after, ids if before else None) if name in after else None
        op = "create" if old is None else "delete" if new is None else "same"
        if old and new and old["inputs"] != new["inputs"]:
            op = "update"
        ops = [op]
        if name in (replaced or {}):
            ops = ["create-replacement", "replace", "delete-replaced"]
            ops = ops[::-1] if replaced and replaced[name] else ops
        steps += ({"op": one, "urn": urns[name], "oldState": old, "newState": new} for one in ops)
    summary: dict[str, int] = {}
    for step in steps:
        summary[step["op"]] = summary.get(step["op"], 0) + 1
    shown = [step for step in steps if sames or step["op"] != "same"]
    return review_texts([("p.json", json.dumps({"steps": shown, "changeSummary": summary}))])


def attached(found: Review) -> dict[str, list[str]]:
    return {one["firewall"]: sorted(machine["name"] for machine in one["machines"])
            for one in found.as_json()["stacks"][0]["attached"]}  # fmt: skip


G = (GROUP, OPEN)
N = (NSG, AZURE_OPEN)
C = (CLASSIC, {"securityRules": [{**AZURE_OPEN["securityRules"][0], "name": "web"}]})
AWS = {
    "an instance": {"g": G, "m": (INSTANCE, {"vpcSecurityGroupIds": [To("g")]})},
    "its older input": {"g": G, "m": (INSTANCE, {"securityGroups": [To("g")]})},
    "an interface": {"g": G, "m": (INTERFACE, {"securityGroups": [To("g")]})},
    "an instance by its interface": {
        "g": G, "i": (INTERFACE, {"securityGroups": [To("g")]}),
        "m": (INSTANCE, {"networkInterfaces": [{"deviceIndex": 0, "networkInterfaceId": To("i")}]})},
    "an instance by its primary interface": {
        "g": G, "i": (INTERFACE, {"securityGroups": [To("g")]}),
        "m": (INSTANCE, {"primaryNetworkInterface": {"networkInterfaceId": To("i")}})},
    "an interface that names its instance": {
        "g": G, "m": (INSTANCE, {}),
        "i": (INTERFACE, {"securityGroups": [To("g")], "attachments": [{"instance": To("m"), "deviceIndex": 1}]})},
    "an attachment of an interface": {
        "g": G, "i": (INTERFACE, {"securityGroups": [To("g")]}), "m": (INSTANCE, {}),
        "a": ("aws:ec2/networkInterfaceAttachment:NetworkInterfaceAttachment",
              {"networkInterfaceId": To("i"), "instanceId": To("m")})},
    "an attachment of a group": {
        "g": G, "m": (INTERFACE, {}),
        "a": ("aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment",
              {"networkInterfaceId": To("m"), "securityGroupId": To("g")})},
    "a launch template": {"g": G, "m": (TEMPLATE, {"vpcSecurityGroupIds": [To("g")]})},
    "a template's interfaces": {"g": G, "m": (TEMPLATE, {"networkInterfaces": [{"securityGroups": [To("g")]}]})},
    "instances of a template": {
        "g": G, "t": (TEMPLATE, {"vpcSecurityGroupIds": [To("g")]}),
        "m": ("aws:autoscaling/group:Group", {"launchTemplate": {"id": To("t"), "version": "$Latest"}})},
    "instances of mixed templates": {
        "g": G, "t": (TEMPLATE, {"vpcSecurityGroupIds": [To("g")]}),
        "m": ("aws:autoscaling/group:Group", {"mixedInstancesPolicy": {"launchTemplate": {
            "launchTemplateSpecification": {"launchTemplateId": To("t")}}}})},
    "an older configuration": {
        "g": G, "t": ("aws:ec2/launchConfiguration:LaunchConfiguration", {"securityGroups": [To("g")]}),
        "m": ("aws:autoscaling/group:Group", {"launchConfiguration": To("t")})},
    "a node group": {
        "g": G, "t": (TEMPLATE, {"vpcSecurityGroupIds": [To("g")]}),
        "m": ("aws:eks/nodeGroup:NodeGroup", {"launchTemplate": {"id": To("t"), "version": "1"}})},
    "a cluster": {"g": G, "m": ("aws:eks/cluster:Cluster", {"vpcConfig": {"securityGroupIds": [To("g")]}})},
    "a balancer": {"g": G, "m": ("aws:lb/loadBalancer:LoadBalancer", {"securityGroups": [To("g")]})},
    "a database": {"g": G, "m": ("aws:rds/instance:Instance", {"vpcSecurityGroupIds": [To("g")]})},
    "a service of containers": {
        "g": G, "m": ("aws:ecs/service:Service", {"networkConfiguration": {"securityGroups": [To("g")]}})},
    "the default group": {
        "g": ("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", OPEN),
        "m": (INSTANCE, {"vpcSecurityGroupIds": [To("g")]})},
}  # fmt: skip
AZURE = {
    "an interface": {"g": N, "m": ("azure-native:network:NetworkInterface", {"networkSecurityGroup": {"id": To("g")}})},
    "a named version": {
        "g": N, "m": ("azure-native:network/v20240101:NetworkInterface", {"networkSecurityGroup": {"id": To("g")}})},
    "a machine by its interface": {
        "g": N, "i": ("azure-native:network:NetworkInterface", {"networkSecurityGroup": {"id": To("g")}}),
        "m": ("azure-native:compute:VirtualMachine", {"networkProfile": {"networkInterfaces": [{"id": To("i")}]}})},
    "a subnet": {"g": N, "m": ("azure-native:network:Subnet", {"networkSecurityGroup": {"id": To("g")}})},
    "a machine in a subnet": {
        "g": N, "s": ("azure-native:network:Subnet", {"networkSecurityGroup": {"id": To("g")}}),
        "i": ("azure-native:network:NetworkInterface", {"ipConfigurations": [{"subnet": {"id": To("s")}}]}),
        "m": ("azure-native:compute:VirtualMachine", {"networkProfile": {"networkInterfaces": [{"id": To("i")}]}})},
    "a network's own subnets": {
        "g": N, "m": ("azure-native:network:VirtualNetwork",
                      {"subnets": [{"name": "s", "networkSecurityGroup": {"id": To("g")}}]})},
    "a scale set": {
        "g": N, "m": ("azure-native:compute:VirtualMachineScaleSet", {"virtualMachineProfile": {"networkProfile": {
            "networkInterfaceConfigurations": [{"networkSecurityGroup": {"id": To("g")}}]}}})},
    "a pool of a cluster": {
        "g": N, "s": ("azure-native:network:Subnet", {"networkSecurityGroup": {"id": To("g")}}),
        "m": ("azure-native:containerservice:AgentPool", {"vnetSubnetID": To("s")})},
    "classic: an association with a subnet": {
        "g": C, "s": ("azure:network/subnet:Subnet", {}),
        "a": ("azure:network/subnetNetworkSecurityGroupAssociation:SubnetNetworkSecurityGroupAssociation",
              {"subnetId": To("s"), "networkSecurityGroupId": To("g")}),
        "m": ("azure:network/networkInterface:NetworkInterface", {"ipConfigurations": [{"subnetId": To("s")}]})},
    "classic: an association with an interface": {
        "g": C, "i": ("azure:network/networkInterface:NetworkInterface", {}),
        "a": ("azure:network/networkInterfaceSecurityGroupAssociation:NetworkInterfaceSecurityGroupAssociation",
              {"networkInterfaceId": To("i"), "networkSecurityGroupId": To("g")}),
        "m": ("azure:compute/linuxVirtualMachine:LinuxVirtualMachine", {"networkInterfaceIds": [To("i")]})},
    "classic: a scale set": {
        "g": C, "m": ("azure:compute/linuxVirtualMachineScaleSet:LinuxVirtualMachineScaleSet",
                      {"networkInterfaces": [{"networkSecurityGroupId": To("g")}]})},
}  # fmt: skip
EACH = {f"{platform}: {name}": program for platform, programs in (("aws", AWS), ("azure", AZURE))
        for name, program in programs.items()}  # fmt: skip


def wider(program: Program) -> Program:
    """The program with a port more in the group."""
    token, inputs = program["g"]
    more = json.loads(json.dumps(inputs).replace("443", "444"))
    return {**program, "g": (token, more)}


@pytest.mark.parametrize("name", EACH)
class TestFromItsGroup:
    def test_a_machine_is_found_where_ids_are_known(self, name: str) -> None:
        assert attached(reviewed(EACH[name], wider(EACH[name]))) == {"g": ["m"]}

    def test_a_machine_is_found_before_anything_is_made(self, name: str) -> None:
        assert attached(reviewed({}, EACH[name])) == {"g": ["m"]}

    def test_another_group_has_none_of_it(self, name: str) -> None:
        other = {**EACH[name], "other": EACH[name]["g"]}
        assert attached(reviewed(other, {**other, "other": wider(EACH[name])["g"]})) == {"other": []}

    def test_a_preview_without_what_stays_does_not_say_that_there_are_none(self, name: str) -> None:
        found = reviewed(EACH[name], wider(EACH[name]), sames=False)
        (one,) = found.as_json()["stacks"][0]["attached"]
        assert (one["machines"], one["is_whole"]) == ([], False)
        assert "Which machines have `g` is not known from this preview." in markdown(found)
        assert "  Which machines have g is not known from this preview." in text(found).splitlines()


GOOGLE_MACHINES = {
    "every instance": ({"network": "default"}, (VM, {"networkInterfaces": [{"network": "default"}]})),
    "a tag": (
        {"network": "default", "targetTags": ["web"]},
        (VM, {"networkInterfaces": [{"network": "default"}], "tags": ["other", "web"]})),
    "an account": (
        {"network": "default", "targetServiceAccounts": ["a@example.com"]},
        (VM, {"networkInterfaces": [{"network": "default"}], "serviceAccount": {"email": "a@example.com"}})),
    "a link to the network": (
        {"network": "default"},
        (VM, {"networkInterfaces": [{"network": "projects/p/global/networks/default"}]})),
    "the network's resource": ({"network": To("n")}, (VM, {"networkInterfaces": [{"network": To("n")}]})),
    "the network's resource by its name": (
        {"network": "net"}, (VM, {"networkInterfaces": [{"network": To("n")}]})),
    "a subnetwork": ({"network": To("n")}, (VM, {"networkInterfaces": [{"subnetwork": To("s")}]})),
    "a template": (
        {"network": "default", "targetTags": ["web"]},
        ("gcp:compute/instanceTemplate:InstanceTemplate",
         {"networkInterfaces": [{"network": "default"}], "tags": ["web"]})),
    "a cluster": (
        {"network": "default"}, ("gcp:container/cluster:Cluster", {"nodeConfig": {"tags": ["web"]}})),
    "a pool of nodes": (
        {"network": To("n"), "targetTags": ["web"]},
        ("gcp:container/nodePool:NodePool", {"cluster": To("c"), "nodeConfig": {"tags": ["web"]}})),
}  # fmt: skip
BESIDE = {
    "n": (NETWORK, {"name": "net"}),
    "s": ("gcp:compute/subnetwork:Subnetwork", {"network": To("n")}),
    "c": ("gcp:container/cluster:Cluster", {"network": To("n"), "nodeConfig": {"tags": ["c"]}}),
}


@pytest.mark.parametrize("name", GOOGLE_MACHINES)
@pytest.mark.parametrize("is_new", [True, False])
def test_on_google_cloud_a_machine_is_found_by_its_network_and_tags(name: str, is_new: bool) -> None:
    rule, machine = GOOGLE_MACHINES[name]
    needed = {key: one for key, one in BESIDE.items() if key != "c" or name == "a pool of nodes"}
    program = {**needed, "g": (RULE, {**RULE_OPEN, **rule}), "m": machine}
    more = {"allows": [{"protocol": "tcp", "ports": ["444"]}]}
    changed = {**program, "g": (RULE, {**program["g"][1], **more})}
    (found,) = attached(reviewed({} if is_new else program, changed)).values()
    assert found == ["m"]


@pytest.mark.parametrize(
    ("rule", "machine"),
    [
        ({"network": "default", "targetTags": ["web"]}, {"networkInterfaces": [{"network": "default"}], "tags": ["x"]}),
        ({"network": "one"}, {"networkInterfaces": [{"network": "two"}]}),
        (
            {"network": "default", "targetServiceAccounts": ["a@b"]},
            {"networkInterfaces": [{"network": "default"}], "serviceAccount": {"email": "c@b"}},
        ),
    ],
)
def test_on_google_cloud_another_machine_is_not(rule: dict[str, Any], machine: dict[str, Any]) -> None:
    (found,) = attached(reviewed({}, {"g": (RULE, {**RULE_OPEN, **rule}), "m": (VM, machine)})).values()
    assert found == []


def test_on_google_cloud_a_machine_whose_network_is_not_known_makes_the_list_unsure() -> None:
    machine = (VM, {"networkInterfaces": [{"subnetwork": "projects/p/regions/r/subnetworks/s"}]})
    found = reviewed({}, {"g": (RULE, {**RULE_OPEN, "network": "default"}), "m": machine})
    assert "Which machines have `default: every instance` is not known from this preview." in markdown(found)


def test_instances_of_a_template_of_google_are_named_by_their_group() -> None:
    program = {
        "g": (RULE, {**RULE_OPEN, "network": "default"}),
        "t": ("gcp:compute/instanceTemplate:InstanceTemplate", {"networkInterfaces": [{"network": "default"}]}),
        "m": ("gcp:compute/instanceGroupManager:InstanceGroupManager", {"versions": [{"instanceTemplate": To("t")}]}),
    }
    assert list(attached(reviewed({}, program)).values()) == [["m"]]


DROPLETS = {
    "an id": ({"dropletIds": [To("m")]}, (DROPLET, {})),
    "a tag": ({"tags": ["web"]}, (DROPLET, {"tags": ["x", "web"]})),
    "a pool that scales": (
        {"tags": ["web"]},
        ("digitalocean:index/dropletAutoscale:DropletAutoscale", {"dropletTemplate": {"tags": ["web"]}}),
    ),
    "a pool of a cluster": (
        {"tags": ["web"]},
        ("digitalocean:index/kubernetesNodePool:KubernetesNodePool", {"tags": ["web"]}),
    ),
}


@pytest.mark.parametrize("name", DROPLETS)
@pytest.mark.parametrize("is_new", [True, False])
def test_on_digitalocean_a_droplet_is_found_by_its_id_or_tag(name: str, is_new: bool) -> None:
    wall, machine = DROPLETS[name]
    program = {"m": machine, "other": (DROPLET, {"tags": ["y"]}), "g": (WALL, {**WALL_OPEN, **wall})}
    more = {**WALL_OPEN, **wall, "inboundRules": [{**WALL_OPEN["inboundRules"][0], "portRange": "444"}]}
    found = attached(reviewed({} if is_new else program, {**program, "g": (WALL, more)}))
    assert list(found.values()) == [["m"]]


def test_droplets_that_are_not_made_yet_are_all_named() -> None:
    program = {f"m{place}": (DROPLET, {}) for place in range(4)}
    program["g"] = (WALL, {**WALL_OPEN, "dropletIds": [To(f"m{place}") for place in range(4)]})
    named = {name for machines in attached(reviewed({}, program)).values() for name in machines}
    assert named == {"m0", "m1", "m2", "m3"}


class TestWhatIsNotKnown:
    def test_is_a_group_of_more_than_the_values_that_are_unknown(self) -> None:
        """One id of two groups, chosen by the program: which one is not known before the update."""
        urn = URN.format(GROUP, "{}")
        steps = [
            {
                "op": "create",
                "urn": urn.format(name),
                "newState": {"urn": urn.format(name), "type": GROUP, "inputs": OPEN},
            }
            for name in ("a", "b")
        ]
        node = URN.format(INSTANCE, "node")
        steps.append({"op": "create", "urn": node, "newState": {
            "urn": node, "type": INSTANCE, "inputs": {"vpcSecurityGroupIds": [UNKNOWN]},
            "propertyDependencies": {"vpcSecurityGroupIds": [urn.format("a"), urn.format("b")]}}})  # fmt: skip
        found = review_texts([("p", json.dumps({"steps": steps, "changeSummary": {"create": 3}}))])
        assert attached(found) == {"a": [], "b": []}
        assert "Which machines have `a`, `b` is not known from this preview." in markdown(found)

    def test_is_an_id_of_another_stack(self) -> None:
        found = reviewed({}, {"g": G, "m": (INSTANCE, {"vpcSecurityGroupIds": [UNKNOWN]})})
        assert [one["is_whole"] for one in found.as_json()["stacks"][0]["attached"]] == [False]

    def test_is_told_beside_what_is_known(self) -> None:
        program = {"g": G, "m": (INSTANCE, {"vpcSecurityGroupIds": [To("g")]})}
        after = {**wider(program), "m": (INSTANCE, {"vpcSecurityGroupIds": [To("g")], "size": "b"})}
        page = markdown(reviewed(program, after, sames=False))
        assert "- `g` is attached to `m` (`Instance`).\n" in page
        assert "- Whether more machines have `g` is not known from this preview." in page

    def test_a_log_that_watches_a_group_is_no_machine(self) -> None:
        log = ("azure:network/networkWatcherFlowLog:NetworkWatcherFlowLog", {"networkSecurityGroupId": To("g")})
        assert attached(reviewed({}, {"g": C, "m": log})) == {"g": []}

    def test_a_group_that_is_a_source_of_another_is_on_no_machine_of_it(self) -> None:
        rule = {"protocol": "tcp", "fromPort": 80, "toPort": 80, "securityGroups": [To("g")]}
        program = {
            "g": G,
            "other": (GROUP, {"ingress": [rule]}),
            "m": (INSTANCE, {"vpcSecurityGroupIds": [To("other")]}),
        }
        assert attached(reviewed({}, program)) == {"g": [], "other": ["m"]}


def test_what_gains_and_what_loses_a_firewall_is_told() -> None:
    before = {"g": G, "old": (INSTANCE, {"vpcSecurityGroupIds": [To("g")]}), "new": (INSTANCE, {}),
              "both": (INSTANCE, {"vpcSecurityGroupIds": [To("g")]})}  # fmt: skip
    after = {"g": wider(before)["g"], "old": (INSTANCE, {}), "both": before["both"], "new": before["old"]}
    page = markdown(reviewed(before, after))
    told = re.search(r"`g` is attached to (.*)\.", page)
    assert told
    assert sorted(re.findall(r"`\w+` \([^)]*\)", told[1])) == [
        "`both` (`Instance`)",
        "`new` (`Instance`, from now on)",
        "`old` (`Instance`, no longer)",
    ]


def test_firewalls_with_the_same_machines_are_one_sentence() -> None:
    program = {"a": G, "b": G, "m": (INSTANCE, {"vpcSecurityGroupIds": [To("a"), To("b")]})}
    assert "`a`, `b` are attached to `m` (`Instance`).\n" in markdown(reviewed({}, program))
    assert "  a, b are attached to m (Instance)." in text(reviewed({}, program)).splitlines()


def test_a_host_says_nothing_of_machines() -> None:
    file = {"f": ("pulumi-python:dynamic/livekit:RulesetFile", {"content": "table inet x {}", "path": "/etc/x.nft"})}
    assert attached(reviewed({}, file)) == {}


@few_examples
@given(st.integers(1, 80))
def test_many_machines_are_counted(number: int) -> None:
    machines = {f"m{place}": (INSTANCE, {"vpcSecurityGroupIds": [To("g")]}) for place in range(number)}
    found = reviewed({}, {"g": G, **machines})
    assert len(found.as_json()["stacks"][0]["attached"][0]["machines"]) == number
    for page in (markdown(found), text(found)):
        (line,) = re.findall(r"g`? is attached to (.*)\.", page)
        more = re.search(r" and (\d+) more$", line)
        assert len(re.findall(r"m\d+", line)) + int(more[1] if more else 0) == number


@st.composite
def stacks(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, set[str]]]:
    """Groups, interfaces, templates and what has them, and who has which group by the judge's own count."""
    groups = [f"g{place}" for place in range(draw(st.integers(1, 4)))]
    program: dict[str, Any] = dict.fromkeys(groups, G)
    has: dict[str, set[str]] = {name: set() for name in groups}
    some = st.lists(st.sampled_from(groups), unique=True)
    free: dict[str, list[str]] = {}
    for place in range(draw(st.integers(0, 3))):
        free[f"i{place}"] = draw(some)
        program[f"i{place}"] = (INTERFACE, {"securityGroups": [To(one) for one in free[f"i{place}"]]})
    templates: dict[str, list[str]] = {}
    for place in range(draw(st.integers(0, 2))):
        templates[f"t{place}"] = draw(some)
        program[f"t{place}"] = (
            TEMPLATE,
            {"networkInterfaces": [{"securityGroups": [To(g)]} for g in templates[f"t{place}"]]},
        )
    unused = {**free, **templates}
    for place in range(draw(st.integers(0, 4))):
        name, own = f"m{place}", draw(some)
        mine = draw(st.lists(st.sampled_from(sorted(free)), unique=True)) if free else []
        interfaces = [{"networkInterfaceId": To(one)} for one in mine]
        groups_of = [To(one) for one in own]
        program[name] = (INSTANCE, {"vpcSecurityGroupIds": groups_of, "networkInterfaces": interfaces})
        template = draw(st.sampled_from([None, *sorted(templates)]))
        if template:
            program[f"a{place}"] = ("aws:autoscaling/group:Group", {"launchTemplate": {"id": To(template)}})
        for one in mine:
            unused.pop(one, None)
        for group in {*own, *(group for one in mine for group in free[one])}:
            has[group].add(name)
        for group in templates[template] if template else ():
            has[group].add(f"a{place}")
            unused.pop(template, None)  # type: ignore[arg-type]
        unused.pop(template or "", None)
    for name, given_ in unused.items():
        for group in given_:
            has[group].add(name)
    return program, has


@few_examples
@given(stacks(), st.booleans())
def test_of_any_stack_the_machines_are_those_that_are_reached(made: tuple[Any, Any], is_new: bool) -> None:
    program, has = made
    more = {name: (wider({"g": G})["g"] if name in has else one) for name, one in program.items()}
    found = attached(reviewed({} if is_new else program, more))
    assert found == {name: sorted(machines) for name, machines in has.items()}
