"""What the fakes keep in a state is what the real plugins keep there: inputs cut, outputs whole, refusals behind.

The first tests hold the fakes against what pulumi-digitalocean and pulumi-gcp wrote (`providers/*.json.gz`); the others
ask the engine, and the review of what it prints. A fake that keeps in inputs what the cloud has fails here.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from livekit_firewall.reports.review import Review, review_texts
from stack import refresh_options

from .accounts import furnish
from .fakes import azure, digitalocean, gcp
from .fakes.bridge import cut, differences
from .fakes.ec2 import INGRESS, rules
from .project import ROOT, Deploy, Project

PROVIDERS = ROOT / "tests" / "unit" / "reports" / "review" / "providers"
CLOUDS: dict[str, ModuleType] = {"digitalocean": digitalocean, "google": gcp}
OWN = {"createdAt", "creationTimestamp", "status", "pendingChanges"}
"""Of the moment."""


def passed_by_make_up(project: Project) -> list[str]:
    """What `make up` passes to `pulumi up`."""
    printed = [project.run("stack", *which, "--stack", project.stack) for which in (("history", "--json"), ("export",))]
    history, state = (json.loads(one.output) for one in printed)
    return refresh_options(history, state)


def files(cloud: str) -> dict[str, Any]:
    return dict(json.loads(gzip.decompress((PROVIDERS / f"{cloud}.json.gz").read_bytes())))


def plain(value: Any) -> Any:
    """Without what the bridge keeps for itself, and without what is not set."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items() if key not in OWN and not key.startswith("__")}
    return [plain(one) for one in value] if isinstance(value, list) else value


def without_order(value: Any) -> Any:
    """Without what is empty too, which is null after a create and empty after a refresh."""
    if isinstance(value, dict):
        return {key: without_order(one) for key, one in value.items() if one not in (None, "", [], False)}
    ordered = lambda one: json.dumps(one, sort_keys=True)  # noqa: E731
    return sorted(map(without_order, value), key=ordered) if isinstance(value, list) else value


def updates() -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """Repairs of a drift: the update's state, and what the program wants, which is what it wanted before."""
    for cloud in CLOUDS:
        for name, content in files(cloud).items():
            for step in content.get("steps", []) if "drift" in name else ():
                if step["op"] == "update" and step["urn"].split("$")[-1].split("::")[0].endswith(":Firewall"):
                    yield cloud, name, step["oldState"], step["newState"]["inputs"]


UPDATES = list(updates())
KNOWN = {"drift3.opened-to-anywhere.2.preview.json"}
"""Not refreshed: its inputs are those of the update before."""


@pytest.mark.parametrize(("cloud", "name", "state", "wanted"), UPDATES, ids=[one[1] for one in UPDATES])
def test_a_refresh_cuts_inputs_as_the_bridge_does(
    cloud: str, name: str, state: dict[str, Any], wanted: dict[str, Any]
) -> None:
    found = plain(cut(plain(wanted), state["outputs"]))
    assert (found == plain(state["inputs"])) != (name in KNOWN)


@pytest.mark.parametrize(("cloud", "name", "state", "wanted"), UPDATES, ids=[one[1] for one in UPDATES])
def test_the_same_properties_differ(cloud: str, name: str, state: dict[str, Any], wanted: dict[str, Any]) -> None:
    of, told = CLOUDS[cloud], files(cloud)[name]
    step = next(one for one in told["steps"] if one["op"] == "update" and one["newState"]["inputs"] == wanted)
    assert set(differences(of, of.FIREWALL, plain(state["outputs"]), plain(wanted))) == set(step["diffReasons"])


def made() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for cloud in CLOUDS:
        for name, content in files(cloud).items():
            if name.endswith(".state.json") and "drift" not in name:
                for one in content["deployment"]["resources"]:
                    if one["type"].endswith("/firewall:Firewall") and "initErrors" not in one:
                        yield cloud, f"{name}-{one['id']}", one


MADE = list(made())


@pytest.mark.parametrize(("cloud", "name", "held"), MADE, ids=[one[1] for one in MADE])
def test_outputs_are_as_whole_as_the_plugins(cloud: str, name: str, held: dict[str, Any]) -> None:
    of = CLOUDS[cloud]
    found, real = of.outputs(of.FIREWALL, held["id"], plain(held["inputs"])), held["outputs"]
    # a tag in another case is no difference, so that it is not sent
    tags = [{**side, "tags": [tag.lower() for tag in side.get("tags") or []]} for side in (found, real)]
    assert without_order(plain(tags[0])) == without_order(plain(tags[1]))
    assert {*found} >= {key for key in plain(real) if key not in of.SHAPES[of.FIREWALL]}


def test_azure_native_puts_what_it_finds_into_inputs() -> None:
    """Whole, but for a list of rules that the program does not have."""
    old = {"location": "x", "securityRules": [{"name": "a"}]}
    now = {**old, "securityRules": [{"name": "a"}, {"name": "by-hand"}]}
    assert azure.refreshed(old, {**old, "id": "i"}, now) == now
    bare = {"location": "x"}
    assert azure.refreshed(bare, {**bare, "id": "i"}, {**bare, "securityRules": [{"name": "by-hand"}]}) == bare


# ------------------------------------------------------------------------------------------ on the engine


def held(project: Project, part: str) -> dict[str, Any]:
    """The resource whose name holds that."""
    return next(one for several in project.resources().values() for one in several
                if part in one["urn"].rpartition("::")[2])  # fmt: skip


def previewed(project: Project, *more: str) -> Review:
    return review_texts([("preview.json", json.dumps(project.preview_json(*more)))])


def lost(found: Review) -> list[tuple[str, str]]:
    changes = [change.lost for change in found.parts[0].changes if change.lost]
    return [(", ".join(map(str, one.ports)), ", ".join([*map(str, one.blocks), *one.names])) for one in changes]


@pytest.mark.needs("pulumi", "moto")
class TestOnTheEngine:
    def test_what_digitalocean_was_given_by_hand_is_in_outputs_only(self, deploy: Deploy, amazon: Any) -> None:
        project = deploy("digitalocean-example")
        furnish(project, amazon)
        project.up()
        store = project.account("digitalocean")
        ((id_, kept),) = store.all(digitalocean.FIREWALL).items()
        by_hand = {"protocol": "tcp", "portRange": "9999", "sourceAddresses": ["0.0.0.0/0"]}
        store.put(digitalocean.FIREWALL, id_, {**kept, "inboundRules": [*kept["inboundRules"], by_hand]})
        assert previewed(project).verdict == "no change"  # nobody has looked yet
        found = previewed(project, "--refresh")
        assert (found.verdict, lost(found)) == ("narrower", [("tcp/9999", "0.0.0.0/0")])
        project.refresh()
        state = held(project, "-digitalocean-firewall")
        assert "9999" not in json.dumps(state["inputs"])
        assert "9999" in json.dumps(state["outputs"])
        assert lost(previewed(project)) == lost(found)
        project.up()
        assert store.all(digitalocean.FIREWALL)[id_]["inboundRules"] == kept["inboundRules"]
        assert previewed(project, "--refresh").verdict == "no change"

    def test_a_rule_of_google_that_is_disabled_opens_again(self, deploy: Deploy, amazon: Any) -> None:
        project = deploy("gcp-example")
        furnish(project, amazon)
        project.up()
        store = project.account("gcp")
        id_ = next(one for one in store.all(gcp.FIREWALL) if "public-ipv4" in one)
        store.put(gcp.FIREWALL, id_, {**store.all(gcp.FIREWALL)[id_], "disabled": True})
        project.refresh()
        assert "disabled" not in held(project, "-public-ipv4")["inputs"]
        assert previewed(project).verdict == "wider"

    def test_an_update_that_google_refuses_is_lost_until_a_refresh(self, deploy: Deploy, amazon: Any) -> None:
        project = deploy("gcp-example")
        furnish(project, amazon)
        project.up()
        store = project.account("gcp")
        id_ = next(one for one in store.all(gcp.FIREWALL) if "public-ipv4" in one)
        wide = {**store.all(gcp.FIREWALL)[id_], "sourceRanges": ["10.0.0.0/8", "198.51.100.0/24"]}
        store.put(gcp.FIREWALL, id_, wide)
        store.order_refusal(gcp.FIREWALL, "public-ipv4", "googleapi: Error 403: forbidden", "Update")
        project.up("--refresh", fails=True)
        assert held(project, "-public-ipv4")["initErrors"]
        found = previewed(project)
        assert [risk.id for risk in found.risks if risk.id.startswith("refused")] == ["refused-update-behind"]
        assert "pulumi up --refresh" in found.risks[0].fix
        assert passed_by_make_up(project) == ["--refresh"]
        project.up()  # which says "updated", and sends nothing
        assert store.all(gcp.FIREWALL)[id_] == wide
        assert "initErrors" not in held(project, "-public-ipv4")
        assert previewed(project).verdict == "no change"
        assert previewed(project, "--refresh").verdict != "no change"
        project.up(*passed_by_make_up(project))
        assert passed_by_make_up(project) == []
        assert store.all(gcp.FIREWALL)[id_]["sourceRanges"] == ["0.0.0.0/0"]

    def test_what_google_was_opened_to_by_hand_needs_two_updates(self, deploy: Deploy, amazon: Any) -> None:
        project = deploy("gcp-example")
        furnish(project, amazon)
        project.configure({"operators.cidrs": ["203.0.113.7/32"]})
        project.up()
        store = project.account("gcp")
        id_ = next(one for one in store.all(gcp.FIREWALL) if "operators-ipv4" in one)
        store.put(gcp.FIREWALL, id_, {**store.all(gcp.FIREWALL)[id_], "sourceRanges": ["0.0.0.0/0"]})
        found = previewed(project, "--refresh")
        assert (found.verdict, found.risks[0].id) == ("no change", "kept-open")
        project.up("--refresh")
        assert store.all(gcp.FIREWALL)[id_]["sourceRanges"] == ["0.0.0.0/0", "203.0.113.7/32"]
        assert previewed(project).verdict == "narrower"
        project.up()
        assert store.all(gcp.FIREWALL)[id_]["sourceRanges"] == ["203.0.113.7/32"]

    def test_a_rule_of_amazon_that_was_widened_by_hand(self, deploy: Deploy, amazon: Any) -> None:
        project = deploy("aws-example")
        furnish(project, amazon)
        project.up()
        project.refresh()
        group = held(project, "-security-group")
        assert "ingress" not in group["inputs"]
        assert len(group["outputs"]["ingress"]) > 3  # every rule, whoever made it
        assert previewed(project).verdict == "no change"
        id_, rule = next((id_, rule) for id_, rule in rules(amazon, group["id"], INGRESS).items()
                         if rule["IpProtocol"] == "tcp" and rule.get("CidrIpv4"))  # fmt: skip
        more = {key: rule[key] for key in ("IpProtocol", "FromPort", "CidrIpv4", "Description")}
        change = {"SecurityGroupRuleId": id_, "SecurityGroupRule": {**more, "ToPort": rule["ToPort"] + 1}}
        amazon.modify_security_group_rules(GroupId=group["id"], SecurityGroupRules=[change])
        found = previewed(project, "--refresh")
        assert (found.verdict, lost(found)) == ("narrower", [(f"tcp/{rule['ToPort'] + 1}", rule["CidrIpv4"])])
