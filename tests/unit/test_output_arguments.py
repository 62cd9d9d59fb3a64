"""Outputs in the arguments: where the types take one it reaches the resources, and anywhere else one message says why;
and None, which is as if its key were left out.

The positions and what may stand there come from the types of Python, `firewall_args`, whereas the component goes by its
records: neither knows the other.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Iterable, Iterator, Mapping
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path, PurePath
from types import NoneType, UnionType
from typing import Any, ForwardRef, Literal, NamedTuple, Union, get_args, get_origin, is_typeddict

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall import LiveKitFirewall, LiveKitFirewallArgs, read_deployment
from livekit_firewall.inputs.argument_types import SequenceNotStr
from livekit_firewall.model.errors import ConfigurationError, Problem
from livekit_firewall.platforms.running import InvalidArguments
from livekit_firewall.preflight import check

WHY = "is an output (of another resource, or a secret), whose value is not known when the rules are made"
PLAIN = "give a plain value (ports, switches and names decide which rules there are), such as from pulumi.Config"
WRITTEN = "is the text that Python makes of an output or a resource, in an f-string or by str(), and not its value"
Step = str | int


class Later:
    """What an output looks like to the checks: every attribute is there, and is another one."""

    def __getattr__(self, name: str) -> Later:
        if name.startswith("__"):
            raise AttributeError(name)
        return Later()

    def __call__(self, *_: object) -> Later:
        return Later()


LATER: Any = Later()


class Position(NamedTuple):
    """Where a value stands, and what the types take there besides plain values."""

    steps: tuple[Step, ...]
    may_be_output: bool
    may_be_none: bool
    is_section: bool

    @property
    def path(self) -> str:
        """As errors name it."""
        return "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in self.steps).removeprefix(".")

    def filled(self, value: object) -> Any:
        """Arguments with nothing but this value, and what is around it."""
        for step in reversed(self.steps):
            value = [value] if isinstance(step, int) else {step: value}
        return value


def positions(kind: Any, steps: tuple[Step, ...] = ()) -> Iterator[Position]:
    """Every place of a type at which a value stands: the members of each alternative, once."""
    members = get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)
    yield Position(
        steps, any(get_origin(one) is Awaitable for one in members), NoneType in members, is_typeddict(members[0])
    )
    for one in members:
        origin, inner = get_origin(one), get_args(one)
        if is_typeddict(one):
            for key, below in one.__annotations__.items():
                yield from positions(below, (*steps, key))
        elif origin is SequenceNotStr:
            yield from positions(inner[0], (*steps, 0))
        elif origin is Mapping:
            yield from positions(inner[1], (*steps, "own"))
        else:
            assert one in PLAIN_TYPES or origin in (Awaitable, Literal) or isinstance(one, ForwardRef), one


PLAIN_TYPES = (bool, int, str, IPv4Network, IPv6Network, PurePath, NoneType)
POSITIONS = sorted(set(positions(LiveKitFirewallArgs)), key=lambda one: one.path)
REFUSED = [one for one in POSITIONS if not one.may_be_output]
SOURCES = re.compile(
    r"\.(cidrs|signaling|media|security_groups|prefix_lists|source_\w+|service_tags|application_\w+)\b"
)
"""What shapes rules: who may reach a port, by a name, is judged with the whole of the rules (test_named_blocks)."""
TAKEN = [one for one in POSITIONS if one.may_be_output and not SOURCES.search(one.path)]


def problems_of(args: Any) -> list[Problem]:
    with pytest.raises(ConfigurationError) as caught:
        read_deployment(args, Path(), needs_target=True)
    return list(caught.value.problems)


def with_host(args: Any) -> Any:
    return {"host": {}, **args} if isinstance(args, dict) else args


def read(args: Any) -> object:
    """What the arguments mean, or all that is wrong with them."""
    try:
        found = read_deployment(args, Path())
    except ConfigurationError as error:
        return list(map(str, error.problems))
    return found.rules, found.findings, found.targets


KEYS = tuple(one for one in POSITIONS if one.steps and one.steps[-1] not in (0, "own"))
MEMBERS = tuple(one for one in POSITIONS if one.steps and one not in KEYS)


class TestNone:
    def test_it_is_as_if_the_key_were_left_out(self):
        for one in KEYS:
            key = one.steps[-1]
            around = one._replace(steps=one.steps[:-1])
            assert read(around.filled({key: None})) == read(around.filled({})), one.path

    def test_the_types_take_it_but_for_sections_and_what_is_required(self):
        """In place of a section it would keep type checkers from naming a wrong key of it (`firewall_args`)."""
        assert {one.path for one in KEYS if not one.may_be_none and not one.is_section} == {
            *(f"extra_rules[0].{key}" for key in ("name", "protocol", "ports", "cidrs")),
            *(f"trunks[0].{key}" for key in ("signaling", "media")),
            *(f"aws.prefix_lists.{role}.own.{key}" for role in ROLES for key in ("id", "max_entries")),
        }
        assert not any(one.may_be_none for one in {*POSITIONS} - {*KEYS})

    @pytest.mark.parametrize("position", MEMBERS, ids=lambda one: one.path)
    def test_in_a_list_or_under_a_name_it_is_refused(self, position):
        problems = read(position.filled(None))
        assert isinstance(problems, list)
        whole = re.sub(r"(\[0\]|\.own)$", "", position.path)
        assert any(re.match(rf"{re.escape(whole)}(\[0\]|\.own)?: must ", one) for one in problems)


ROLES = ("clients", "load_balancer", "trunks", "operators", "cluster")


class TestWhereNoneCanBe:
    @pytest.mark.parametrize("position", REFUSED, ids=lambda one: one.path or "whole")
    def test_one_message_says_why(self, position):
        problem, *others = map(str, problems_of(with_host(position.filled(LATER))))
        assert problem.startswith(f"{position.path or '(arguments)'}: {WHY}; give ")
        # the rest of what a carrier or an extra rule has
        assert all(re.match(r"trunks\[0\]: must name |extra_rules\[0\]\.\w+: is required", one) for one in others)

    @given(st.sets(st.sampled_from([one for one in REFUSED if one.steps]), min_size=2, max_size=8))
    def test_any_number_of_them(self, several):
        problems = problems_of(with_host(together(several)))
        found = [str(problem).partition(";")[0] for problem in problems if WHY in str(problem)]
        expected = {f"{one.path}: {WHY}" for one in several if not any(above(other, one) for other in several)}
        assert set(found) == expected
        assert len(found) == len(set(found))

    @pytest.mark.parametrize(
        "text",
        [
            "arn:Calling __str__ on an Output[T] is not supported.\n\nTo get the value of an Output[T] ...",
            "x-<pulumi.output.Output object at 0x7f2b8c0d5d90>",
            "<pulumi_aws.ec2.vpc.Vpc object at 0x7f2b8c0d5d90>",
            "<coroutine object program.<locals>.later at 0x7f2b8c0d5d90>",
        ],
    )
    def test_the_text_of_one_is_known(self, text):
        for position in POSITIONS:
            found = problems_of(with_host(position.filled(text)))
            path = position.path or "(arguments)"
            assert [one for one in map(str, found) if one.startswith(f"{path}: {WRITTEN}; give ")], path
            assert "0x7f" not in str(found) + "".join(map(str, found))

    def test_a_path_with_the_text_of_one(self):
        path = Path("configs") / "<pulumi.output.Output object at 0x7f2b8c0d5d90>"
        (problem,) = problems_of({"host": {}, "livekit_config": path})
        assert str(problem) == f"livekit_config: {WRITTEN}; {PLAIN}"

    def test_a_key(self):
        for args, path in (({LATER: 1}, "(arguments)"), ({"turn": {LATER: 1}}, "turn"), ({"sip": {LATER: 1}}, "sip")):
            assert f"{path}: a key {WHY}; {PLAIN}" in [str(one) for one in problems_of(with_host(args))]

    def test_what_to_do_instead(self):
        said = {
            "udp_port": PLAIN,
            "livekit_config": PLAIN,
            "https": PLAIN,
            "digitalocean.droplet_ids": "give a plain list, whose elements may be outputs",
            "aws": "give a plain mapping, in which ids, tags and the like may be outputs",
            "aws.load_balancer_security_group_ids": (
                'give each a name of your own: load_balancer_security_group_ids: {"alb": group.id}'
            ),
        }
        for position in REFUSED:
            if position.path in said:
                (problem,) = problems_of(with_host(position.filled(LATER)))
                assert str(problem) == f"{position.path}: {WHY}; {said.pop(position.path)}"
        assert said == {}

    def test_a_list_that_holds_itself(self):
        endless: list[Any] = []
        endless += [endless, LATER]
        assert WHY in str(problems_of({"host": {}, "turn": endless})[0])

    def test_lists_of_any_depth(self):
        deep: Any = LATER
        for _ in range(200):
            deep = [deep]
        assert problems_of({"host": {}, "clients": {"cidrs": deep}})


def together(several: Iterable[Position]) -> Any:
    """Arguments with an output at each of the positions, but for those below another."""
    tree: dict[Step, Any] = {}
    for one in sorted(several, key=lambda one: len(one.steps)):
        here: Any = tree
        for step in one.steps[:-1]:
            here = here.setdefault(step, {}) if here is not LATER else here
        if here is not LATER:
            here[one.steps[-1]] = LATER
    return listed(tree)


def listed(tree: Any) -> Any:
    """The tree with a list for each mapping of indices."""
    if not isinstance(tree, dict):
        return tree
    return [*map(listed, tree.values())] if 0 in tree else {key: listed(one) for key, one in tree.items()}


def above(one: Position, other: Position) -> bool:
    return one != other and other.steps[: len(one.steps)] == one.steps


class Arrival(NamedTuple):
    """How an output is given, and where its value is on the wire."""

    args: dict[str, Any]
    token: str
    property: str


def arrivals(later: Any) -> dict[str, Arrival]:
    """By position: each takes `later`."""
    group, rule = "aws:ec2/securityGroup:SecurityGroup", "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
    google, ocean = "gcp:compute/firewall:Firewall", "digitalocean:index/firewall:Firewall"
    azure = "azure-native:network:NetworkSecurityGroup"
    hetzner = "hcloud:index/firewall:Firewall"
    near = {"load_balancer": {}}
    return {
        "aws.vpc_id": Arrival({"aws": {"vpc_id": later}}, group, "vpcId"),
        "aws.security_group_id": Arrival({"aws": {"security_group_id": later}}, rule, "securityGroupId"),
        "aws.load_balancer_security_group_ids.own": Arrival(
            {"aws": {"vpc_id": "v", "load_balancer_security_group_ids": {"own": later}}, **near},
            rule,
            "referencedSecurityGroupId",
        ),
        "aws.tags": Arrival({"aws": {"vpc_id": "v", "tags": later.apply(lambda one: {"a": one})}}, group, "tags"),
        "aws.tags.own": Arrival({"aws": {"vpc_id": "v", "tags": {"own": later}}}, group, "tags"),
        "aws.rule_tags": Arrival(
            {"aws": {"vpc_id": "v", "rule_tags": later.apply(lambda one: {"a": one})}}, rule, "tags"
        ),
        "aws.rule_tags.own": Arrival({"aws": {"vpc_id": "v", "rule_tags": {"own": later}}}, rule, "tags"),
        "aws.region": Arrival({"aws": {"vpc_id": "v", "region": later}}, group, "region"),
        "gcp.network": Arrival({"gcp": {"network": later, "target_tags": ["a"]}}, google, "network"),
        "gcp.project": Arrival({"gcp": {"network": "n", "project": later, "target_tags": ["a"]}}, google, "project"),
        "gcp.target_tags[0]": Arrival({"gcp": {"network": "n", "target_tags": [later]}}, google, "targetTags"),
        "gcp.target_service_accounts[0]": Arrival(
            {"gcp": {"network": "n", "target_service_accounts": [later.apply("{}@example.org".format)]}},
            google,
            "targetServiceAccounts",
        ),
        "digitalocean.droplet_ids[0]": Arrival(
            {"digitalocean": {"droplet_ids": [later.apply(lambda one: len(one))]}}, ocean, "dropletIds"
        ),
        "digitalocean.tags[0]": Arrival({"digitalocean": {"tags": [later]}}, ocean, "tags"),
        "digitalocean.load_balancer_uids[0]": Arrival(
            {"digitalocean": {"tags": ["a"], "load_balancer_uids": [later]}, **near}, ocean, "inboundRules"
        ),
        "azure.resource_group_name": Arrival({"azure": {"resource_group_name": later}}, azure, "resourceGroupName"),
        "azure.network_security_group_id": Arrival(
            {"azure": {"network_security_group_id": later.apply(SHARED.format)}},
            "azure-native:network:SecurityRule",
            "networkSecurityGroupName",
        ),
        "azure.location": Arrival({"azure": {"resource_group_name": "g", "location": later}}, azure, "location"),
        "azure.tags": Arrival(
            {"azure": {"resource_group_name": "g", "tags": later.apply(lambda one: {"a": one})}}, azure, "tags"
        ),
        "hetzner.server_ids[0]": Arrival(
            {"hetzner": {"server_ids": [later.apply(lambda one: len(one))]}}, hetzner, "applyTos"
        ),
        "hetzner.label_selectors[0]": Arrival({"hetzner": {"label_selectors": [later]}}, hetzner, "applyTos"),
        "hetzner.labels": Arrival(
            {"hetzner": {"server_ids": [1], "labels": later.apply(lambda one: {"a": one})}}, hetzner, "labels"
        ),
        "hetzner.labels.own": Arrival({"hetzner": {"server_ids": [1], "labels": {"own": later}}}, hetzner, "labels"),
        "azure.tags.own": Arrival({"azure": {"resource_group_name": "g", "tags": {"own": later}}}, azure, "tags"),
    }


VALUE = "marked-value"
SHARED = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkSecurityGroups/{}"


def values_of(engine: Any, path: str, later: Any) -> list[Any]:
    """The property on the wire, of each resource that has it."""
    kept: list[Arrival] = []

    def program() -> None:
        kept.append(arrivals(later())[path])
        LiveKitFirewall("lk", kept[0].args)

    made = engine.run(program)
    own = [one.inputs for one in made.values() if one.type == kept[0].token]
    return [one[kept[0].property] for one in own if kept[0].property in one]


class TestWhereOneMayBe:
    def test_the_types_have_these_positions(self, engine):
        found: list[str] = []
        engine.run(lambda: found.extend(arrivals(pulumi.Output.from_input(VALUE))))
        assert set(found) == {one.path for one in TAKEN}

    @pytest.mark.parametrize("position", TAKEN, ids=lambda one: one.path)
    def test_it_arrives(self, engine, position):
        found = values_of(engine, position.path, lambda: pulumi.Output.from_input(VALUE))
        assert VALUE in str(found) or f": {float(len(VALUE))}" in str(found) or float(len(VALUE)) in found[0]

    @pytest.mark.parametrize("position", TAKEN, ids=lambda one: one.path)
    def test_a_secret_stays_one(self, engine, position):
        found = values_of(engine, position.path, lambda: pulumi.Output.secret(VALUE))
        secrets = re.findall(r"'4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270'", str(found))
        assert found
        assert len(secrets) >= 1

    def test_an_awaitable_is_one_however_often_it_is_used(self, engine):
        async def later(value: object) -> object:
            await asyncio.sleep(0)
            return value

        def program() -> None:
            LiveKitFirewall("lk", aws={"vpc_id": later("vpc-1"), "groups": 2})
            LiveKitFirewall("lk2", {"digitalocean": {"droplet_ids": [later("7")]}, "cluster": {"same_group": True}})

        made = engine.run(program)
        groups = [one.inputs for (kind, _), one in made.items() if kind == "aws:ec2/securityGroup:SecurityGroup"]
        assert [one["vpcId"] for one in groups] == ["vpc-1", "vpc-1"]
        assert made["digitalocean:index/firewall:Firewall", "lk2-digitalocean-firewall"].inputs["dropletIds"] == [7.0]

    def test_a_list_in_place_of_a_tuple_of_them(self, engine):
        made = engine.run(
            lambda: LiveKitFirewall("lk", gcp={"network": "n", "target_tags": (pulumi.Output.from_input("a"), "b")})
        )
        assert {str(one.inputs["targetTags"]) for one in made.values() if "targetTags" in one.inputs} == {"['a', 'b']"}


class TestWhatIsJudgedOnceKnown:
    """A value that the cloud refuses late, takes for one that is not given, or that makes a rule hold for more."""

    @pytest.mark.parametrize(
        ("path", "value", "message"),
        [
            ("gcp.target_tags[0]", "", "gcp.target_tags: 1 to 63 of a-z"),
            ("gcp.target_tags[0]", "UPPER", "gcp.target_tags: 1 to 63 of a-z"),
            ("gcp.target_tags[0]", None, "gcp.target_tags: 1 to 63 of a-z"),
            ("gcp.network", "", "gcp.network: must have a value"),
            ("gcp.project", "", "gcp.project: must have a value"),
            ("digitalocean.tags[0]", "", "digitalocean.tags: a tag of 1 to 255"),
            ("digitalocean.droplet_ids[0]", "", "digitalocean.droplet_ids: the id of a Droplet"),
            ("digitalocean.load_balancer_uids[0]", "", "digitalocean.load_balancer_uids: the id of a load balancer"),
            ("aws.vpc_id", "", "aws.vpc_id: must have a value"),
            ("aws.security_group_id", "", "aws.security_group_id: must have a value"),
            ("aws.region", "", "aws.region: must have a value"),
            ("aws.tags", "x" * 257, "aws.tags.a: a text of at most 256 characters"),
            ("aws.rule_tags", "x" * 257, "aws.rule_tags.a: a text of at most 256 characters"),
            ("aws.rule_tags.own", "x" * 257, "aws.rule_tags.own: a text of at most 256 characters"),
            ("aws.tags.own", "x" * 257, "aws.tags.own: a text of at most 256 characters"),
            ("azure.tags", "x" * 257, "azure.tags.a: a text of at most 256 characters"),
            ("azure.tags.own", "x" * 257, "azure.tags.own: a text of at most 256 characters"),
            ("azure.resource_group_name", "", "azure.resource_group_name: must have a value"),
            ("azure.location", "", "azure.location: must have a value"),
            ("hetzner.label_selectors[0]", "", "hetzner.label_selectors: a label selector"),
            ("hetzner.server_ids[0]", "", "hetzner.server_ids: the id of a server"),
            ("hetzner.labels", "x" * 64, "hetzner.labels.a: a text of at most 63"),
            ("hetzner.labels.own", "x" * 64, "hetzner.labels.own: a text of at most 63"),
        ],
    )
    def test_stops(self, engine, path, value, message):
        with pytest.raises(InvalidArguments) as caught:
            values_of(engine, path, lambda: pulumi.Output.secret(value))
        assert f"- {message}" in str(caught.value)
        assert "x" * 20 not in str(caught.value)
        sent = {one.type for one in engine.requests if not one.type.startswith(("livekit:", "pulumi:"))}
        # a group that is there without rules admits nothing
        assert sent <= ({"aws:ec2/securityGroup:SecurityGroup"} if "rule_tags" in path else set())

    def test_an_account_that_is_none(self, engine):
        with pytest.raises(InvalidArguments, match=r"gcp\.target_service_accounts: the email"):
            engine.run(
                lambda: LiveKitFirewall(
                    "lk", gcp={"network": "n", "target_service_accounts": [pulumi.Output.from_input("")]}
                )
            )


class TestTags:
    @pytest.mark.parametrize("target", [{"aws": {"vpc_id": "v"}}, {"azure": {"resource_group_name": "g"}}])
    def test_what_is_known_of_them_is_judged_at_once(self, target):
        (platform, plain), *_ = target.items()
        tags = {"": "a", "x" * 600: "a", "long": "x" * 257, "own": LATER, **{f"k{one}": "a" for one in range(60)}}
        with pytest.raises(ConfigurationError) as caught:
            judge(platform, {**plain, "tags": tags})
        text = str(caught.value)
        assert f"{platform}.tags: at most 50 tags on a resource (got 6" in text
        assert f"{platform}.tags.long: a text of at most 256 characters (got 257 characters); shorten it" in text
        assert f"{platform}.tags.(a key that is no name): a key of 1 to" in text

    def test_reserved_keys(self):
        with pytest.raises(ConfigurationError, match=r"a key of 1 to 128 characters that does not begin with aws:"):
            judge("aws", {"vpc_id": "v", "tags": {"Aws:x": "1"}})
        with pytest.raises(ConfigurationError, match="a key of 1 to 512 characters without < >"):
            judge("azure", {"resource_group_name": "g", "tags": {"a/b": "1"}})

    def test_a_name_of_the_users_own_is_kept(self, engine):
        made = engine.run(lambda: LiveKitFirewall("lk", aws={"vpc_id": "v", "tags": {"Name": "mine", "a": "b"}}))
        group = made["aws:ec2/securityGroup:SecurityGroup", "lk-aws-security-group"]
        assert group.inputs["tags"] == {"Name": "mine", "a": "b"}


def judge(platform: str, target: dict[str, Any]) -> None:
    """What the component's checks find in a target."""
    check("lk", {platform: target})


class TestResources:
    """Named in place of one of their outputs."""

    @pytest.mark.parametrize(
        ("args", "message"),
        [
            (
                lambda one: {"aws": {"vpc_id": one}},
                "aws.vpc_id: is a resource, and none of its outputs; give one of its",
            ),
            (lambda one: {"gcp": {"network": "n", "target_tags": [one]}}, "gcp.target_tags[0]: is a resource"),
            (lambda one: {"udp_port": one, "host": {}}, f"udp_port: is a resource, and none of its outputs; {PLAIN}"),
        ],
    )
    def test_is_said(self, engine, args, message):
        def program() -> None:
            vpc = pulumi.CustomResource("a:b:C", "vpc", {})
            with pytest.raises(InvalidArguments) as caught:
                LiveKitFirewall("lk", args(vpc))
            assert message in str(caught.value)
            assert "object at 0x" not in str(caught.value)

        assert list(engine.run(program)) == [("a:b:C", "vpc")]


class TestNames:
    def test_a_name_with_the_text_of_an_output(self, engine):
        def program() -> None:
            for name in (pulumi.Output.from_input("a"), "lk-<pulumi.output.Output object at 0x7f2b8c0d5d90>"):
                with pytest.raises(InvalidArguments, match=r"1 problem[^\n]*\n  - \(name\): is "):
                    LiveKitFirewall(name, host={})

        assert engine.run(program) == {}
