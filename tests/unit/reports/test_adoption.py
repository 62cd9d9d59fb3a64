"""`compare --import`: the file by which `pulumi import` adopts a firewall, and what is said beside it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from livekit_firewall import LiveKitFirewall, read_deployment
from livekit_firewall.cli import main
from livekit_firewall.deployment.derive import Deployment
from livekit_firewall.effective.evaluate import EffectiveRules, ImportEntry, Selection
from livekit_firewall.effective.syntax import NotAFirewall
from livekit_firewall.model.errors import ProblemsError
from livekit_firewall.platforms.platform import Native, Options
from livekit_firewall.platforms.registry import BY_ARGUMENT, PLATFORMS
from livekit_firewall.reports.compare.adoption import adopt
from livekit_firewall.reports.compare.differences import compare, required_access

from .. import exports
from ..argument_strategies import valid_arguments
from ..strategies import few_examples

TARGETS: dict[str, dict[str, Any]] = {
    "aws": {"vpc_id": "vpc-0123456789abcdef0", "load_balancer_security_group_ids": [exports.BALANCER]},
    "gcp": {"network": "default", "target_tags": ["livekit"], "google_load_balancer": True},
    "digitalocean": {"tags": ["livekit"], "load_balancer_uids": [exports.UUID]},
    "azure": {"resource_group_name": "Media", "location": "West Europe"},
    "hetzner": {"label_selectors": ["app=livekit"], "private_load_balancer": True},
}
LISTINGS: dict[str, Callable[[Any], Any]] = {
    "aws": exports.aws_rules,
    "gcp": exports.gcp_rules,
    "digitalocean": exports.digitalocean_list,
    "azure": lambda native: exports.azure_group(native.security_rules),
    "hetzner": exports.hetzner_list,
}
NODE = {"https": True, "operators": {"cidrs": ["203.0.113.0/24"]}}


def deployed(argument: str, more: dict[str, Any]) -> Deployment:
    return read_deployment({**more, argument: TARGETS[argument]}, Path())


def rendered(argument: str, deployment: Deployment, component: str = "livekit") -> Native:
    target, access = deployment.targets[argument], deployment.access
    options = Options(f"{component}-{argument}", access.ssh_port, access.ipv6)
    return BY_ARGUMENT[argument].render(deployment.rules_for(target), target, options)


def found_in(argument: str, deployment: Deployment, listing: object) -> EffectiveRules:
    platform = BY_ARGUMENT[argument]
    asked = platform.selection(deployment.targets[argument]) or Selection()
    return platform.from_cli().read(listing, asked)


@given(arguments=valid_arguments(), argument=st.sampled_from([*TARGETS]), order=st.randoms())
def test_every_resource_of_what_was_rendered_is_named_once(arguments: Any, argument: str, order: Any) -> None:
    """Under whatever order the platform lists its rules in, and with other descriptions."""
    given = {key: value for key, value in arguments.items() if key not in TARGETS}
    try:
        deployment = deployed(argument, given)
        native = rendered(argument, deployment)
    except ProblemsError:
        assume(False)
    listing = LISTINGS[argument](native)
    if argument == "aws":
        order.shuffle(listing["SecurityGroupRules"])
        for rule in listing["SecurityGroupRules"]:
            rule["Description"] = "of somebody else"
    elif argument == "gcp":
        order.shuffle(listing)
        for place, rule in enumerate(listing):
            rule |= {
                "name": f"hand-{place}",
                "description": "",
                "selfLink": f"{exports.PROJECT}/global/firewalls/hand-{place}",
            }
    adoption = adopt(deployment, BY_ARGUMENT[argument], found_in(argument, deployment, listing), "livekit")
    assert (adoption.lacking, adoption.left) == ((), ())
    resources = adoption.as_json()["resources"]
    # of a firewall with a group, that and its rules; of one that holds its rules, itself
    made = list(native.resources())
    assert len(resources) == 2 + len(made)
    assert len({(one["type"], one["name"]) for one in resources}) == len(resources)
    ids = [one["id"] for one in resources[2:]]
    assert len(set(ids)) == len(ids) == len(made)


@few_examples
@given(arguments=valid_arguments(), groups=st.integers(2, 5), order=st.randoms())
def test_of_several_groups_each_is_the_one_with_its_rules(arguments: Any, groups: int, order: Any) -> None:
    given = {key: value for key, value in arguments.items() if key not in TARGETS}
    try:
        deployment = read_deployment({**given, "aws": {"vpc_id": "vpc-1", "groups": groups}}, Path())
        native = rendered("aws", deployment)
    except ProblemsError:
        assume(False)
    listing = exports.aws_rules(native)
    both = zip(native.rules, listing["SecurityGroupRules"], strict=True)
    ids = {rule.key: one["SecurityGroupRuleId"] for rule, one in both}
    order.shuffle(listing["SecurityGroupRules"])
    found = found_in("aws", deployment, listing)
    adoption = adopt(deployment, BY_ARGUMENT["aws"], found, "livekit")
    # one without rules is not in the listing, and one that has them is never another
    numbers = {rule.group for rule in native.rules}
    names = {one: f"livekit-aws-security-group-{one}" for one in range(2, groups + 1)}
    names[1] = "livekit-aws-security-group"
    assert {one.name for one in adoption.lacking} == {names[one] for one in range(1, groups + 1) if one not in numbers}
    assert adoption.left == ()
    assert {one["name"]: one["id"] for one in adoption.as_json()["resources"][2:]} == {
        **{names[one]: exports.aws_group(one) for one in numbers},
        **{f"livekit-aws-{key}": id_ for key, id_ in ids.items()},
    }
    compared = compare(required_access(deployment, "aws", found), found)
    assert compared.is_same


@pytest.mark.parametrize("numbers", [(1, 2), (2, 1)])
def test_members_of_the_first_group_are_those_of_all_whatever_the_order(numbers: tuple[int, ...]) -> None:
    given = {"sip": {}, "trunks": ["198.51.100.0/24", "203.0.113.0/24"], "aws": {"vpc_id": "vpc-1", "groups": 2}}
    deployment = read_deployment({**given, "cluster": {"same_group": True, "services": ["redis"]}}, Path())
    rules = exports.aws_rules(rendered("aws", deployment))["SecurityGroupRules"]
    order = [exports.aws_group(number) for number in numbers]
    found = found_in("aws", deployment, aws(*sorted(rules, key=lambda rule: order.index(rule["GroupId"]))))
    assert found.members == (order[0],)
    assert compare(required_access(deployment, "aws", found), found).is_same


def test_a_group_that_shares_no_rule_is_no_group_of_the_program() -> None:
    given = {"sip": {}, "trunks": ["198.51.100.0/24", "203.0.113.0/24"], "aws": {"vpc_id": "vpc-1", "groups": 2}}
    deployment = read_deployment(given, Path())
    native = rendered("aws", deployment)
    listing = exports.aws_rules(native)["SecurityGroupRules"]
    first = [rule for rule in listing if rule["GroupId"] == exports.GROUP]
    foreign = listed("sgr-f", group="sg-f", CidrIpv4="10.0.0.0/8", FromPort=1, ToPort=1)
    adoption = adopt(deployment, BY_ARGUMENT["aws"], found_in("aws", deployment, aws(*first, foreign)), "livekit")
    assert len(adoption.found) == 1 + len(first)
    second = {f"livekit-aws-{rule.key}" for rule in native.rules if rule.group == 2}
    assert {one.name for one in adoption.lacking} == {"livekit-aws-security-group-2", *second}
    assert {one.id for one in adoption.left} == {"sg-f", "sgr-f"}


def test_more_groups_than_the_program_has_are_refused() -> None:
    deployment = read_deployment({"aws": {"vpc_id": "vpc-1", "groups": 2}}, Path())
    rules = [listed(f"sgr-{one}", group=f"sg-{one}", CidrIpv4="10.0.0.0/8") for one in "abc"]
    with pytest.raises(NotAFirewall, match=r"at most 2 security groups, as aws.groups says \(got sg-a, sg-b, sg-c\)"):
        found_in("aws", deployment, aws(*rules))
    every = BY_ARGUMENT["aws"].from_cli().read(aws(*rules), Selection(("sg-a", "sg-b", "sg-c")))
    with pytest.raises(NotAFirewall, match=r"at most 2, which become the program's \(got sg-a, sg-b, sg-c\)"):
        adopt(deployment, BY_ARGUMENT["aws"], every, "livekit")


@pytest.mark.matrix
@pytest.mark.filterwarnings(r"ignore:digitalocean\..* has been deprecated:DeprecationWarning")
@pytest.mark.filterwarnings("ignore::DeprecationWarning:pulumi_aws.*")
@pytest.mark.parametrize("component", ["livekit", "Media_1", "sg-é" + "x" * 60])
@pytest.mark.parametrize("argument", TARGETS)
def test_the_names_are_those_of_the_component(engine: Any, argument: str, component: str) -> None:
    deployment = deployed(argument, NODE)
    made = engine.run(lambda: LiveKitFirewall(component, {**NODE, argument: TARGETS[argument]}))
    listing = LISTINGS[argument](rendered(argument, deployment, component))
    adoption = adopt(deployment, BY_ARGUMENT[argument], found_in(argument, deployment, listing), component)
    of_file = {(one["type"], one["name"]): one.get("parent") for one in adoption.as_json()["resources"]}
    assert of_file == {
        key: one.parent[1] if one.parent and one.parent[1] != "livekit-dev" else None for key, one in made.items()
    }


# The command

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`run(listing, arguments, *options)`: exit code, stdout and stderr of `compare --import import.json`."""
    monkeypatch.chdir(tmp_path)

    def command(listing: Any, arguments: dict[str, Any], *options: str) -> tuple[int, str, str]:
        Path("firewall.json").write_text(json.dumps(listing), encoding="utf-8")
        Path("args.json").write_text(json.dumps(arguments), encoding="utf-8")
        with pytest.raises(SystemExit) as caught:
            main(["compare", "firewall.json", "--args", "args.json", "--import", "import.json", *options])
        out, err = capsys.readouterr()
        assert isinstance(caught.value.code, int)
        return caught.value.code, out, err

    return command


def written() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(Path("import.json").read_text(encoding="utf-8"))
    return document


ONLY = {"livekit": False, "https": {"acme": False}, "ipv6": False}
"""One port, 443, and the baseline."""

RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
FILES: dict[str, list[dict[str, Any]]] = {
    "aws": [
        {"type": "aws:ec2/securityGroup:SecurityGroup", "name": "lk-aws-security-group", "id": exports.GROUP},
        {"type": "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "name": "lk-aws-egress-any-ipv4",
         "id": "sgr-00000000000000000"},
        {"type": "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "name": "lk-aws-egress-any-ipv6",
         "id": "sgr-00000000000000001"},
        {"type": RULE, "name": "lk-aws-icmp-echo-request-any-ipv4", "id": "sgr-00000000000000002"},
        {"type": RULE, "name": "lk-aws-icmp-fragmentation-needed-any-ipv4", "id": "sgr-00000000000000003"},
        {"type": RULE, "name": "lk-aws-tcp-443-any-ipv4", "id": "sgr-00000000000000004"},
    ],
    "gcp": [
        {"type": "gcp:compute/firewall:Firewall", "name": f"lk-gcp-{key}",
         "id": f"projects/media-1/global/firewalls/lk-gcp-{key}"} for key in ("icmp-ipv4", "public-ipv4-995c7361")
    ],
    "digitalocean": [
        {"type": "digitalocean:index/firewall:Firewall", "name": "lk-digitalocean-firewall", "id": exports.UUID},
    ],
    "azure": [
        {"type": "azure-native:network:NetworkSecurityGroup", "name": "lk-azure-network-security-group",
         "id": "/subscriptions/0/resourceGroups/media/providers/Microsoft.Network/networkSecurityGroups/media"},
    ],
    "hetzner": [
        {"type": "hcloud:index/firewall:Firewall", "name": "lk-hetzner-firewall", "id": str(exports.NUMBER)},
    ],
}  # fmt: skip
COMPONENT = {one.argument: one.component.name.removesuffix("Firewall") for one in PLATFORMS}
OUTER = "livekit:index:LiveKitFirewall"


@pytest.mark.parametrize("argument", TARGETS)
def test_the_file(run: Run, argument: str) -> None:
    arguments = {**ONLY, argument: TARGETS[argument]}
    listing = LISTINGS[argument](rendered(argument, deployed(argument, ONLY), "lk"))
    code, out, err = run(listing, arguments, "--component", "lk")
    assert (code, "admits exactly" in out) == (0, True)
    inner = f"lk-{argument}"
    assert written() == {
        "resources": [
            {"type": OUTER, "name": "lk", "component": True},
            {"type": f"livekit:index:{COMPONENT[argument]}Firewall", "name": inner, "component": True, "parent": "lk"},
            *({**one, "parent": inner} for one in FILES[argument]),
        ]
    }
    note = BY_ARGUMENT[argument].import_note
    assert err == (
        f"wrote import.json with {len(FILES[argument])} of the program's resources; adopt them with\n"
        f"  pulumi import -f import.json --protect=false --generate-code=false\n{note}\n"
    )


def test_the_component_may_be_a_part_of_another(run: Run) -> None:
    listing = exports.digitalocean_list(rendered("digitalocean", deployed("digitalocean", ONLY)))
    urn = "urn:pulumi:dev::shop::acme:index:Node::edge"
    run(listing, {**ONLY, "digitalocean": TARGETS["digitalocean"]}, "--parent", urn)
    said = written()
    assert said["nameTable"] == {"parent": urn}
    assert [one.get("parent") for one in said["resources"]] == ["parent", "livekit", "livekit-digitalocean"]


def test_a_parent_is_a_urn(run: Run) -> None:
    code, out, err = run(
        [], {**ONLY, "digitalocean": TARGETS["digitalocean"]}, "--from", "digitalocean", "--parent", "edge"
    )
    assert (code, out, "--parent" in err, "urn:pulumi:" in err) == (2, "", True, True)


def test_without_the_argument_the_file_is_that_of_a_program_that_makes_the_listing(run: Run) -> None:
    for argument in TARGETS:
        listing = LISTINGS[argument](rendered(argument, deployed(argument, ONLY)))
        _, _, err = run(listing, ONLY, *(["--target-tag", "livekit"] if argument == "gcp" else []))
        assert len(written()["resources"]) == 2 + len(FILES[argument])
        assert f"--import: the argument {argument} is not given; give the program's with --stack NAME" in err


def aws(*rules: dict[str, Any]) -> dict[str, Any]:
    return {"SecurityGroupRules": list(rules)}


def listed(id_: str, *, group: str = exports.GROUP, egress: bool = False, **rule: Any) -> dict[str, Any]:
    given = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIpv4": "0.0.0.0/0", **rule}
    return {"SecurityGroupRuleId": id_, "GroupId": group, "IsEgress": egress, **given}


HTTPS = listed("sgr-1", FromPort=443, ToPort=443)


def test_what_is_foreign_stays_and_what_lacks_is_created(run: Run) -> None:
    foreign = listed("sgr-2; rm -rf /\x1b[2J")
    all_out = listed("sgr-3", egress=True, IpProtocol="-1", FromPort=-1, ToPort=-1)
    code, _, err = run(aws(HTTPS, foreign, all_out), {**ONLY, "aws": TARGETS["aws"]})
    assert code == 1
    assert [one["id"] for one in written()["resources"][2:]] == [exports.GROUP, "sgr-3", "sgr-1"]
    shell = "'sgr-2; rm -rf /\\x1b[2J'"
    assert err.splitlines()[2:9] == [
        "not in the listing, so that the next pulumi up creates 3:",
        "  livekit-aws-egress-any-ipv6",
        "  livekit-aws-icmp-echo-request-any-ipv4",
        "  livekit-aws-icmp-fragmentation-needed-any-ipv4",
        "not of this program, and left as they are; the command removes one: 1",
        "  sgr-2; rm -rf /\\x1b[2J: ingress tcp/22 0.0.0.0/0",
        f"    aws ec2 revoke-security-group-ingress --group-id {exports.GROUP} --security-group-rule-ids {shell}",
    ]


def test_of_an_existing_group_the_rules_alone_are_adopted(run: Run) -> None:
    arguments = {**ONLY, "aws": {"security_group_id": exports.GROUP}}
    run(aws(HTTPS, listed("sgr-3", egress=True, IpProtocol="-1", FromPort=-1, ToPort=-1)), arguments)
    assert [one["id"] for one in written()["resources"][2:]] == ["sgr-1"]
    code, out, err = run(aws(HTTPS), {**ONLY, "aws": {"security_group_id": "sg-0other"}})
    assert (code, out) == (2, "")
    assert (
        f"must be in the security group sg-0other, as the argument aws says (got the security group {exports.GROUP})"
        in err.replace("\n", "")
    )


def test_a_group_that_admits_itself_says_the_same_as_the_program(run: Run) -> None:
    same = {"CidrIpv4": None, "ReferencedGroupInfo": {"GroupId": exports.GROUP}}
    arguments = {"aws": TARGETS["aws"], "cluster": {"same_group": True}}
    run(aws(listed("sgr-1", FromPort=7880, ToPort=7880, **same)), arguments)
    (rule,) = (one for one in written()["resources"] if one.get("id") == "sgr-1")
    assert rule["name"] == "livekit-aws-tcp-7880-same-group"


def test_rules_without_ids_are_refused(run: Run) -> None:
    listing = exports.aws_groups(rendered("aws", deployed("aws", ONLY)))
    code, out, err = run(listing, {**ONLY, "aws": TARGETS["aws"]})
    assert (code, out, Path("import.json").exists()) == (2, "", False)
    assert "give what aws ec2 describe-security-group-rules prints" in err


def test_an_empty_group_can_be_adopted_by_its_own_listing(run: Run) -> None:
    group = {"GroupId": exports.GROUP, "GroupName": "media", "VpcId": TARGETS["aws"]["vpc_id"], "IpPermissions": []}
    run({"SecurityGroups": [group]}, {**ONLY, "aws": TARGETS["aws"]})
    assert [one["id"] for one in written()["resources"][2:]] == [exports.GROUP]
    code, _, err = run({"SecurityGroups": [{**group, "VpcId": "vpc-0"}]}, {**ONLY, "aws": TARGETS["aws"]})
    assert (code, "must be in the VPC vpc-0123456789abcdef0, as the argument aws says" in err) == (2, True)


def test_one_group_of_several_is_adopted(run: Run) -> None:
    arguments = {**ONLY, "aws": TARGETS["aws"]}
    both = aws(HTTPS, listed("sgr-2", group="sg-0other"))
    code, _, err = run(both, arguments)
    assert (code, "say which are meant: --group ID" in err) == (2, True)
    code, _, err = run(both, arguments, "--group", exports.GROUP, "--group", "sg-0other")
    assert (code, "must be one, which becomes the program's" in err, Path("import.json").exists()) == (2, True, False)
    run(both, arguments, "--group", exports.GROUP)
    assert [one["id"] for one in written()["resources"][2:]] == [exports.GROUP, "sgr-1"]


def google(name: str, **more: Any) -> dict[str, Any]:
    rule = {
        "name": name,
        "network": f"{exports.PROJECT}/global/networks/default",
        "direction": "INGRESS",
        "priority": 1000,
        "sourceRanges": ["0.0.0.0/0"],
        "targetTags": ["livekit"],
        "allowed": [{"IPProtocol": "tcp", "ports": ["443"]}],
        "selfLink": f"{exports.PROJECT}/global/firewalls/{name}",
    }
    return rule | more


PUBLIC = "livekit-gcp-public-ipv4-995c7361"


@pytest.mark.parametrize(
    ("rules", "adopted"),
    [
        ([google("hand")], "hand"),
        ([google("hand"), google("aaaa")], "aaaa"),
        ([google("aaaa"), google(f"{PUBLIC}-0123abc")], f"{PUBLIC}-0123abc"),
        ([google(f"{PUBLIC}-0123abc", priority=900)], f"{PUBLIC}-0123abc"),
        ([google(f"{PUBLIC}-0123abc", disabled=True)], f"{PUBLIC}-0123abc"),
        ([google("livekit-gcp-public-ipv4-0123abc")], "livekit-gcp-public-ipv4-0123abc"),
        ([google("livekit-gcp-public-ipv4-0123abc", priority=900)], None),
        ([google("hand", priority=900)], None),
        ([google("hand", disabled=True)], None),
        ([google("hand", destinationRanges=["10.0.0.1/32"])], None),
        ([google("hand", targetTags=["livekit", "other"])], None),
        ([google("hand", sourceTags=["other"])], None),
        ([google("hand", allowed=[{"IPProtocol": "tcp", "ports": ["443", "22"]}])], None),
        ([google("hand", allowed=None, denied=[{"IPProtocol": "tcp", "ports": ["443"]}])], None),
        ([google(f"{PUBLIC}-of-mine", priority=900)], None),
    ],
)
def test_which_rule_of_google_becomes_the_programs(run: Run, rules: list[dict[str, Any]], adopted: str | None) -> None:
    _, _, err = run(rules, {**ONLY, "gcp": TARGETS["gcp"]})
    if adopted is None:
        assert "--import: nothing of the listing is the program's, and no file was written\n" in err
        assert not Path("import.json").exists()
    else:
        assert [(one["name"], one["id"]) for one in written()["resources"][2:]] == [
            (PUBLIC, f"projects/media-1/global/firewalls/{adopted}")
        ]
        others = [one["name"] for one in rules if one["name"] != adopted]
        assert all(f"  {one}: tcp/443 from 0.0.0.0/0 (the same as {adopted})\n" in err for one in others)


def test_a_group_in_another_resource_group_would_be_replaced(run: Run) -> None:
    listing = LISTINGS["azure"](rendered("azure", deployed("azure", ONLY)))
    elsewhere = {"azure": {"resource_group_name": "other"}}
    code, out, err = run(listing, {**ONLY, **elsewhere})
    assert (code, out, "must be in the resource group other, as the argument azure says" in err) == (2, "", True)
    elsewhere = {"azure": {"resource_group_name": "media", "location": "eastus"}}
    code, out, err = run(listing, {**ONLY, **elsewhere})
    assert (code, out, "must be in the location eastus, as the argument azure says" in err) == (2, "", True)


def test_the_command_names_the_stack(run: Run) -> None:
    Path("Pulumi.yaml").write_text("name: livekit-firewall\nruntime: python\n", encoding="utf-8")
    text = json.dumps(
        {"config": {f"livekit-firewall:{key}": value for key, value in {**ONLY, "aws": TARGETS["aws"]}.items()}}
    )
    Path("Pulumi.my stack.yaml").write_text(text, encoding="utf-8")
    Path("firewall.json").write_text(json.dumps(aws(HTTPS)), encoding="utf-8")
    Path("Pulumi.dev.yaml").write_text(text, encoding="utf-8")
    from click.testing import CliRunner

    from livekit_firewall.cli.compare import compare

    told = CliRunner().invoke(compare, ["firewall.json", "--stack", "dev", "--import", "to adopt.json"])
    command = "  pulumi import --stack dev -f 'to adopt.json' --protect=false --generate-code=false\n"
    assert command in told.output


def test_a_file_that_cannot_be_written_is_one_message(run: Run) -> None:
    Path("import.json").mkdir()
    code, out, err = run(aws(HTTPS), {**ONLY, "aws": TARGETS["aws"]})
    assert (code, out, "--import: import.json: cannot be written: Is a directory" in err) == (2, "", True)


def test_an_entry_of_a_program_has_no_id() -> None:
    deployment = deployed("aws", NODE)
    native = rendered("aws", deployment)
    made = BY_ARGUMENT["aws"].expected(native, "lk-aws", deployment.targets["aws"])
    assert {one.id for one in made} == {""}
    assert all(isinstance(one, ImportEntry) for one in made)
