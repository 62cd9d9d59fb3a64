"""The Pulumi project: the folder of its stacks' files, and our arguments in them. The only reader of Pulumi.yaml.

    project = read_project(find_project(Path.cwd()))
    arguments = project.arguments(document_of(project.stack_file("prod")))

It reads the file as the Pulumi CLI does (sdk/go/common/workspace: paths.go, project.go, config.go of v3.259.0);
tests/engine/test_project_file.py compares the two.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from ..model.errors import ConfigurationError, Place, Report
from ..model.text import few, printable, quoted
from .document import Document, read_document
from .shown import show
from .stack_config import NAMESPACE, arguments_from


class ProjectError(ConfigurationError):
    """The project or the stack cannot be read: an error in the command's input, not a finding of `lint`."""


def _stop_if_any(report: Report) -> None:
    if report.problems:
        raise ProjectError(report.problems)


SUFFIXES = (".json", ".yaml", ".yml")
"""Suffixes of Pulumi.yaml in the CLI's order. A stack's file has the suffix of the project's file."""


class Project(Struct, frozen=True):
    """The content of Pulumi.yaml.

    Attributes:
        file: its path.
        name: the namespace of keys without one in a stack's file.
        stacks: the folder of the stacks' files, relative to that of Pulumi.yaml and normalised; "." by default.
        is_absolute: whether that folder is written as an absolute path: the CLI reads `/x` as `x` in the project's
            folder.
        main: the program's folder or file, relative to that of Pulumi.yaml; "" for the folder itself.
        values: values and defaults of its `config` for stacks that do not set them, by full key.
    """

    file: Path
    name: str
    stacks: str
    is_absolute: bool
    main: str
    values: Mapping[str, Any]

    @property
    def folder(self) -> Path:
        return self.file.parent

    def stack_file(self, stack: str) -> Path:
        """The path of the stack's configuration file, which need not exist."""
        return Path(os.path.normpath(self.folder / self.stacks)) / f"Pulumi.{stack}{self.file.suffix}"

    def arguments(self, document: Document) -> dict[str, Any]:
        """Our keys in a stack's file and in `config` of Pulumi.yaml, without the namespace.

        Raises:
            ProjectError: there is none, so that the file does not say what runs.
        """
        return our_arguments(document, self.name, self.values)

    def own_arguments(self, document: Document) -> dict[str, Any]:
        """Our keys and those in the project's own namespace, which a program may pass on as arguments."""
        config = {**self.values, **full_keys(_config(document), self.name)}
        return {**arguments_from(config, self.name), **arguments_from(config)}


def stack_files(folder: Path, suffix: str) -> Iterator[tuple[str, Path]]:
    """Each stack that has a file in a folder, by name. A file that no stack's name fits is none to Pulumi either."""
    for path in sorted(folder.glob(f"Pulumi.*{suffix}")):
        name = path.name.removeprefix("Pulumi.").removesuffix(suffix)
        if STACK_NAME.fullmatch(name):
            yield name, path


STACK_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")


def find_project(start: Path) -> Path | None:
    """The project file in a folder or the nearest folder above it; None if there is none."""
    for folder in (start, *start.parents):
        found = project_file(folder)
        if found is not None:
            return found
    return None


def project_file(folder: Path) -> Path | None:
    """The project file in a folder, by the first of `SUFFIXES`; None if there is none."""
    files = (folder / f"Pulumi{suffix}" for suffix in SUFFIXES)
    return next((file for file in files if file.exists() and not file.is_dir()), None)


def read_project(file: Path, shown: str | None = None) -> Project:
    """The project in a file Pulumi.yaml.

    Args:
        shown: the file's name in messages; its path by default.

    Raises:
        ProjectError: it cannot be read, or the CLI would refuse it.
    """
    report = Report()
    document = read_document(file, shown or str(file), report)
    if document is None:
        raise ProjectError(report.problems)
    value = document.value
    for key in ("name", "main"):
        if not isinstance(value.get(key, "" if key == "main" else None), str | None):
            report.problem(document.place(key), show(key, value[key]), "must be a text")
    if not value.get("name"):
        report.problem(document.place("name"), "", "must name the project")
    config, folder = value.get("config"), value.get("stackConfigDir")
    if isinstance(config, str):  # the former name of stackConfigDir
        if "stackConfigDir" in value:
            hint = "remove config"
            report.problem(document.place("config"), "", "must not name a folder beside stackConfigDir", hint)
        folder, config = config, None
    if not isinstance(folder, str | None) or "\0" in (folder or ""):
        expected = "must be a folder of the repository, written from Pulumi.yaml"
        report.problem(document.place("stackConfigDir"), quoted(folder, 200), expected)
    if not isinstance(config, dict | None):
        report.problem(document.place("config"), show("config", config), "must be a mapping of keys to values")
    _stop_if_any(report)
    text = folder or "."
    return Project(
        file,
        value["name"],
        os.path.normpath(text.lstrip("/") or "."),
        text.startswith("/"),
        value.get("main") or "",
        _values(value["name"], config or {}),
    )


def _values(name: str, config: Mapping[Any, Any]) -> dict[str, Any]:
    """Values by full key, in short and long form: `KEY: VALUE`, `KEY: {value: VALUE}`, `KEY: {default: VALUE}`."""
    found = {}
    for key, written in full_keys(config, name).items():
        if not isinstance(written, dict):
            if written is not None:
                found[key] = written
            continue
        given = [written[word] for word in ("default", "value") if written.get(word) is not None]
        if given:
            found[key] = given[0]
    return found


def full_keys(config: Mapping[Any, Any], name: str | None) -> dict[str, Any]:
    """`KEY` and the older `NAMESPACE:config:KEY` as `NAMESPACE:KEY`; without a project's name `KEY` stays as it is."""
    found = {}
    for key, value in config.items():
        owner, colon, word = str(key).rpartition(":")
        owner = owner.removesuffix(":config") if colon else name or ""
        found[f"{owner}:{word}" if owner else word] = value
    return found


def _config(document: Document) -> Mapping[Any, Any]:
    config = document.value.get("config") or {}
    if not isinstance(config, dict):
        report = Report()
        report.problem(document.place("config"), show("config", config), "must be a mapping of keys to values")
        _stop_if_any(report)
    found: Mapping[Any, Any] = config
    return found


def our_arguments(document: Document, name: str | None, values: Mapping[str, Any]) -> dict[str, Any]:
    """Our keys in a stack's file, whose keys without a namespace belong to the project `name`.

    Args:
        name: None if there is no Pulumi.yaml, so that a key without a namespace is a problem.
        values: `Project.values`.

    Raises:
        ProjectError: as `Project.arguments`.
    """
    config = full_keys(_config(document), name)
    report = Report()
    bare = sorted(key for key in config if ":" not in key)
    if bare:
        hint = f"write {NAMESPACE}:{bare[0]}, or put the file where its project is"
        report.problem(document.place("config"), quoted(bare[0], 100), "no Pulumi.yaml says whose key that is", hint)
        _stop_if_any(report)
    found = arguments_from({**values, **config})
    if not found:
        owners = sorted({key.rpartition(":")[0] for key in config})
        got = f"keys of {few((printable(one, 50) for one in owners), 5)}" if owners else "no key"
        hint = (
            "a program that hands its arguments to the component itself has none there: give them by --args FILE, or "
            "what runs by --livekit FILE and the like, in place of the stack"
        )
        if document.value.get("environment") is not None:
            hint = f"an environment of Pulumi ESC is not asked; {hint}"
        expected = f"must hold keys of {NAMESPACE}: it does not say what runs"
        report.problem(Place("config", document.name), got, expected, hint)
        _stop_if_any(report)
    return found
