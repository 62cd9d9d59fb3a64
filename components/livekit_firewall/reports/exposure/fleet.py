"""The exposure of each stack of a project, and what is wrong with those that cannot be read."""

from __future__ import annotations

from msgspec import Struct

from ...deployment.derive import Deployment
from ...model.text import printable
from .exposure import Exposure


class FleetStack(Struct, frozen=True):
    """A stack among others.

    Attributes:
        name: as in Pulumi.NAME.yaml.
        deployment, exposed: None where the stack could not be read.
        problems: why it could not, a sentence each.
    """

    name: str
    deployment: Deployment | None = None
    exposed: Exposure | None = None
    problems: tuple[str, ...] = ()

    @property
    def error(self) -> str:
        """What is wrong, under the stack's name."""
        return "\n".join([f"stack {printable(self.name)} could not be read:", *(f"  - {one}" for one in self.problems)])
