"""The sections of requirements.txt, so that the stack `local` need not install a gigabyte of cloud SDKs.

`base` is what the command needs, `pulumi`, the clouds and `probe` are the package's extras, the rest its groups.

    >>> select(split(text), ["base", "aws"])     # what `make up STACK=aws-example` installs
    >>> complete(split(text))["test"]            # all that `test` needs beside base

Each distribution is pinned once, in the first section that needs it. A section that needs one of another section
names it (`# and of other sections: NAME, NAME`), so that every selection is complete. `base` is part of each, and comes
first.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping

CLOUDS = ("aws", "gcp", "digitalocean", "azure", "hetzner")
EXTRAS = ("pulumi", *CLOUDS, "probe")
SECTIONS = ("base", *EXTRAS, "test", "check", "bench", "release")

_HEADER = re.compile(r"^# --- (\S+)$")
_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*")

BORROWED = "# and of other sections: "


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


def complete(sections: Mapping[str, str]) -> dict[str, str]:
    """Each section with the lines that it names of others: with base, pip needs nothing else to install it."""
    pins: dict[str, list[str]] = {}
    for text in sections.values():
        for block in blocks(text).values():
            pins.setdefault(name_of(block), []).append(block)
    return {section: text + "".join(_borrowed(section, text, pins)) for section, text in sections.items()}


def _borrowed(section: str, text: str, pins: Mapping[str, list[str]]) -> Iterator[str]:
    first = text.partition("\n")[0]
    if not first.startswith(BORROWED):
        return
    for name in first.removeprefix(BORROWED).split(", "):
        if name not in pins:
            raise SectionError(f"requirements.txt pins no {name}, which the section '{section}' needs; run `make lock`")
        yield from (f"{block}\n" for block in pins[name])


def blocks(text: str) -> dict[str, str]:
    """Each requirement with its continuation lines, by its first line without the backslash.

    A package can appear more than once, with versions for different Pythons.
    """
    found: dict[str, str] = {}
    key = ""
    for line in text.splitlines():
        if _NAME.match(line):
            key = line.removesuffix("\\").strip()
            found[key] = line
        elif key and line.startswith("    "):
            found[key] += "\n" + line
    return found


def name_of(requirement: str) -> str:
    return _NAME.match(requirement)[0].lower()


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
