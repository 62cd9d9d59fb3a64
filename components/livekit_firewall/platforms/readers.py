"""What the modules of a platform that read firewalls have."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ..effective.evaluate import EffectiveRules, Selection
    from ..effective.native_rule import NativeRule
    from ..effective.resource_names import ResourceNames
    from ..effective.resources import Resource
    from ..effective.snapshot import Snapshot


class CliReader(Protocol):
    """The module `from_cli`: a firewall as the platform's own command prints it."""

    def recognises(self, value: object, /) -> bool: ...

    def read(self, value: object, selection: Selection, /) -> EffectiveRules: ...


class TextReader(Protocol):
    """A module that reads what a command prints as text and not as JSON."""

    def recognises(self, text: str, /) -> bool: ...

    def read(self, files: Sequence[tuple[str, str]], selection: Selection, /) -> EffectiveRules:
        """One firewall in several files, each a name and its text."""


class PulumiReader(Protocol):
    """The module `from_pulumi`: firewalls as resources of Pulumi."""

    @property
    def TYPES(self) -> Container[str]:  # noqa: N802 (a constant of the module)
        """The type tokens that it reads."""

    def snapshots(self, resources: Sequence[Resource], names: ResourceNames, /) -> Iterator[Snapshot]: ...

    def rules(self, one: Resource, names: ResourceNames, /) -> Iterable[NativeRule]:
        """The rules that one resource is or holds."""
