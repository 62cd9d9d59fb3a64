"""`recover`: a state, what the platform lists, and the file and the commands that bring them together."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall import read_deployment
from livekit_firewall.cli import main
from livekit_firewall.platforms.registry import BY_ARGUMENT
from livekit_firewall.reports.compare.adoption import adopt
from livekit_firewall.reports.explain.stack_rules import read_state
from livekit_firewall.reports.recover.recovery import recover
from livekit_firewall.reports.recover.result import steps

from .. import exports
from .test_adoption import (
    COMPONENT,
    FILES,
    HTTPS,
    LISTINGS,
    ONLY,
    OUTER,
    PUBLIC,
    RULE,
    TARGETS,
    aws,
    deployed,
    found_in,
    google,
    listed,
    rendered,
)

DOCS = Path(__file__).parents[3] / "docs" / "recovery.md"
SCHEMA = json.loads((DOCS.parent / "schemas" / "recover.json").read_text(encoding="utf-8"))
GROUP = "aws:ec2/securityGroup:SecurityGroup"
OCEAN = "digitalocean:index/firewall:Firewall"
TOP = "urn:pulumi:prod::media::pulumi:pulumi:Stack::media-prod"


def urn(types: str, name: str) -> str:
    return f"urn:pulumi:prod::media::{types}::{name}"


def components(argument: str, component: str = "livekit") -> list[dict[str, Any]]:
    outer = urn(OUTER, component)
    inner = f"livekit:index:{COMPONENT[argument]}Firewall"
    return [
        {"urn": outer, "type": OUTER, "parent": TOP},
        {"urn": urn(f"{OUTER}${inner}", f"{component}-{argument}"), "type": inner, "parent": outer},
    ]


def held(argument: str, one: dict[str, Any], component: str = "livekit", **more: Any) -> dict[str, Any]:
    """A resource as the state has it; `one` is an entry of the file for `pulumi import`."""
    above = components(argument, component)[1]
    types = f"{OUTER}${above['type']}${one['type']}"
    own = {"urn": urn(types, one["name"]), "type": one["type"], "id": one["id"], "custom": True, "parent": above["urn"]}
    return {**own, **more}


def export(resources: Iterable[dict[str, Any]], **more: Any) -> str:
    return json.dumps({"version": 3, "deployment": {"manifest": {}, "resources": list(resources), **more}})


def everything(argument: str, arguments: dict[str, Any]) -> tuple[Any, list[dict[str, Any]]]:
    """What the platform lists of a firewall that is complete, and the resources of the file that adopts it."""
    deployment = deployed(argument, arguments)
    listing = LISTINGS[argument](rendered(argument, deployment))
    adoption = adopt(deployment, BY_ARGUMENT[argument], found_in(argument, deployment, listing), "livekit")
    return listing, adoption.as_json()["resources"][2:]


@given(argument=st.sampled_from([*TARGETS]), order=st.randoms())
def test_what_the_state_does_not_have_is_imported_and_nothing_else_is_told(argument: str, order: Any) -> None:
    arguments = {"https": True, "operators": {"cidrs": ["203.0.113.0/24"]}}
    listing, resources = everything(argument, arguments)
    if argument in ("digitalocean", "azure", "hetzner"):  # the name tells whose it is
        name = f"{resources[0]['name']}{'1a2b3c4d' if argument == 'azure' else '-1a2b3c4'}"
        (listing[0] if isinstance(listing, list) else listing)["name"] = name
    rules = [one for one in resources if one["type"] != GROUP]
    lost = order.sample(rules, order.randint(0, len(rules)))
    kept = [held(argument, one) for one in resources if one not in lost]
    state = read_state(export([*components(argument), *kept]), "state.json")
    entries = list(BY_ARGUMENT[argument].listed(listing))
    order.shuffle(entries)
    found = recover(deployed(argument, arguments), BY_ARGUMENT[argument], entries, state, "livekit")
    assert {(one.name, entry.id) for one, entry in found.imports.found} == {(one["name"], one["id"]) for one in lost}
    assert (found.orphans, found.missing, found.recreated, found.refused, found.pending) == ((),) * 5
    assert found.is_clean == (not lost)


@given(order=st.randoms())
def test_of_several_groups_each_gets_its_own_rules_back(order: Any) -> None:
    target = {"vpc_id": "vpc-0", "groups": 3}
    deployment = read_deployment({"sip": {}, "trunks": ["198.51.100.0/24", "203.0.113.0/24"], "aws": target}, Path())
    native = rendered("aws", deployment)
    listing = exports.aws_rules(native)
    adoption = adopt(deployment, BY_ARGUMENT["aws"], found_in("aws", deployment, listing), "livekit")
    resources = adoption.as_json()["resources"][2:]
    rules = [one for one in resources if one["type"] != GROUP]
    lost = order.sample(rules, order.randint(0, len(rules)))
    kept = [held("aws", one) for one in resources if one not in lost]
    entries = list(BY_ARGUMENT["aws"].listed(listing))
    order.shuffle(entries)
    state = read_state(export([*components("aws"), *kept]), "state.json")
    found = recover(deployment, BY_ARGUMENT["aws"], entries, state, "livekit")
    assert {(one.name, entry.id) for one, entry in found.imports.found} == {(one["name"], one["id"]) for one in lost}
    assert (found.orphans, found.missing, found.recreated, found.refused, found.pending) == ((),) * 5
    # a rule that is in another of the groups is none of the program's
    elsewhere = listing["SecurityGroupRules"][native.rules.index(next(one for one in native.rules if one.group == 2))]
    elsewhere["GroupId"] = exports.aws_group(1)
    state = read_state(
        export(
            [
                *components("aws"),
                *(held("aws", one) for one in resources if one["id"] != elsewhere["SecurityGroupRuleId"]),
            ]
        ),
        "s",
    )
    found = recover(deployment, BY_ARGUMENT["aws"], BY_ARGUMENT["aws"].listed(listing), state, "livekit")
    assert [one.entry.id for one in found.orphans] == [elsewhere["SecurityGroupRuleId"]]
    assert found.imports.found == ()


# The command

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`run(listing, arguments, state, *options)`: exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)

    def command(listing: Any, arguments: dict[str, Any], state: str, *options: str) -> tuple[int, str, str]:
        Path("listing.json").write_text(json.dumps(listing), encoding="utf-8")
        Path("args.json").write_text(json.dumps(arguments), encoding="utf-8")
        Path("state.json").write_text(state, encoding="utf-8")
        with pytest.raises(SystemExit) as caught:
            main(["recover", "listing.json", "--args", "args.json", "--state", "state.json", *options])
        out, err = capsys.readouterr()
        assert isinstance(caught.value.code, int)
        return caught.value.code, out, err

    return command


def document(run: Run, *given: Any) -> dict[str, Any]:
    code, out, err = run(*given, "--json")
    assert err == ""
    found: dict[str, Any] = json.loads(out)
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    kinds = ("orphans", "missing", "refused", "pending", "without_id", "steps")
    assert code == int(any(found[kind] for kind in kinds))
    return found


AMAZON = {**ONLY, "aws": TARGETS["aws"]}
GOOGLE = {**ONLY, "gcp": TARGETS["gcp"]}
OCEANS = {**ONLY, "digitalocean": TARGETS["digitalocean"]}
MICROSOFT = {**ONLY, "azure": TARGETS["azure"]}
OF_GROUP = {"type": GROUP, "name": "livekit-aws-security-group", "id": exports.GROUP}
OF_HTTPS = {"type": RULE, "name": "livekit-aws-tcp-443-any-ipv4", "id": "sgr-1"}


def test_the_answer_of_a_rule_was_lost_on_amazon(run: Run) -> None:
    state = export([*components("aws"), held("aws", OF_GROUP)])
    code, out, err = run(aws(HTTPS), AMAZON, state)
    inner = {"type": "livekit:index:AwsFirewall", "name": "livekit-aws", "component": True, "parent": "livekit"}
    assert json.loads(out) == {
        "resources": [
            {"type": OUTER, "name": "livekit", "component": True},
            inner,
            {**OF_HTTPS, "parent": "livekit-aws"},
        ]
    }
    assert code == 1
    assert err == (
        "livekit: 1 to import\n"
        "\n"
        "to import: they exist, this program makes them, and its state does not have them\n"
        "  RESOURCE                      ID     ADMITS\n"
        "  livekit-aws-tcp-443-any-ipv4  sgr-1  ingress tcp/443 0.0.0.0/0\n"
        f"{BY_ARGUMENT['aws'].import_note}\n"
        "\n"
        "run, in this order (import.json is what this command prints on standard output):\n"
        "  pulumi import -f import.json --protect=false --generate-code=false\n"
    )


def test_nothing_to_recover(run: Run) -> None:
    state = export([*components("aws"), held("aws", OF_GROUP), held("aws", OF_HTTPS)])
    code, out, err = run(aws(HTTPS), AMAZON, state)
    assert (code, json.loads(out)) == (0, {"resources": []})
    assert err == "livekit: nothing to recover: the state has what the listing has of this program\n"


def test_a_group_whose_answer_was_lost_is_known_by_its_name(run: Run) -> None:
    """First the group, whose listing has no ids of rules; then its rules."""
    group = {
        "GroupId": exports.GROUP,
        "GroupName": "livekit-aws-security-group-0a1b2c3",
        "VpcId": TARGETS["aws"]["vpc_id"],
        "IpPermissions": [],
        "IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
    }
    foreign = {"GroupId": "sg-0other", "GroupName": "default", "VpcId": "vpc-9", "IpPermissions": []}
    found = document(run, {"SecurityGroups": [foreign, group]}, AMAZON, export(components("aws")))
    assert [one.get("id") for one in found["import"]["resources"]] == [None, None, exports.GROUP]
    assert found["without_id"] == 1
    assert found["steps"][1:] == ["livekit-firewall recover"]
    rules = aws(listed("sgr-3", egress=True, IpProtocol="-1", FromPort=-1, ToPort=-1))
    code, _, err = run(rules, AMAZON, export(components("aws")))
    assert (code, "say which is meant: --group ID; or list the groups themselves" in err) == (2, True)
    found = document(run, rules, AMAZON, export(components("aws")), "--group", exports.GROUP)
    assert [one.get("id") for one in found["import"]["resources"]][2:] == [exports.GROUP, "sgr-3"]
    # a second one beside that of the state is an orphan, unless it is in another place
    other = held("aws", {**OF_GROUP, "id": "sg-0mine"})
    mine = {**group, "GroupId": "sg-0mine", "GroupName": "livekit-aws-security-group-1a2b3c4"}
    state = export([*components("aws"), other, held("aws", OF_HTTPS)])
    found = document(run, {"SecurityGroups": [group, mine]}, AMAZON, state)
    assert (found["missing"], found["without_id"]) == ([], 1)  # the rule may be that without an id
    assert [one["removal"] for one in found["orphans"]] == [f"aws ec2 delete-security-group --group-id {exports.GROUP}"]
    elsewhere = {**group, "VpcId": "vpc-9"}
    found = document(run, {"SecurityGroups": [elsewhere]}, AMAZON, export([*components("aws"), other]))
    assert (found["import"], found["orphans"]) == ({"resources": []}, [])
    nothing = {**elsewhere, "IpPermissionsEgress": []}
    found = document(run, {"SecurityGroups": [nothing]}, AMAZON, export(components("aws")), "--group", exports.GROUP)
    assert found["import"] == {"resources": []}


def test_rules_of_amazon_without_ids_tell_nothing(run: Run) -> None:
    listing = exports.aws_groups(rendered("aws", deployed("aws", ONLY)))
    code, out, err = run(listing, AMAZON, export([*components("aws"), held("aws", OF_GROUP)]))
    assert (code, out) == (2, "")
    assert "give what aws ec2 describe-security-group-rules prints" in err


def test_in_a_group_of_somebody_else_only_what_the_program_makes_is_told(run: Run) -> None:
    arguments = {**ONLY, "aws": {"security_group_id": exports.GROUP}}
    listing = aws(HTTPS, listed("sgr-2"), listed("sgr-3", group="sg-0other", FromPort=443, ToPort=443))
    found = document(run, listing, arguments, export(components("aws")))
    assert [one["id"] for one in found["import"]["resources"][2:]] == ["sgr-1"]
    assert found["orphans"] == []


def test_a_rule_by_hand_in_the_programs_group_is_not_known(run: Run) -> None:
    state = export([*components("aws"), held("aws", OF_GROUP), held("aws", OF_HTTPS)])
    found = document(run, aws(HTTPS, listed("sgr-2"), listed("sgr-9", group="sg-0other")), AMAZON, state)
    assert found["orphans"] == [
        {
            "name": "sgr-2",
            "id": "sgr-2",
            "resource": "",
            "verdict": "unknown",
            "why": f"it is for {exports.GROUP}, as this program's are",
            "admits": "ingress tcp/22 0.0.0.0/0",
            "removal": f"aws ec2 revoke-security-group-ingress --group-id {exports.GROUP} "
            "--security-group-rule-ids sgr-2",
        }
    ]
    assert found["steps"] == []


ON_GOOGLE = "gcp:compute/firewall:Firewall"


def of_google(name: str) -> dict[str, Any]:
    return {"type": ON_GOOGLE, "name": PUBLIC, "id": f"projects/media-1/global/firewalls/{name}"}


def test_a_second_rule_of_google_that_no_state_has_is_an_orphan(run: Run) -> None:
    """Answered with 500 after it was made, so that the next `up` made the other."""
    state = export([*components("gcp"), held("gcp", of_google(f"{PUBLIC}-bbbbbbb"))])
    listing = [
        google(f"{PUBLIC}-aaaaaaa"),
        google(f"{PUBLIC}-bbbbbbb"),
        google("livekit-gcp-sip-ipv4-ccccccc", targetTags=["older"]),
        google(f"{PUBLIC}-eeeeeee", targetTags=["staging"]),
        google("ssh"),
        google("of-others", targetTags=["web"]),
        google("livekit-gcp-named-by-hand", targetTags=["web"]),
        google(f"{PUBLIC}-ddddddd", network=f"{exports.PROJECT}/global/networks/other"),
        google("no-door", allowed=None, denied=[{"IPProtocol": "tcp"}]),
        google("shut", disabled=True),
        google("out", direction="EGRESS", sourceRanges=None, destinationRanges=["0.0.0.0/0"]),
    ]
    found = document(run, listing, GOOGLE, state)
    assert [(one["name"], one["verdict"], one["resource"]) for one in found["orphans"]] == [
        (f"{PUBLIC}-aaaaaaa", "likely", PUBLIC),
        (f"{PUBLIC}-eeeeeee", "unknown", ""),
        ("livekit-gcp-sip-ipv4-ccccccc", "unknown", ""),
        ("ssh", "unknown", ""),
    ]
    assert found["orphans"][0]["removal"] == (
        f"gcloud compute firewall-rules delete {PUBLIC}-aaaaaaa --project media-1"
    )
    code, out, err = run(listing, GOOGLE, state)
    assert (code, json.loads(out)) == (1, {"resources": []})
    assert err.startswith("livekit: 1 orphans, 3 not known\n\norphans: made for a resource of this program")
    assert "run, in this order" not in err
    # the first of the two is imported where the state has none
    found = document(run, listing[:2], GOOGLE, export(components("gcp")))
    assert [one.get("id") for one in found["import"]["resources"]][2:] == [of_google(f"{PUBLIC}-aaaaaaa")["id"]]
    assert [one["name"] for one in found["orphans"]] == [f"{PUBLIC}-bbbbbbb"]
    # one that has the program's name before any other that says the same
    found = document(run, [google("aaaa"), google(f"{PUBLIC}-bbbbbbb")], GOOGLE, export(components("gcp")))
    assert [one.get("id") for one in found["import"]["resources"]][2:] == [of_google(f"{PUBLIC}-bbbbbbb")["id"]]
    assert [(one["name"], one["verdict"]) for one in found["orphans"]] == [("aaaa", "unknown")]


def test_what_an_older_release_called_otherwise_is_neither_made_nor_imported_again(run: Run) -> None:
    """The state has it under the old name, from which the next `up` brings it over by an alias."""
    older = "livekit-gcp-public-ipv4"
    state = export([*components("gcp"), held("gcp", {**of_google(f"{older}-bbbbbbb"), "name": older})])
    assert document(run, [google(f"{older}-bbbbbbb")], GOOGLE, state)["steps"] == []
    found = document(run, [google(f"{older}-bbbbbbb"), google(f"{older}-aaaaaaa")], GOOGLE, state)
    assert (found["import"], found["missing"]) == ({"resources": []}, [])
    assert [(one["name"], one["verdict"], one["resource"]) for one in found["orphans"]] == [
        (f"{older}-aaaaaaa", "likely", PUBLIC)
    ]


def test_what_another_stack_has_is_neither_imported_nor_an_orphan(run: Run) -> None:
    """Its names are alike: the component is called the same."""
    theirs = google(f"{PUBLIC}-0123456", targetTags=["staging"])
    found = document(run, [theirs], GOOGLE, export(components("gcp")))
    assert (found["import"], [one["verdict"] for one in found["orphans"]]) == ({"resources": []}, ["unknown"])
    assert "but it is for staging" in found["orphans"][0]["why"]
    alike = google(f"{PUBLIC}-0123456")
    Path("staging.json").write_text(export([held("gcp", of_google(f"{PUBLIC}-0123456"))]), encoding="utf-8")
    for listing, state in (
        ([theirs], components("gcp")),
        ([alike], components("gcp")),
        ([alike, google(f"{PUBLIC}-bbbbbbb")], [*components("gcp"), held("gcp", of_google(f"{PUBLIC}-bbbbbbb"))]),
    ):
        found = document(run, listing, GOOGLE, export(state), "--other-state", "staging.json")
        assert (found["import"], found["orphans"], found["steps"]) == ({"resources": []}, [], [])
    other = ocean(f"{FIREWALL}-1a2b3c4", "uuid-1", "staging")
    found = document(run, [other], OCEANS, export(components("digitalocean")))
    assert (found["import"], [one["verdict"] for one in found["orphans"]]) == ({"resources": []}, ["unknown"])
    _, _, err = run([alike], GOOGLE, export(components("gcp")))
    assert "another stack may have one of them, give its state as well: --other-state FILE" in err


def test_a_listing_of_google_without_projects_is_held_by_names(run: Run) -> None:
    state = export([*components("gcp"), held("gcp", of_google(f"{PUBLIC}-bbbbbbb"))])
    assert document(run, [google(f"{PUBLIC}-bbbbbbb", selfLink="")], GOOGLE, state)["steps"] == []


def ocean(name: str, id_: str, *tags: str) -> dict[str, Any]:
    native = rendered("digitalocean", deployed("digitalocean", ONLY))
    return {**exports.digitalocean_list(native)[0], "name": name, "id": id_, "tags": [*tags]}


FIREWALL = "livekit-digitalocean-firewall"


def of_ocean(id_: str) -> dict[str, Any]:
    return {"type": OCEAN, "name": FIREWALL, "id": id_}


def test_a_second_firewall_of_digital_ocean_is_an_orphan(run: Run) -> None:
    state = export([*components("digitalocean"), held("digitalocean", of_ocean("uuid-2"))])
    listing = [
        ocean(f"{FIREWALL}-1a2b3c4", "uuid-1", "livekit"),
        ocean(f"{FIREWALL}-2b3c4d5", "uuid-2", "livekit"),
        ocean("by-hand", "uuid-3", "livekit", "web"),
        ocean("of-others", "uuid-4", "web"),
    ]
    found = document(run, listing, OCEANS, state)
    assert [(one["id"], one["verdict"], one["removal"]) for one in found["orphans"]] == [
        ("uuid-1", "likely", "doctl compute firewall delete uuid-1"),
        ("uuid-3", "unknown", "doctl compute firewall delete uuid-3"),
    ]
    assert found["orphans"][0]["admits"] == "tcp/443, icmp to tag livekit"


def test_after_a_destroy_what_was_left_is_told_with_what_removes_it(run: Run) -> None:
    listing = [ocean(f"{FIREWALL}-1a2b3c4", "uuid-1", "livekit")]
    code, out, err = run(listing, OCEANS, export([]))
    assert code == 1
    assert [one.get("id") for one in json.loads(out)["resources"]] == [None, None, "uuid-1"]
    assert "the state has no LiveKitFirewall of that name" in err
    assert "\n  doctl compute firewall delete uuid-1\n" in err


def test_a_group_of_azure_is_known_by_name_and_place(run: Run) -> None:
    name = "livekit-azure-network-security-group"
    group = exports.azure_group(rendered("azure", deployed("azure", ONLY)).security_rules)
    path = "/subscriptions/0/resourceGroups/{}/providers/Microsoft.Network/networkSecurityGroups/" + f"{name}1a2b3c4d"
    here = {**group, "name": f"{name}1a2b3c4d", "id": path.format("media")}
    there = {**here, "id": path.format("other")}
    found = document(run, [here, there], MICROSOFT, export(components("azure")))
    assert [one.get("id") for one in found["import"]["resources"]][2:] == [here["id"]]
    assert found["orphans"] == []
    token = found["import"]["resources"][2]["type"]
    in_state = held("azure", {"type": token, "name": name, "id": here["id"].upper()})
    assert document(run, [here], MICROSOFT, export([*components("azure"), in_state]))["steps"] == []
    other = held("azure", {"type": token, "name": name, "id": path.format("media")[:-8] + "00000000"})
    found = document(run, [here], MICROSOFT, export([*components("azure"), other]))
    # the state's own is gone: after a refresh the other one takes its place
    assert found["steps"] == ["pulumi refresh", "livekit-firewall recover"]


class TestWhatTheStateHasAndThePlatformHasNot:
    def test_it_comes_back_with_a_refresh(self, run: Run) -> None:
        state = export([*components("digitalocean"), held("digitalocean", of_ocean("uuid-2"))])
        code, out, err = run([], OCEANS, state)
        assert (code, json.loads(out)) == (1, {"resources": []})
        assert err == (
            "livekit: 1 missing\n"
            "\n"
            "missing: in the state, and not in the listing: deleted by hand, or the listing is not of everything\n"
            f"  RESOURCE                       ID\n  {FIREWALL}  uuid-2\n"
            "\n"
            "run, in this order:\n"
            "  pulumi up --refresh\n"
        )

    def test_made_again_by_hand_it_is_imported_after_a_refresh(self, run: Run) -> None:
        state = export([*components("aws"), held("aws", OF_GROUP), held("aws", {**OF_HTTPS, "id": "sgr-0"})])
        found = document(run, aws(HTTPS), AMAZON, state)
        assert found["missing"] == [{"name": OF_HTTPS["name"], "id": "sgr-0", "is_recreated": True}]
        assert (found["orphans"], found["import"]) == ([], {"resources": []})
        assert found["steps"] == ["pulumi refresh", "livekit-firewall recover"]

    def test_what_no_listing_names_is_not_missing(self, run: Run) -> None:
        token = "aws:vpc/securityGroupRulesExclusive:SecurityGroupRulesExclusive"
        exclusive = held("aws", {"type": token, "name": "livekit-aws-exclusive", "id": "exclusive"})
        state = export([*components("aws"), held("aws", OF_GROUP), held("aws", OF_HTTPS), exclusive])
        assert document(run, aws(HTTPS), AMAZON, state)["steps"] == []

    def test_what_is_to_be_deleted_still_is_not_missing(self, run: Run) -> None:
        replaced = held("aws", {**OF_HTTPS, "id": "sgr-0"}, delete=True)
        state = export([*components("aws"), held("aws", OF_GROUP), held("aws", OF_HTTPS), replaced])
        assert document(run, aws(HTTPS), AMAZON, state)["steps"] == []


def test_a_refused_update_asks_for_a_refresh(run: Run) -> None:
    refused = held("gcp", of_google(f"{PUBLIC}-bbbbbbb"), initErrors=["Error 403"])
    found = document(run, [google(f"{PUBLIC}-bbbbbbb")], GOOGLE, export([*components("gcp"), refused]))
    assert [one["name"] for one in found["refused"]] == [PUBLIC]
    assert found["steps"] == ["pulumi up --refresh"]


def test_what_was_under_way_when_pulumi_was_killed(run: Run) -> None:
    """The rule was made: it is imported, and then the note of it goes."""
    one = held("aws", {**OF_HTTPS, "id": ""})
    pending = [{"resource": one, "type": "creating"}]
    state = export([*components("aws"), held("aws", OF_GROUP)], pending_operations=pending)
    found = document(run, aws(HTTPS), AMAZON, state)
    assert found["pending"] == [{"name": OF_HTTPS["name"], "operation": "creating"}]
    assert found["steps"] == [
        "pulumi import -f import.json --protect=false --generate-code=false",
        "pulumi refresh --clear-pending-creates",
    ]


def test_parent_and_provider_are_those_of_the_state(run: Run) -> None:
    node = "urn:pulumi:prod::media::acme:index:Node::edge"
    outer, inner = components("aws")
    provider = "urn:pulumi:prod::media::pulumi:providers:aws::frankfurt"
    group = held("aws", OF_GROUP, provider=f"{provider}::6eb9923d")
    found = document(run, aws(HTTPS), AMAZON, export([{**outer, "parent": node}, inner, group]))
    assert found["import"]["nameTable"] == {"parent": node, "provider": provider}
    assert [(one.get("parent"), one.get("provider")) for one in found["import"]["resources"]] == [
        ("parent", None),
        ("livekit", None),
        ("livekit-aws", "provider"),
    ]
    usual = held("aws", OF_GROUP, provider="urn:pulumi:prod::media::pulumi:providers:aws::default_7_51_1::1")
    found = document(run, aws(HTTPS), AMAZON, export([{**outer, "parent": TOP}, inner, usual]))
    assert "nameTable" not in found["import"]
    found = document(run, aws(HTTPS), AMAZON, export([]), "--group", exports.GROUP, "--parent", node)
    assert found["import"]["nameTable"] == {"parent": node}


def test_the_component_is_that_of_the_state(run: Run) -> None:
    state = [*components("aws", "edge"), held("aws", {**OF_GROUP, "name": "edge-aws-security-group"}, "edge")]
    found = document(run, aws(HTTPS), AMAZON, export(state))
    assert [one["name"] for one in found["import"]["resources"]] == ["edge", "edge-aws", "edge-aws-tcp-443-any-ipv4"]
    two = export([*state, *components("aws", "core")])
    code, out, err = run(aws(HTTPS), AMAZON, two)
    assert (code, out, "it has core, edge; say which is meant: --component NAME" in err) == (2, "", True)
    # what is wrong with the other one is none of this one's business
    rule = held("aws", {**OF_HTTPS, "name": "core-aws-tcp-443-any-ipv4", "id": "sgr-0"}, "core", initErrors=["403"])
    pending = [{"resource": {**rule, "id": ""}, "type": "creating"}]
    two = export([*state, *components("aws", "core"), rule], pending_operations=pending)
    found = document(run, aws(HTTPS), AMAZON, two, "--component", "edge")
    assert len(found["import"]["resources"]) == 3
    assert (found["missing"], found["refused"], found["pending"]) == ([], [], [])


@pytest.mark.parametrize(
    ("listing", "arguments", "options", "expected"),
    [
        ({"nftables": []}, {**ONLY, "host": {}}, [], "a host's ruleset is no resource"),
        (aws(HTTPS), GOOGLE, ["--from", "aws"], "the argument aws is not given"),
        ([], ONLY, [], "say what it is: --from"),
        (aws(HTTPS), AMAZON, ["--parent", "edge"], "must be a URN"),
        (aws(HTTPS), AMAZON, ["--group", "sg-9"], "must be the name or id of one firewall of the file"),
        ([google("ssh")], AMAZON, [], "leave it out, or say gcp"),
        ({"firewalls": [], "meta": {"total": 21}}, OCEANS, [], "is one page of several"),
    ],
)
def test_what_it_cannot_do_is_said(run: Run, listing: Any, arguments: Any, options: Any, expected: str) -> None:
    code, out, err = run(listing, arguments, export([*components("aws"), held("aws", OF_GROUP)]), *options)
    assert (code, out) == (2, "")
    assert expected in err.replace("\n", " ")


def test_names_of_somebody_else_are_escaped(run: Run) -> None:
    name = "\x1b[2J; rm -rf /"
    state = export([*components("digitalocean"), held("digitalocean", of_ocean("uuid-2"))])
    listing = [ocean(FIREWALL, "uuid-2", "livekit"), ocean(name, name, "livekit")]
    _, _, err = run(listing, OCEANS, state)
    assert "\x1b" not in err
    assert "    doctl compute firewall delete '\\x1b[2J; rm -rf /'\n" in err


def test_a_state_is_needed(run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    run(aws(HTTPS), AMAZON, export([]))
    for more, expected in (
        ([], "give --stack NAME, or what pulumi stack export printed with --state FILE"),
        (["--state", "state.json", "--stack", "prod"], "no Pulumi.yaml"),
    ):
        with pytest.raises(SystemExit) as caught:
            main(["recover", "listing.json", *(more or ["--args", "args.json"])])
        assert caught.value.code == 2
        assert expected in capsys.readouterr().err.replace("\n", " ")
    with pytest.raises(SystemExit) as caught:
        main(["recover", "-", "--state", "-", "--args", "args.json"])
    assert (caught.value.code, "holds the listing" in capsys.readouterr().err) == (2, True)


def test_the_files_of_the_import_are_those_that_compare_writes() -> None:
    """So that what is known of those holds for these."""
    for argument in TARGETS:
        _, resources = everything(argument, ONLY)
        assert [one["name"] for one in resources] == [
            one["name"].replace("lk-", "livekit-", 1) for one in FILES[argument]
        ]


@given(kinds=st.sets(st.sampled_from(["import", "missing", "recreated", "refused", "pending"])))
def test_every_command_that_is_printed_stands_in_the_docs(kinds: set[str]) -> None:
    resources = [*components("aws"), held("aws", OF_GROUP)]
    rules = [HTTPS] if kinds & {"import", "recreated"} else []
    if "recreated" in kinds:
        resources.append(held("aws", {**OF_HTTPS, "id": "sgr-0"}))
    if "missing" in kinds:
        name = "livekit-aws-egress-any-ipv4"
        token = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
        resources.append(held("aws", {"type": token, "name": name, "id": "sgr-9"}))
    if "refused" in kinds:
        resources[2] = {**resources[2], "initErrors": ["Error 403"]}
    more = {"pending_operations": [{"resource": held("aws", {**OF_HTTPS, "id": ""}), "type": "creating"}]}
    state = read_state(export(resources, **(more if "pending" in kinds else {})), "state.json")
    entries = BY_ARGUMENT["aws"].listed(aws(*rules, listed("sgr-5")))
    found = recover(deployed("aws", ONLY), BY_ARGUMENT["aws"], entries, state, "livekit", stack="prod")
    text = DOCS.read_text(encoding="utf-8")
    assert all(f"\n{step}" in text for step in steps(found) if step.startswith("pulumi import"))
    assert all(step in text for step in steps(found))
    assert bool(steps(found)) == bool(kinds)
