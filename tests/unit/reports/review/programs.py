"""Stacks before and after a change, as `pulumi preview --json` shows them: written from previews of the engine.

    preview([group, rule], [group, wider])      # the text of a digest; `stream` makes the event stream of it

A `Thing` is one resource. What a program leaves as it is has a step `same` if `sames` are asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
STACK_TYPE = "pulumi:pulumi:Stack"

AWS_GROUP = "aws:ec2/securityGroup:SecurityGroup"
AWS_DEFAULT = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
AWS_INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
AWS_EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
AWS_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
GCP = "gcp:compute/firewall:Firewall"
OCEAN = "digitalocean:index/firewall:Firewall"
HETZNER = "hcloud:index/firewall:Firewall"
HETZNER_ATTACHMENT = "hcloud:index/firewallAttachment:FirewallAttachment"
HETZNER_SERVER = "hcloud:index/server:Server"
AZURE_GROUP = "azure-native:network:NetworkSecurityGroup"
AZURE_RULE = "azure-native:network:SecurityRule"
AZURE_CLASSIC = "azure:network/networkSecurityGroup:NetworkSecurityGroup"
AZURE_CLASSIC_RULE = "azure:network/networkSecurityRule:NetworkSecurityRule"
FILE = "pulumi-python:dynamic/livekit:RulesetFile"


@dataclass(frozen=True)
class Thing:
    """A resource of a program.

    Attributes:
        refers: for an input, the resource whose id it is. Before the change the id is known; after it, it is
            unknown for what is created.
        parent: types of its parents, outermost first.
    """

    type: str
    name: str
    inputs: Mapping[str, Any] = field(default_factory=dict)
    refers: Mapping[str, Thing] = field(default_factory=dict)
    parent: tuple[str, ...] = ()
    id: str = ""
    outputs: Mapping[str, Any] = field(default_factory=dict)

    def urn(self, stack: str = "dev") -> str:
        return f"urn:pulumi:{stack}::media::{'$'.join((*self.parent, self.type))}::{self.name}"

    @property
    def real_id(self) -> str:
        return self.id or f"{self.name}-id"


def changed(thing: Thing, **inputs: Any) -> Thing:
    return replace(thing, inputs={**thing.inputs, **inputs})


def preview(
    before: Iterable[Thing],
    after: Iterable[Thing],
    *,
    sames: bool = True,
    config: Mapping[str, Any] | None = None,
    stack: str = "dev",
    hides: bool = False,
) -> str:
    """The text of a digest. `hides`: what is known of a resource that stays is kept back too, as if it were updated."""
    return json.dumps(digest(before, after, sames=sames, config=config, stack=stack, hides=hides))


def digest(
    before: Iterable[Thing],
    after: Iterable[Thing],
    *,
    sames: bool = True,
    config: Mapping[str, Any] | None = None,
    stack: str = "dev",
    hides: bool = False,
) -> dict[str, Any]:
    old, new = ({one.urn(stack): one for one in side} for side in (before, after))
    steps = list(_steps(old, new, stack, hides))
    summary: dict[str, int] = {}
    for step in steps:
        summary[step["op"]] = summary.get(step["op"], 0) + 1
    shown = [step for step in steps if sames or step["op"] != "same" or step["urn"].split("::")[2] == STACK_TYPE]
    return {"config": dict(config or {}), "steps": shown, "duration": 1, "changeSummary": summary}


def _steps(old: Mapping[str, Thing], new: Mapping[str, Thing], stack: str, hides: bool) -> Iterator[dict[str, Any]]:
    urn = f"urn:pulumi:{stack}::media::{STACK_TYPE}::media-{stack}"
    yield {"op": "same", "urn": urn, "oldState": {"urn": urn, "type": STACK_TYPE},
           "newState": {"urn": urn, "type": STACK_TYPE}}  # fmt: skip
    for urn, one in new.items():
        created = lambda thing: hides or thing.urn(stack) not in old  # noqa: E731
        after = _state(one, stack, one.inputs | _references(one, created), with_id=False)
        if urn not in old:
            yield {"op": "create", "urn": urn, "newState": after, "detailedDiff": None}
            continue
        before = _state(old[urn], stack, old[urn].inputs | _references(old[urn], lambda _: False), with_id=True)
        keys = sorted(
            key
            for key in {*before["inputs"], *after["inputs"]}
            if before["inputs"].get(key) != after["inputs"].get(key)
        )
        if not keys:
            yield {"op": "same", "urn": urn, "oldState": before, "newState": after, "detailedDiff": None}
            continue
        yield {"op": "update", "urn": urn, "oldState": before, "newState": after, "diffReasons": keys,
               "detailedDiff": {key: {"kind": "update", "inputDiff": False} for key in keys}}  # fmt: skip
    for urn, one in reversed(old.items()):
        if urn not in new:
            inputs = one.inputs | _references(one, lambda _: False)
            yield {"op": "delete", "urn": urn, "oldState": _state(one, stack, inputs, with_id=True)}


def _references(one: Thing, is_unknown: Any) -> dict[str, Any]:
    return {key: UNKNOWN if is_unknown(other) else other.real_id for key, other in one.refers.items()}


def _state(one: Thing, stack: str, inputs: Mapping[str, Any], with_id: bool) -> dict[str, Any]:
    state = {
        "urn": one.urn(stack),
        "custom": True,
        "type": one.type,
        "inputs": dict(inputs),
        "propertyDependencies": {
            key: [one.refers[key].urn(stack)] if key in one.refers else [] for key in inputs
        },
    }  # fmt: skip
    return {**state, "id": one.real_id, "outputs": {**inputs, **one.outputs}} if with_id else state


def stream(told: Mapping[str, Any]) -> str:
    """The event stream with the content of a digest: a line for each event, states without dependencies."""
    events: list[dict[str, Any]] = [{"preludeEvent": {"config": told.get("config", {})}}]
    for step in told["steps"]:
        states = {
            name: {key: value for key, value in step[state].items() if key != "propertyDependencies"}
            if step.get(state)
            else None
            for name, state in (("old", "oldState"), ("new", "newState"))
        }
        more = {"diffs": step.get("diffReasons"), "detailedDiff": step.get("detailedDiff")}
        one = {
            "op": step["op"],
            "urn": step["urn"],
            "type": step["urn"].split("::")[2].split("$")[-1],
            **states,
            **more,
        }
        events += [{"resourcePreEvent": {"metadata": one}}, {"resOutputsEvent": {"metadata": one}}]
    events.append({"summaryEvent": {"resourceChanges": told["changeSummary"], "isPreview": True}})
    events.append({"cancelEvent": {}})
    return "".join(
        json.dumps({"sequence": number, "timestamp": 1, **event}, ensure_ascii=False) + "\n"
        for number, event in enumerate(events)
    )


def group(name: str = "lk-security-group", **more: Any) -> Thing:
    return Thing(AWS_GROUP, name, {"vpcId": "vpc-1"}, **more)


def ingress(owner: Thing, name: str, **inputs: Any) -> Thing:
    """One rule of AWS, for TCP from anywhere by default."""
    given = {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443}
    if not {"cidrIpv6", "referencedSecurityGroupId", "prefixListId"} & set(inputs):
        given["cidrIpv4"] = "0.0.0.0/0"  # type: ignore[assignment]
    return Thing(AWS_INGRESS, name, given | inputs, {"securityGroupId": owner})
