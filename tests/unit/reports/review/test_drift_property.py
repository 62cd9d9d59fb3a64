"""Random firewalls, random drift by hand, random edits: the verdict is what an evaluator of both sides says.

The state is written as the bridge writes it (tests/engine/fakes, which are held against the real plugins' states). The
evaluator knows grants, pairs of ports and blocks, and none of our readers.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from ipaddress import ip_network
from types import ModuleType
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.reports.review import review_texts
from tests.engine.fakes import aws, digitalocean, gcp, hetzner
from tests.engine.fakes.bridge import cut, differences
from tests.unit.strategies import few_examples

from .judge import Box, assert_exact, verdict

PORTS = st.sampled_from([("tcp", 22, 22), ("tcp", 443, 443), ("tcp", 7881, 7881), ("udp", 3478, 3478),
                         ("udp", 50000, 60000), ("udp", 50000, 50100), ("tcp", 1, 65535)])  # fmt: skip
BLOCKS = st.sampled_from(["0.0.0.0/0", "203.0.113.0/24", "203.0.113.7/32", "10.0.0.0/8", "198.51.100.0/28"])
Rules = dict[tuple[str, int, int], tuple[str, ...]]
"""The sources of each range of ports."""

ANY = "0.0.0.0/0"


class Wall(NamedTuple):
    """A firewall: its rules, and whether it is switched off (Google)."""

    rules: Rules
    is_off: bool = False


class Case(NamedTuple):
    """What the program had, what somebody made of it in the cloud, and what the program has now."""

    before: Wall
    there: Wall
    after: Wall


def boxes(wall: Wall) -> list[Box]:
    found = [] if wall.is_off else list(wall.rules.items())
    return [Box(*ports, ip_network(block)) for ports, blocks in found for block in blocks]


SOURCES = st.lists(BLOCKS, min_size=1, max_size=4, unique=True).map(tuple)
SEVERAL = st.dictionaries(PORTS, SOURCES, min_size=1, max_size=5)
ONE = st.builds(lambda ports, blocks: dict.fromkeys(ports, blocks), st.lists(PORTS, min_size=1, unique=True), SOURCES)
"""Google's: the same sources for every port."""


def walls(rules: st.SearchStrategy[Rules], off: bool) -> st.SearchStrategy[Case]:
    wall = st.builds(Wall, rules, st.just(False))
    drifted = st.builds(Wall, rules, st.booleans() if off else st.just(False))
    same = wall.flatmap(lambda one: st.builds(Case, st.just(one), drifted, st.just(one)))
    return st.one_of(same, st.builds(Case, wall, drifted, wall))


def ports_of(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


def ocean(wall: Wall) -> dict[str, Any]:
    rules = [
        {"protocol": protocol, "portRange": ports_of(first, last), "sourceAddresses": list(blocks)}
        for (protocol, first, last), blocks in wall.rules.items()
    ]
    return {"name": "lk-0000001", "inboundRules": rules, "tags": ["livekit"]}


def cloud(wall: Wall) -> dict[str, Any]:
    rules = [
        {"direction": "in", "protocol": protocol, "port": ports_of(first, last), "sourceIps": list(blocks)}
        for (protocol, first, last), blocks in wall.rules.items()
    ]
    return {"name": "lk-0000001", "rules": rules, "applyTos": [{"labelSelector": "app=lk"}]}


def google(wall: Wall) -> dict[str, Any]:
    by_protocol: dict[str, list[str]] = {}
    for protocol, first, last in wall.rules:
        by_protocol.setdefault(protocol, []).append(ports_of(first, last))
    allows = [{"protocol": protocol, "ports": ports} for protocol, ports in by_protocol.items()]
    off = {"disabled": True} if wall.is_off else {}
    ranges = list(next(iter(wall.rules.values())))
    return {"name": "lk-0000001", "network": "default", "allows": allows, "sourceRanges": ranges, **off}


def group(wall: Wall) -> dict[str, Any]:
    entries = [
        {"protocol": protocol, "fromPort": first, "toPort": last, "cidrBlocks": list(blocks)}
        for (protocol, first, last), blocks in wall.rules.items()
    ]
    return {"name": "lk-0000001", "description": "LiveKit", "ingress": entries, "egress": []}


def own_rule(wall: Wall) -> dict[str, Any]:
    (((protocol, first, last), (block, *_)),) = wall.rules.items()
    return {"securityGroupId": "sg-1", "ipProtocol": protocol, "fromPort": first, "toPort": last, "cidrIpv4": block}


class Kind(NamedTuple):
    """A kind of resource, and how it is written."""

    cloud: ModuleType
    token: str
    write: Callable[[Wall], dict[str, Any]]
    cases: st.SearchStrategy[Case]


SINGLE = st.builds(lambda ports, block: {ports: (block,)}, PORTS, BLOCKS)
ID = "projects/p/global/firewalls/lk-0000001"
KINDS = {
    "digitalocean": Kind(digitalocean, digitalocean.FIREWALL, ocean, walls(SEVERAL, off=False)),
    "hetzner": Kind(hetzner, hetzner.FIREWALL, cloud, walls(SEVERAL, off=False)),
    "gcp": Kind(gcp, gcp.FIREWALL, google, walls(ONE, off=True)),
    "aws-inline": Kind(aws, aws.GROUP, group, walls(SEVERAL, off=False)),
    "aws-own": Kind(aws, aws.INGRESS, own_rule, walls(SINGLE, off=False)),
}
each_kind = pytest.mark.parametrize("name", KINDS)


def page(kind: Kind, inputs: dict[str, Any], outputs: dict[str, Any], wanted: dict[str, Any], **more: Any) -> Any:
    """The review of the step that the engine makes of a state and a program."""
    urn = f"urn:pulumi:dev::media::{kind.token}::lk"
    state = {"urn": urn, "type": kind.token, "custom": True}
    paths = differences(kind.cloud, kind.token, outputs, wanted)
    op = "update" if paths or more else "same"
    step: dict[str, Any] = {"op": op, "urn": urn}
    step["oldState"] = {**state, "id": ID, "inputs": inputs, "outputs": outputs, **more}
    step["newState"] = {**state, "inputs": wanted}
    step["diffReasons"] = sorted(paths)
    step["detailedDiff"] = {
        path: {"kind": how, "inputDiff": False} for one in paths.values() for path, how in one.items()
    }
    text = json.dumps({"steps": [step], "changeSummary": {op: 1}})
    return json.loads(json.dumps(review_texts([("preview.json", text)]).as_json()))


def there_after(kind: Kind, case: Case) -> list[Box]:
    """Google's provider leaves 0.0.0.0/0 beside the one block that takes its place."""
    after = boxes(case.after)
    if kind.cloud is gcp:
        old, new = (google(wall)["sourceRanges"] for wall in (case.there, case.after))
        if old == [ANY] and len(new) == 1:
            after += [Box(*ports, ip_network(ANY)) for ports in case.after.rules]
    return after


@each_kind
@few_examples
@given(data=st.data())
def test_the_repair_of_a_drift_with_an_edit_or_without_is_told_exactly(name: str, data: st.DataObject) -> None:
    kind = KINDS[name]
    case = data.draw(kind.cases)
    outputs = kind.cloud.outputs(kind.token, ID, kind.write(case.there))
    inputs = cut(kind.write(case.before), outputs)
    found = page(kind, inputs, outputs, kind.write(case.after))
    assert found["verdict"] == verdict(*assert_exact(found, boxes(case.there), there_after(kind, case)))


@each_kind
@few_examples
@given(data=st.data())
def test_after_a_refused_update_before_is_what_the_one_before_made(name: str, data: st.DataObject) -> None:
    kind = KINDS[name]
    case = data.draw(kind.cases)
    asked = kind.cloud.outputs(kind.token, ID, kind.write(case.after))
    found = page(kind, kind.write(case.before), asked, kind.write(case.after), initErrors=["Error 403"])
    assert found["verdict"] == verdict(*assert_exact(found, boxes(case.before), boxes(case.after)))
    assert "refused-update-behind" in [risk["id"] for risk in found["stacks"][0]["risks"]]


@each_kind
@few_examples
@given(data=st.data())
def test_what_was_not_touched_is_no_change_in_whatever_order_it_is_written(name: str, data: st.DataObject) -> None:
    kind = KINDS[name]
    wall = data.draw(kind.cases).before
    outputs = kind.cloud.outputs(kind.token, ID, kind.write(wall))
    turned = Wall({ports: tuple(reversed(blocks)) for ports, blocks in reversed(wall.rules.items())})
    found = page(kind, kind.write(wall), outputs, kind.write(turned))
    assert found["verdict"] == "no change"
