"""The sections of requirements.txt, so that the stack `local` need not install a gigabyte of cloud SDKs.

    >>> select(split(text), ["base", "aws"])     # what `make up STACK=aws-example` installs

Each section holds only what the sections before it lack; `base` is part of every selection.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping

CLOUDS = ("aws", "gcp", "digitalocean", "azure")
SECTIONS = ("base", *CLOUDS, "test", "check", "bench")

_HEADER = re.compile(r"^# --- (\S+)$")


class SectionError(ValueError):
    """requirements.txt and the wanted sections do not fit together."""


def split(text: str) -> dict[str, str]:
    """The text of every section by its name, in order; lines above the first header belong to none."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text.splitlines():
        header = _HEADER.match(line)
        if header is None:
            lines.append(line)
            continue
        name = header[1]
        if name in found:
            raise SectionError(f"requirements.txt has the section '{name}' twice; run `make lock`")
        lines = found[name] = []
    return {name: "\n".join(lines).strip() + "\n" for name, lines in found.items()}


def select(sections: Mapping[str, str], wanted: Iterable[str]) -> list[str]:
    """The wanted names with `base`, in the file's order."""
    names = {"base", *wanted}
    unknown = sorted(names - set(sections))
    if unknown:
        raise SectionError(
            f"requirements.txt has no section {', '.join(unknown)} but {', '.join(sections)}; run `make lock`"
        )
    return [name for name in sections if name in names]


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
