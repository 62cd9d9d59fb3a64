"""Enumerations whose members are texts, in every version of Python that is supported (`enum.StrEnum` needs 3.11)."""

from __future__ import annotations

from enum import Enum


class TextEnum(str, Enum):
    """Members are texts: `str()` is the value, which JSON and messages show."""

    __str__ = str.__str__
