"""The component inside a larger program, on five clouds and a host at once, with ids unknown at preview."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from .admitted import by_amazon, by_azure, by_digitalocean, by_google, by_hetzner
from .fakes.wire import UNKNOWN
from .project import Call, Deploy, Project

PARENT = "urn:pulumi:dev::embedded::livekit:index:LiveKitFirewall::media"
PER_CLOUD = {
    "aws": "AwsFirewall",
    "gcp": "GcpFirewall",
    "digitalocean": "DigitalOceanFirewall",
    "azure": "AzureFirewall",
    "hetzner": "HetznerFirewall",
}


@dataclass
class Embedded:
    """The program, what `pulumi preview --json` printed before anything was there, and its calls."""

    project: Project
    digest: dict[str, Any]
    calls_of_preview: list[Call]


@pytest.fixture(scope="module")
def embedded(deploy: Deploy) -> Embedded:
    project = deploy("dev", program="embedded")
    digest = project.preview_json()
    calls = project.calls("Check", "Create", "Update", "Delete")
    project.forget_calls()
    project.up()
    return Embedded(project, digest, calls)


@pytest.fixture
def deployed(embedded: Embedded) -> Project:
    return embedded.project


def test_a_preview_shows_every_resource_although_no_id_is_known(embedded: Embedded) -> None:
    assert {step["op"] for step in embedded.digest["steps"]} == {"create"}
    made = [one["urn"] for several in embedded.project.resources().values() for one in several]
    assert sorted(step["urn"] for step in embedded.digest["steps"]) == sorted(made)


def test_a_preview_leaves_the_ids_open_and_the_rules_plain(embedded: Embedded) -> None:
    steps = embedded.digest["steps"]
    rules = [step["newState"]["inputs"] for step in steps if "IngressRule::" in step["urn"]]
    assert {rule["securityGroupId"] for rule in rules} == {UNKNOWN}
    assert {rule["toPort"] for rule in rules} >= {60000, 7880, 7881}


def test_a_tag_that_is_not_known_leaves_the_others_in_a_preview(embedded: Embedded) -> None:
    (group,) = [step["newState"] for step in embedded.digest["steps"] if step["urn"].endswith("-aws-security-group")]
    tags = group["inputs"]["tags"]
    assert tags["vpc"] == UNKNOWN
    assert tags["Name"] == "media-aws"
    assert "media" not in str(tags["team"])


def test_a_preview_is_judged_by_the_clouds_and_creates_nothing(embedded: Embedded) -> None:
    calls = embedded.calls_of_preview
    assert {call.cloud for call in calls} == {"aws", "gcp", "digitalocean", "azure-native", "hcloud"}
    assert {(call.method, call.preview) for call in calls} == {("Check", False), ("Create", True)}
    assert [call.refused for call in calls if call.refused] == []


@pytest.mark.parametrize(("target", "component"), PER_CLOUD.items(), ids=PER_CLOUD.keys())
def test_each_cloud_has_a_component_of_its_own_below_the_firewall(
    deployed: Project, target: str, component: str
) -> None:
    several = deployed.resources()[f"livekit:index:{component}"]
    (found,) = [one for one in several if one["urn"].endswith(f"::media-{target}")]
    assert found["parent"] == PARENT


def test_every_target_admits_the_same(deployed: Project, amazon: Any) -> None:
    """The load balancer by its group where the cloud knows groups, by its blocks everywhere, of which one was an
    output; operators by what each cloud knows besides.
    """
    by_target = {
        "aws": by_amazon(deployed, amazon),
        "gcp": {line.removesuffix(" to livekit") for line in by_google(deployed)},
        "digitalocean": by_digitalocean(deployed),
        "azure": set(by_azure(deployed)),
        "hetzner": by_hetzner(deployed),
    }
    (balancer,) = [call.id for call in deployed.calls("Create") if call.name == "balancer"]
    anywhere = {f"in {ports} {block}" for ports in ("udp 50000-60000", "tcp 7881") for block in ("0.0.0.0/0", "::/0")}
    blocks = {"in tcp 7880 10.0.0.0/24", "in tcp 7880 10.0.9.0/24", "in tcp 22 203.0.113.0/24"}
    names = {
        "aws": {f"in tcp 7880 {balancer}"},
        "gcp": {"in tcp 22 bastion"},
        "digitalocean": {f"in tcp 22 {_called(deployed, 'bastion')}"},
        "azure": {"in tcp 22 VirtualNetwork", "in tcp 22 bastion"},
        "hetzner": set(),
    }
    for target, lines in by_target.items():
        flows = {line for line in lines if line.startswith(("in tcp", "in udp"))}
        assert flows == anywhere | blocks | names[target], target


def _called(project: Project, tag: str) -> str:
    (made,) = [call.inputs["name"] for call in project.calls("Create") if call.name == tag]
    return str(made)


def test_a_block_that_is_not_known_is_in_the_preview_by_its_name(embedded: Embedded) -> None:
    steps = {step["urn"].rpartition("::")[2]: step["newState"].get("inputs", {}) for step in embedded.digest["steps"]}
    (google,) = [one for name, one in steps.items() if name.startswith("media-gcp-backend-cidrs-nlb-")]
    assert (google["sourceRanges"], google["allows"]) == ([UNKNOWN], [{"ports": ["7880"], "protocol": "tcp"}])
    (ocean,) = [one for one in steps["media-digitalocean-firewall"]["inboundRules"] if one.get("portRange") == "7880"]
    assert ocean["sourceAddresses"] == ["10.0.0.0/24", UNKNOWN]
    rules = {one["name"]: one for one in steps["media-azure-network-security-group"]["securityRules"]}
    assert rules["api-tcp-cidrs.nlb"]["sourceAddressPrefix"] == UNKNOWN
    assert rules["ssh-tcp-operators-group.bastion"]["sourceApplicationSecurityGroups"] == [{"id": UNKNOWN}]


def test_the_ids_arrive_where_they_belong(deployed: Project) -> None:
    created = {call.name: call for call in deployed.calls("Create")}
    group = created["media-aws-security-group"]
    wall = created["media-digitalocean-firewall"]
    azure = created["media-azure-network-security-group"]
    assert group.inputs["vpcId"] == created["vpc"].id
    assert wall.inputs["dropletIds"] == [int(created["droplet"].id)]
    hetzner = created["media-hetzner-firewall"].inputs
    assert hetzner["applyTos"] == [{"server": int(created["server"].id)}]
    assert hetzner["labels"] == {"server": created["server"].inputs["name"]}
    assert azure.inputs["resourceGroupName"] == created["group"].inputs["resourceGroupName"]
    assert group.inputs["tags"] == {"Name": "media-aws", "vpc": created["vpc"].id, "team": "media"}
    rules = [call.inputs for call in created.values() if call.kind.startswith("SecurityGroup") and "Rule" in call.kind]
    assert {str(one["tags"]) for one in rules} == {str({"vpc": created["vpc"].id})}
    assert wall.inputs["tags"] == [created["livekit"].inputs["name"]]
    assert azure.inputs["tags"] == {"group": created["group"].inputs["resourceGroupName"]}
    google = [call.inputs for call in created.values() if call.name.startswith("media-gcp")]
    assert {str(one["targetTags"]) for one in google} == {"['livekit']"}
    logged = {"metadata": "INCLUDE_ALL_METADATA"}
    assert {(one["priority"], str(one["logConfig"])) for one in google} == {(900, str(logged))}
    networks = {call.inputs["network"] for call in created.values() if call.name.startswith("media-gcp")}
    assert networks == {created["network"].id}


def test_rules_come_to_a_group_of_others_beside_theirs_and_the_last_deny_after_all(deployed: Project) -> None:
    own = [call for call in deployed.calls("Create") if call.kind == "SecurityRule"]
    ours = [call for call in own if call.name != "theirs"]
    (group,) = {call.inputs["networkSecurityGroupName"] for call in own}
    assert group.startswith("shared")
    assert {call.inputs["securityRuleName"]: call.inputs["priority"] for call in ours} == {
        "beside-azure-icmp-ipv4-107": 107,
        "beside-azure-ice-udp-457": 457,
        "beside-azure-ice-udp-482": 482,
        "beside-azure-ice-tcp-507": 507,
        "beside-azure-ice-tcp-532": 532,
        "beside-azure-deny-all-4096": 4096,
    }
    assert ours[-1].name == "beside-azure-deny-all-4096"
    assert [call for call in deployed.calls("Update", "Delete") if call.cloud == "azure-native"] == []
    assert [call.refused for call in own if call.refused] == []


def test_what_depends_on_a_rule_comes_after_it(deployed: Project) -> None:
    order = [call.name for call in deployed.calls("Create")]
    google = [name for name in order if name.startswith("media-gcp-public-ipv6")]
    assert order.index("after") > max(map(order.index, ["media-aws-udp-50000-60000-any-ipv4", *google]))
    (after,) = [one for one in deployed.resources()["digitalocean:index/tag:Tag"] if one["urn"].endswith("::after")]
    assert len(after["dependencies"]) == 2


def test_the_outputs_name_every_target(deployed: Project) -> None:
    assert set(deployed.outputs()) >= {
        "rules",
        "exposure",
        "exposure_json",
        "host_ruleset",
        "aws_security_group_id",
        "gcp_firewall_ids",
        "digitalocean_firewall_id",
        "azure_network_security_group_id",
        "hetzner_firewall_id",
    }


def test_another_value_is_one_update_and_one_that_may_not_be_sends_nothing(deployed: Project) -> None:
    def sent() -> set[tuple[str, str]]:
        names = {"gcp": "cidrs-nlb", "digitalocean": "media-", "azure-native": "media-", "hcloud": "media-"}
        return {
            (call.method, call.cloud)
            for call in deployed.calls("Create", "Update", "Delete")
            if call.cloud in names and not call.preview and not call.refused
        }

    deployed.forget_calls()
    deployed.configure({"nlb": "10.0.8.0/24"})
    deployed.up()
    assert sent() == {("Update", "gcp"), ("Update", "digitalocean"), ("Update", "azure-native"), ("Update", "hcloud")}
    (google,) = [call for call in deployed.calls("Update") if call.cloud == "gcp"]
    assert google.inputs["sourceRanges"] == ["10.0.8.0/24"]
    deployed.forget_calls()
    deployed.configure({"nlb": "0.0.0.0/0"})
    run = deployed.preview(fails=True)
    assert "load_balancer.cidrs" in run.output
    assert "Traceback" not in run.output
    deployed.up(fails=True)
    assert sent() == set()
