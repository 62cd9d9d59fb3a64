"""Types of what arguments hold, for type checkers of programs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import Protocol, SupportsIndex, TypeVar

FilePath = PurePath | str
"""A file or a folder; relative ones start from the folder of Pulumi.yaml."""

Item_co = TypeVar("Item_co", covariant=True)


class SequenceNotStr(Protocol[Item_co]):
    """A list or a tuple. `Sequence[str]` would accept one text, as a sequence of its letters; this does not, since the
    `in` of a text takes texts only.
    """

    def __contains__(self, value: object, /) -> bool: ...
    def __getitem__(self, index: int, /) -> Item_co: ...
    def __iter__(self) -> Iterator[Item_co]: ...
    def __mul__(self, times: SupportsIndex, /) -> object: ...  # else mypy takes a mapping for one and infers nothing
