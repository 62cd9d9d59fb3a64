"""What one check is given: the job, and who is told of its progress."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from ...model.addresses import Address, Family
from ...model.services import Service
from ..results.verdict import ProbeTarget
from ..wire.token import Token
from .transport import MAX_RATE

Planner = Callable[[Mapping[Family, Address | None]], Sequence[ProbeTarget]]


class Progress:
    """Receives the progress of a check; this one shows nothing."""

    def phase(self, text: str) -> None:
        """A new part of the work."""

    def done(self, share: float) -> None:
        """How much of the part is done, from 0 to 1."""


class Job(Struct, frozen=True):
    """What to check.

    Attributes:
        planner: from the families and the checker's addresses to targets (`plan_for`).
        digest: of the configuration (`digest_of`).
        token: of the listener; None: without one.
        names: what services call themselves in certificates, where that is not the host's name.
        unasked: services that cannot be spoken to though they are there (`turn.external_tls` is plain text).
        rate: packets a second at most.
    """

    planner: Planner
    digest: bytes
    token: Token | None
    names: Mapping[Service, str] = {}
    unasked: frozenset[Service] = frozenset()
    rate: float = MAX_RATE
