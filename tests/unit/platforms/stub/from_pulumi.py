"""Stub firewalls as resources of Pulumi -> what each admits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...effective.resources import Resource, ResourceNames, _resource
from ...effective.snapshot import Snapshot, SnapshotRule, admission, said_of, told
from ...effective.syntax import block_of
from ...model.addresses import Direction
from ...model.ports import PortRange
from .record import STUB
from .render import Native

TYPES = frozenset(STUB.made)


def admissions(resources: Sequence[Resource], names: ResourceNames) -> Iterator[Snapshot]:
    for one in resources:
        names.shown[one.urn] = one.name
        yield admission(one.urn, one.name, "stub", told(one, _entries(one), Direction.INGRESS))


def _entries(one: Resource) -> Iterator[SnapshotRule]:
    for line in one.inputs["lines"]:
        ports = (PortRange.parse(line["ports"]),)
        said = said_of(line["ports"], True, ports, [block_of(line["block"], one.name)], ())
        yield SnapshotRule(said, Direction.INGRESS, ports)


def made(native: Native) -> Iterator[Resource]:
    yield _resource(STUB.made[0], "stub", {"zone": native.zone, "lines": native.as_json()["stub_lines"]})
