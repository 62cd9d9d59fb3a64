"""Machines that an update moves between firewalls: what they have on the way, by what each provider does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.reports.review import Review
from livekit_firewall.reports.review.markdown import markdown
from tests.unit.strategies import few_examples

from .test_attached import (
    AZURE_OPEN,
    CLASSIC,
    DROPLET,
    GROUP,
    INSTANCE,
    INTERFACE,
    NSG,
    OPEN,
    RULE,
    RULE_OPEN,
    VM,
    WALL,
    WALL_OPEN,
    Program,
    To,
    reviewed,
)  # fmt: skip

HCLOUD, SERVER = "hcloud:index/firewall:Firewall", "hcloud:index/server:Server"
APPLIED = "hcloud:index/firewallAttachment:FirewallAttachment"
RULES = {"rules": [{"direction": "in", "protocol": "tcp", "port": "443", "sourceIps": ["10.0.0.0/8"]}]}
NIC, SUBNET = "azure-native:network:NetworkInterface", "azure:network/subnet:Subnet"
ASSOCIATION = "azure:network/subnetNetworkSecurityGroupAssociation:SubnetNetworkSecurityGroupAssociation"
BOUND = "aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment"
G, N, C = (GROUP, OPEN), (NSG, AZURE_OPEN), (CLASSIC, AZURE_OPEN)


def wall(**inputs: Any) -> tuple[str, dict[str, Any]]:
    return WALL, {**WALL_OPEN, **inputs}


def hetzner(**inputs: Any) -> tuple[str, dict[str, Any]]:
    return HCLOUD, {**RULES, **inputs}


def on(id_: str, risk: Review) -> list[str]:
    return [one.text for one in risk.risks if one.id == id_]


def told(before: Program, after: Program, **more: Any) -> list[str]:
    found = reviewed(before, after, **more)
    return [*on("open-on-the-way", found), *on("between-firewalls", found)]


def edit(name: str, old: Any, new: Any, **others: Any) -> tuple[Program, Program]:
    return {**others, name: old}, {**others, name: new}


TWO = {"a": G, "b": G}
WALLS = {"a": wall(tags=["x"]), "b": wall(tags=["y"])}
LABELS = {"a": hetzner(applyTos=[{"labelSelector": "x=1"}]), "b": hetzner(applyTos=[{"labelSelector": "x=2"}])}
TAGGED = {"a": (RULE, {**RULE_OPEN, "network": "n", "targetTags": ["x"]}),
          "b": (RULE, {**RULE_OPEN, "network": "n", "targetTags": ["y"]})}  # fmt: skip
INTERFACE_OF = {"networkInterfaces": [{"network": "n"}]}

SURE, MAYBE = "m is without a before b is attached", "m may be without a before b is attached"
NOT_KNOWN = ", and whether open or shut then is not known"
SHUT = ", so that what both admit is shut then"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        # one list, put in one call
        (edit("m", *((INSTANCE, {"vpcSecurityGroupIds": [To(one)]}) for one in "ab"), **TWO), []),
        (edit("m", (INTERFACE, {"securityGroups": [To("a")]}), (INTERFACE, {"securityGroups": [To("b")]}), **TWO), []),
        (edit("m", (NIC, {"networkSecurityGroup": {"id": To("a")}}), (NIC, {"networkSecurityGroup": {"id": To("b")}}),
              a=N, b=N), []),
        (edit("m", (VM, {**INTERFACE_OF, "tags": ["x"]}), (VM, {**INTERFACE_OF, "tags": ["y"]}), **TAGGED), []),
        # the provider takes first
        (edit("m", (DROPLET, {"tags": ["x"]}), (DROPLET, {"tags": ["y"]}), **WALLS), [SURE]),
        (edit("m", (SERVER, {"firewallIds": [To("a")]}), (SERVER, {"firewallIds": [To("b")]}),
              a=hetzner(), b=hetzner()), [SURE]),
        # not documented
        (edit("m", (SERVER, {"labels": {"x": "1"}}), (SERVER, {"labels": {"x": "2"}}), **LABELS), [MAYBE]),
        # something else stays
        (edit("m", (DROPLET, {"tags": ["x", "z"]}), (DROPLET, {"tags": ["y", "z"]}), c=wall(tags=["z"]), **WALLS),
         [SURE + SHUT]),
        # both at once for a while
        (edit("m", (DROPLET, {"tags": ["x"]}), (DROPLET, {"tags": ["x", "y"]}), **WALLS), []),
        (edit("m", (DROPLET, {"tags": ["x", "y"]}), (DROPLET, {"tags": ["y"]}), **WALLS), []),
        # a tag that no firewall has
        (edit("m", (DROPLET, {"tags": ["o"]}), (DROPLET, {"tags": ["y"]}), **WALLS), []),
    ],
)  # fmt: skip
def test_by_one_update_of_one_resource(change: tuple[Program, Program], expected: list[str]) -> None:
    assert told(*change) == expected


IDS: Program = {"m": (DROPLET, {})}
SERVERS: Program = {"m": (SERVER, {})}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": wall(dropletIds=[To("m")]), "b": wall(), **IDS}, {"a": wall(), "b": wall(dropletIds=[To("m")]), **IDS},
         [MAYBE]),
        # what is deleted goes last
        ({"a": wall(dropletIds=[To("m")]), **IDS}, {"b": wall(dropletIds=[To("m")]), **IDS}, []),
        ({"a": wall(dropletIds=[To("m")]), **IDS}, {"a": wall(dropletIds=[To("m")]), "b": wall(dropletIds=[To("m")]),
          **IDS}, []),
        ({"a": hetzner(applyTos=[{"server": To("m")}]), "b": hetzner(applyTos=[{"server": 7}]), **SERVERS},
         {"a": hetzner(applyTos=[{"server": 8}]), "b": hetzner(applyTos=[{"server": To("m")}]), **SERVERS}, [MAYBE]),
        ({"a": hetzner(), "b": hetzner(), "p": (APPLIED, {"firewallId": To("a"), "serverIds": [To("m")]}), **SERVERS},
         {"a": hetzner(), "b": hetzner(), "q": (APPLIED, {"firewallId": To("b"), "serverIds": [To("m")]}), **SERVERS},
         []),
        # a Droplet of another stack
        ({"a": wall(dropletIds=[9]), "b": wall(dropletIds=[8]), **IDS},
         {"a": wall(dropletIds=[8]), "b": wall(dropletIds=[9]), **IDS},
         ["Droplet 8 may be without b before a is attached", "Droplet 9 may be without a before b is attached"]),
        # the machine itself comes anew
        ({"a": wall(tags=["x"]), "b": wall(tags=["y"])}, {"a": wall(tags=["x"]), "b": wall(tags=["y"]),
          "m": (DROPLET, {"tags": ["y"]})}, []),
    ],
)  # fmt: skip
def test_by_updates_of_two_resources(before: Program, after: Program, expected: list[str]) -> None:
    assert told(before, after) == expected


def test_the_order_that_dependencies_force_is_known() -> None:
    machine: Program = {"m": (DROPLET, {})}
    first: Program = {"a": wall(dropletIds=[To("m")]), "b": wall(tags=["o"]), **machine}
    later = {"a": wall(name=To("b")), "b": wall(tags=["o"], dropletIds=[To("m")]), **machine}
    assert told(first, later) == []
    sooner = {"a": wall(tags=["p"]), "b": wall(name=To("a"), dropletIds=[To("m")]), **machine}
    assert told(first, sooner) == [SURE]


@pytest.mark.parametrize(("deletes_first", "expected"), [(True, [SURE.replace("m", "s") + NOT_KNOWN]), (False, [])])
def test_an_association_of_azure_that_is_replaced(deletes_first: bool, expected: list[str]) -> None:
    base: Program = {"a": C, "b": C, "s": (SUBNET, {})}
    old, new = ({**base, "z": (ASSOCIATION, {"subnetId": To("s"), "networkSecurityGroupId": To(one)})} for one in "ab")
    assert told(old, new, replaced={"z": deletes_first}) == expected


CLASSIC_NIC = "azure:network/networkInterface:NetworkInterface"
OF_NIC = "azure:network/networkInterfaceSecurityGroupAssociation:NetworkInterfaceSecurityGroupAssociation"
TOO_EARLY = "z is made before its old one is gone, and s still has a group then"


def associated(name: str, by: str = ASSOCIATION, **base: Any) -> Program:
    """A subnet, or a classic interface, that an association gives the group `name`."""
    where, key = (SUBNET, "subnetId") if by == ASSOCIATION else (CLASSIC_NIC, "networkInterfaceId")
    return {"a": C, "b": C, "s": (where, {}), **base, "z": (by, {key: To("s"), "networkSecurityGroupId": To(name)})}


@pytest.mark.parametrize("by", [ASSOCIATION, OF_NIC])
@pytest.mark.parametrize(("deletes_first", "expected"), [(True, []), (False, [TOO_EARLY])])
def test_an_association_of_azure_is_refused_beside_the_old_one(
    by: str, deletes_first: bool, expected: list[str]
) -> None:
    found = reviewed(associated("a", by), associated("b", by), replaced={"z": deletes_first})
    assert on("refused-half-way", found) == expected


def test_an_association_of_azure_is_refused_where_another_one_goes_at_the_end() -> None:
    old = associated("a")
    new = {**{name: one for name, one in old.items() if name != "z"}, "y": associated("b")["z"]}
    text = "y gives s a group, which has that of z"
    assert on("refused-half-way", reviewed(old, new)) == [text]
    assert on("refused-half-way", reviewed(new, {**new, "z": old["z"]})) == ["z gives s a group, which has that of y"]


@pytest.mark.parametrize(
    ("before", "after", "replaced"),
    [
        # of another subnet, of a subnet that is another one itself, the first of all, as it was
        (associated("a"), {**associated("b"), "t": (SUBNET, {}), "z": (ASSOCIATION, {
            "subnetId": To("t"), "networkSecurityGroupId": To("b")})}, {"z": False}),
        (associated("a"), associated("a", s=(SUBNET, {"name": "new"})), {"z": False, "s": False}),
        ({"a": C, "s": (SUBNET, {})}, associated("a"), {}),
        (associated("a"), associated("a"), {}),
    ],
)  # fmt: skip
def test_an_association_of_azure_is_made_where_there_is_no_group(
    before: Program, after: Program, replaced: Mapping[str, bool]
) -> None:
    assert on("refused-half-way", reviewed(before, after, replaced=replaced)) == []


@pytest.mark.parametrize(("deletes_first", "expected"), [(True, [SURE + SHUT]), (False, [])])
def test_an_attachment_of_aws_that_is_replaced(deletes_first: bool, expected: list[str]) -> None:
    base: Program = {"a": G, "b": G, "m": (INTERFACE, {})}
    old, new = ({**base, "z": (BOUND, {"networkInterfaceId": To("m"), "securityGroupId": To(one)})} for one in "ab")
    assert told(old, new, replaced={"z": deletes_first}) == expected


def test_a_firewall_that_is_deleted_before_it_is_made_anew_leaves_a_gap() -> None:
    before, after = ({"a": wall(name=name, dropletIds=[To("m")]), "m": (DROPLET, {})} for name in ("old", "new"))
    assert told(before, after, replaced={"a": True}) == ["m is without a before a is attached"]
    assert told(before, after, replaced={"a": False}) == []


def test_a_machine_that_is_replaced_has_its_own_from_the_beginning() -> None:
    change = edit("m", (DROPLET, {"tags": ["x"], "image": "1"}), (DROPLET, {"tags": ["y"], "image": "2"}), **WALLS)
    assert told(*change, replaced={"m": True}) == []


def test_a_preview_without_what_stays_says_what_it_does_not_show() -> None:
    before: Program = {"a": wall(dropletIds=[To("m")]), "b": wall(), "m": (DROPLET, {})}
    after: Program = {"a": wall(), "b": wall(dropletIds=[To("m")]), "m": (DROPLET, {})}
    (text,) = told(before, after, sames=False)
    assert (
        text
        == "Droplet m-0a1b may be without a before b is attached, unless a firewall that this preview does not show is"
    )


def test_machines_that_move_together_are_one_line() -> None:
    old, new = ({**WALLS, **{name: (DROPLET, {"tags": [tag]}) for name in "mno"}} for tag in "xy")
    assert told(old, new) == ["m, n and o are without a before b is attached"]


def test_hostile_names_stay_inside_of_code() -> None:
    change = edit("<b>@all", (DROPLET, {"tags": ["x"]}), (DROPLET, {"tags": ["y"]}), **WALLS)
    assert r"`\x3cb\x3e\x40all is without a before b is attached`" in markdown(reviewed(*change))


# every lawful order, played


Tags = Mapping[str, frozenset[str]]


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """Firewalls by tags and Droplets by their own tags; each Droplet is there on both sides."""
    tags = st.frozensets(st.sampled_from("xyz"), max_size=2).map(sorted)
    firewalls = draw(st.dictionaries(st.sampled_from("abc"), tags, max_size=3))
    droplets = {name: (DROPLET, {"tags": draw(tags)}) for name in "mn"}
    return {**{name: wall(tags=given) for name, given in firewalls.items()}, **droplets}


def played(before: Program, after: Program) -> dict[str, tuple[bool, bool]]:
    """Of each Droplet, whether some order of the updates leaves it without a firewall that it has on both sides, and
    whether each order does.
    """

    def bare(world: Program) -> set[str]:
        walls = [set(inputs["tags"]) for token, inputs in world.values() if token == WALL]
        return {
            name
            for name, (token, inputs) in world.items()
            if token == DROPLET and not any(one & set(inputs["tags"]) for one in walls)
        }

    edits = [name for name, one in after.items() if before.get(name) != one]
    always = bare(before) | bare(after)
    found: list[set[str]] = []
    for order in permutations(edits):
        world, seen = dict(before), set[str]()
        for name in order:
            if name in before and after[name][0] == DROPLET:
                tags = set(after[name][1]["tags"])
                world[name] = DROPLET, {"tags": [one for one in before[name][1]["tags"] if one in tags]}
                seen |= bare(world)
            world[name] = after[name]
            seen |= bare(world)
        found.append(seen - always)
    return {name: (any(name in one for one in found), all(name in one for one in found)) for name in "mn"}


def said(texts: list[str]) -> Iterator[tuple[str, bool]]:
    for text in texts:
        who, sure, _ = text.partition(" is without ") if " is without " in text else text.partition(" are without ")
        names = who if sure else text.partition(" may be ")[0]
        yield from ((name, bool(sure)) for name in names.replace(" and ", ", ").split(", "))


@few_examples
@given(programs(), programs())
def test_of_any_move_by_tags_the_risk_is_what_some_order_does(before: Program, after: Program) -> None:
    truth = played(before, after)
    found = dict(said(on("open-on-the-way", reviewed(before, after))))
    assert found.keys() - {f"tag {one}" for one in "xyz"} == {name for name, (may, _) in truth.items() if may}
    assert all(truth[name][1] for name, is_sure in found.items() if is_sure and name in truth)
