"""URNs, the names of resources in Pulumi: `urn:pulumi:STACK::PROJECT::PARENTS$TYPE::NAME`."""

from __future__ import annotations


def is_urn(text: str) -> bool:
    return text.startswith("urn:pulumi:") and text.count("::") >= 3


def name_of(urn: str) -> str:
    return urn.rpartition("::")[2]


def type_of(urn: str) -> str:
    """The type token in a URN; "" where the text is none."""
    parts = urn.split("::", 3)
    return parts[2].rpartition("$")[2] if len(parts) > 3 else ""


def parents_of(urn: str) -> str:
    parts = urn.split("::", 3)
    return parts[2].rpartition("$")[0] if len(parts) > 3 else ""


def are_siblings(urn: str, other: str) -> bool:
    return parents_of(urn) == parents_of(other)
