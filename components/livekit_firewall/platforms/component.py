"""What the component of every cloud does: judge what it is given, and only then register itself and its resources."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Generic, TypeVar, cast

import pulumi
from msgspec import Struct

from ..model.addresses import Cidr
from ..model.errors import Problem
from ..model.rules import RuleSet
from .judged import with_sound_blocks
from .platform import Native, Options, Platform, Target
from .resource_options import admit, registered
from .running import called, plugin, pulumi_errors

T = TypeVar("T", bound=Target)
N = TypeVar("N", bound=Native)


class Rendered(Struct, Generic[T, N]):
    """What a component makes its resources of.

    Attributes:
        rules: whose blocks that are outputs stop what waits for them where they are no blocks.
    """

    rules: RuleSet
    target: T
    native: N
    opts: pulumi.ResourceOptions | None


class CloudFirewall(pulumi.ComponentResource, Generic[T, N]):
    """The component of one cloud."""

    _platform: ClassVar[Platform[Any]]

    def __init__(
        self,
        name: str,
        rules: RuleSet,
        target: T,
        *,
        ipv6: bool = True,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        platform = self._platform
        kind = platform.component.token
        with pulumi_errors():
            admit(kind, name, opts, platform)
            rules = with_sound_blocks(rules, ipv6, self._block_problems)
            native = cast(N, platform.render(rules, target, Options(name, ipv6=ipv6)))
            self._plugin = plugin(platform)
            self._claim(target, native, called(name, opts))
        super().__init__(kind, name, None, opts)
        registered(self, opts)
        self.register_outputs(self._make(Rendered(rules, target, native, opts)))

    def _block_problems(self, name: str, block: Cidr) -> Iterable[Problem]:  # noqa: ARG002
        """Of a block by its name that is an output, and that the platform does not take so."""
        return ()

    def _claim(self, target: T, native: N, me: str) -> None:
        """Refuse what another component of the program has, and note what this one has.

        Args:
            me: what the component is called in the error.
        """

    @abstractmethod
    def _make(self, given: Rendered[T, N]) -> Mapping[str, pulumi.Output[Any]]:
        """Register the resources, and say what the component's outputs are."""
