"""Which versions of Pulumi's packages are supported: pyproject.toml asks for the same, which a test holds."""

from __future__ import annotations

import re

from msgspec import Struct


class Versions(Struct, frozen=True):
    """Which versions of a package are supported: `oldest` and newer, but below `next_major`.

    >>> "7.51.1" in Versions("7.0", "8")
    True
    """

    oldest: str
    next_major: str

    def __contains__(self, version: str) -> bool:
        return _numbers(self.oldest) <= _numbers(version) < _numbers(self.next_major)

    def __str__(self) -> str:
        return f"{self.oldest} or newer, below {self.next_major}"


def _numbers(version: str) -> list[int]:
    """Those of the release: 8.0.0-alpha.1 counts as 8.0.0."""
    return [int(number) for number in re.findall(r"\d+", re.split(r"[^\d.]", version, maxsplit=1)[0])]


PULUMI = Versions("3.260", "4")
"""Of Pulumi's own SDK."""
