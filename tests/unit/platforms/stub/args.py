"""The argument `stub` as a type."""

from typing import TypedDict


class StubArgs(TypedDict, total=False):
    zone: str
