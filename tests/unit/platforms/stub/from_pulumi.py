"""Stub firewalls as resources of Pulumi -> what each admits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...effective.native_rule import NativeRule, rules_in
from ...effective.resource_names import ResourceNames
from ...effective.resources import Resource
from ...effective.snapshot import Snapshot, snapshot_of
from ...model.addresses import Direction
from .record import STUB
from .render import native_rules

TYPES = frozenset(STUB.made)


def snapshots(resources: Sequence[Resource], names: ResourceNames) -> Iterator[Snapshot]:
    for one in resources:
        names.shown[one.urn] = one.name
        yield snapshot_of(one.urn, one.name, "stub", rules(one, names))


def rules(one: Resource, names: ResourceNames) -> list[NativeRule]:
    return rules_in(one, native_rules(one.inputs["lines"]), Direction.INGRESS)
