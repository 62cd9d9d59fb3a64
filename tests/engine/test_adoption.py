"""A firewall that was there before the program: `compare --import`, `pulumi import`, and the next preview is clean."""

from __future__ import annotations

import itertools
import json
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from livekit_firewall.platforms.registry import BY_ARGUMENT

from . import listings
from .accounts import furnish
from .admitted import of_group
from .fakes import azure, digitalocean, gcp, hetzner
from .fakes.ec2 import EGRESS, GROUP, INGRESS, permission, rules
from .project import Deploy, Project
from .test_failures import MEDIA

pytestmark = pytest.mark.needs("pulumi", "moto")

Wanted = dict[str, list[dict[str, Any]]]
"""The inputs of what the program would create, by type."""


def wanted(project: Project, steps: list[dict[str, Any]] | None = None) -> Wanted:
    found: Wanted = {}
    for step in steps or project.preview_json()["steps"]:
        if step["op"] == "create" and step["newState"].get("custom"):
            found.setdefault(step["newState"]["type"], []).append(step["newState"]["inputs"])
    return found


def amazon_by_hand(project: Project, amazon: Any, wanted: Wanted) -> dict[str, Any]:
    """A group of another name, with the rules that the program would make, in no order of the program's."""
    vpc = project.config()["aws"]["vpc_id"]
    name = f"hand-{next(NUMBERS)}"
    group = amazon.create_security_group(GroupName=name, Description="made by hand", VpcId=vpc)["GroupId"]
    tags = [{"Key": key, "Value": value} for key, value in wanted[GROUP][0]["tags"].items()]
    amazon.create_tags(Resources=[group], Tags=tags)
    anywhere = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    amazon.revoke_security_group_egress(GroupId=group, IpPermissions=[anywhere])
    for kind, authorize in (
        (INGRESS, amazon.authorize_security_group_ingress),
        (EGRESS, amazon.authorize_security_group_egress),
    ):
        for inputs in reversed(wanted[kind]):
            authorize(GroupId=group, IpPermissions=[permission({**inputs, "description": "by hand"})])
    return listings.by_aws(amazon, group)


NUMBERS = itertools.count(1)


def google_by_hand(project: Project, _: Any, wanted: Wanted) -> object:
    account = gcp.Account(project.account("gcp"), {"project": "my-project"})
    for place, inputs in enumerate(reversed(wanted[gcp.FIREWALL])):
        account.create(gcp.FIREWALL, {**inputs, "name": f"hand-{place}"})
    return listings.by_gcloud(project)


def ocean_by_hand(project: Project, _: Any, wanted: Wanted) -> object:
    account = digitalocean.Account(project.account("digitalocean"), {})
    account.create(digitalocean.FIREWALL, {**wanted[digitalocean.FIREWALL][0], "name": "by-hand"})
    return listings.by_doctl(project)


def hetzner_by_hand(project: Project, _: Any, wanted: Wanted) -> object:
    account = hetzner.Account(project.account("hcloud"), {})
    account.create(hetzner.FIREWALL, {**wanted[hetzner.FIREWALL][0], "name": "by-hand"})
    return listings.by_hcloud(project)


def azure_by_hand(project: Project, _: Any, wanted: Wanted) -> object:
    account = azure.Account(project.account("azure-native"), {})
    account.create(azure.GROUP, {**wanted[azure.GROUP][0], "networkSecurityGroupName": "by-hand"})
    return listings.by_az(project)


CLOUDS: dict[str, Callable[[Project, Any, Wanted], object]] = {
    "aws": amazon_by_hand,
    "gcp": google_by_hand,
    "digitalocean": ocean_by_hand,
    "azure": azure_by_hand,
    "hetzner": hetzner_by_hand,
}


def compare(project: Project, listing: object, *more: str) -> str:
    """`compare --import import.json`; what it says on stderr."""
    path = listings.write(project, listing)
    return command(project, "compare", path.name, "--stack", project.stack, "--import", "import.json", *more, err=True)


def command(project: Project, *arguments: str, err: bool = False) -> str:
    """What the command prints on stdout, or on stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "livekit_firewall.cli", *arguments],
        cwd=project.folder, env={**project.environment, "PYTHONPATH": "components"},
        check=False, text=True, capture_output=True, timeout=60,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    return done.stderr if err else done.stdout


def adopt(project: Project, told: str) -> str:
    """Run the command that was printed."""
    line = next(line for line in told.splitlines() if line.startswith("  pulumi import "))
    _, *arguments = shlex.split(line)
    return project.run(*arguments, "--yes", "--skip-preview", "--skip-plugin-pre-install").output


ADDED_BY_AZURE = {"etag", "id", "provisioningState", "type"}


def assert_clean(project: Project, cloud: str) -> None:
    """Nothing to do; on Azure an update that drops from the state what Azure added to each rule."""
    if cloud != "azure":
        project.preview("--expect-no-changes")
        return
    digest = project.preview_json()
    (project.folder / "preview.json").write_text(json.dumps(digest), encoding="utf-8")
    assert "no change" in command(project, "review", "preview.json").splitlines()[0].lower()
    (update,) = (step for step in digest["steps"] if step["op"] != "same")
    assert (update["op"], update["urn"].split("::")[2].rpartition("$")[2]) == ("update", azure.GROUP)
    assert {path.rpartition(".")[2] for path in update["detailedDiff"]} == ADDED_BY_AZURE
    assert {one["kind"] for one in update["detailedDiff"].values()} == {"delete"}


def tree(found: Iterable[dict[str, Any]]) -> set[tuple[str, str]]:
    """Each resource by name, and the name of its parent."""
    return {(one["urn"].split("::")[3], one.get("parent", "::::::").split("::")[3]) for one in found}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_preview_after_the_import_is_clean(deploy: Deploy, amazon: Any, cloud: str) -> None:
    """And so is the update, the preview after it, and what the program makes of an edit afterwards."""
    project = deploy(f"{cloud}-example")
    furnish(project, amazon)
    steps = project.preview_json()["steps"]
    plan = wanted(project, steps)
    told = compare(project, CLOUDS[cloud](project, amazon, plan))
    before = project.clouds.joinpath(f"{BY_ARGUMENT[cloud].package}.json")
    kept = before.read_text(encoding="utf-8") if cloud != "aws" else ""
    count = sum(map(len, plan.values()))
    assert f"wrote import.json with {count} of the program's resources" in told
    assert "not of this program" not in told
    printed = adopt(project, told)
    assert "failed to validate" not in printed
    adopt(project, told)  # again: what is in the state is passed over
    assert_clean(project, cloud)
    assert not any(one.get("protect") for several in project.resources().values() for one in several)

    project.forget_calls()
    project.up()
    assert [call.method for call in project.calls()] == (["Update"] if cloud == "azure" else [])
    if cloud == "azure":  # elsewhere the preview before the update was clean, and the update did nothing
        project.preview("--expect-no-changes")
    project.refresh()
    project.preview("--expect-no-changes")
    if cloud in ("gcp", "digitalocean", "hetzner"):
        assert before.read_text(encoding="utf-8") == kept
    assert tree(itertools.chain(*project.resources().values())) == tree(step["newState"] for step in steps)


SSH = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


def changes(project: Project) -> set[tuple[str, str]]:
    """What a preview would do: operations and names."""
    return {
        (step["op"], step["urn"].split("::")[3]) for step in project.preview_json()["steps"] if step["op"] != "same"
    }


class TestOneRuleIsForeignAndOneIsLacking:
    """SSH is open to anywhere by a rule of somebody else's, and media over IPv4 is not open."""

    def test_on_amazon_the_foreign_one_stays(self, deploy: Deploy, amazon: Any) -> None:
        project = deploy("aws-example")
        furnish(project, amazon)
        group = amazon_by_hand(project, amazon, wanted(project))["SecurityGroupRules"][0]["GroupId"]
        amazon.revoke_security_group_ingress(GroupId=group, IpPermissions=[MEDIA])
        amazon.authorize_security_group_ingress(GroupId=group, IpPermissions=[SSH])
        (foreign,) = (
            rule["SecurityGroupRuleId"] for rule in rules(amazon, group, INGRESS).values()
            if (rule["FromPort"], rule.get("CidrIpv4")) == (22, "0.0.0.0/0")
        )  # fmt: skip
        other = amazon_by_hand(project, amazon, wanted(project))["SecurityGroupRules"][0]["GroupId"]
        told = compare(project, listings.by_aws(amazon, group, other), "--group", group)
        lacking = "livekit-aws-udp-50000-60000-any-ipv4"
        assert f"not in the listing, so that the next pulumi up creates 1:\n  {lacking}\n" in told
        removal = f"revoke-security-group-ingress --group-id {group} --security-group-rule-ids {foreign}"
        assert f": 1\n  {foreign}: ingress tcp/22 0.0.0.0/0\n    aws ec2 {removal}\n" in told
        adopt(project, told)
        assert changes(project) == {("create", lacking)}
        at_first = of_group(amazon, group)
        project.up()
        assert of_group(amazon, group) == at_first | {"in udp 50000-60000 0.0.0.0/0"}
        assert "in tcp 22 0.0.0.0/0" in at_first
        # no list inside the group is left in the state, which would take away what stands beside it
        assert not {"ingress", "egress"} & project.resources()[GROUP][0]["inputs"].keys()
        project.configure({"port_range_end": 59000, "port_range_start": 50000})
        project.up()
        assert {"in udp 50000-59000 0.0.0.0/0", "in tcp 22 0.0.0.0/0"} <= of_group(amazon, group)

    def test_on_google_the_foreign_one_stays(self, deploy: Deploy, amazon: Any) -> None:
        project = deploy("gcp-example")
        furnish(project, amazon)
        plan = wanted(project)
        google_by_hand(project, amazon, plan)
        store = project.account("gcp")
        (media,) = (
            id_ for id_, rule in store.all(gcp.FIREWALL).items()
            if rule["sourceRanges"] == ["0.0.0.0/0"] and rule["allows"][0]["protocol"] != "icmp"
        )  # fmt: skip
        store.drop(gcp.FIREWALL, media)
        ssh = {"network": "default", "sourceRanges": ["0.0.0.0/0"], "allows": [{"protocol": "tcp", "ports": ["22"]}]}
        store.put(gcp.FIREWALL, "projects/my-project/global/firewalls/ssh", {"name": "ssh", **ssh})
        told = compare(project, listings.by_gcloud(project))
        assert "the next pulumi up creates 1:\n  livekit-gcp-public-ipv4-" in told
        removal = "gcloud compute firewall-rules delete ssh --project my-project"
        assert f": 1\n  ssh: tcp/22 from 0.0.0.0/0\n    {removal}\n" in told
        adopt(project, told)
        ((operation, name),) = changes(project)
        assert (operation, name.rpartition("-")[0]) == ("create", "livekit-gcp-public-ipv4")

    def test_on_digital_ocean_the_firewall_becomes_what_the_program_says(self, deploy: Deploy, amazon: Any) -> None:
        project = deploy("digitalocean-example")
        furnish(project, amazon)
        ocean_by_hand(project, amazon, wanted(project))
        store = project.account("digitalocean")
        ((id_, firewall),) = store.all(digitalocean.FIREWALL).items()
        rules = [one for one in firewall["inboundRules"] if one.get("portRange") not in ("50000-60000", "22")]
        ssh = {"protocol": "tcp", "portRange": "22", "sourceAddresses": ["0.0.0.0/0", "::/0"]}
        store.put(digitalocean.FIREWALL, id_, {**firewall, "inboundRules": [*rules, ssh]})
        told = compare(project, listings.by_doctl(project))
        adopt(project, told)
        assert changes(project) == {("update", "livekit-digitalocean-firewall")}
        project.up()
        kept = store.get(digitalocean.FIREWALL, id_)
        assert kept == {**firewall, "name": "by-hand"}

    def test_on_azure_the_group_becomes_what_the_program_says(self, deploy: Deploy, amazon: Any) -> None:
        project = deploy("azure-example")
        furnish(project, amazon)
        azure_by_hand(project, amazon, wanted(project))
        store = project.account("azure-native")
        ((id_, group),) = store.all(azure.GROUP).items()
        ssh = {**group["securityRules"][1], "name": "ssh", "priority": 4000, "destinationPortRange": "22"}
        rules = [*group["securityRules"][:2], ssh, *group["securityRules"][3:]]
        store.put(azure.GROUP, id_, {**group, "securityRules": rules})
        adopt(project, compare(project, listings.by_az(project)))
        assert changes(project) == {("update", "livekit-azure-network-security-group")}
        project.up()
        assert store.get(azure.GROUP, id_)["securityRules"] == group["securityRules"]


def test_a_group_that_was_there_before_is_not_adopted_and_its_rules_are(deploy: Deploy, amazon: Any) -> None:
    project = deploy("aws-example")
    furnish(project, amazon)
    group = amazon_by_hand(project, amazon, wanted(project))["SecurityGroupRules"][0]["GroupId"]
    project.configure({"aws.vpc_id": None, "aws.security_group_id": group})
    told = compare(project, listings.by_aws(amazon, group))
    adopt(project, told)
    project.preview("--expect-no-changes")
    assert GROUP not in project.resources()
    before = of_group(amazon, group)
    project.destroy()
    assert before - of_group(amazon, group) == {line for line in before if not line.startswith("out ")}


IN_ANOTHER = """
class Node(pulumi.ComponentResource):
    def __init__(self):
        super().__init__("acme:index:Node", "edge")

"""


def test_a_component_of_another_name_inside_another_one(deploy: Deploy, amazon: Any) -> None:
    project = deploy("gcp-example")
    main = project.folder / "__main__.py"
    text = main.read_text(encoding="utf-8")
    made = 'LiveKitFirewall("livekit", arguments_from(CONFIG.get()))'
    inside = 'LiveKitFirewall("Media_1", arguments_from(CONFIG.get()), pulumi.ResourceOptions(parent=Node()))'
    assert made in text
    text = text.replace("firewall = ", f"{IN_ANOTHER}firewall = ", 1).replace(made, inside)
    main.write_text(text, encoding="utf-8")
    furnish(project, amazon)
    plan = wanted(project)
    node = "urn:pulumi:gcp-example::livekit-firewall::acme:index:Node::edge"
    listing = google_by_hand(project, amazon, plan)
    # what holds the component is in the state first: the program's own, which imports know nothing of
    project.up("--target", node)
    adopt(project, compare(project, listing, "--component", "Media_1", "--parent", node))
    project.preview("--expect-no-changes")


LOST = {
    # what is created without an answer: the cloud, its account, the type, and a part of the name
    "aws": ("aws", INGRESS, "udp-50000-60000-any-ipv4"),
    "the group of aws": ("aws", GROUP, "security-group"),
    "gcp": ("gcp", gcp.FIREWALL, "public-ipv4"),
    "digitalocean": ("digitalocean", digitalocean.FIREWALL, "firewall"),
    "azure": ("azure", azure.GROUP, "network-security-group"),
    "hetzner": ("hetzner", hetzner.FIREWALL, "firewall"),
}


def create_in_silence(project: Project, amazon: Any, token: str, inputs: dict[str, Any]) -> object:
    """What the cloud does before its answer gets lost, and what the vendor's command lists then."""
    if token == GROUP:
        words = {"GroupName": inputs["name"], "Description": inputs["description"], "VpcId": inputs["vpcId"]}
        tags = [{"Key": key, "Value": value} for key, value in inputs["tags"].items()]
        tagged = [{"ResourceType": "security-group", "Tags": tags}]
        id_ = amazon.create_security_group(**words, TagSpecifications=tagged)["GroupId"]
        everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
        amazon.revoke_security_group_egress(GroupId=id_, IpPermissions=[everything])
        return {"SecurityGroups": amazon.describe_security_groups(GroupIds=[id_])["SecurityGroups"]}
    if token == INGRESS:
        group = inputs["securityGroupId"]
        amazon.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission(inputs)])
        return listings.by_aws(amazon, group)
    if token == gcp.FIREWALL:
        gcp.Account(project.account("gcp"), {"project": "my-project"}).create(token, inputs)
        return listings.by_gcloud(project)
    if token == digitalocean.FIREWALL:
        digitalocean.Account(project.account("digitalocean"), {}).create(token, inputs)
        return listings.by_doctl(project)
    if token == hetzner.FIREWALL:
        hetzner.Account(project.account("hcloud"), {}).create(token, inputs)
        return listings.by_hcloud(project)
    azure.Account(project.account("azure-native"), {}).create(token, inputs)
    return listings.by_az(project)


@pytest.mark.parametrize("lost", LOST)
def test_what_was_created_without_an_answer_is_adopted(deploy: Deploy, amazon: Any, lost: str) -> None:
    cloud, token, name = LOST[lost]
    project = deploy(f"{cloud}-example")
    furnish(project, amazon)
    account = BY_ARGUMENT[cloud].package
    project.account(account).order_refusal(token, name, "read tcp: connection reset by peer")
    assert "connection reset by peer" in project.up(fails=True).output
    (call,) = (call for call in project.calls("Create") if call.refused and not call.preview)
    listing = create_in_silence(project, amazon, token, call.inputs)
    if token == INGRESS:
        assert "InvalidPermission.Duplicate" in project.up(fails=True).output
    told = compare(project, listing)
    assert "not of this program" not in told
    adopt(project, told)
    # what the failed update did not come to is created, and nothing else is done
    left = changes(project) if cloud != "azure" else set()
    assert call.name not in {name for _, name in left}
    assert {operation for operation, _ in left} <= {"create"}
    if not left:
        assert_clean(project, cloud)
    project.up()
    project.preview("--expect-no-changes")
    assert (call.name, token) in {(name, one["type"]) for name, one in by_name(project).items()}


def by_name(project: Project) -> dict[str, dict[str, Any]]:
    found = [one for several in project.resources().values() for one in several]
    return {one["urn"].split("::")[3]: one for one in found}
