"""The table of the fleet, and the stack files that are written from it."""

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import yaml
from msgspec import DecodeError, Meta, Struct, structs
from msgspec.yaml import decode

from livekit_firewall import ConfigurationError
from livekit_firewall.inputs.stack_config import arguments_from
from livekit_firewall.preflight import check

HERE = Path(__file__).resolve().parent
PROJECT = HERE / "program"
"""The folder of the program that every stack runs."""


class TableError(Exception):
    """The table is not what it must be."""


class Row(Struct, frozen=True, forbid_unknown_fields=True):
    """One stack. `provider` has the configuration of Pulumi's packages: {aws: {region: eu-central-1}}."""

    name: Annotated[str, Meta(pattern="^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]  # as Kubernetes has them too
    wave: Annotated[int, Meta(ge=1)]
    provider: dict[str, dict[str, str]] = {}
    settings: dict[str, Any] = {}


class Table(Struct, frozen=True, forbid_unknown_fields=True):
    """What fleet.yaml says. Organization, repository, branch and folder are for other engines: elsewhere.py."""

    stacks: Annotated[list[Row], Meta(min_length=1)]
    defaults: dict[str, Any] = {}
    backend: str = ""
    secrets: str = ""
    organization: str = ""
    repository: str = ""
    branch: str = ""
    folder: str = ""

    def waves(self) -> list[list[Row]]:
        rows = sorted(self.stacks, key=lambda row: row.wave)
        return [list(wave) for _, wave in groupby(rows, key=lambda row: row.wave)]

    def config(self, row: Row) -> dict[str, Any]:
        """The configuration of a stack, as its file has it."""
        arguments = {**self.defaults, **row.settings}
        return {
            **{f"{name}:{key}": value for name, keys in row.provider.items() for key, value in keys.items()},
            **{f"livekit-firewall:{key}": value for key, value in arguments.items()},
        }

    def files(self, row: Row) -> list[str] | None:
        """The files that a row names, from PROJECT; None where the stack reads more files than these."""
        if {"compose", "plugnmeet"} & {*self.defaults, *row.settings}:
            return None
        names = (name for text in _texts(self.config(row)) for name in (text, text.partition("=")[2]))  # CHART=FILE
        return [name for name in names if _is_file(PROJECT / name)]

    def environment(self) -> dict[str, str]:
        return {"PULUMI_BACKEND_URL": self.backend} if self.backend else {}


def read(path: Path, only: Collection[str] | None = None) -> Table:
    """The table, with the stacks of these names alone.

    Raises:
        TableError: it cannot be read, a name is there twice, one of `only` is not there.
    """
    try:
        table = decode(path.read_bytes(), type=Table)
    except (OSError, DecodeError) as error:
        raise TableError(f"{path}: {error}") from None
    names = Counter(row.name for row in table.stacks)
    if wrong := sorted(name for name, count in names.items() if count > 1):
        raise TableError(f"{path}: a stack's name must be there once; these are there twice: {', '.join(wrong)}")
    if wrong := sorted(set(only or ()) - set(names)):
        raise TableError(f"{path}: no stacks of these names: {', '.join(wrong)}; there are {', '.join(names)}")
    return structs.replace(table, stacks=[row for row in table.stacks if not only or row.name in only])


def judge(table: Table, source: Path) -> None:
    """Hold what each row sets against what a firewall can be, as its program would. No engine and no cloud is asked.

    Raises:
        TableError: with the problems of all rows.
    """
    problems = []
    for row in table.stacks:
        try:
            check("livekit", arguments_from(table.config(row)), base=PROJECT, known={})
        except ConfigurationError as error:
            problems += [f"  - {row.name}: {problem}" for problem in error.problems]
    if problems:
        told = f"{len(problems)} problem{'s' * (len(problems) > 1)} in what the rows set, nothing was done:"
        raise TableError("\n".join([f"{source}: {told}", *problems]))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)
    elif isinstance(value, str):
        yield value


def _is_file(path: Path) -> bool:
    with suppress(OSError, ValueError):  # a text that is too long for a path, or has a NUL
        return path.is_file()
    return False


HEAD = "# Written by fleet.py from {}"
"""The first line of a stack's file, with the name of its table: by it fleet.py knows the files that it may remove."""


def write_stacks(table: Table, source: str = "fleet.yaml") -> None:
    """stacks/Pulumi.NAME.yaml of each. What Pulumi keeps in it besides, how secrets are sealed, stays."""
    for row in table.stacks:
        path = PROJECT / "stacks" / f"Pulumi.{row.name}.yaml"
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        content = {**(yaml.safe_load(before) or {}), "config": table.config(row)}
        after = f"{HEAD.format(source)}\n{yaml.safe_dump(content, sort_keys=False)}"
        if after != before:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(after, encoding="utf-8")


def without_row(names: Collection[str], source: str) -> Iterator[tuple[str, Path, bool]]:
    """Each stack that has a file and is not in the table `source`: name, file, whether it was written from there.

    Files that were written from another table are left out.
    """
    for path in sorted((PROJECT / "stacks").glob("Pulumi.*.yaml")):
        name = path.name.removeprefix("Pulumi.").removesuffix(".yaml")
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        is_ours = first == HEAD.format(source)
        if name not in names and (is_ours or not first.startswith(HEAD.format(""))):
            yield name, path, is_ours
