"""What a change of firewalls means for who can reach what: the result of `review` and `diff`, as data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from msgspec import Struct

from ...model.addresses import Cidr, Direction, Family
from ...model.ports import PortRange
from ...model.services import Service

NO_CHANGE, NARROWER, WIDER, MOVED = "no change", "narrower", "wider", "moved"


class ChangedAccess(Struct, frozen=True):
    """Ports, and the sources that gain or lose access to them.

    Attributes:
        ports: what is gained or lost; none for a protocol without ports.
        blocks: from where (or where to, for egress).
        names: sources known by name only: a group, a tag, a value that is not known yet.
        protocol: a protocol without ports; "" otherwise.
    """

    ports: tuple[PortRange, ...] = ()
    blocks: tuple[Cidr, ...] = ()
    names: tuple[str, ...] = ()
    protocol: str = ""

    @property
    def port_count(self) -> int:
        return sum(map(len, self.ports))

    def addresses(self, family: Family) -> int:
        """How many addresses of the family; names count none, since theirs are not known."""
        return sum(block.network.num_addresses for block in self.blocks if block.family is family)

    def as_json(self) -> dict[str, Any]:
        return {
            "ports": _ports(self.ports),
            "protocol": self.protocol or None,
            "blocks": [str(block) for block in self.blocks],
            "names": list(self.names),
            "addresses": {family.value: self.addresses(family) for family in Family},
            "port_count": self.port_count,
        }


MAY_OPEN: Final = "may open"
MAY_CLOSE: Final = "may close"
"""Kinds of changes that are not sure: on one side it is not known what is admitted."""


class Change(Struct, frozen=True):
    """One line of the table: what is gained, what is lost, or both where one became the other.

    Attributes:
        kind: `added`, `removed` or `changed`: whether the service was there before and is there after. `may open` and
            `may close` where that is not sure.
        firewalls: whose rules change it.
        direction: ingress or egress.
        service: what is behind the ports, where that is known.
        key: LiveKit's keys behind it; "" where they are not known.
        gained, lost: either may be None, not both.
        before: the ports on which anybody reached the service before, if it was reached and still is.
    """

    kind: str
    firewalls: tuple[str, ...]
    direction: Direction
    service: Service | None
    key: str
    gained: ChangedAccess | None = None
    lost: ChangedAccess | None = None
    before: tuple[PortRange, ...] = ()

    @property
    def is_sure(self) -> bool:
        return self.kind not in (MAY_OPEN, MAY_CLOSE)

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "firewalls": list(self.firewalls),
            "direction": str(self.direction),
            "service": str(self.service) if self.service else None,
            "key": self.key,
            "gained": self.gained.as_json() if self.gained else None,
            "lost": self.lost.as_json() if self.lost else None,
            "before": _ports(self.before),
        }


def _ports(ports: Iterable[PortRange]) -> list[dict[str, Any]]:
    return [{"protocol": str(one.protocol), "first": one.first, "last": one.last} for one in ports]


QUOTING = frozenset(
    {"refused", "refused-half-way", "lists-fight", "open-on-the-way", "between-firewalls", "machines-replaced"}
)
"""The risks whose texts hold foreign text."""


class Risk(Struct, frozen=True):
    """Something dangerous that is so after the change.

    Attributes:
        id: stable, kebab-case (`internal-public`).
        severity: `error` or `warning`.
        where: the firewall or resource, as somebody named it.
        text: what is so after the change, in our own words; some quote foreign text, see `quotes`.
        why: what it means.
        fix: what to do.
        is_new: False for what was so before the change.
        ports: those that it is about, of which the text may name some only.
    """

    id: str
    severity: str
    where: str
    text: str
    why: str
    fix: str
    is_new: bool = True
    ports: tuple[PortRange, ...] = ()

    @property
    def quotes(self) -> bool:
        """Whether the texts hold foreign text, which has to be escaped."""
        return self.id in QUOTING

    def as_json(self) -> dict[str, Any]:
        return {**{name: getattr(self, name) for name in self.__struct_fields__}, "ports": _ports(self.ports)}


class Operation(Struct, frozen=True):
    """What the engine will do to one resource; `changed` names properties, never their values."""

    op: str
    type: str
    name: str
    changed: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"op": self.op, "type": self.type, "name": self.name, "changed": list(self.changed)}


class Origin(Struct, frozen=True):
    """Where a part comes from; "" for what its input does not say.

    Attributes:
        stack, project: as Pulumi names them.
        file: of the preview, as it was given.
        made: when it was previewed, `2026-11-29 21:04 UTC`: event streams say it.
    """

    stack: str = ""
    project: str = ""
    file: str = ""
    made: str = ""

    def as_json(self) -> dict[str, str | None]:
        return {name: getattr(self, name) or None for name in self.__struct_fields__}


class Machine(Struct, frozen=True):
    """Something that has a firewall.

    Attributes:
        name: its logical name, or its id where it is no resource of the stack.
        type: its type token; "" where it is no resource of the stack.
        before, after: whether it has it before the change, and after it.
    """

    name: str
    type: str
    before: bool = True
    after: bool = True

    @property
    def kind(self) -> str:
        """The last word of its type: `Instance`."""
        return self.type.rpartition(":")[2]

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__struct_fields__}


class Attached(Struct, frozen=True):
    """What has a firewall, as far as the preview tells. That something is not among it proves nothing.

    Attributes:
        firewall: as the changes name it.
        machines: instances, balancers, node groups; interfaces and templates that none of them is known to have.
        is_whole: whether the preview holds the whole stack, and says of each resource what it has.
        is_kept: whether the firewall is there before and after.
    """

    firewall: str
    machines: tuple[Machine, ...]
    is_whole: bool
    is_kept: bool = True

    def as_json(self) -> dict[str, Any]:
        machines = [one.as_json() for one in self.machines]
        return {"firewall": self.firewall, "machines": machines, "is_whole": self.is_whole}


class ReviewPart(Struct, frozen=True):
    """One stack, or one pair of configurations.

    Attributes:
        name: the stack.
        changes: the table, what matters most first.
        risks: the same.
        operations: of the engine; empty for configurations.
        unclear: what was not understood, and what it may do, as far as the change makes a difference to it.
        notes: what to know of the review itself.
        standing: what is reached before and after, for the picture.
        may_gain, may_lose: whether what is unclear may admit more, or less, than before, besides `changes`.
        origin: the stack and its preview; nothing for configurations, whose names say it.
        attached: what has the firewalls that change.
    """

    name: str
    changes: tuple[Change, ...] = ()
    risks: tuple[Risk, ...] = ()
    operations: tuple[Operation, ...] = ()
    unclear: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    standing: tuple[Change, ...] = ()
    may_gain: bool = False
    may_lose: bool = False
    origin: Origin = Origin()
    attached: tuple[Attached, ...] = ()

    @property
    def gains(self) -> bool:
        return self.may_gain or any(change.gained for change in self.changes)

    @property
    def loses(self) -> bool:
        return self.may_lose or any(change.lost for change in self.changes)

    @property
    def verdict(self) -> str:
        return verdict_of([self])

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "origin": self.origin.as_json(),
            "verdict": self.verdict,
            "changes": [change.as_json() for change in self.changes],
            "risks": [risk.as_json() for risk in self.risks],
            "attached": [one.as_json() for one in self.attached],
            "operations": [one.as_json() for one in self.operations],
            "unclear": list(self.unclear),
            "notes": list(self.notes),
        }


class Review(Struct, frozen=True):
    """The page: all stacks together."""

    parts: tuple[ReviewPart, ...]

    @property
    def verdict(self) -> str:
        """`no change`, `narrower`, `wider`; `moved` where something is gained and something lost."""
        return verdict_of(self.parts)

    @property
    def gains(self) -> bool:
        return any(part.gains for part in self.parts)

    @property
    def changes(self) -> tuple[Change, ...]:
        return tuple(change for part in self.parts for change in part.changes)

    @property
    def risks(self) -> tuple[Risk, ...]:
        return tuple(risk for part in self.parts for risk in part.risks)

    def as_json(self) -> dict[str, Any]:
        return {"version": 1, "verdict": self.verdict, "stacks": [part.as_json() for part in self.parts]}


def verdict_of(parts: Iterable[ReviewPart]) -> str:
    given = tuple(parts)
    gains, loses = any(part.gains for part in given), any(part.loses for part in given)
    return MOVED if gains and loses else WIDER if gains else NARROWER if loses else NO_CHANGE
